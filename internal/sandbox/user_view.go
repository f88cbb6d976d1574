package sandbox

// A userView is a user as the answers of 2025-02-19 show one: with a name when
// active, with an invitation otherwise. Roles differ between organization and
// project.
type userView struct {
	ID        string   `json:"id"`
	Username  string   `json:"username"`
	Status    string   `json:"orgMembershipStatus"`
	Roles     any      `json:"roles"`
	TeamIDs   []string `json:"teamIds,omitzero"`
	CreatedAt string   `json:"createdAt,omitempty"`
	FirstName *string  `json:"firstName,omitempty"`
	LastName  *string  `json:"lastName,omitempty"`

	InvitationCreatedAt string `json:"invitationCreatedAt,omitempty"`
	InvitationExpiresAt string `json:"invitationExpiresAt,omitempty"`
	InviterUsername     string `json:"inviterUsername,omitempty"`
}

func (c *call) userView(u *user, roles any) userView {
	v := userView{ID: u.ID, Username: u.Username, Status: u.statusAt(c.now), Roles: roles}
	if v.Status == statusActive {
		v.CreatedAt, v.FirstName, v.LastName = stamp(u.CreatedAt), &u.FirstName, &u.LastName
		return v
	}
	if i := u.Invitation; i != nil {
		v.InvitationCreatedAt, v.InvitationExpiresAt, v.InviterUsername = stamp(i.At), stamp(i.Expires), i.By
	}
	return v
}

// orgUserView renders users of an organization in the version that answers.
func (c *call) orgUserView(org *organization) func(*user) any {
	projects := c.world.projectsOf(org.ID)
	return func(u *user) any {
		if c.version == oldUsersVersion {
			return c.oldUserView(u)
		}
		roles := userRoles{OrgRoles: u.Roles, GroupRoleAssignments: []roleAssignment{}}
		for _, p := range projects {
			if g := grantOf(p.Users, u.ID); g != nil {
				roles.GroupRoleAssignments = append(roles.GroupRoleAssignments, roleAssignment{p.ID, g.Roles})
			}
		}
		v := c.userView(u, roles)
		v.TeamIDs = org.teamsOf(u.ID)
		return v
	}
}

// An oldUserView is the form of 2023-01-01. The description also requires a
// password and a mobile number, which Atlas does not give away.
type oldUserView struct {
	ID           string        `json:"id"`
	Username     string        `json:"username"`
	EmailAddress string        `json:"emailAddress"`
	FirstName    string        `json:"firstName"`
	LastName     string        `json:"lastName"`
	Country      string        `json:"country"`
	CreatedAt    string        `json:"createdAt"`
	Roles        []oldUserRole `json:"roles"`
	TeamIDs      []string      `json:"teamIds"`
	Links        []link        `json:"links"`
}

type oldUserRole struct {
	OrgID    string `json:"orgId,omitempty"`
	GroupID  string `json:"groupId,omitempty"`
	RoleName string `json:"roleName"`
}

// oldUserView shows the roles of a person in all organizations and projects.
func (c *call) oldUserView(u *user) any {
	v := oldUserView{
		ID: u.ID, Username: u.Username, EmailAddress: u.Username,
		FirstName: u.FirstName, LastName: u.LastName, Country: "US",
		CreatedAt: stamp(u.CreatedAt), Roles: []oldUserRole{}, TeamIDs: []string{}, Links: []link{},
	}
	for _, o := range c.world.Organizations {
		member := o.user(u.ID)
		if member == nil || member.Status != statusActive {
			continue
		}
		for _, role := range member.Roles {
			v.Roles = append(v.Roles, oldUserRole{OrgID: o.ID, RoleName: role})
		}
		v.TeamIDs = append(v.TeamIDs, o.teamsOf(u.ID)...)
	}
	for _, p := range c.world.Projects {
		if g := grantOf(p.Users, u.ID); g != nil {
			for _, role := range g.Roles {
				v.Roles = append(v.Roles, oldUserRole{GroupID: p.ID, RoleName: role})
			}
		}
	}
	return v
}
