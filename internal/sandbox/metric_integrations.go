package sandbox

var metricIntegrationsPart = part{
	id: "metricIntegrations", name: "Metric Integrations", scope: perProject,
	resources: []*resource{metricIntegrations},
}

// metricIntegrations are where a project sends its metrics. What is in a header
// is never shown; its name is, under another name than it is sent by.
var metricIntegrations = &resource{
	name: "metricIntegrations",
	list: "listGroupMetricIntegrations", get: "getGroupMetricIntegration", create: "createGroupMetricIntegration",
	replace: "updateGroupMetricIntegration", remove: "deleteGroupMetricIntegration",
	id:      "metricIntegrationId",
	params:  []string{"metricIntegrationId"},
	missing: "METRIC_INTEGRATION_NOT_FOUND",
	prepare: func(_ *call, _ *thing, body map[string]any) error {
		redacted := []any{}
		for _, item := range listIn(body, "headers") {
			header, _ := item.(map[string]any)
			redacted = append(redacted, map[string]any{"name": header["name"], "value": "****"})
		}
		delete(body, "headers")
		if len(redacted) > 0 {
			body["headersRedacted"] = redacted
		}
		return nil
	},
}
