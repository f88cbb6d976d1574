package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// FederatedDatabase operation: listGroupDataFederation (a bare array). The
// instance has to exist; it is here as the parent of its query limits.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "FederatedDatabase", Section: "dataFederation", Parent: "Project",
		Doc:    "A federated database instance, which must exist, and its query limits.",
		Key:    []string{"name"},
		Params: map[string]string{"tenantName": "name"},
		Role:   "Project Read Only",
		Fields: []spec.Field{
			{Name: "name", MinLen: 1, Doc: "The instance's name."},
		},
		Omit: map[string]string{
			"/cloudProviderConfig":      "the instance itself is not kept yet",
			"/dataProcessRegion":        "the instance itself is not kept yet",
			"/storage":                  "the instance itself is not kept yet",
			"/hostnames":                "what Atlas gives",
			"/privateEndpointHostnames": "what Atlas gives",
			"/state":                    "how far Atlas is",
			"/groupId":                  "the project",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/dataFederation", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/dataFederation/{tenantName}", Version: "2023-01-01"},
	}
})
