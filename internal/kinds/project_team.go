package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ProjectTeam operations: listGroupTeams, getGroupTeam, addGroupTeams,
// updateGroupTeam, removeGroupTeam. Atlas lists team ids without names.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ProjectTeam", Section: "teams", Parent: "Project",
		Doc:    "The roles that a team of the organization has in a project.",
		Key:    []string{"name"},
		Params: map[string]string{"teamId": "/teamId"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"TEAM_ADDED_TO_GROUP"}, Changed: []string{"TEAM_ROLES_MODIFIED"}, Gone: []string{"TEAM_REMOVED_FROM_GROUP"},
			Names: map[string]string{"/teamId": "/teamId"}},
		Grant: &spec.Grant{To: "team", Roles: "roles", Members: "members"},
		Fields: []spec.Field{
			{Name: "name", Wire: "/teamId", Ref: &spec.Ref{Kind: "Team", ByID: true, Holds: true}, Doc: "The team's name in the organization."},
			{Name: "roles", Wire: "/roleNames", MinItems: 1, Enum: projectRoles, OpenEnum: true,
				Doc: "Roles that the members get in the project; at least one."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/teams", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/teams/{teamId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/teams", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"name", "roles"}, Array: true}, Batch: true}},
		// The id goes into the body too: Atlas wants the whole assignment.
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/teams/{teamId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"name", "roles"}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/teams/{teamId}", Version: "2023-01-01"}},
	}
})
