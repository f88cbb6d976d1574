package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// PrivateEndpointService operations: listGroupPrivateEndpointEndpointService (one
// list a cloud), its get, create, updateGroupPrivateEndpointEndpointService (on AWS
// alone) and delete. Requests call the cloud providerName and the region region.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "PrivateEndpointService", Section: "privateEndpointServices", Parent: "Project", Variant: "cloudProvider",
		Doc:         "Atlas's side of private endpoints in a region of a cloud: the service that endpoints on your side connect to.",
		Key:         []string{"cloudProvider", "regionName"},
		Ident:       "id",
		Params:      map[string]string{"cloudProvider": "/cloudProvider", "endpointServiceId": "/id"},
		Role:        "Project Owner",
		Events:      &spec.Events{Made: []string{"ENDPOINT_SERVICE_CREATED"}, Gone: []string{"ENDPOINT_SERVICE_DELETED"}},
		Replaceable: true,
		After:       []string{"NetworkContainer", "PrivateEndpointRegionalMode"},
		DeleteNote:  "What connects over it is cut off.",
		// In regional mode AWS has several in a region.
		NamesNotUnique: true,
		Failure:        &spec.Failure{At: "/status", Values: []string{"FAILED"}, Reason: "/errorMessage"},
		Lapse:          &spec.Lapse{At: "/status", Values: []string{"DELETING"}, What: "deletion"},
		Fields: []spec.Field{
			{Name: "cloudProvider", SendAt: "/providerName", ReadOnly: false, Required: true, Immutable: true, Enum: []string{"AWS", "AZURE", "GCP"}, Doc: "The cloud."},
			{Name: "regionName", SendAt: "/region", ReadOnly: false, Required: true, Immutable: true, Pattern: `^[A-Z0-9_]+$`, Doc: "The region, in Atlas's spelling."},
			{Name: "supportedRemoteRegions", Type: spec.Set, For: []string{"AWS"}, Default: []any{}, Doc: "Other regions from which endpoints may connect. All of them once declared."},
			{Name: "portMappingEnabled", For: []string{"GCP"}, Default: false, Immutable: true, Doc: "Whether one endpoint serves all nodes."},
			{Name: "endpointServiceName", For: []string{"AWS"}, Output: true, Doc: "The service that your interface endpoint connects to."},
			{Name: "privateLinkServiceName", For: []string{"AZURE"}, Output: true, Doc: "The service that your private endpoint connects to."},
			{Name: "privateLinkServiceResourceId", For: []string{"AZURE"}, Output: true, Doc: "Its resource id."},
			{Name: "serviceAttachmentNames", Type: spec.Set, For: []string{"GCP"}, ReadOnly: true, Output: true, Doc: "The attachments that your endpoints connect to."},
			{Name: "status", Doc: "How far Atlas is with it."},
		},
		Omit: map[string]string{
			"/endpointGroupNames": "the endpoints in it",
			"/errorMessage":       "told as the failure",
			"/id":                 "the id",
			"/interfaceEndpoints": "the endpoints in it",
			"/privateEndpoints":   "the endpoints in it",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService", Version: "2023-01-01",
			Over: &spec.Over{Param: "cloudProvider", Values: []string{"AWS", "AZURE", "GCP"}}},
		Get: spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/privateEndpoint/endpointService", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared},
			Wait: &spec.Wait{At: "/status", Until: []string{"AVAILABLE", "WAITING_FOR_USER"}, Fail: []string{"FAILED"}, Error: "/errorMessage", Max: time.Hour}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/privateEndpoint/endpointService/{endpointServiceId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"supportedRemoteRegions"}, Set: map[string]spec.Expr{"/cloudProvider": {Const: "AWS"}}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: time.Hour}}},
	}
})
