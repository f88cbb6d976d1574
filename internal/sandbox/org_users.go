package sandbox

import (
	"slices"
	"time"
)

var (
	usersVersions   = []string{"2023-01-01", "2025-02-19"}
	usersVersion    = []string{"2025-02-19"}
	oldUsersVersion = usersVersions[0]
)

var orgUsersPart = part{
	id: "orgUsers", name: "Organization Users", scope: perOrganization,
	operations: []operation{
		{id: "listOrgUsers", method: "GET", path: "/orgs/{orgId}/users", versions: usersVersions, may: orgMember, status: 200, handle: listOrgUsers},
		{id: "createOrgUser", method: "POST", path: "/orgs/{orgId}/users", versions: usersVersion, may: orgOwner, event: "INVITED_TO_ORG", status: 201, body: true, handle: createOrgUser},
		{id: "getOrgUser", method: "GET", path: "/orgs/{orgId}/users/{userId}", versions: usersVersion, may: orgMember, status: 200, handle: getOrgUser},
		{id: "updateOrgUser", method: "PATCH", path: "/orgs/{orgId}/users/{userId}", versions: usersVersion, may: orgOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: updateOrgUser},
		{id: "removeOrgUser", method: "DELETE", path: "/orgs/{orgId}/users/{userId}", versions: usersVersions, may: orgOwner, event: "REMOVED_FROM_ORG", status: 204, handle: removeOrgUser},
		{id: "addOrgUserRole", method: "POST", path: "/orgs/{orgId}/users/{userId}:addRole", versions: usersVersion, may: orgOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: addOrgUserRole},
		{id: "removeOrgUserRole", method: "POST", path: "/orgs/{orgId}/users/{userId}:removeRole", versions: usersVersion, may: orgOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: removeOrgUserRole},
	},
}

var (
	orgRoleName = text{enum: []string{
		"ORG_OWNER", "ORG_GROUP_CREATOR", "ORG_BILLING_ADMIN", "ORG_BILLING_READ_ONLY",
		"ORG_STREAM_PROCESSING_ADMIN", "ORG_READ_ONLY", "ORG_MEMBER",
	}}
	orgUserRolesShape = object{
		"orgRoles": required(listOf{item: orgRoleName, min: 1, unique: true}),
		"groupRoleAssignments": optional(listOf{item: object{
			"groupId":    required(anyID),
			"groupRoles": required(listOf{item: groupRoleName, min: 1, unique: true}),
		}}),
	}
	orgUserShape = object{
		"username": required(email),
		"roles":    required(orgUserRolesShape),
		"teamIds":  optional(listOf{item: anyID, unique: true}),
	}
	orgUserUpdateShape = object{
		"roles":   optional(orgUserRolesShape),
		"teamIds": optional(listOf{item: anyID, unique: true}),
	}
	orgRoleShape = object{"orgRole": required(orgRoleName)}
)

type orgUserBody struct {
	Username string     `json:"username"`
	Roles    *userRoles `json:"roles"`
	TeamIDs  *[]string  `json:"teamIds"`
}

type userRoles struct {
	OrgRoles             []string         `json:"orgRoles"`
	GroupRoleAssignments []roleAssignment `json:"groupRoleAssignments"`
}

type roleAssignment struct {
	GroupID    string   `json:"groupId"`
	GroupRoles []string `json:"groupRoles"`
}

func listOrgUsers(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	found, err := c.filterUsers(org.Users)
	if err != nil {
		return nil, err
	}
	return page(c, found, c.orgUserView(org))
}

// orgUser finds the user of the path among those with a wanted status. Whoever
// writes below it changes it.
func (c *call) orgUser(statuses []string) (*organization, *user, error) {
	org, err := c.organization()
	if err != nil {
		return nil, nil, err
	}
	u := org.user(c.param("userId"))
	if u == nil || !slices.Contains(statuses, u.statusAt(c.now)) {
		return nil, nil, fail(404, "USER_NOT_FOUND", "no user with id %s exists in the organization", c.param("userId"))
	}
	c.about.username = u.Username
	c.changed(org.userChange(u))
	return org, u, nil
}

func getOrgUser(c *call) (any, error) {
	statuses, err := c.statuses()
	if err != nil {
		return nil, err
	}
	org, u, err := c.orgUser(statuses)
	if err != nil {
		return nil, err
	}
	return c.orgUserView(org)(u), nil
}

// checkAssignments refuses projects and teams that the organization lacks.
func (c *call) checkAssignments(org *organization, b orgUserBody) error {
	if b.Roles != nil {
		for _, a := range b.Roles.GroupRoleAssignments {
			p, err := c.world.project(a.GroupID)
			if err != nil {
				return err
			}
			if p.OrgID != org.ID {
				return fail(400, "GROUP_NOT_IN_ORG", "project %s is not in the organization", p.ID)
			}
		}
	}
	if b.TeamIDs != nil {
		for _, id := range *b.TeamIDs {
			if _, err := org.team(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// assign gives a user exactly the roles and teams that a request names; parts
// that it does not name stay.
func (c *call) assign(org *organization, u *user, b orgUserBody) {
	if b.Roles != nil {
		u.Roles = b.Roles.OrgRoles
		if b.Roles.GroupRoleAssignments != nil {
			for _, p := range c.world.projectsOf(org.ID) {
				c.revoke(p, u)
			}
			for _, a := range b.Roles.GroupRoleAssignments {
				p, _ := c.world.project(a.GroupID) // checkAssignments found it
				p.Users = append(withoutGrant(p.Users, u.ID), grant{u.ID, a.GroupRoles})
				c.changed(p.change())
			}
		}
	}
	if b.TeamIDs != nil {
		for _, t := range org.Teams {
			c.leave(org, t, u)
		}
		for _, id := range *b.TeamIDs {
			t, _ := org.team(id)
			t.Members = append(t.Members, u.ID)
			c.changed(org.teamChange(t))
		}
	}
}

func createOrgUser(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := decode[orgUserBody](c, orgUserShape)
	if err != nil {
		return nil, err
	}
	if err := c.checkAssignments(org, body); err != nil {
		return nil, err
	}
	u, err := c.invite(org, body.Username, body.Roles.OrgRoles)
	if err != nil {
		return nil, err
	}
	c.assign(org, u, body)
	return c.orgUserView(org)(u), nil
}

const invitationLifetime = 30 * 24 * time.Hour

// invite adds a pending user. One whose invitation has lapsed is replaced
// without a word; one who is there or still invited is a conflict.
func (c *call) invite(org *organization, username string, roles []string) (*user, error) {
	if old := org.userNamed(username); old != nil {
		switch old.statusAt(c.now) {
		case statusActive, statusPending:
			return nil, fail(409, "USER_ALREADY_IN_ORG", "%s is in the organization or has a pending invitation", username)
		}
		c.forget(org, old)
	}
	u := &user{
		ID: newID(c.now), Username: username, Status: statusPending, Roles: roles, CreatedAt: c.now,
		Invitation: &invitation{ID: newID(c.now), By: org.inviter(), At: c.now, Expires: c.now.Add(invitationLifetime)},
	}
	if known := c.world.person(username); known != nil {
		u.ID, u.FirstName, u.LastName = known.ID, known.FirstName, known.LastName
	}
	org.Users = append(org.Users, u)
	c.about.username = u.Username
	c.changed(org.userChange(u))
	return u, nil
}

func updateOrgUser(c *call) (any, error) {
	org, u, err := c.orgUser(presentStatuses)
	if err != nil {
		return nil, err
	}
	body, err := decode[orgUserBody](c, orgUserUpdateShape)
	if err != nil {
		return nil, err
	}
	if err := c.checkAssignments(org, body); err != nil {
		return nil, err
	}
	if body.Roles != nil && !slices.Contains(body.Roles.OrgRoles, "ORG_OWNER") {
		if err := c.keepOneOwner(org, u); err != nil {
			return nil, err
		}
	}
	c.assign(org, u, body)
	return c.orgUserView(org)(u), nil
}

// keepOneOwner refuses what would leave the organization without an owner.
func (c *call) keepOneOwner(org *organization, leaving *user) error {
	if !leaving.owns() {
		return nil
	}
	for _, u := range org.Users {
		if u != leaving && u.owns() {
			return nil
		}
	}
	return fail(403, "CANNOT_DEMOTE_LAST_ORG_OWNER", "%s is the last owner of the organization", leaving.Username)
}

func removeOrgUser(c *call) (any, error) {
	statuses := presentStatuses
	if c.version == oldUsersVersion {
		statuses = []string{statusActive}
	}
	org, u, err := c.orgUser(statuses)
	if err != nil {
		return nil, err
	}
	if err := c.keepOneOwner(org, u); err != nil {
		return nil, err
	}
	if u.Status == statusPending {
		c.happened("ORG_INVITATION_DELETED")
	}
	c.forget(org, u)
	return nil, nil
}

func addOrgUserRole(c *call) (any, error) {
	org, u, err := c.orgUser(presentStatuses)
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ OrgRole string }](c, orgRoleShape)
	if err != nil {
		return nil, err
	}
	if slices.Contains(u.Roles, body.OrgRole) {
		return nil, fail(409, "USER_ALREADY_HAS_ROLE", "%s has the role %s already", u.Username, body.OrgRole)
	}
	u.Roles = append(u.Roles, body.OrgRole)
	return c.orgUserView(org)(u), nil
}

func removeOrgUserRole(c *call) (any, error) {
	org, u, err := c.orgUser(presentStatuses)
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ OrgRole string }](c, orgRoleShape)
	if err != nil {
		return nil, err
	}
	if err := checkRoleRemoval(u, u.Roles, body.OrgRole); err != nil {
		return nil, err
	}
	if body.OrgRole == "ORG_OWNER" {
		if err := c.keepOneOwner(org, u); err != nil {
			return nil, err
		}
	}
	u.Roles = without(u.Roles, body.OrgRole)
	return c.orgUserView(org)(u), nil
}

// checkRoleRemoval refuses to take a role that is not there or the only one.
func checkRoleRemoval(u *user, roles []string, role string) error {
	if !slices.Contains(roles, role) {
		return fail(400, "USER_DOES_NOT_HAVE_ROLE", "%s does not have the role %s", u.Username, role)
	}
	if len(roles) == 1 {
		return fail(400, "USER_MUST_HAVE_AT_LEAST_ONE_ROLE", "%s is the only role of %s; add another one first", role, u.Username)
	}
	return nil
}

func without(items []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(items), func(s string) bool { return s == item })
}
