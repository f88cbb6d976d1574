package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// DataFederationPrivateEndpoint operations:
// listGroupPrivateNetworkSettingEndpointIds, getGroupPrivateNetworkSettingEndpointId,
// createGroupPrivateNetworkSettingEndpointId (which also changes the comment of one
// that is there), deleteGroupPrivateNetworkSettingEndpointId.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "DataFederationPrivateEndpoint", Section: "dataFederationPrivateEndpoints", Parent: "Project",
		Doc:    "A private endpoint of yours through which federated databases and online archives are reached.",
		Key:    []string{"endpointId"},
		Params: map[string]string{"endpointId": "/endpointId"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"PRIVATE_NETWORK_ENDPOINT_ENTRY_ADDED"}, Changed: []string{"PRIVATE_NETWORK_ENDPOINT_ENTRY_UPDATED"},
			Gone: []string{"PRIVATE_NETWORK_ENDPOINT_ENTRY_REMOVED"}},
		Lane:        &spec.Lane{Name: "privateNetworkSettings", By: []string{"groupId"}},
		DeleteNote:  "Connections through it break.",
		Replaceable: true,
		Failure:     &spec.Failure{At: "/status", Values: []string{"FAILED"}, Reason: "/errorMessage"},
		Lapse:       &spec.Lapse{At: "/status", Values: []string{"DELETING"}, What: "deletion"},
		Constraints: []spec.Constraint{{At: "customerEndpointDNSName", Message: "region and customerEndpointDNSName need each other",
			CEL: "has(self.region) == has(self.customerEndpointDNSName)"}},
		Fields: []spec.Field{
			{Name: "endpointId", Doc: "The endpoint: vpce-… on AWS, the resource's id on Azure."},
			{Name: "provider", Default: "AWS", Immutable: true, Doc: "The cloud."},
			{Name: "comment", Default: "", Doc: "What it is for."},
			{Name: "region", Immutable: true, Doc: "The region of the endpoint, in Atlas's spelling."},
			{Name: "customerEndpointDNSName", Immutable: true, Doc: "The endpoint's name in DNS."},
			{Name: "azureLinkId", Immutable: true, Doc: "The link's id on Azure."},
			{Name: "customerEndpointIPAddress", Immutable: true, Doc: "The endpoint's address on Azure."},
			{Name: "status", ReadOnly: true, Doc: "How far Atlas is with it."},
		},
		Omit: map[string]string{
			"/errorMessage": "the failure tells it",
			"/type":         "always DATA_LAKE",
		},
		List:   spec.Read{Route: "GET /groups/{groupId}/privateNetworkSettings/endpointIds", Version: "2023-01-01", Paged: true},
		Get:    spec.Read{Route: "GET /groups/{groupId}/privateNetworkSettings/endpointIds/{endpointId}", Version: "2023-01-01"},
		Create: []spec.Call{dataFederationEndpoint(spec.Declared)},
		Update: []spec.Call{dataFederationEndpoint(spec.Overlay)},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/privateNetworkSettings/endpointIds/{endpointId}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: 2 * time.Hour}}},
	}
})

func dataFederationEndpoint(send spec.Send) spec.Call {
	return spec.Call{Route: "POST /groups/{groupId}/privateNetworkSettings/endpointIds", Version: "2023-01-01", Idempotent: true,
		Body: spec.Body{Send: send, Set: map[string]spec.Expr{"/type": {Const: "DATA_LAKE"}}},
		Wait: &spec.Wait{At: "/status", Until: []string{"OK"}, Fail: []string{"FAILED"}, Error: "/errorMessage", Max: 2 * time.Hour}}
}
