package sandbox

import "slices"

var teamsPart = part{
	id: "teams", name: "Teams", scope: perOrganization,
	operations: []operation{
		{id: "listOrgTeams", method: "GET", path: "/orgs/{orgId}/teams", versions: oldest, may: orgMember, status: 200, handle: listTeams},
		{id: "createOrgTeam", method: "POST", path: "/orgs/{orgId}/teams", versions: oldest, may: orgOwner, event: "TEAM_CREATED", status: 200, body: true, handle: createTeam},
		{id: "getOrgTeam", method: "GET", path: "/orgs/{orgId}/teams/{teamId}", versions: oldest, may: orgMember, status: 200, handle: getTeam},
		{id: "getOrgTeamByName", method: "GET", path: "/orgs/{orgId}/teams/byName/{teamName}", versions: oldest, may: orgMember, status: 200, handle: getTeamByName},
		{id: "renameOrgTeam", method: "PATCH", path: "/orgs/{orgId}/teams/{teamId}", versions: oldest, may: orgOwner, event: "TEAM_NAME_CHANGED", status: 200, body: true, handle: renameTeam},
		{id: "deleteOrgTeam", method: "DELETE", path: "/orgs/{orgId}/teams/{teamId}", versions: oldest, may: orgOwner, event: "TEAM_DELETED", status: 204, handle: deleteTeam},
		{id: "listOrgTeamUsers", method: "GET", path: "/orgs/{orgId}/teams/{teamId}/users", versions: usersVersions, may: orgMember, status: 200, handle: listTeamUsers},
		{id: "addOrgTeamUsers", method: "POST", path: "/orgs/{orgId}/teams/{teamId}/users", versions: oldest, may: orgOwner, status: 200, body: true, handle: addTeamUsers},
		{id: "removeOrgTeamUserFromTeam", method: "DELETE", path: "/orgs/{orgId}/teams/{teamId}/users/{userId}", versions: oldest, may: orgOwner, event: "REMOVED_FROM_TEAM", status: 204, handle: removeTeamUserByID},
		{id: "addOrgTeamUser", method: "POST", path: "/orgs/{orgId}/teams/{teamId}:addUser", versions: usersVersion, may: orgOwner, event: "JOINED_TEAM", status: 200, body: true, handle: addTeamUser},
		{id: "removeOrgTeamUser", method: "POST", path: "/orgs/{orgId}/teams/{teamId}:removeUser", versions: usersVersion, may: orgOwner, event: "REMOVED_FROM_TEAM", status: 200, body: true, handle: removeTeamUser},
	},
}

var (
	teamName  = text{min: 1, max: 64}
	teamShape = object{
		"name":      required(teamName),
		"usernames": nullable(listOf{item: anyText, unique: true}), // required by the description, not by Atlas
		"id":        readOnly,
	}
	teamRenameShape = object{"name": required(teamName), "id": readOnly}
	teamUserShape   = object{"id": required(anyID)}
)

type team struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"` // ids of users
}

type teamView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Usernames []string `json:"usernames,omitzero"` // only in the answer to a creation
	Links     []link   `json:"links"`
}

func (t *team) view() any { return teamView{ID: t.ID, Name: t.Name, Links: []link{}} }

func (t *team) remove(user string) { t.Members = without(t.Members, user) }

func (o *organization) team(id string) (*team, error) {
	for _, t := range o.Teams {
		if t.ID == id {
			return t, nil
		}
	}
	return nil, fail(404, "TEAM_NOT_FOUND", "no team with id %s exists in the organization", id)
}

func (o *organization) teamNamed(name string) *team {
	for _, t := range o.Teams {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// teamsOf lists the ids of the teams that a user is in.
func (o *organization) teamsOf(user string) []string {
	ids := []string{}
	for _, t := range o.Teams {
		if slices.Contains(t.Members, user) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// team finds the team of the path. Whoever writes below it changes it.
func (c *call) team() (*organization, *team, error) {
	org, err := c.organization()
	if err != nil {
		return nil, nil, err
	}
	t, err := org.team(c.param("teamId"))
	if err == nil {
		c.about.team = t.ID
		c.changed(org.teamChange(t))
	}
	return org, t, err
}

func listTeams(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	return page(c, org.Teams, (*team).view)
}

func getTeam(c *call) (any, error) {
	_, t, err := c.team()
	if err != nil {
		return nil, err
	}
	return t.view(), nil
}

func getTeamByName(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	t := org.teamNamed(c.param("teamName"))
	if t == nil {
		return nil, fail(404, "TEAM_NAME_NOT_FOUND", "no team with the name %s exists in the organization", c.param("teamName"))
	}
	return t.view(), nil
}

func createTeam(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct {
		Name      string
		Usernames []string
	}](c, teamShape)
	if err != nil {
		return nil, err
	}
	if org.teamNamed(body.Name) != nil {
		return nil, teamExists(body.Name)
	}
	t := &team{ID: newID(c.now), Name: body.Name, Members: []string{}}
	for _, name := range body.Usernames {
		// A pending user can only come in later, by :addUser.
		u := org.userNamed(name)
		if u == nil || u.Status != statusActive {
			return nil, userNotInOrg(name)
		}
		t.Members = append(t.Members, u.ID)
	}
	org.Teams = append(org.Teams, t)
	c.about.team = t.ID
	c.changed(org.teamChange(t))
	if body.Usernames == nil {
		body.Usernames = []string{}
	}
	return teamView{ID: t.ID, Name: t.Name, Usernames: body.Usernames, Links: []link{}}, nil
}

func teamExists(name string) error {
	return fail(409, "DUPLICATE_TEAM_NAME", "a team with the name %s exists already in the organization", name)
}

func userNotInOrg(who string) error {
	return fail(400, "USER_NOT_IN_ORG", "user %s is not in the organization", who)
}

func renameTeam(c *call) (any, error) {
	org, t, err := c.team()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ Name string }](c, teamRenameShape)
	if err != nil {
		return nil, err
	}
	if other := org.teamNamed(body.Name); other != nil && other != t {
		return nil, teamExists(body.Name)
	}
	t.Name = body.Name
	return t.view(), nil
}

func deleteTeam(c *call) (any, error) {
	org, t, err := c.team()
	if err != nil {
		return nil, err
	}
	for _, p := range c.world.projectsOf(org.ID) {
		if grantOf(p.Teams, t.ID) != nil {
			return nil, fail(400, "CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT", "project %s still has the team %s; remove it there first", p.ID, t.Name)
		}
	}
	org.Teams = drop(org.Teams, t.ID, (*team).key)
	c.changed(org.gone(aTeam, t.ID))
	return nil, nil
}

func listTeamUsers(c *call) (any, error) {
	org, t, err := c.team()
	if err != nil {
		return nil, err
	}
	members := selectUsers(org.Users, func(u *user) bool { return slices.Contains(t.Members, u.ID) })
	found, err := c.filterUsers(members)
	if err != nil {
		return nil, err
	}
	return page(c, found, c.orgUserView(org))
}

// teamAndUser reads the body that names a user. Somebody whose invitation
// lapsed does not belong to the organization.
func (c *call) teamAndUser() (*organization, *team, *user, error) {
	org, t, err := c.team()
	if err != nil {
		return nil, nil, nil, err
	}
	body, err := decode[struct{ ID string }](c, teamUserShape)
	if err != nil {
		return nil, nil, nil, err
	}
	u := org.user(body.ID)
	if u == nil || !slices.Contains(presentStatuses, u.statusAt(c.now)) {
		return nil, nil, nil, userNotInOrg(body.ID)
	}
	c.about.username = u.Username
	return org, t, u, nil
}

func addTeamUser(c *call) (any, error) {
	org, t, u, err := c.teamAndUser()
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(t.Members, u.ID):
		c.happened(nothing)
	case u.Status == statusPending:
		c.happened("INVITED_TO_TEAM")
	}
	if !slices.Contains(t.Members, u.ID) {
		t.Members = append(t.Members, u.ID)
	}
	return c.orgUserView(org)(u), nil
}

func removeTeamUser(c *call) (any, error) {
	org, t, u, err := c.teamAndUser()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(t.Members, u.ID) {
		return nil, fail(400, "USER_NOT_IN_TEAM", "%s is not in the team %s", u.Username, t.Name)
	}
	t.remove(u.ID)
	return c.orgUserView(org)(u), nil
}

// addTeamUsers is the older way in, for active users only. It adds all of them
// or none.
func addTeamUsers(c *call) (any, error) {
	org, t, err := c.team()
	if err != nil {
		return nil, err
	}
	body, err := decode[[]struct{ ID string }](c, listOf{item: teamUserShape})
	if err != nil {
		return nil, err
	}
	members := slices.Clone(t.Members)
	for _, b := range body {
		u := org.user(b.ID)
		if u == nil || u.statusAt(c.now) != statusActive {
			return nil, userNotInOrg(b.ID)
		}
		if !slices.Contains(members, u.ID) {
			members = append(members, u.ID)
			c.about.username = u.Username
			c.happened("JOINED_TEAM")
		}
	}
	t.Members = members
	active := selectUsers(org.Users, func(u *user) bool {
		return slices.Contains(members, u.ID) && u.statusAt(c.now) == statusActive
	})
	return page(c, active, c.oldUserView)
}

func removeTeamUserByID(c *call) (any, error) {
	org, t, err := c.team()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(t.Members, c.param("userId")) {
		return nil, fail(404, "USER_NOT_FOUND", "no user with id %s is in the team %s", c.param("userId"), t.Name)
	}
	if u := org.user(c.param("userId")); u != nil {
		c.about.username = u.Username
	}
	t.remove(c.param("userId"))
	return nil, nil
}
