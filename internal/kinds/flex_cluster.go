package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// FlexCluster operations: listGroupFlexClusters, getGroupFlexCluster,
// createGroupFlexCluster, updateGroupFlexCluster, deleteGroupFlexCluster.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "FlexCluster", Section: "flexClusters", Parent: "Project",
		Doc:      "A Flex cluster. It holds data: it is never pruned or replaced.",
		Contents: "Its data is not in the files: restore a snapshot of the old cluster into it.",
		Key:      []string{"name"},
		Params:   map[string]string{"name": "name"},
		Role:     "Project Cluster Manager",
		Events: &spec.Events{Made: []string{"CLUSTER_CREATED"}, Changed: []string{"CLUSTER_UPDATE_SUBMITTED", "CLUSTER_TAGS_MODIFIED"}, Gone: []string{"CLUSTER_DELETE_SUBMITTED"},
			Fields: map[string][]string{"CLUSTER_TAGS_MODIFIED": {"tags"}}, Names: map[string]string{"/resourceId": "/id"},
			Ask: map[string]string{"clusterNames": "name"}},
		Lane: &spec.Lane{Name: "flex", By: []string{"groupId", "name"}},
		Blocks: []spec.Block{
			{Of: "delete", While: spec.Cond{At: "/terminationProtectionEnabled", Values: []string{"true"}},
				Why: "has termination protection; switch that off in an apply of its own"},
			{Of: "parent", While: spec.Cond{At: "/stateName", NotIn: []string{"DELETING"}}, Why: "is in it"},
		},
		Lapse:      &spec.Lapse{At: "/stateName", Values: []string{"DELETING"}, What: "deletion"},
		NeverPrune: "it holds data",
		DeleteNote: "Its data goes with it.",
		Fields: []spec.Field{
			{Name: "name", Doc: "The cluster's name, unique in the project among clusters and Flex clusters."},
			{Name: "backingProviderName", Wire: "/providerSettings/backingProviderName", Required: true, Immutable: true, Doc: "The cloud."},
			{Name: "regionName", Wire: "/providerSettings/regionName", Required: true, Immutable: true, Doc: "The region, in Atlas's spelling: US_EAST_1."},
			{Name: "terminationProtectionEnabled", Default: false, Doc: "Whether Atlas refuses to delete the cluster."},
			{Name: "tags", Type: spec.Map, Pairs: [2]string{"key", "value"}, MinLen: 1, MaxLen: 255, Doc: "Tags of the cluster, as key: value. All of them once declared."},
			{Name: "connectionStrings", ReadOnly: true, Doc: "How applications reach the cluster.", Fields: []spec.Field{
				{Name: "standard", Output: true, Doc: "The connection string with all hosts."},
				{Name: "standardSrv", Output: true, Doc: "The short connection string."},
			}},
			{Name: "mongoDBVersion", Doc: "The version that runs."},
			{Name: "stateName", Doc: "What Atlas is doing with the cluster."},
		},
		Omit: map[string]string{
			"/backupSettings":                "always on",
			"/clusterType":                   "always a replica set",
			"/createDate":                    "when it was made",
			"/groupId":                       "the project",
			"/id":                            "calls take the name",
			"/providerSettings/diskSizeGB":   "always the same",
			"/providerSettings/providerName": "always FLEX",
			"/versionReleaseSystem":          "always the same",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/flexClusters", Version: "2024-11-13", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/flexClusters/{name}", Version: "2024-11-13"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/flexClusters", Version: "2024-11-13",
			Body: spec.Body{Send: spec.Declared}, Wait: idle()}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/flexClusters/{name}", Version: "2024-11-13",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"tags", "terminationProtectionEnabled"}}, Wait: idle()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/flexClusters/{name}", Version: "2024-11-13",
			Wait: &spec.Wait{Gone: true, Max: 3 * time.Hour}}},
	}
})
