package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// MetricIntegration operations: listGroupMetricIntegrations,
// getGroupMetricIntegration, createGroupMetricIntegration, updateGroupMetricIntegration
// (replaces it, and wants the values of the headers each time), deleteGroupMetricIntegration.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "MetricIntegration", Section: "metricIntegrations", Parent: "Project",
		Doc:      "A service that the project sends its metrics to by OpenTelemetry.",
		Key:      []string{"providerType", "endpoint"},
		Params:   map[string]string{"metricIntegrationId": "/metricIntegrationId"},
		IdentAt:  "/metricIntegrationId",
		Untested: map[string]string{"headers": "of two with one name the change by hand in the suite leaves one out"},
		Role:     "Project Owner",
		Events: &spec.Events{Made: []string{"OTEL_METRIC_INTEGRATION_ENABLED"}, Changed: []string{"OTEL_METRIC_INTEGRATION_CONFIGURATION_UPDATED"},
			Gone: []string{"OTEL_METRIC_INTEGRATION_DISABLED"}},
		NamesNotUnique: true,
		Replaceable:    true,
		DeleteNote:     "It gets no more metrics.",
		Fields: []spec.Field{
			{Name: "providerType", Required: true, Doc: "The service."},
			{Name: "endpoint", Required: true, MinLen: 1, Doc: "Its address."},
			{Name: "aggregationTemporality", Doc: "Whether sums are told as a whole or by what came to them."},
			{Name: "metricSelection", Doc: "Which metrics. All of them once declared."},
			{Name: "headers", Wire: "/headersRedacted", SendAt: "/headers", Type: spec.Set, ElemKey: []string{"name"}, Repeats: true, Doc: "The headers of the calls, such as the one with the key. All of them once declared.", Fields: []spec.Field{
				{Name: "name", Type: spec.String, Required: true, Doc: "The header's name."},
				{Name: "value", Type: spec.String, Sensitive: true, Required: true, Doc: "And its value."},
			}},
		},
		Omit: map[string]string{
			"/authType":            "always HEADER",
			"/integrationType":     "always OTEL",
			"/metricIntegrationId": "the id",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/metricIntegrations", Version: "2025-03-12", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/metricIntegrations/{metricIntegrationId}", Version: "2025-03-12"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/metricIntegrations", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared, Set: otel()}}},
		Update: []spec.Call{{Route: "PUT /groups/{groupId}/metricIntegrations/{metricIntegrationId}", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Overlay, Set: otel()}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/metricIntegrations/{metricIntegrationId}", Version: "2025-03-12"}},
	}
})

func otel() map[string]spec.Expr {
	return map[string]spec.Expr{"/integrationType": {Const: "OTEL"}, "/authType": {Const: "HEADER"}}
}
