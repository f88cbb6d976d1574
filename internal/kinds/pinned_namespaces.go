package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// PinnedNamespaces operations: listGroupClusterCollStatPinnedNamespaces,
// pinGroupClusterCollStatPinnedNamespaces (which replaces them all).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "PinnedNamespaces", Section: "pinnedNamespaces", Parent: "Cluster", Singleton: true,
		Doc:  "The collections of a cluster whose latency is measured always.",
		Role: "Project Read Only",
		Fields: []spec.Field{
			{Name: "namespaces", Wire: "/pinnedNamespaces", SendAt: "/namespaces", Required: true, Pattern: `^[^.]+\..+$`,
				Doc: "Collections, as DATABASE.COLLECTION. All of them once declared."},
		},
		Omit: map[string]string{
			"/clusterId": "the cluster",
			"/groupId":   "the project",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/collStats/pinned", Version: "2023-11-15"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/collStats/pinned", Version: "2023-11-15"},
		Update: []spec.Call{{Route: "PUT /groups/{groupId}/clusters/{clusterName}/collStats/pinned", Version: "2023-11-15",
			Body: spec.Body{Send: spec.Declared}}},
	}
})
