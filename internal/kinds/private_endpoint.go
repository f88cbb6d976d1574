package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// PrivateEndpoint operations: getGroupPrivateEndpointEndpointService, which has the
// ids of a service's endpoints (no operation lists them), then
// getGroupPrivateEndpointEndpointServiceEndpoint, its create and delete. Nothing of one can
// be changed.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "PrivateEndpoint", Section: "endpoints", Parent: "PrivateEndpointService",
		Doc:         "An endpoint on your side, made in your cloud beforehand, that Atlas lets connect to the service. The connection strings of the project's clusters change with it.",
		Key:         []string{"id|endpointGroupName"},
		Params:      map[string]string{"endpointId": "/interfaceEndpointId|/privateEndpointResourceId|/endpointGroupName"},
		Role:        "Project Owner",
		Events:      &spec.Events{Made: []string{"INTERFACE_ENDPOINT_CREATED"}, Changed: []string{"INTERFACE_ENDPOINT_PATCHED"}, Gone: []string{"INTERFACE_ENDPOINT_DELETED"}},
		Replaceable: true,
		Lane:        &spec.Lane{Name: "privateEndpoints", By: []string{"groupId"}},
		DeleteNote:  "What connects over it is cut off.",
		Failure:     &spec.Failure{At: "/connectionStatus|/status", Values: []string{"FAILED", "REJECTED"}, Reason: "/errorMessage"},
		Lapse:       &spec.Lapse{At: "/deleteRequested", Values: []string{"true"}, What: "deletion"},
		Blocks:      []spec.Block{{Of: "parent", While: spec.Cond{At: "/deleteRequested", NotIn: []string{"true"}}, Why: "is in it"}},
		Constraints: []spec.Constraint{
			{At: "privateEndpointIPAddress", Message: "an endpoint on Azure has privateEndpointIPAddress, others have not",
				CEL: "has(self.privateEndpointIPAddress) == (has(self.id) && self.id.startsWith('/'))"},
			{At: "gcpProjectId", Message: "an endpoint on GCP has gcpProjectId, others have not",
				CEL: "has(self.gcpProjectId) == has(self.endpointGroupName)"},
			{At: "endpoints", Message: "an endpoint on GCP has endpoints, others have not",
				CEL: "has(self.endpoints) == has(self.endpointGroupName)"},
		},
		Fields: []spec.Field{
			{Name: "id", Wire: "/interfaceEndpointId|/privateEndpointResourceId", SendAt: "/id", Immutable: true, Norm: spec.Fold, Pattern: `^(vpce-[0-9a-f]+|/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resource[gG]roups/[-\w.()]+/providers/Microsoft\.Network/privateEndpoints/[-\w.()]+)$`, Doc: "The interface endpoint on AWS (vpce-...), or the private endpoint's resource id on Azure."},
			{Name: "privateEndpointIPAddress", ReadOnly: false, Immutable: true, Doc: "On Azure: its private address."},
			{Name: "endpointGroupName", ReadOnly: false, Immutable: true, MinLen: 1, Doc: "On GCP: the group's name, or with port mapping the forwarding rule's."},
			{Name: "gcpProjectId", ReadOnly: false, Immutable: true, Doc: "And its project."},
			{Name: "endpoints", Type: spec.Set, ElemKey: []string{"endpointName"}, ReadOnly: false, Immutable: true, Doc: "And its forwarding rules: one a node, with port mapping one.", Fields: []spec.Field{
				{Name: "endpointName", ReadOnly: false, Required: true, Doc: "The rule's name."},
				{Name: "ipAddress", ReadOnly: false, Required: true, Doc: "And address."},
			}},
			{Name: "privateEndpointConnectionName", Output: true, Doc: "On Azure: the connection."},
			{Name: "connectionStatus", Doc: "How far AWS is with it."},
			{Name: "status", Doc: "How far Azure or GCP is with it."},
		},
		Omit: map[string]string{
			"/cloudProvider":             "the service's",
			"/deleteRequested":           "counts as gone",
			"/endpoints/status":          "told for all of them",
			"/errorMessage":              "told as the failure",
			"/interfaceEndpointId":       "the id on AWS",
			"/privateEndpointResourceId": "the id on Azure",
			"/portMappingEnabled":        "the service's",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}", Version: "2023-01-01",
			Items: []string{"/interfaceEndpoints", "/privateEndpoints", "/endpointGroupNames"}, IDs: "endpointId"},
		Get: spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}/endpoint/{endpointId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}/endpoint", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Set: map[string]spec.Expr{"/cloudProvider": {Param: "cloudProvider"}}},
			Wait: &spec.Wait{At: "/connectionStatus|/status", Until: []string{"AVAILABLE"}, Fail: []string{"FAILED", "REJECTED"}, Error: "/errorMessage", Max: 2 * time.Hour}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}/endpoint/{endpointId}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: 2 * time.Hour}}},
	}
})
