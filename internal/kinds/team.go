package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// Team operations: listOrgTeams, getOrgTeamByName, createOrgTeam,
// renameOrgTeam, deleteOrgTeam, addOrgTeamUser, removeOrgTeamUser,
// listOrgTeamUsers. Members of all teams come with listOrgUsers.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Team", Section: "teams", Parent: "Organization",
		Doc:   "A team of an organization and its members.",
		Key:   []string{"name"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"teamId": "/id", "teamName": "name"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"TEAM_CREATED"}, Changed: []string{"TEAM_NAME_CHANGED", "JOINED_TEAM", "INVITED_TO_TEAM", "REMOVED_FROM_TEAM"},
			Gone:   []string{"TEAM_DELETED"},
			Fields: map[string][]string{"TEAM_NAME_CHANGED": {"name"}, "JOINED_TEAM": {"members"}, "INVITED_TO_TEAM": {"members"}, "REMOVED_FROM_TEAM": {"members"}},
			Names:  map[string]string{"/teamId": "/id"}},
		Fields: []spec.Field{
			{Name: "name", MinLen: 1, Doc: "The team's name, unique within the organization."},
			{Name: "members", Type: spec.Set, Norm: spec.Email,
				Backref: &spec.Backref{Kind: "OrganizationUser", At: "/teamIds", ID: "/id",
					One: spec.Read{Route: "GET /orgs/{orgId}/teams/{teamId}/users", Version: "2025-02-19", Paged: true, Query: allStatuses()}},
				Doc: "Usernames of the members, invited ones too. All of them once declared."},
		},
		Omit: map[string]string{
			"/usernames": "the members come with the organization's users, invited ones too",
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/teams", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /orgs/{orgId}/teams/byName/{teamName}", Version: "2023-01-01"},
		Create: []spec.Call{
			// Without members: an invited one would be refused here, and :addUser takes both.
			{Route: "POST /orgs/{orgId}/teams", Version: "2023-01-01",
				Body: spec.Body{Send: spec.Declared, Fields: []string{"name"}, Set: map[string]spec.Expr{"/usernames": {Const: []any{}}}}},
			{Route: "POST /orgs/{orgId}/teams/{teamId}:addUser", Version: "2025-02-19", Each: &spec.Each{Added: "members"},
				Body: spec.Body{Set: map[string]spec.Expr{"/id": {Member: true}}}},
		},
		Update: []spec.Call{
			{Route: "PATCH /orgs/{orgId}/teams/{teamId}", Version: "2023-01-01", When: &spec.When{Field: "name"},
				Body: spec.Body{Send: spec.Declared, Fields: []string{"name"}}},
			{Route: "POST /orgs/{orgId}/teams/{teamId}:addUser", Version: "2025-02-19", Each: &spec.Each{Added: "members"},
				Body: spec.Body{Set: map[string]spec.Expr{"/id": {Member: true}}}},
			{Route: "POST /orgs/{orgId}/teams/{teamId}:removeUser", Version: "2025-02-19", Each: &spec.Each{Removed: "members"},
				Body: spec.Body{Set: map[string]spec.Expr{"/id": {Member: true}}}},
		},
		Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/teams/{teamId}", Version: "2023-01-01"}},
	}
})
