package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ProjectAPIKey operations: listGroupApiKeys, addGroupApiKey (an array of one),
// updateGroupApiKeyRoles (replaces the roles), removeGroupApiKey. Answers hold the
// roles of all projects and of the organization.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ProjectAPIKey", Section: "apiKeys", Parent: "Project",
		Doc:   "What an API key of the organization may do in a project.",
		Key:   []string{"description"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"apiUserId": "/id"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"API_KEY_ADDED_TO_GROUP", "API_KEY_CREATED"}, Changed: []string{"API_KEY_ROLES_CHANGED"},
			Gone: []string{"API_KEY_REMOVED_FROM_GROUP", "API_KEY_DELETED"}, Fields: map[string][]string{"API_KEY_ROLES_CHANGED": {"roles"}},
			Names: map[string]string{"/targetPublicKey": "/publicKey"}},
		Grant: projectGrant("apiKey"),
		Fields: []spec.Field{
			{Name: "description", Wire: "/desc", Ref: &spec.Ref{Kind: "OrganizationAPIKey", Same: true}, Doc: "The key's description in the organization."},
			{Name: "roles", Required: true, MinItems: 1, Enum: projectRoles, OpenEnum: true, Take: &spec.Take{Where: "/groupId", Is: "groupId", Value: "/roleName"},
				Doc: "The key's roles in the project; at least one."},
			{Name: "publicKey", Doc: "The key's public part."},
		},
		Omit: map[string]string{
			"/privateKey": "shown once, where the key is made",
			"/userId":     "the key's id",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/apiKeys", Version: "2023-01-01", Paged: true},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/apiKeys/{apiUserId}", Version: "2023-01-01",
			Params: map[string]spec.Expr{"apiUserId": {RefOf: "description"}},
			Body:   spec.Body{Send: spec.Declared, Fields: []string{"roles"}, Array: true}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/apiKeys/{apiUserId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"roles"}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/apiKeys/{apiUserId}", Version: "2023-01-01"}},
	}
})
