package sandbox_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestIntegrations(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	path := a.in("/integrations")
	equal(t, a.get(path).want(200).at("totalCount"), "0")
	a.get(path + "/DATADOG").want(404)
	a.get(path + "/SMOKE").want(400)

	// The answer to a write is the list of all.
	dog := `"type":"DATADOG","apiKey":"` + pagerKey + `"`
	made := a.post(path+"/DATADOG", `{`+dog+`,"region":"EU"}`).want(200)
	equal(t, made.at("totalCount")+made.at("results.0.apiKey")+made.at("results.0.region")+made.at("results.0.sendDatabaseMetrics"), "1****5555EUfalse")
	id := made.at("results.0.id")
	if len(id) != 24 {
		t.Errorf("id %q", id)
	}
	a.post(path+"/DATADOG", `{`+dog+`}`).want(409)
	a.post(path+"/PAGER_DUTY", `{`+dog+`}`).want(400)
	a.post(path+"/WEBHOOK", `{"type":"WEBHOOK","url":"https://a.example.com/x","apiKey":"k"}`).want(400, "INVALID_ATTRIBUTE")
	a.post(path+"/WEBHOOK", `{"type":"WEBHOOK"}`).want(400, "VALIDATION_ERROR")
	a.post(path+"/WEBHOOK", `{"type":"WEBHOOK","url":"https://a.example.com/for-trials-only","secret":"for-trials-only"}`).want(200)
	hook := a.get(path + "/WEBHOOK").want(200)
	equal(t, hook.at("url")+" "+hook.at("secret"), "https://a.example.com/**** ****")
	prom := a.post(path+"/PROMETHEUS", `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"for-trials-only","serviceDiscovery":"http"}`).want(200)
	equal(t, prom.each("results", "type")+prom.at("results.2.password"), "DATADOG WEBHOOK PROMETHEUS")
	a.post(path+"/NEW_RELIC", `{"type":"NEW_RELIC","accountId":"`+strings.Repeat("a", 40)+`","licenseKey":"`+strings.Repeat("b", 40)+`","readToken":"for-trials-only","writeToken":"for-trials-only"}`).want(200)
	equal(t, a.get(path+"/NEW_RELIC").want(200).at("licenseKey"), "****bbbb")
	a.post(path+"/PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"`+pagerKey+`"}`).want(200)
	equal(t, a.get(path+"/PAGER_DUTY").at("region"), "US")

	// A PUT replaces the whole, its key included.
	a.put(path+"/DATADOG", `{"type":"DATADOG","region":"US"}`).want(400)
	a.put(path+"/DATADOG", `{"type":"DATADOG","apiKey":"****5555","region":"US"}`).want(400, "INVALID_INTEGRATION_SETTINGS")
	a.put(path+"/SLACK", `{"type":"SLACK","apiToken":"t","channelName":"c"}`).want(404)
	a.put(path+"/DATADOG", `{`+dog+`,"sendDatabaseMetrics":true,"id":"`+id+`"}`).want(200)
	one := a.get(path + "/DATADOG").want(200)
	equal(t, one.at("region")+one.at("sendDatabaseMetrics")+one.at("id"), "UStrue"+id)
	a.delete(path + "/DATADOG").want(204)
	a.delete(path + "/DATADOG").want(404)
	equal(t, a.get(a.in("/events")).at("results.0.eventTypeName"), "INTEGRATION_REMOVED")

	a.server.Close()
	for _, file := range []string{"state.json", "journal.jsonl"} {
		if data := read(t, filepath.Join(dir, file)); bytes.Contains(data, []byte("for-trials-only")) || bytes.Contains(data, []byte(pagerKey)) {
			t.Errorf("a secret is in %s", file)
		}
	}
}

// An alert may go through an integration.
func TestAlertsThroughAnIntegration(t *testing.T) {
	a := acme(t)
	pager, alerts := a.in("/integrations/PAGER_DUTY"), a.in("/alertConfigs")
	body := `{"type":"PAGER_DUTY","serviceKey":"` + pagerKey + `"}`
	id := a.post(pager, body).want(200).at("results.0.id")
	through := `{"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"PAGER_DUTY","integrationId":"` + id + `"}]}`
	a.post(alerts, strings.Replace(through, "PAGER_DUTY", "OPS_GENIE", 1)).want(404)
	made := a.post(alerts, through).want(200)
	one := alerts + "/" + made.at("id")
	equal(t, made.at("notifications.0.integrationId")+made.at("notifications.0.serviceKey"), id)

	// A changed integration gives its notifications new ids.
	a.put(pager, body).want(200)
	if now := a.get(one).at("notifications.0.notifierId"); now == made.at("notifications.0.notifierId") || now == "" {
		t.Errorf("notifierId %q", now)
	}
	// Without it there is no key left to send to.
	a.delete(pager).want(204)
	left := a.get(one).want(200)
	equal(t, left.at("notifications.0.typeName")+left.at("notifications.0.integrationId"), "PAGER_DUTY")
	a.put(one, left.body).want(400)
}
