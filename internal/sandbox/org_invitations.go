package sandbox

import "slices"

const orgInvitationPath = "/orgs/{orgId}/invites"

// These operations are deprecated, and clients use them. An invitation is the
// pending user that POST /orgs/{orgId}/users makes.
var orgInvitationsPart = part{
	id: "orgInvitations", name: "Organization Invitations", scope: perOrganization,
	operations: []operation{
		{id: "listOrgInvites", method: "GET", path: orgInvitationPath, versions: oldest, may: orgOwner, status: 200, handle: listOrgInvitations},
		{id: "createOrgInvite", method: "POST", path: orgInvitationPath, versions: oldest, may: orgOwner, event: "INVITED_TO_ORG", status: 200, body: true, handle: createOrgInvitation},
		{id: "updateOrgInvites", method: "PATCH", path: orgInvitationPath, versions: oldest, may: orgOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: updateOrgInvitationByName},
		{id: "getOrgInvite", method: "GET", path: orgInvitationPath + "/{invitationId}", versions: oldest, may: orgOwner, status: 200, handle: getOrgInvitation},
		{id: "updateOrgInviteById", method: "PATCH", path: orgInvitationPath + "/{invitationId}", versions: oldest, may: orgOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: updateOrgInvitation},
		{id: "deleteOrgInvite", method: "DELETE", path: orgInvitationPath + "/{invitationId}", versions: oldest, may: orgOwner, event: "ORG_INVITATION_DELETED", status: 204, handle: deleteOrgInvitation},
	},
}

var (
	someOrgRoles       = listOf{item: orgRoleName, min: 1, unique: true}
	invitedAssignments = listOf{item: object{"groupId": required(anyID), "roles": required(groupRoles)}}

	orgInvitationShape = object{
		"username": required(email), "roles": required(someOrgRoles),
		"teamIds": nullable(listOf{item: anyID, unique: true}), "groupRoleAssignments": nullable(invitedAssignments),
	}
	orgInvitationUpdateShape = object{
		"username": optional(email), "roles": nullable(someOrgRoles),
		"teamIds": nullable(listOf{item: anyID, unique: true}), "groupRoleAssignments": nullable(invitedAssignments),
	}
)

type orgInvitationBody struct {
	Username    string    `json:"username"`
	Roles       []string  `json:"roles"`
	TeamIDs     *[]string `json:"teamIds"`
	Assignments *[]struct {
		GroupID string   `json:"groupId"`
		Roles   []string `json:"roles"`
	} `json:"groupRoleAssignments"`
}

// asUser is the body that the newer operations have for the same.
func (b orgInvitationBody) asUser(roles []string) orgUserBody {
	body := orgUserBody{Username: b.Username, Roles: &userRoles{OrgRoles: roles}, TeamIDs: b.TeamIDs}
	if b.Assignments != nil {
		body.Roles.GroupRoleAssignments = []roleAssignment{}
		for _, a := range *b.Assignments {
			body.Roles.GroupRoleAssignments = append(body.Roles.GroupRoleAssignments, roleAssignment{a.GroupID, a.Roles})
		}
	}
	return body
}

type orgInvitationView struct {
	ID          string        `json:"id"`
	OrgID       string        `json:"orgId"`
	OrgName     string        `json:"orgName"`
	Username    string        `json:"username"`
	Inviter     string        `json:"inviterUsername"`
	CreatedAt   string        `json:"createdAt"`
	ExpiresAt   string        `json:"expiresAt"`
	Roles       []string      `json:"roles"`
	TeamIDs     []string      `json:"teamIds"`
	Assignments []invitedRole `json:"groupRoleAssignments"`
	Links       []link        `json:"links"`
}

type invitedRole struct {
	GroupID string `json:"groupId"`
	Role    string `json:"groupRole"`
}

func (c *call) orgInvitationView(org *organization, u *user) any {
	v := orgInvitationView{
		ID: u.Invitation.id(u), OrgID: org.ID, OrgName: org.Name, Username: u.Username, Inviter: u.Invitation.By,
		CreatedAt: stamp(u.Invitation.At), ExpiresAt: stamp(u.Invitation.Expires),
		Roles: u.Roles, TeamIDs: org.teamsOf(u.ID), Assignments: []invitedRole{}, Links: []link{},
	}
	for _, p := range c.world.projectsOf(org.ID) {
		if g := grantOf(p.Users, u.ID); g != nil {
			for _, role := range g.Roles {
				v.Assignments = append(v.Assignments, invitedRole{p.ID, role})
			}
		}
	}
	return v
}

// id is the invitation's own, or the user's for one that was made before
// invitations had ids.
func (i *invitation) id(u *user) string {
	if i.ID == "" {
		return u.ID
	}
	return i.ID
}

func listOrgInvitations(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, u := range org.Users {
		if name := c.query.Get("username"); u.statusAt(c.now) == statusPending && (name == "" || sameName(name, u.Username)) {
			all = append(all, c.orgInvitationView(org, u))
		}
	}
	return all, nil
}

// orgInvitation finds the pending user that is meant.
func (c *call) orgInvitation(is func(*user) bool) (*organization, *user, error) {
	org, err := c.organization()
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(org.Users, func(u *user) bool { return u.statusAt(c.now) == statusPending && is(u) })
	if i < 0 {
		return nil, nil, fail(404, "ORG_INVITATION_NOT_FOUND", "there is no such invitation to the organization")
	}
	c.about.username = org.Users[i].Username
	c.changed(org.userChange(org.Users[i]))
	return org, org.Users[i], nil
}

func (c *call) byInvitationID(u *user) bool { return u.Invitation.id(u) == c.param("invitationId") }

func getOrgInvitation(c *call) (any, error) {
	org, u, err := c.orgInvitation(c.byInvitationID)
	if err != nil {
		return nil, err
	}
	return c.orgInvitationView(org, u), nil
}

func createOrgInvitation(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := decode[orgInvitationBody](c, orgInvitationShape)
	if err != nil {
		return nil, err
	}
	user := body.asUser(body.Roles)
	if err := c.checkAssignments(org, user); err != nil {
		return nil, err
	}
	u, err := c.invite(org, body.Username, body.Roles)
	if err != nil {
		return nil, asBadRequest(err)
	}
	c.assign(org, u, user)
	return c.orgInvitationView(org, u), nil
}

// asBadRequest is for operations that the description knows no conflict of.
func asBadRequest(err error) error {
	e := *asAPIError(err)
	if e.Status == 409 {
		e.Status = 400
	}
	return &e
}

func updateOrgInvitation(c *call) (any, error) { return c.updateOrgInvitation(c.byInvitationID) }

func updateOrgInvitationByName(c *call) (any, error) {
	body, err := decode[orgInvitationBody](c, orgInvitationUpdateShape)
	if err != nil {
		return nil, err
	}
	return c.updateOrgInvitation(func(u *user) bool { return sameName(u.Username, body.Username) })
}

func (c *call) updateOrgInvitation(is func(*user) bool) (any, error) {
	body, err := decode[orgInvitationBody](c, orgInvitationUpdateShape)
	if err != nil {
		return nil, err
	}
	org, u, err := c.orgInvitation(is)
	if err != nil {
		return nil, err
	}
	roles := body.Roles
	if roles == nil {
		roles = u.Roles
	}
	user := body.asUser(roles)
	if err := c.checkAssignments(org, user); err != nil {
		return nil, err
	}
	c.assign(org, u, user)
	return c.orgInvitationView(org, u), nil
}

func deleteOrgInvitation(c *call) (any, error) {
	org, u, err := c.orgInvitation(c.byInvitationID)
	if err != nil {
		return nil, err
	}
	c.forget(org, u)
	return nil, nil
}
