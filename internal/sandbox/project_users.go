package sandbox

import "slices"

var projectUsersPart = part{
	id: "projectUsers", name: "Project Users", scope: perProject,
	operations: []operation{
		{id: "listGroupUsers", method: "GET", path: "/groups/{groupId}/users", versions: usersVersions, may: projectReadOnly, status: 200, handle: listProjectUsers},
		{id: "addGroupUsers", method: "POST", path: "/groups/{groupId}/users", versions: usersVersion, may: projectOwner, event: "JOINED_GROUP", status: 201, body: true, handle: addProjectUser},
		{id: "getGroupUser", method: "GET", path: "/groups/{groupId}/users/{userId}", versions: usersVersion, may: projectReadOnly, status: 200, handle: getProjectUser},
		{id: "removeGroupUser", method: "DELETE", path: "/groups/{groupId}/users/{userId}", versions: usersVersions, may: projectOwner, event: "REMOVED_FROM_GROUP", status: 204, handle: removeProjectUser},
		{id: "addGroupUserRole", method: "POST", path: "/groups/{groupId}/users/{userId}:addRole", versions: usersVersion, may: projectOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: addProjectUserRole},
		{id: "removeGroupUserRole", method: "POST", path: "/groups/{groupId}/users/{userId}:removeRole", versions: usersVersion, may: projectOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: removeProjectUserRole},
	},
}

var (
	// The description has no list of project roles; Atlas's page on user roles has.
	groupRoleName = enumeration{
		"GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_ACCESS_MANAGER", "GROUP_ALERTS_MANAGER",
		"GROUP_BACKUP_CREATOR", "GROUP_BACKUP_EXPORT_OPERATOR", "GROUP_BACKUP_MANAGER", "GROUP_BACKUP_RECOVERY_OPERATOR",
		"GROUP_CLUSTER_CREATOR", "GROUP_CLUSTER_LOG_VIEWER", "GROUP_CLUSTER_MANAGER", "GROUP_CLUSTER_RESILIENCE_TESTER",
		"GROUP_DATABASE_ACCESS_ADMIN", "GROUP_DATA_ACCESS_ADMIN", "GROUP_DATA_ACCESS_READ_ONLY", "GROUP_DATA_ACCESS_READ_WRITE",
		"GROUP_INDEX_MANAGER", "GROUP_MODEL_OWNER", "GROUP_NETWORK_ACCESS_MANAGER", "GROUP_OBSERVABILITY_VIEWER",
		"GROUP_REAL_TIME_PERFORMANCE_OPERATOR", "GROUP_REPLICA_SET_MANAGER", "GROUP_SEARCH_INDEX_EDITOR", "GROUP_STREAM_PROCESSING_OWNER",
		"GROUP_SUPPORT_ACCESS_MANAGER", "GROUP_TRIGGER_MANAGER",
	}
	groupRoles       = listOf{item: groupRoleName, min: 1, unique: true}
	projectUserShape = object{"username": required(email), "roles": required(groupRoles)}
	groupRoleShape   = object{"groupRole": required(groupRoleName)}
)

// projectAndOrg finds the project of the path and its organization.
func (c *call) projectAndOrg() (*project, *organization, error) {
	p, err := c.project()
	if err != nil {
		return nil, nil, err
	}
	org, err := c.world.organization(p.OrgID)
	return p, org, err
}

// projectUserView renders users with the roles that roles finds.
func (c *call) projectUserView(roles func(*user) []string) func(*user) any {
	return func(u *user) any {
		if c.version == oldUsersVersion {
			return c.oldUserView(u)
		}
		return c.userView(u, roles(u))
	}
}

func (p *project) directRoles(u *user) []string {
	if g := grantOf(p.Users, u.ID); g != nil {
		return g.Roles
	}
	return nil
}

// teamRoles are the roles that a user inherits from the project's teams.
func (p *project) teamRoles(org *organization, u *user) []string {
	var roles []string
	for _, g := range p.Teams {
		if t, err := org.team(g.ID); err == nil && slices.Contains(t.Members, u.ID) {
			roles = append(roles, g.Roles...)
		}
	}
	return roles
}

// reachesAll reports whether a user sees every project of the organization.
func (u *user) reachesAll() bool {
	return slices.Contains(u.Roles, "ORG_OWNER") || slices.Contains(u.Roles, "ORG_READ_ONLY")
}

func listProjectUsers(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	flatten, err := c.flag("flattenTeams", false)
	if err != nil {
		return nil, err
	}
	withOrg, err := c.flag("includeOrgUsers", false)
	if err != nil {
		return nil, err
	}
	// With flattenTeams, inherited roles look like direct ones.
	roles := func(u *user) []string {
		all := slices.Clone(p.directRoles(u))
		if flatten {
			all = append(all, p.teamRoles(org, u)...)
		}
		slices.Sort(all)
		all = slices.Compact(all)
		if all == nil {
			all = []string{}
		}
		return all
	}
	members := selectUsers(org.Users, func(u *user) bool {
		return len(roles(u)) > 0 || withOrg && u.reachesAll()
	})
	found, err := c.filterUsers(members)
	if err != nil {
		return nil, err
	}
	return page(c, found, c.projectUserView(roles))
}

// projectUser finds the user of the path, who must have roles of their own in
// the project.
func (c *call) projectUser(statuses []string) (*project, *user, *grant, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, nil, nil, err
	}
	u := org.user(c.param("userId"))
	g := grantOf(p.Users, c.param("userId"))
	if u == nil || g == nil || !slices.Contains(statuses, u.statusAt(c.now)) {
		return nil, nil, nil, fail(404, "USER_NOT_IN_GROUP", "no user with id %s exists in the project", c.param("userId"))
	}
	c.about.username = u.Username
	return p, u, g, nil
}

func getProjectUser(c *call) (any, error) {
	statuses, err := c.statuses()
	if err != nil {
		return nil, err
	}
	p, u, _, err := c.projectUser(statuses)
	if err != nil {
		return nil, err
	}
	return c.projectUserView(p.directRoles)(u), nil
}

// addProjectUser gives access to somebody in the organization, or invites
// somebody new to both.
func addProjectUser(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct {
		Username string
		Roles    []string
	}](c, projectUserShape)
	if err != nil {
		return nil, err
	}
	u := org.userNamed(body.Username)
	if u == nil || !slices.Contains(presentStatuses, u.statusAt(c.now)) {
		if u, err = c.invite(org, body.Username, []string{"ORG_MEMBER"}); err != nil {
			return nil, err
		}
	}
	if grantOf(p.Users, u.ID) != nil {
		return nil, fail(409, "USER_ALREADY_IN_GROUP", "%s has access to the project already", u.Username)
	}
	p.Users = append(p.Users, grant{u.ID, body.Roles})
	if c.about.username = u.Username; u.Status == statusPending {
		c.happened("INVITED_TO_GROUP")
	}
	return c.projectUserView(p.directRoles)(u), nil
}

func removeProjectUser(c *call) (any, error) {
	statuses := presentStatuses
	if c.version == oldUsersVersion {
		statuses = []string{statusActive}
	}
	p, u, _, err := c.projectUser(statuses)
	if err != nil {
		return nil, err
	}
	p.Users = withoutGrant(p.Users, u.ID)
	return nil, nil
}

func addProjectUserRole(c *call) (any, error) {
	p, u, g, err := c.projectUser(presentStatuses)
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ GroupRole string }](c, groupRoleShape)
	if err != nil {
		return nil, err
	}
	if slices.Contains(g.Roles, body.GroupRole) {
		return nil, fail(409, "USER_ALREADY_HAS_ROLE", "%s has the role %s already", u.Username, body.GroupRole)
	}
	g.Roles = append(g.Roles, body.GroupRole)
	return c.projectUserView(p.directRoles)(u), nil
}

func removeProjectUserRole(c *call) (any, error) {
	p, u, g, err := c.projectUser(presentStatuses)
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ GroupRole string }](c, groupRoleShape)
	if err != nil {
		return nil, err
	}
	if err := checkRoleRemoval(u, g.Roles, body.GroupRole); err != nil {
		return nil, err
	}
	g.Roles = without(g.Roles, body.GroupRole)
	return c.projectUserView(p.directRoles)(u), nil
}
