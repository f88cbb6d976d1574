package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// LogIntegration operations: listGroupLogIntegrations, getGroupLogIntegration,
// createGroupLogIntegration, updateGroupLogIntegration (replaces it, and wants the
// secrets each time), deleteGroupLogIntegration. Atlas has no name for one.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "LogIntegration", Section: "logIntegrations", Parent: "Project", Variant: "type",
		Doc:    "Where a project's logs are sent to: a bucket or container of yours, or a service. Several of one destination are told apart by all that they say; where that does not settle which is meant, by id.",
		Key:    []string{"type", "bucketName|storageContainerName|otelEndpoint|hecUrl|region"},
		Paired: true,
		Ident:  "id", IdentAt: "/id",
		Params: map[string]string{"id": "/id"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"S3_LOG_STREAMING_ENABLED", "AZURE_LOG_STREAMING_ENABLED", "GCP_LOG_STREAMING_ENABLED", "DATADOG_LOG_STREAMING_ENABLED", "SPLUNK_LOG_STREAMING_ENABLED", "OTEL_LOG_STREAMING_ENABLED"},
			Changed: []string{"S3_LOG_STREAMING_CONFIGURATION_UPDATED", "AZURE_LOG_STREAMING_CONFIGURATION_UPDATED", "GCP_LOG_STREAMING_CONFIGURATION_UPDATED", "DATADOG_LOG_STREAMING_CONFIGURATION_UPDATED", "SPLUNK_LOG_STREAMING_CONFIGURATION_UPDATED", "OTEL_LOG_STREAMING_CONFIGURATION_UPDATED"},
			Gone:    []string{"S3_LOG_STREAMING_DISABLED", "AZURE_LOG_STREAMING_DISABLED", "GCP_LOG_STREAMING_DISABLED", "DATADOG_LOG_STREAMING_DISABLED", "SPLUNK_LOG_STREAMING_DISABLED", "OTEL_LOG_STREAMING_DISABLED"}},
		NamesNotUnique: true,
		Replaceable:    true,
		DeleteNote:     "No more logs go there; what was sent stays.",
		Fields: []spec.Field{
			{Name: "type", Required: true, Immutable: true, Doc: "Where the logs go."},
			{Name: "logTypes", MinItems: 1, Doc: "Which logs; at least one. All of them once declared."},
			{Name: "bucketName", MinLen: 1, Doc: "The bucket."},
			{Name: "prefixPath", Doc: "Where in the bucket or container: the beginning of the names."},
			{Name: "iamRoleId", Pattern: `.`, Ref: &spec.Ref{Kind: "CloudProviderAccess", ByID: true, AnyID: true, Holds: true},
				Doc: "The AWS role that may write to the bucket: its ARN, as cloudProviderAccess has it, or its id."},
			{Name: "kmsKey", Doc: "The AWS key that the logs are encrypted with; null for none."},
			{Name: "useLegacyPathStructure", Default: false, Doc: "Whether names are made as push-based log export made them."},
			{Name: "roleId", Pattern: `.`, Ref: &spec.Ref{Kind: "CloudProviderAccess", ByID: true, AnyID: true, Holds: true},
				Doc: "The service principal, or GCP, that may write, as cloudProviderAccess has it, or its id."},
			{Name: "storageAccountName", MinLen: 1, Doc: "Azure's storage account."},
			{Name: "storageContainerName", MinLen: 1, Doc: "The container in it."},
			{Name: "region", Doc: "Datadog's region."},
			{Name: "apiKey", Sensitive: true, Doc: "Datadog's API key."},
			{Name: "hecUrl", MinLen: 1, Doc: "The address of Splunk's HTTP event collector."},
			{Name: "hecToken", Sensitive: true, Doc: "And its token."},
			{Name: "otelEndpoint", MinLen: 1, Doc: "The address that takes OpenTelemetry."},
			{Name: "otelSuppliedHeaders", Type: spec.Set, ElemKey: []string{"name"}, Doc: "The headers of the calls, such as the one with the key. All of them once declared.", Fields: []spec.Field{
				{Name: "name", MinLen: 1, Doc: "The header's name."},
				{Name: "value", Sensitive: true, Doc: "And its value."},
			}},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/logIntegrations", Version: "2025-03-12", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/logIntegrations/{id}", Version: "2025-03-12"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/logIntegrations", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared},
			// A new cloud role takes a while until it can be assumed.
			Retry: []string{"CANNOT_ASSUME_ROLE", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"}}},
		Update: []spec.Call{{Route: "PUT /groups/{groupId}/logIntegrations/{id}", Version: "2025-03-12",
			Body:  spec.Body{Send: spec.Overlay},
			Retry: []string{"CANNOT_ASSUME_ROLE", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/logIntegrations/{id}", Version: "2025-03-12"}},
	}
})
