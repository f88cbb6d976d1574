package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// FederatedDatabase operation: listGroupDataFederation (a bare array). The
// instance has to exist; it is here as the parent of its query limits.
var FederatedDatabase = register(spec.Kind{
	Name: "FederatedDatabase", Section: "dataFederation", Parent: "Project",
	Doc:    "A federated database instance, which must exist, and its query limits.",
	Key:    []string{"name"},
	Params: map[string]string{"tenantName": "name"},
	Role:   "Project Read Only",
	Fields: []spec.Field{
		{Name: "name", Type: spec.String, MinLen: 1, Doc: "The instance's name."},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/dataFederation", Version: "2023-01-01"},
	Get:  spec.Read{Route: "GET /groups/{groupId}/dataFederation/{tenantName}", Version: "2023-01-01"},
})
