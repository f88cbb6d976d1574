package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// RejectedQueryShape operations: listGroupClusterQueryShapes (those that are
// rejected), updateGroupClusterQueryShape.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "RejectedQueryShape", Section: "rejectedQueryShapes", Parent: "Cluster",
		Doc:        "A shape of queries that a cluster refuses to run.",
		Key:        []string{"queryShapeHash"},
		Params:     map[string]string{"queryShapeHash": "queryShapeHash"},
		Role:       "Project Data Access Admin",
		Events:     &spec.Events{Made: []string{"QUERY_SHAPE_BLOCKED"}, Gone: []string{"QUERY_SHAPE_UNBLOCKED"}, Ask: map[string]string{"clusterNames": "clusterName"}},
		Lane:       clusterLane(),
		DeleteNote: "The cluster runs such queries again.",
		Fields: []spec.Field{
			{Name: "queryShapeHash", Norm: spec.Fold, Pattern: `^[a-fA-F0-9]{64}$`, Doc: "The shape's hash, as the profiler and $queryStats tell it."},
			{Name: "command", Doc: "The command of such queries."},
			{Name: "namespace", Doc: "The collection that they are for."},
		},
		Omit: map[string]string{
			"/queryShape": "a long text; the hash says it",
			"/status":     "those that are listed are rejected",
		},
		List:   spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/queryShapes", Version: "2025-03-12", Paged: true},
		Create: []spec.Call{queryShape("REJECTED")},
		Delete: []spec.Call{queryShape("UNREJECTED")},
	}
})

func queryShape(status string) spec.Call {
	return spec.Call{Route: "PATCH /groups/{groupId}/clusters/{clusterName}/queryShapes/{queryShapeHash}", Version: "2025-03-12", Idempotent: true,
		Body: spec.Body{Set: map[string]spec.Expr{"/status": {Const: status}}}}
}
