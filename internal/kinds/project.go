package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// Project operations: listGroups, getGroup, createGroup, updateGroup,
// deleteGroup. Atlas calls projects groups.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Project", Document: true, Parent: "Organization",
		Doc: "An Atlas project. It is created when it is missing and `organization` is given.",
		Key: []string{"name"}, Within: []string{"organization"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"groupId": "/id", "orgId": "/orgId"},
		Role:   "Project Owner; Organization Project Creator to create",
		Events: &spec.Events{Made: []string{"GROUP_CREATED"}, Changed: []string{"GROUP_NAME_CHANGED", "GROUP_TAGS_MODIFIED"}, Gone: []string{"GROUP_DELETED"},
			Fields: map[string][]string{"GROUP_NAME_CHANGED": {"name"}, "GROUP_TAGS_MODIFIED": {"tags"}},
			Names:  map[string]string{"/groupId": "/id", "/raw/gn": "name"}},
		Fields: []spec.Field{
			{Name: "name", Doc: "The project's name, unique within its organization."},
			{Name: "organization", Wire: "/orgId", Immutable: true,
				Ref: &spec.Ref{Kind: "Organization", ByID: true},
				Doc: "The organization that the project belongs to, by name. Needed to create the project."},
			{Name: "tags", Type: spec.Map, Pairs: [2]string{"key", "value"}, MinLen: 1, MaxLen: 255,
				Doc: "Tags of the project, as key: value. All of them once declared."},
			{Name: "regionUsageRestrictions", CreateOnly: true,
				Doc: "Regions that an Atlas for Government project may use. Counts at creation only."},
			{Name: "withDefaultAlertsSettings", CreateOnly: true,
				Doc: "Whether Atlas makes its default alerts in a new project. Counts at creation only."},
			{Name: "owner", Type: spec.String, Norm: spec.Email, CreateOnly: true, Wire: "/projectOwnerId",
				Ref: &spec.Ref{Kind: "OrganizationUser", ByID: true},
				Doc: "The user who becomes the new project's first owner; by default the organization's oldest owner. Counts at creation only."},
		},
		Omit: map[string]string{
			"/clusterCount": "moves by itself",
			"/created":      "when it was made",
		},
		EventList: spec.Read{Route: "GET /groups/{groupId}/events", Version: "2023-01-01", Paged: true},
		List:      spec.Read{Route: "GET /groups", Version: "2023-01-01", Paged: true},
		Get:       spec.Read{Route: "GET /groups/{groupId}", Version: "2023-01-01"},
		Create: []spec.Call{{
			Route: "POST /groups", Version: "2023-01-01",
			Query: map[string]string{"projectOwnerId": "owner"},
			Body:  spec.Body{Send: spec.Declared, Fields: []string{"name", "organization", "tags", "regionUsageRestrictions", "withDefaultAlertsSettings"}},
		}},
		Update: []spec.Call{{
			Route: "PATCH /groups/{groupId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"name", "tags"}},
		}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}", Version: "2023-01-01"}},
	}
})
