package sandbox_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const (
	toOwners = `{"typeName":"GROUP","intervalMin":5,"delayMin":0,"emailEnabled":true,"roles":["GROUP_OWNER"]}`
	pagerKey = "11111111222222223333333344445555"
)

func alert(event, rest string) string {
	return `{"eventTypeName":"` + event + `","notifications":[` + toOwners + `]` + rest + `}`
}

func (a *atlas) put(path, body string) answer { a.Helper(); return a.do("PUT", path, body) }

func TestAlertConfigurations(t *testing.T) {
	a := acme(t)
	path := a.in("/alertConfigs")
	made := a.post(path, alert("NO_PRIMARY", `,"enabled":true`)).want(200)
	equal(t, made.at("groupId")+made.at("enabled")+made.at("matchers"), a.project+"true0")
	equal(t, made.at("notifications.0.smsEnabled")+made.at("created"), "false2026-01-01T12:00:00Z")
	if made.at("notifications.0.notifierId") == "" {
		t.Error("no notifierId")
	}
	// Several of one event are normal; one that does not say so is off.
	equal(t, a.post(path, alert("NO_PRIMARY", "")).want(200).at("enabled"), "false")
	equal(t, a.get(path).want(200).at("totalCount"), "2")
	one := path + "/" + made.at("id")

	// A PUT replaces the whole, and one of enabled alone breaks Atlas.
	a.clock.advance(1e9)
	put := a.put(one, alert("NO_PRIMARY", `,"severityOverride":"ERROR","id":"`+made.at("id")+`"`)).want(200)
	equal(t, put.at("enabled")+put.at("severityOverride")+put.at("id")+put.at("created"), "falseERROR"+made.at("id")+"2026-01-01T12:00:00Z")
	equal(t, put.at("updated"), "2026-01-01T12:00:01Z")
	a.put(one, `{"enabled":true}`).want(500)
	a.put(one, `{"eventTypeName":"NO_PRIMARY"}`).want(400)

	// The toggle sets.
	for range 2 {
		equal(t, a.patch(one, `{"enabled":true}`).want(200).at("enabled"), "true")
	}
	a.patch(one, `{"eventTypeName":"HOST_DOWN"}`).want(400)
	equal(t, a.get(one).at("severityOverride"), "ERROR")
	equal(t, a.get(a.in("/events")).each("results", "eventTypeName"), "ALERT_CONFIG_ENABLED_AUDIT ALERT_CONFIG_CHANGED_AUDIT ALERT_CONFIG_ADDED_AUDIT ALERT_CONFIG_ADDED_AUDIT")
	equal(t, a.get(a.in("/events")).at("results.0.alertConfigId"), made.at("id"))
	a.delete(one).want(204)
	a.get(one).want(404)
	a.delete(one).want(404)
}

// What an alert may have follows from its event.
func TestAlertShapes(t *testing.T) {
	a := acme(t)
	path := a.in("/alertConfigs")
	ok := func(body string) answer { t.Helper(); return a.post(path, body).want(200) }
	bad := func(body string) { t.Helper(); a.post(path, body).want(400) }
	metric := `,"metricThreshold":{"metricName":"ASSERT_REGULAR","operator":"LESS_THAN","threshold":0.5,"units":"RAW","mode":"AVERAGE"}`
	matcher := func(field string) string {
		return `,"matchers":[{"fieldName":"` + field + `","operator":"EQUALS","value":"some"}]`
	}
	equal(t, ok(alert("OUTSIDE_METRIC_THRESHOLD", metric+matcher("HOSTNAME"))).at("metricThreshold.threshold"), "0.5")
	bad(alert("OUTSIDE_METRIC_THRESHOLD", ""))
	bad(alert("OUTSIDE_METRIC_THRESHOLD", metric+matcher("SHARD_NAME")))
	bad(alert("OUTSIDE_METRIC_THRESHOLD", strings.Replace(metric, "ASSERT_REGULAR", "FLEX_CONNECTIONS", 1)))
	bad(alert("NO_PRIMARY", metric))
	bad(alert("NO_SUCH_EVENT", ""))
	ok(alert("OUTSIDE_FLEX_METRIC_THRESHOLD", strings.Replace(metric, "ASSERT_REGULAR", "FLEX_CONNECTIONS", 1)))
	ok(alert("HOST_DOWN", matcher("TYPE_NAME")))
	bad(alert("HOST_DOWN", matcher("CLUSTER_NAME")))
	bad(alert("HOST_DOWN", metric))
	ok(alert("JOINED_GROUP", ""))
	ok(alert("CLUSTER_MONGOS_IS_MISSING", matcher("CLUSTER_NAME")))
	ok(alert("REPLICATION_OPLOG_WINDOW_RUNNING_OUT", `,"threshold":{"operator":"LESS_THAN","threshold":72,"units":"HOURS"}`+matcher("REPLICA_SET_NAME")))
	bad(alert("REPLICATION_OPLOG_WINDOW_RUNNING_OUT", ""))
	lag := alert("OUTSIDE_METRIC_THRESHOLD", strings.Replace(metric, "ASSERT_REGULAR", "OPLOG_SLAVE_LAG_MASTER_TIME", 1))
	lag = strings.Replace(lag, "RAW", "SECONDS", 1)
	bad(lag)
	ok(strings.Replace(lag, `"delayMin":0`, `"delayMin":1`, 1))

	names := a.get("/alertConfigs/matchers/fieldNames").want(200)
	if !strings.Contains(names.body, `"TYPE_NAME"`) || !strings.Contains(names.body, `"APPLICATION_ID"`) {
		t.Error(names.body)
	}
}

func TestAlertNotifications(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	path := a.in("/alertConfigs")
	of := func(notifications string) string {
		return `{"eventTypeName":"NO_PRIMARY","enabled":true,"notifications":[` + notifications + `]}`
	}
	for _, missing := range []string{
		``, `{"intervalMin":5}`, `{"typeName":"SMOKE"}`, `{"typeName":"EMAIL","intervalMin":5}`, `{"typeName":"PAGER_DUTY"}`,
		`{"typeName":"SLACK","apiToken":"0123456789"}`, `{"typeName":"TEAM","intervalMin":5}`, `{"typeName":"PAGER_DUTY","serviceKey":"****5555"}`,
		`{"typeName":"EMAIL","emailAddress":"a@example.com","intervalMin":4}`, `{"typeName":"EMAIL","emailAddress":"a@example.com","serviceKey":"k"}`,
		`{"typeName":"PAGER_DUTY","notifierId":"` + strings.Repeat("0", 24) + `"}`,
	} {
		a.post(path, of(missing)).want(400)
	}

	a.post(path, of(`{"typeName":"PAGER_DUTY","integrationId":"`+strings.Repeat("0", 24)+`"}`)).want(404, "INTEGRATION_NOT_FOUND")

	// Keys and addresses come back masked in part, a webhook's secret wholly.
	made := a.post(path, of(`{"typeName":"PAGER_DUTY","serviceKey":"`+pagerKey+`","delayMin":10},
		{"typeName":"WEBHOOK","webhookUrl":"https://hooks.example.com/for-trials-only","webhookSecret":"for-trials-only"},
		{"typeName":"SLACK","apiToken":"xoxb-for-trials-only","channelName":"ops","intervalMin":10}`)).want(200)
	equal(t, made.at("notifications.0.serviceKey")+" "+made.at("notifications.0.region")+made.at("notifications.0.intervalMin"), "****5555 US")
	equal(t, made.at("notifications.1.webhookUrl")+" "+made.at("notifications.1.webhookSecret"), "https://hooks.example.com/**** ****")
	equal(t, made.at("notifications.2.apiToken")+" "+made.at("notifications.2.channelName"), "****only ops")
	one := path + "/" + made.at("id")

	// The notifierId keeps the secret, whether the mask comes with it or not.
	pager, hook := made.at("notifications.0.notifierId"), made.at("notifications.1.notifierId")
	kept := a.put(one, of(`{"typeName":"WEBHOOK","notifierId":"`+hook+`","webhookUrl":"https://hooks.example.com/****"},{"typeName":"PAGER_DUTY","notifierId":"`+pager+`","delayMin":15}`)).want(200)
	equal(t, kept.at("notifications.0.webhookSecret")+kept.at("notifications.1.serviceKey")+kept.at("notifications.1.notifierId")+kept.at("notifications.1.delayMin"), "********5555"+pager+"15")
	a.put(one, of(`{"typeName":"OPS_GENIE","notifierId":"`+pager+`"}`)).want(400) // of another type
	a.put(one, of(`{"typeName":"SLACK","channelName":"ops","notifierId":"`+made.at("notifications.2.notifierId")+`"}`)).want(400)

	// A notifierId may come with the key that it is for.
	mine := strings.Repeat("a", 24)
	equal(t, a.post(path, of(`{"typeName":"PAGER_DUTY","notifierId":"`+mine+`","serviceKey":"`+pagerKey+`"}`)).want(200).at("notifications.0.notifierId"), mine)

	// A team's name is looked up.
	team := a.get(a.teams("/byName/platform")).at("id")
	equal(t, a.post(path, of(`{"typeName":"TEAM","teamId":"`+team+`","emailEnabled":true,"intervalMin":5}`)).want(200).at("notifications.0.teamName"), "platform")
	a.post(path, of(`{"typeName":"TEAM","teamId":"`+mine+`","intervalMin":5}`)).want(404, "TEAM_NOT_FOUND")

	// The Terraform provider sends zeros and nulls of what it has no value for.
	zeros := `"roles":null,"emailEnabled":false,"smsEnabled":false,"delayMin":0`
	r := a.sdk(old, "POST", path, of(`{"typeName":"EMAIL","emailAddress":"a@example.com","intervalMin":60,`+zeros+`},{"typeName":"VICTOR_OPS","victorOpsApiKey":"`+pagerKey+`","intervalMin":0,`+zeros+`},{"typeName":"ORG","intervalMin":5,`+zeros+`}`)).want(200)
	equal(t, r.at("notifications.0.emailEnabled")+r.at("notifications.1.victorOpsApiKey")+r.at("notifications.2.emailEnabled"), "****5555false")

	a.server.Close()
	for _, file := range []string{"state.json", "journal.jsonl"} {
		if data := read(t, filepath.Join(dir, file)); bytes.Contains(data, []byte("for-trials-only")) || bytes.Contains(data, []byte(pagerKey)) {
			t.Errorf("a secret is in %s", file)
		}
	}
}

func TestDefaultAlerts(t *testing.T) {
	a := acme(t)
	post := func(body string) string { return "/groups/" + a.post("/groups", body).want(200).at("id") }
	without := post(`{"name":"bare","orgId":"` + a.org + `","withDefaultAlertsSettings":false}`)
	equal(t, a.get(without+"/alertConfigs").want(200).at("totalCount"), "0")
	with := post(`{"name":"usual","orgId":"` + a.org + `"}`)
	all := a.get(with + "/alertConfigs").want(200)
	if !strings.Contains(all.each("results", "eventTypeName"), "NO_PRIMARY") || !strings.Contains(all.each("results", "enabled"), "true") {
		t.Error(all.body)
	}
	// Each of them can be put back as it was read.
	for _, id := range strings.Fields(all.each("results", "id")) {
		one := with + "/alertConfigs/" + id
		a.put(one, a.get(one).body).want(200)
	}
	a.delete(with).want(204)
}
