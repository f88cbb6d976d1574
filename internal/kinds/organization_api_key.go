package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// OrganizationAPIKey operations: listOrgApiKeys, getOrgApiKey, createOrgApiKey
// (shows the private key, once), updateOrgApiKey (merges), deleteOrgApiKey.
// Answers hold the roles of all projects too.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "OrganizationAPIKey", Section: "apiKeys", Parent: "Organization",
		Doc:   "An API key of an organization. Its private key is shown once and goes where deliverTo says; to renew it, make a second key.",
		Key:   []string{"description"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"apiUserId": "/id", "publicKey": "/publicKey"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"API_KEY_CREATED"}, Changed: []string{"API_KEY_ROLES_CHANGED", "API_KEY_DESCRIPTION_CHANGED"}, Gone: []string{"API_KEY_DELETED"},
			Fields: map[string][]string{"API_KEY_ROLES_CHANGED": {"roles"}, "API_KEY_DESCRIPTION_CHANGED": {"description"}},
			Names:  map[string]string{"/targetPublicKey": "/publicKey"}},
		Grant:          orgGrant("apiKey"),
		NamesNotUnique: true,
		DeleteNote:     "It goes from all projects too, and whoever calls with it is locked out.",
		Fields: []spec.Field{
			{Name: "description", Wire: "/desc", Doc: "What the key is for. Atlas does not keep descriptions unique; id settles which is meant."},
			{Name: "roles", MinItems: 1, Enum: orgRoles, Take: &spec.Take{Where: "/orgId", Is: "orgId", Value: "/roleName"}, Doc: "The key's roles in the organization; at least one."},
			deliverTo("raw: the bare private key; env: lines NAME=value with both keys; json: an object with both keys and the ids."),
			{Name: "publicKey", Output: true, Doc: "The key's public part."},
		},
		Omit: map[string]string{"/privateKey": "shown once, and delivered"},
		List: spec.Read{Route: "GET /orgs/{orgId}/apiKeys", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /orgs/{orgId}/apiKeys/{apiUserId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/apiKeys", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"description", "roles"}}}},
		Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/apiKeys/{apiUserId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"description", "roles"}}}},
		Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/apiKeys/{apiUserId}", Version: "2023-01-01"}},
		Rotation: &spec.Rotation{Field: "deliverTo", Once: true, Value: "/privateKey",
			Tells:  map[string]string{"publicKey": "publicKey", "organizationId": "orgId"},
			Delete: spec.Call{Route: "DELETE /orgs/{orgId}/apiKeys/{apiUserId}", Version: "2023-01-01"}},
	}
})
