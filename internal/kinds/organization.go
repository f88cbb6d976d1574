package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// Organization is adopted, never created or deleted: Atlas ties that to a
// contract. Operations: listOrgs, getOrg, updateOrg (which wants the name each time).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Organization", Document: true,
		Doc:   "An Atlas organization. It must exist; its users, teams and service accounts are declared in it.",
		Key:   []string{"name"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"orgId": "/id"},
		Role:   "Organization Member; Organization Owner to change it",
		Events: &spec.Events{Changed: []string{"ORG_RENAMED"}, Fields: map[string][]string{"ORG_RENAMED": {"name"}}},
		Fields: []spec.Field{
			{Name: "name", Pattern: ".", Doc: "The organization's name in Atlas."},
			{Name: "skipDefaultAlertsSettings", Default: false, Doc: "Whether new projects get none of Atlas's default alerts."},
		},
		Omit: map[string]string{
			"/isDeleted": "what is deleted is not listed",
		},
		EventList: spec.Read{Route: "GET /orgs/{orgId}/events", Version: "2023-01-01", Paged: true},
		List:      spec.Read{Route: "GET /orgs", Version: "2023-01-01", Paged: true},
		Get:       spec.Read{Route: "GET /orgs/{orgId}", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /orgs/{orgId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"name", "skipDefaultAlertsSettings"}}}},
	}
})
