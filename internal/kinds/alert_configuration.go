package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// withInterval are the notifications that Atlas sends again after an interval
// of its own choice cannot be set for: those of services that do so themselves.
var withInterval = []string{"DATADOG", "EMAIL", "GROUP", "HIP_CHAT", "MICROSOFT_TEAMS", "ORG", "SLACK", "SMS", "TEAM", "USER", "WEBHOOK"}

// AlertConfiguration operations: listGroupAlertConfigs, getGroupAlertConfig,
// createGroupAlertConfig, updateGroupAlertConfig (replaces it whole),
// deleteGroupAlertConfig. Atlas has no name for one.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "AlertConfiguration", Section: "alertConfigurations", Parent: "Project",
		Doc:    "An alert: the event or threshold, what it is about, and who is told. Several of one event are told apart by all that they say; where that does not settle which is meant, by id.",
		Key:    []string{"eventTypeName", "metricThreshold.metricName", "matchers"},
		Paired: true,
		Ident:  "id", IdentAt: "/id",
		Params: map[string]string{"alertConfigId": "/id"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"ALERT_CONFIG_ADDED_AUDIT"}, Changed: []string{"ALERT_CONFIG_CHANGED_AUDIT", "ALERT_CONFIG_ENABLED_AUDIT", "ALERT_CONFIG_DISABLED_AUDIT"},
			Gone:   []string{"ALERT_CONFIG_DELETED_AUDIT"},
			Fields: map[string][]string{"ALERT_CONFIG_ENABLED_AUDIT": {"enabled"}, "ALERT_CONFIG_DISABLED_AUDIT": {"enabled"}},
			Names:  map[string]string{"/alertConfigId": "/id"}},
		NamesNotUnique: true,
		Constraints: []spec.Constraint{{At: "metricThreshold", Message: "an alert on a metric says which and when: metricThreshold",
			CEL: "!self.eventTypeName.startsWith('OUTSIDE_METRIC') || has(self.metricThreshold)"}},
		Fields: []spec.Field{
			{Name: "eventTypeName", Type: spec.String, Enum: []string{}, Doc: "The event: OUTSIDE_METRIC_THRESHOLD, NO_PRIMARY, …."},
			{Name: "enabled", Default: false, Doc: "Whether the alert is on; Atlas makes new ones that are off."},
			{Name: "severityOverride", Doc: "The severity, where it is not the event's own."},
			{Name: "matchers", Type: spec.Set, ElemKey: []string{"fieldName", "operator", "value"}, Doc: "What the alert is about: all that meets each of these.", Fields: []spec.Field{
				{Name: "fieldName", Type: spec.String, Doc: "What is looked at: HOSTNAME, CLUSTER_NAME, …."},
				{Name: "operator", Doc: "How it is compared."},
				{Name: "value", Type: spec.String, Doc: "With what."},
			}},
			{Name: "metricThreshold", Type: spec.Object, Doc: "When an alert on a metric is raised.", Fields: []spec.Field{
				{Name: "metricName", Type: spec.String, Required: true, Doc: "The metric."},
				{Name: "mode", Type: spec.String, Doc: "How values are put together: AVERAGE."},
				{Name: "operator", Type: spec.String, Enum: []string{"LESS_THAN", "GREATER_THAN"}, Doc: "Below or above the threshold."},
				{Name: "threshold", Type: spec.Number, Doc: "The threshold."},
				{Name: "units", Type: spec.String, Doc: "Its unit: RAW, MILLISECONDS, GIGABYTES, …."},
			}},
			{Name: "threshold", Type: spec.Object, Doc: "When an alert on a count, an amount or a time is raised.", Fields: []spec.Field{
				{Name: "metricName", Type: spec.String, Doc: "The metric, of a stream processor."},
				{Name: "mode", Type: spec.String, Doc: "How its values are put together."},
				{Name: "operator", Type: spec.String, Enum: []string{"LESS_THAN", "GREATER_THAN", "<", ">"}, Doc: "Below or above the threshold."},
				{Name: "threshold", Type: spec.Number, Doc: "The threshold."},
				{Name: "units", Type: spec.String, Doc: "Its unit."},
			}},
			{Name: "notifications", Type: spec.Set, MinItems: 1, Variant: "typeName", Repeats: true,
				ElemKey: []string{"typeName", "emailAddress", "channelName", "username", "teamId", "mobileNumber", "roles", "integrationId"},
				Doc:     "Who is told, and how; at least one.", Fields: []spec.Field{
					{Name: "notifierId", ReadOnly: true, Carry: true, Doc: "The notification's id; by it Atlas keeps what it does not show."},
					{Name: "typeName", Required: true, Type: spec.String, Doc: "How: EMAIL, TEAM, PAGER_DUTY, …."},
					{Name: "delayMin", Type: spec.Int, Default: int64(0), Doc: "How many minutes the condition lasts before somebody is told."},
					{Name: "intervalMin", Type: spec.Int, For: withInterval, Min: 5, Max: 1 << 31, Doc: "After how many minutes they are told again."},
					{Name: "emailAddress", Norm: spec.Email, Doc: "The address of an EMAIL."},
					{Name: "roles", Doc: "The roles in the project or organization of those who are told."},
					{Name: "emailEnabled", Type: spec.Bool, Default: false, Doc: "Whether they get an e-mail."},
					{Name: "smsEnabled", Type: spec.Bool, Default: false, Doc: "Whether they get a text message."},
					{Name: "teamId", Ref: &spec.Ref{Kind: "Team", ByID: true}, Doc: "The team that is told, by its name."},
					{Name: "username", Norm: spec.Email, Doc: "The user who is told."},
					{Name: "mobileNumber", Doc: "The number of an SMS."},
					{Name: "integrationId", Type: spec.String, Ref: &spec.Ref{Kind: "ThirdPartyIntegration", ByID: true}, Doc: "The project's integration of that sort, in place of a key: its type."},
					{Name: "apiToken", Sensitive: true, Doc: "Slack's token."},
					{Name: "channelName", Doc: "Slack's channel."},
					{Name: "serviceKey", Sensitive: true, Doc: "PagerDuty's service key."},
					{Name: "region", Default: "US", Doc: "PagerDuty's region."},
					{Name: "opsGenieApiKey", Sensitive: true, Doc: "Opsgenie's key."},
					{Name: "opsGenieRegion", Default: "US", Doc: "Opsgenie's region."},
					{Name: "victorOpsApiKey", Sensitive: true, Doc: "VictorOps's key."},
					{Name: "victorOpsRoutingKey", Sensitive: true, Doc: "VictorOps's routing key."},
					{Name: "datadogApiKey", Sensitive: true, Doc: "Datadog's key."},
					{Name: "datadogRegion", Default: "US", Doc: "Datadog's region."},
					{Name: "webhookUrl", Sensitive: true, Doc: "The web hook's address."},
					{Name: "webhookSecret", Sensitive: true, Doc: "What signs the web hook's calls."},
					{Name: "webhookBodyTemplate", Doc: "The body of the web hook's calls."},
					{Name: "webhookHeadersTemplate", Sensitive: true, Doc: "The headers of the web hook's calls."},
					{Name: "microsoftTeamsWebhookUrl", Sensitive: true, Doc: "The address of the Microsoft Teams web hook."},
				}},
		},
		Omit: map[string]string{
			"/created":                         "when it was made",
			"/groupId":                         "the project",
			"/notifications/notificationToken": "HipChat is gone",
			"/notifications/roomName":          "HipChat is gone",
			"/notifications/teamName":          "the team's name",
			"/updated":                         "when it was changed",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/alertConfigs", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/alertConfigs", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PUT /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01"}},
	}
})
