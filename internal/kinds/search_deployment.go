package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// searching waits until the search nodes are as asked for. Atlas may say so before
// it has begun.
func searching() *spec.Wait {
	return &spec.Wait{At: "/stateName", Until: []string{"IDLE"}, Settle: 30 * time.Second, Max: 3 * time.Hour}
}

// SearchDeployment operations: getGroupClusterSearchDeployment,
// createGroupClusterSearchDeployment, updateGroupClusterSearchDeployment (replaces the
// specs), deleteGroupClusterSearchDeployment. Bodies may have one spec for all
// regions; what it comes to in each is what answers tell, so files name the regions.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "SearchDeployment", Section: "searchNodes", Parent: "Cluster", Singleton: true,
		Doc:  "The nodes of a cluster that do nothing but search. Without them its own nodes do. Needs an M10 at least.",
		Role: "Project Cluster Manager",
		Events: &spec.Events{Made: []string{"SEARCH_DEPLOYMENT_CREATED"}, Changed: []string{"SEARCH_DEPLOYMENT_UPDATED"}, Gone: []string{"SEARCH_DEPLOYMENT_DELETED"},
			Ask: map[string]string{"clusterNames": "clusterName"}},
		Optional:   &spec.Optional{Codes: []string{"ATLAS_SEARCH_DEPLOYMENT_DOES_NOT_EXIST"}, At: "/id"},
		Lane:       clusterLane(),
		DeleteNote: "The cluster's own nodes search again.",
		Fields: []spec.Field{
			{Name: "specs", Wire: "/effectiveSpecs", SendAt: "/specs", Type: spec.Set, ElemKey: []string{"cloudProvider", "regionName"}, Required: true, MinItems: 1,
				Doc: "The search nodes of each region. All regions of the cluster once declared.", Fields: []spec.Field{
					{Name: "cloudProvider", Required: true, Doc: "The cloud."},
					{Name: "regionName", Required: true, MinLen: 1, Doc: "The region, in Atlas's spelling: US_EAST_1."},
					{Name: "instanceSize", OpenEnum: true, Doc: "The tier of each node: S20_HIGHCPU_NVME, …. All regions have the same."},
					{Name: "nodeCount", Required: true, Destructive: true, Doc: "How many nodes the region has."},
				}},
			{Name: "encryptionAtRestProvider", Doc: "Whose key encrypts the nodes' disks."},
			{Name: "stateName", Doc: "What Atlas is doing with them."},
		},
		Omit: map[string]string{
			"/defaultNodeCount": "every region says its own",
			"/groupId":          "the project",
			"/id":               "there is one",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/search/deployment", Version: "2025-03-12"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/search/deployment", Version: "2025-03-12"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/clusters/{clusterName}/search/deployment", Version: "2024-05-30",
			Body: spec.Body{Send: spec.Declared}, Wait: searching()}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/clusters/{clusterName}/search/deployment", Version: "2024-05-30",
			Body: spec.Body{Send: spec.Declared}, Wait: searching()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/clusters/{clusterName}/search/deployment", Version: "2024-05-30",
			Wait: &spec.Wait{Gone: true, Max: 3 * time.Hour}}},
	}
})
