package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// EncryptionAtRestPrivateEndpoint operations:
// listGroupEncryptionAtRestPrivateEndpoints (one list a cloud), its get, create
// and requestGroupEncryptionAtRestPrivateEndpointDeletion. Nothing of one can be changed.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "EncryptionAtRestPrivateEndpoint", Section: "encryptionAtRestPrivateEndpoints", Parent: "Project",
		Doc:            "A private endpoint over which the clusters of a region reach the key of yours that encrypts them.",
		Key:            []string{"cloudProvider", "regionName"},
		Params:         map[string]string{"cloudProvider": "cloudProvider", "endpointId": "/id"},
		Role:           "Project Owner",
		Events:         &spec.Events{Made: []string{"ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED"}, Gone: []string{"ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETED"}},
		NamesNotUnique: true,
		Replaceable:    true,
		After:          []string{"EncryptionAtRest"},
		DeleteNote:     "Clusters in the region can no longer reach a key that takes private networking only.",
		Lapse:          &spec.Lapse{At: "/status", Values: []string{"DELETING"}, What: "deletion"},
		Failure:        &spec.Failure{At: "/status", Values: []string{"FAILED"}, Reason: "/errorMessage"},
		Outside: []spec.Outside{{What: "approve the connection privateEndpointConnectionName at your key",
			While: spec.Cond{At: "/status", Values: []string{"PENDING_ACCEPTANCE"}}}},
		Fields: []spec.Field{
			{Name: "cloudProvider", ReadOnly: false, Required: true, Immutable: true, Doc: "The cloud."},
			{Name: "regionName", Required: true, Immutable: true, OpenEnum: true, Doc: "The region, in Atlas's spelling."},
			{Name: "privateEndpointConnectionName", Output: true, Doc: "The connection, as the cloud shows it to who approves it."},
			{Name: "status", Doc: "How far Atlas is with it."},
		},
		Omit: map[string]string{
			"/errorMessage": "told as the failure",
			"/id":           "the id",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints", Version: "2023-01-01", Paged: true,
			Over: &spec.Over{Param: "cloudProvider", Values: []string{"AWS", "AZURE"}}},
		Get: spec.Read{Route: "GET /groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints/{endpointId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"regionName"}}, Wait: keyEndpointMade()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/encryptionAtRest/{cloudProvider}/privateEndpoints/{endpointId}", Version: "2023-01-01",
			Retry: []string{"ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING"},
			Wait:  &spec.Wait{Gone: true, Max: 20 * time.Minute}}},
	}
})

// keyEndpointMade waits until Atlas has made an endpoint, or somebody else has to act.
func keyEndpointMade() *spec.Wait {
	return &spec.Wait{At: "/status", Until: []string{"ACTIVE", "PENDING_ACCEPTANCE"}, Fail: []string{"FAILED"}, Error: "/errorMessage", Max: 20 * time.Minute}
}
