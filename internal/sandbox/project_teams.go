package sandbox

import "slices"

var projectTeamsPart = part{
	id: "projectTeams", name: "Project Teams", scope: perProject,
	operations: []operation{
		{id: "listGroupTeams", method: "GET", path: "/groups/{groupId}/teams", versions: oldest, may: projectReadOnly, status: 200, handle: listProjectTeams},
		{id: "addGroupTeams", method: "POST", path: "/groups/{groupId}/teams", versions: oldest, may: projectOwner, status: 200, body: true, handle: addProjectTeams},
		{id: "getGroupTeam", method: "GET", path: "/groups/{groupId}/teams/{teamId}", versions: oldest, may: projectReadOnly, status: 200, handle: getProjectTeam},
		{id: "updateGroupTeam", method: "PATCH", path: "/groups/{groupId}/teams/{teamId}", versions: oldest, may: projectOwner, event: "TEAM_ROLES_MODIFIED", status: 200, body: true, handle: updateProjectTeam},
		{id: "removeGroupTeam", method: "DELETE", path: "/groups/{groupId}/teams/{teamId}", versions: oldest, may: projectOwner, event: "TEAM_REMOVED_FROM_GROUP", status: 204, handle: removeProjectTeam},
	},
}

var (
	teamRoleShape  = object{"teamId": required(anyID), "roleNames": required(groupRoles)}
	teamRolesShape = listOf{item: teamRoleShape} // an empty one is taken too
	// The description requires the id in the body too; Atlas does not.
	teamRolesUpdateShape = object{"teamId": optional(anyID), "roleNames": required(groupRoles)}
)

// A teamRole is a team in a project, in requests and in answers. It has no
// name: only its id is shared with the organization.
type teamRole struct {
	TeamID    string   `json:"teamId"`
	RoleNames []string `json:"roleNames"`
	Links     []link   `json:"links"`
}

func teamRoleView(g grant) any { return teamRole{g.ID, g.Roles, []link{}} }

func listProjectTeams(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return page(c, p.Teams, teamRoleView)
}

// projectTeam finds the team of the path in the project.
func (c *call) projectTeam() (*project, *grant, error) {
	p, err := c.project()
	if err != nil {
		return nil, nil, err
	}
	g := grantOf(p.Teams, c.param("teamId"))
	if g == nil {
		return nil, nil, fail(404, "TEAM_NOT_IN_GROUP", "the project does not have the team %s", c.param("teamId"))
	}
	c.about.team = g.ID
	return p, g, nil
}

func getProjectTeam(c *call) (any, error) {
	_, g, err := c.projectTeam()
	if err != nil {
		return nil, err
	}
	return teamRoleView(*g), nil
}

// addProjectTeams adds all of the teams or none, and answers with every team
// of the project.
func addProjectTeams(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	body, err := decode[[]teamRole](c, teamRolesShape)
	if err != nil {
		return nil, err
	}
	teams := slices.Clone(p.Teams)
	for _, t := range body {
		if _, err := org.team(t.TeamID); err != nil {
			return nil, err
		}
		if grantOf(teams, t.TeamID) != nil {
			return nil, fail(409, "TEAM_ALREADY_IN_GROUP", "the project has the team %s already", t.TeamID)
		}
		teams = append(teams, grant{t.TeamID, t.RoleNames})
		c.about.team = t.TeamID
		c.happened("TEAM_ADDED_TO_GROUP")
	}
	p.Teams = teams
	return page(c, p.Teams, teamRoleView)
}

func updateProjectTeam(c *call) (any, error) {
	p, g, err := c.projectTeam()
	if err != nil {
		return nil, err
	}
	body, err := decode[teamRole](c, teamRolesUpdateShape)
	if err != nil {
		return nil, err
	}
	if body.TeamID != "" && body.TeamID != g.ID {
		return nil, invalid(violation{"teamId", "must be the team of the path"})
	}
	g.Roles = body.RoleNames
	return page(c, p.Teams, teamRoleView)
}

func removeProjectTeam(c *call) (any, error) {
	p, g, err := c.projectTeam()
	if err != nil {
		return nil, err
	}
	p.Teams = withoutGrant(p.Teams, g.ID)
	return nil, nil
}
