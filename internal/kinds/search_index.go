package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// built waits until a search index can answer.
func built() *spec.Wait {
	return &spec.Wait{At: "/status", Until: []string{"READY", "STALE"}, Fail: []string{"FAILED"}, Error: "/statusDetail/0/mainIndex/message", Settle: 10 * time.Second, Max: time.Hour, Unless: "buildInBackground"}
}

// SearchIndex operations: listGroupClusterSearchIndexes (a bare array, of all
// databases), getGroupClusterSearchIndex, createGroupClusterSearchIndex,
// updateGroupClusterSearchIndex (replaces the definition), deleteGroupClusterSearchIndex.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "SearchIndex", Section: "searchIndexes", Parent: "Cluster",
		Doc:     "A search or vector search index of a collection.",
		Key:     []string{"database", "collectionName", "name"},
		Params:  map[string]string{"indexId": "/indexID"},
		IdentAt: "/indexID",
		Role:    "Project Search Index Editor",
		Events: &spec.Events{Made: []string{"FTS_INDEX_CREATED"}, Changed: []string{"FTS_INDEX_UPDATED"}, Gone: []string{"FTS_INDEX_DELETED"},
			Ask: map[string]string{"clusterNames": "clusterName"}},
		Lane:        clusterLane(),
		After:       []string{"SearchDeployment"},
		Replaceable: true,
		Lapse:       &spec.Lapse{At: "/status", Values: []string{"DELETING", "DOES_NOT_EXIST"}, What: "deletion"},
		Fields: []spec.Field{
			{Name: "database", Required: true, Doc: "The collection's database."},
			{Name: "collectionName", Required: true, Doc: "The collection. It has to exist."},
			{Name: "name", Required: true, Doc: "The index's name, unique in the collection."},
			{Name: "type", Default: "search", Immutable: true, Doc: "Whether it is for text or for vectors."},
			{Name: "definition", Type: spec.Document, Required: true, Wire: "/latestDefinition", SendAt: "/definition",
				Default: map[string]any{"numPartitions": int64(1)},
				Doc:     "What is indexed, as MongoDB's documentation has it. All of it once declared."},
			{Name: "buildInBackground", Type: spec.Bool, Local: true, Doc: "Whether an apply ends before the index is built."},
			{Name: "queryable", Doc: "Whether it answers queries."},
			{Name: "status", Doc: "What Atlas is doing with it."},
		},
		Omit: map[string]string{
			"/latestDefinitionVersion":    "counts the changes",
			"/statusDetail":               "of each node",
			"/synonymMappingStatus":       "of each node",
			"/synonymMappingStatusDetail": "of each node",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/search/indexes", Version: "2024-05-30"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/search/indexes/{indexId}", Version: "2024-05-30"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/clusters/{clusterName}/search/indexes", Version: "2024-05-30",
			Body: spec.Body{Send: spec.Declared}, Wait: built()}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/clusters/{clusterName}/search/indexes/{indexId}", Version: "2024-05-30",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"definition"}}, Wait: built()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/clusters/{clusterName}/search/indexes/{indexId}", Version: "2024-05-30",
			Wait: &spec.Wait{Gone: true, Max: 15 * time.Minute}}},
	}
})
