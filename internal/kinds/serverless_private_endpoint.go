package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// ServerlessPrivateEndpoint operations:
// listGroupPrivateEndpointServerlessInstanceEndpoint and its get, create,
// update and delete; listGroupServerlessInstances for export. Atlas's object has no natural key; the comment serves.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ServerlessPrivateEndpoint", Section: "serverlessPrivateEndpoints", Parent: "Project",
		Doc:   "A private endpoint of a serverless instance. Atlas retired this API on 2026-01-22.",
		Key:   []string{"instanceName", "comment"},
		Ident: "id", IdentAt: "/_id",
		Params: map[string]string{"instanceName": "instanceName", "endpointId": "/_id"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"TENANT_ENDPOINT_CREATED"}, Changed: []string{"TENANT_ENDPOINT_UPDATED"}, Gone: []string{"TENANT_ENDPOINT_DELETING"},
			Names: map[string]string{"/endpointId": "/_id"}},
		Fields: []spec.Field{
			{Name: "instanceName", Type: spec.String, Pattern: `^[a-zA-Z0-9][a-zA-Z0-9-]*$`, Preexisting: true, Doc: "The serverless instance, which must exist."},
			{Name: "comment", MinLen: 1, Doc: "Tells the endpoints of an instance apart; unique for the instance."},
			{Name: "cloudProviderEndpointId", MinLen: 1, OneWay: true, Doc: "The endpoint on your side, once it is made. With it the endpoint becomes available."},
			{Name: "privateEndpointIpAddress", Doc: "Its address, for Azure."},
			{Name: "status", Doc: "How far Atlas is with it."},
			{Name: "endpointServiceName", Output: true, Doc: "Atlas's service, which the endpoint on your side connects to."},
			{Name: "privateLinkServiceResourceId", Output: true, Doc: "The same, for Azure."},
		},
		Omit: map[string]string{
			"/errorMessage": "told as the failure",
			"/providerName": "the instance's",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/serverless/instance/{instanceName}/endpoint", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/serverless/instance/{instanceName}/endpoint/{endpointId}", Version: "2023-01-01"},
		Create: []spec.Call{
			{Route: "POST /groups/{groupId}/privateEndpoint/serverless/instance/{instanceName}/endpoint", Version: "2023-01-01",
				Body: spec.Body{Send: spec.Declared, Fields: []string{"comment"}}, Wait: endpointIs("RESERVED", "AVAILABLE")},
			endpointConnect(),
		},
		Update: []spec.Call{endpointConnect()},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/privateEndpoint/serverless/instance/{instanceName}/endpoint/{endpointId}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: 10 * time.Minute}}},
		Lapse:       &spec.Lapse{At: "/status", Values: []string{"DELETING"}, What: "deletion"},
		Failure:     &spec.Failure{At: "/status", Values: []string{"FAILED"}, Reason: "/errorMessage"},
		Replaceable: true,
		Across: &spec.Across{Param: "instanceName", At: "/name",
			Read: spec.Read{Route: "GET /groups/{groupId}/serverless", Version: "2023-01-01", Paged: true}},
		NeverPrune:     "Atlas does not say which instances have endpoints",
		NamesNotUnique: true,
		Retired:        "2026-01-22",
	}
})

func endpointIs(states ...string) *spec.Wait {
	return &spec.Wait{At: "/status", Until: states, Fail: []string{"FAILED"}, Error: "/errorMessage", Max: 10 * time.Minute}
}

// endpointConnect tells Atlas the endpoint on the user's side. Atlas wants to
// hear its own provider's name back.
func endpointConnect() spec.Call {
	return spec.Call{
		Route:   "PATCH /groups/{groupId}/privateEndpoint/serverless/instance/{instanceName}/endpoint/{endpointId}",
		Version: "2023-01-01",
		When:    &spec.When{Field: "cloudProviderEndpointId"},
		Body: spec.Body{Send: spec.Declared, Fields: []string{"comment", "cloudProviderEndpointId", "privateEndpointIpAddress"},
			Set: map[string]spec.Expr{"/providerName": {From: "/providerName"}}},
		Wait: endpointIs("AVAILABLE"),
	}
}
