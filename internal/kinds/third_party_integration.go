package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ThirdPartyIntegration operations: listGroupIntegrations, getGroupIntegration,
// createGroupIntegration, updateGroupIntegration (replaces it, and wants the key
// each time), deleteGroupIntegration.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ThirdPartyIntegration", Section: "integrations", Parent: "Project", Variant: "type",
		Doc:        "A service that the project sends alerts or metrics to; one of each type.",
		Key:        []string{"type"},
		Params:     map[string]string{"integrationType": "type"},
		Role:       "Project Owner",
		Events:     &spec.Events{Made: []string{"INTEGRATION_CONFIGURED"}, Changed: []string{"INTEGRATION_CONFIGURED"}, Gone: []string{"INTEGRATION_REMOVED"}},
		DeleteNote: "Alerts that use it lose their way to it.",
		Fields: []spec.Field{
			{Name: "type", Enum: []string{"PAGER_DUTY", "SLACK", "DATADOG", "NEW_RELIC", "OPS_GENIE", "VICTOR_OPS", "WEBHOOK", "PROMETHEUS", "MICROSOFT_TEAMS"},
				Warns: map[string]string{
					"SLACK":     "Slack is connected in Atlas's console now; Atlas takes legacy tokens only, and will stop.",
					"NEW_RELIC": "New Relic's plug-in for this was retired in 2021."},
				Doc: "The service."},
			{Name: "serviceKey", Sensitive: true, Doc: "PagerDuty's service key."},
			{Name: "apiToken", Sensitive: true, Doc: "Slack's token."},
			{Name: "channelName", Doc: "Slack's channel."},
			{Name: "teamName", Doc: "Slack's team."},
			{Name: "apiKey", Sensitive: true, Doc: "The service's API key."},
			{Name: "region", Default: "US", Doc: "The service's region."},
			{Name: "sendCollectionLatencyMetrics", Doc: "Whether Datadog gets the latency of collections."},
			{Name: "sendDatabaseMetrics", Doc: "Whether Datadog gets metrics of databases."},
			{Name: "sendQueryStatsMetrics", Doc: "Whether Datadog gets statistics of queries."},
			{Name: "sendUserProvidedResourceTags", Doc: "Whether Datadog gets the clusters' tags."},
			{Name: "accountId", Sensitive: true, Doc: "New Relic's account."},
			{Name: "licenseKey", Sensitive: true, Doc: "New Relic's license key."},
			{Name: "readToken", Sensitive: true, Doc: "New Relic's token for queries."},
			{Name: "writeToken", Sensitive: true, Doc: "New Relic's token for inserts."},
			{Name: "routingKey", Sensitive: true, Doc: "VictorOps's routing key."},
			{Name: "url", Sensitive: true, Doc: "The web hook's address."},
			{Name: "secret", Sensitive: true, Doc: "What signs the web hook's calls."},
			{Name: "bodyTemplate", Doc: "The body of the web hook's calls."},
			{Name: "headersTemplate", Sensitive: true, Doc: "The headers of the web hook's calls."},
			{Name: "microsoftTeamsWebhookUrl", Sensitive: true, Doc: "The address of the Microsoft Teams web hook."},
			{Name: "enabled", Doc: "Whether Prometheus may read metrics."},
			{Name: "username", Doc: "Whom Prometheus reads as."},
			{Name: "password", Sensitive: true, Doc: "With what password."},
			{Name: "serviceDiscovery", Doc: "How Prometheus finds the hosts."},
			{Name: "sendUserProvidedResourceTagsEnabled", Doc: "Whether Prometheus gets the clusters' tags."},
		},
		Omit: map[string]string{"/id": "alerts name the type"},
		List: spec.Read{Route: "GET /groups/{groupId}/integrations", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/integrations/{integrationType}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/integrations/{integrationType}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PUT /groups/{groupId}/integrations/{integrationType}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/integrations/{integrationType}", Version: "2023-01-01"}},
	}
})
