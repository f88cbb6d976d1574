package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// BackupPrivateEndpoint operations: listGroupBackupPrivateEndpoints (of AWS, the
// only cloud so far), its get, create and deleteGroupBackupPrivateEndpoint. Nothing of one can
// be changed.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "BackupPrivateEndpoint", Section: "backupPrivateEndpoints", Parent: "Project",
		Doc:            "A private endpoint over which snapshots are exported to buckets of a region.",
		Key:            []string{"cloudProvider", "regionName", "vpcRegionName"},
		Params:         map[string]string{"cloudProvider": "cloudProvider", "endpointId": "/id"},
		Role:           "Project Owner",
		NamesNotUnique: true,
		Replaceable:    true,
		DeleteNote:     "Exports to buckets that take private networking only fail from then on.",
		Lapse:          &spec.Lapse{At: "/status", Values: []string{"DELETING"}, What: "deletion"},
		Failure:        &spec.Failure{At: "/status", Values: []string{"FAILED"}, Reason: "/errorMessage"},
		Outside: []spec.Outside{{What: "approve the connection privateEndpointConnectionName",
			While: spec.Cond{At: "/status", Values: []string{"PENDING_ACCEPTANCE"}}}},
		Fields: []spec.Field{
			{Name: "cloudProvider", Required: true, Immutable: true, Doc: "The cloud."},
			{Name: "regionName", Required: true, Immutable: true, OpenEnum: true, Doc: "The bucket's region, in Atlas's spelling."},
			{Name: "vpcRegionName", Derive: "self.regionName", Immutable: true, OpenEnum: true, Doc: "The region of the clusters; by default the bucket's."},
			{Name: "privateEndpointConnectionName", Output: true, Doc: "The connection, as the cloud shows it to who approves it."},
			{Name: "status", Doc: "How far Atlas is with it."},
		},
		Omit: map[string]string{
			"/errorMessage": "told as the failure",
			"/id":           "the id",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/backup/{cloudProvider}/privateEndpoints", Version: "2024-11-13", Paged: true,
			Over: &spec.Over{Param: "cloudProvider", Values: []string{"AWS"}}},
		Get: spec.Read{Route: "GET /groups/{groupId}/backup/{cloudProvider}/privateEndpoints/{endpointId}", Version: "2024-11-13"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/backup/{cloudProvider}/privateEndpoints", Version: "2024-11-13",
			Body: spec.Body{Send: spec.Declared}, Wait: keyEndpointMade()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/backup/{cloudProvider}/privateEndpoints/{endpointId}", Version: "2024-11-13",
			Wait: &spec.Wait{Gone: true, Max: 20 * time.Minute}}},
	}
})
