package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

var alertsPart = part{
	id: "alertConfigs", name: "Alert Configurations", scope: perProject,
	resources: []*resource{alertConfigs},
}

// alertConfigs say when Atlas tells whom. They have no identity but their id.
// The description ties what one may have to its event; what its notifications
// may have is in alert_notifications.go.
var alertConfigs = &resource{
	name: "alertConfigs",
	list: "listGroupAlertConfigs", get: "getGroupAlertConfig", create: "createGroupAlertConfig",
	replace: "updateGroupAlertConfig", remove: "deleteGroupAlertConfig",
	actions: []action{{operation: "toggleGroupAlertConfig", do: toggleAlert}},
	extra:   []extra{{operation: "listAlertConfigMatcherFieldNames", do: listMatcherFields}},
	id:      "id",
	params:  []string{"alertConfigId"},
	missing: "ALERT_CONFIG_NOT_FOUND",
	defaults: map[string]any{
		"enabled": false, "matchers": []any{},
	},
	ease:    easeAlert,
	prepare: prepareAlert,
	check:   checkAlert,
	show:    showAlert,
	events:  [3]string{"ALERT_CONFIG_ADDED_AUDIT", "ALERT_CONFIG_CHANGED_AUDIT", "ALERT_CONFIG_DELETED_AUDIT"},
	tells:   tellAlert,
}

func tellAlert(t *thing) map[string]string { return map[string]string{"alertConfigId": t.text("id")} }

// easeAlert also breaks where Atlas breaks: a replacement by nothing but
// enabled.
func easeAlert(c *call, body any) error {
	m, ok := body.(map[string]any)
	if !ok {
		return nil
	}
	if _, only := m["enabled"]; only && len(m) == 1 && c.request.Method == "PUT" {
		return fail(500, "UNEXPECTED_ERROR", "An unexpected error occurred: the alert configuration has no event.")
	}
	if items, ok := m["notifications"].([]any); ok {
		for _, item := range items {
			if n, ok := item.(map[string]any); ok {
				easeNotification(n)
			}
		}
	}
	return nil
}

func prepareAlert(c *call, _ *thing, body map[string]any) error {
	items := listIn(body, "notifications")
	known := c.knownNotifiers()
	for i, item := range items {
		if err := c.prepareNotification(item.(map[string]any), fmt.Sprintf("notifications[%d]", i), known); err != nil {
			return err
		}
	}
	return nil
}

// withThreshold are the events that need to know how much is too much.
var withThreshold = []string{
	"PENDING_INVOICE_OVER_THRESHOLD", "DAILY_BILL_OVER_THRESHOLD", "DAILY_BILLING_CHANGE_OVER_THRESHOLD",
	"WEEKLY_BILLING_CHANGE_OVER_THRESHOLD", "MONTHLY_BILLING_CHANGE_OVER_THRESHOLD",
	"CPS_SNAPSHOT_BEHIND", "CPS_PREV_SNAPSHOT_OLD", "CPS_OPLOG_BEHIND",
	"AWS_ENCRYPTION_KEY_NEEDS_ROTATION", "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION", "GCP_ENCRYPTION_KEY_NEEDS_ROTATION",
	"NDS_X509_USER_AUTHENTICATION_CUSTOMER_CA_EXPIRATION_CHECK", "NDS_X509_USER_AUTHENTICATION_CUSTOMER_CRL_EXPIRATION_CHECK",
	"NDS_X509_USER_AUTHENTICATION_MANAGED_USER_CERTS_EXPIRATION_CHECK",
	"TOO_MANY_ELECTIONS", "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", "TOO_FEW_HEALTHY_MEMBERS", "TOO_MANY_UNHEALTHY_MEMBERS",
}

func checkAlert(c *call, old, t *thing) error {
	event := t.text("eventTypeName")
	metric, isMetric := t.Fields["metricThreshold"].(map[string]any)
	_, hasThreshold := t.Fields["threshold"]
	switch ofMetric := strings.HasPrefix(event, "OUTSIDE_"); {
	case ofMetric && !isMetric && !hasThreshold:
		return invalid(violation{"metricThreshold", "is required for the event " + event})
	case slices.Contains(withThreshold, event) && !hasThreshold:
		return invalid(violation{"threshold", "is required for the event " + event})
	}
	if textOf(metric, "metricName") == "OPLOG_SLAVE_LAG_MASTER_TIME" {
		for i, n := range objectsOf(t, "notifications") {
			if delay, _ := n["delayMin"].(float64); delay <= 0 {
				return invalid(violation{fmt.Sprintf("notifications[%d].delayMin", i), "must be more than 0 for an alert on the replication lag"})
			}
		}
	}
	if old == nil {
		t.Fields["created"] = stamp(c.now)
	}
	t.Fields["updated"] = stamp(c.now)
	return nil
}

// showAlert fills in the names of teams, which may have changed.
func showAlert(c *call, _ *thing, v map[string]any) {
	items := listIn(v, "notifications")
	for _, item := range items {
		n, _ := item.(map[string]any)
		if team, err := c.teamOf(textOf(n, "teamId")); err == nil {
			n["teamName"] = team.Name
		}
	}
}

// toggleAlert sets what the request says, whatever its name promises.
func toggleAlert(c *call, t *thing, body map[string]any) (any, error) {
	enabled, ok := body["enabled"].(bool)
	if !ok {
		return nil, invalid(violation{"enabled", "is required"})
	}
	if t.Fields["enabled"] == enabled {
		return t, nil
	}
	t.Fields["enabled"], t.Fields["updated"] = enabled, stamp(c.now)
	c.about.more = tellAlert(t)
	c.happened(map[bool]string{true: "ALERT_CONFIG_ENABLED_AUDIT", false: "ALERT_CONFIG_DISABLED_AUDIT"}[enabled])
	return t, nil
}

func listMatcherFields(*call) (any, error) {
	fields := []any{}
	for _, name := range valuesOf(api.Load().Schema("MatcherFieldView")) {
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields, nil
}

// plantAlerts gives a new project the alerts that Atlas gives it.
func (c *call) plantAlerts(p *project) {
	threshold := func(member, metric, operator string, threshold float64, units string) map[string]any {
		of := map[string]any{"operator": operator, "threshold": threshold, "units": units}
		if metric != "" {
			of["metricName"], of["mode"] = metric, "AVERAGE"
		}
		return map[string]any{member: of}
	}
	for _, alert := range []struct {
		event string
		more  map[string]any
	}{
		{"NO_PRIMARY", nil},
		{"CLUSTER_MONGOS_IS_MISSING", nil},
		{"JOINED_GROUP", nil},
		{"REPLICATION_OPLOG_WINDOW_RUNNING_OUT", threshold("threshold", "", "LESS_THAN", 1, "HOURS")},
		{"OUTSIDE_METRIC_THRESHOLD", threshold("metricThreshold", "CONNECTIONS_PERCENT", "GREATER_THAN", 80, "RAW")},
		{"OUTSIDE_METRIC_THRESHOLD", threshold("metricThreshold", "DISK_PARTITION_SPACE_USED_DATA", "GREATER_THAN", 90, "RAW")},
		{"OUTSIDE_METRIC_THRESHOLD", threshold("metricThreshold", "QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED", "GREATER_THAN", 1000, "RAW")},
	} {
		t := &thing{Key: newID(c.now), Made: c.now, Fields: map[string]any{
			"id": newID(c.now), "eventTypeName": alert.event, "enabled": true, "matchers": []any{},
			"created": stamp(c.now), "updated": stamp(c.now),
			"notifications": []any{map[string]any{
				"typeName": "GROUP", "roles": []any{"GROUP_OWNER"}, "emailEnabled": true, "smsEnabled": false,
				"intervalMin": 60.0, "delayMin": 0.0, "notifierId": newID(c.now),
			}},
		}}
		for name, value := range alert.more {
			t.Fields[name] = value
		}
		c.world.putThing(p.ID, "alertConfigs", t)
		c.changed(change{In: p.ID, Shelf: "alertConfigs", Thing: t})
	}
}
