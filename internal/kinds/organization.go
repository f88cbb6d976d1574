package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// Organization is adopted, never created or deleted: Atlas ties that to a
// contract. Operations: listOrgs, getOrg.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Organization", Document: true,
		Doc:   "An Atlas organization. It must exist; its users, teams and service accounts are declared in it.",
		Key:   []string{"name"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"orgId": "/id"},
		Role:   "Organization Member",
		Fields: []spec.Field{
			{Name: "name", Immutable: true, Pattern: ".", Doc: "The organization's name in Atlas."},
		},
		Omit: map[string]string{
			"/isDeleted":                 "what is deleted is not listed",
			"/skipDefaultAlertsSettings": "of the organization's settings, which are not kept yet",
		},
		List: spec.Read{Route: "GET /orgs", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /orgs/{orgId}", Version: "2023-01-01"},
	}
})
