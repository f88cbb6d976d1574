package sandbox

import (
	"slices"
	"time"
)

const projectInvitationPath = "/groups/{groupId}/invites"

// These operations are deprecated, and clients use them. Nobody ever accepts an
// invitation to a project here; it lapses.
var projectInvitationsPart = part{
	id: "projectInvitations", name: "Project Invitations", scope: perProject,
	operations: []operation{
		{id: "listGroupInvites", method: "GET", path: projectInvitationPath, versions: oldest, may: projectOwner, status: 200, handle: listProjectInvitations},
		{id: "createGroupInvite", method: "POST", path: projectInvitationPath, versions: oldest, may: projectOwner, event: "INVITED_TO_GROUP", status: 200, body: true, handle: createProjectInvitation},
		{id: "updateGroupInvites", method: "PATCH", path: projectInvitationPath, versions: oldest, may: projectOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: updateProjectInvitationByName},
		{id: "getGroupInvite", method: "GET", path: projectInvitationPath + "/{invitationId}", versions: oldest, may: projectOwner, status: 200, handle: getProjectInvitation},
		{id: "updateGroupInviteById", method: "PATCH", path: projectInvitationPath + "/{invitationId}", versions: oldest, may: projectOwner, event: "USER_ROLES_CHANGED_AUDIT", status: 200, body: true, handle: updateProjectInvitation},
		{id: "deleteGroupInvite", method: "DELETE", path: projectInvitationPath + "/{invitationId}", versions: oldest, may: projectOwner, event: "GROUP_INVITATION_DELETED", status: 204, handle: deleteProjectInvitation},
	},
}

var projectInvitationUpdateShape = object{"username": optional(email), "roles": required(groupRoles)}

type projectInvitation struct {
	ID       string    `json:"id"`
	Username string    `json:"username"`
	Roles    []string  `json:"roles"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Expires  time.Time `json:"expires"`
}

type projectInvitationView struct {
	ID        string   `json:"id"`
	GroupID   string   `json:"groupId"`
	GroupName string   `json:"groupName"`
	Username  string   `json:"username"`
	Inviter   string   `json:"inviterUsername"`
	CreatedAt string   `json:"createdAt"`
	ExpiresAt string   `json:"expiresAt"`
	Roles     []string `json:"roles"`
	Links     []link   `json:"links"`
}

func (i *projectInvitation) view(p *project) any {
	return projectInvitationView{i.ID, p.ID, p.Name, i.Username, i.By, stamp(i.At), stamp(i.Expires), i.Roles, []link{}}
}

func listProjectInvitations(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, i := range p.Invitations {
		if name := c.query.Get("username"); c.now.Before(i.Expires) && (name == "" || sameName(name, i.Username)) {
			all = append(all, i.view(p))
		}
	}
	return all, nil
}

func (c *call) projectInvitation(is func(*projectInvitation) bool) (*project, *projectInvitation, error) {
	p, err := c.project()
	if err != nil {
		return nil, nil, err
	}
	for _, i := range p.Invitations {
		if c.now.Before(i.Expires) && is(i) {
			c.about.username = i.Username
			return p, i, nil
		}
	}
	return nil, nil, fail(404, "GROUP_INVITATION_NOT_FOUND", "there is no such invitation to the project")
}

func (c *call) byProjectInvitationID(i *projectInvitation) bool {
	return i.ID == c.param("invitationId")
}

func getProjectInvitation(c *call) (any, error) {
	p, i, err := c.projectInvitation(c.byProjectInvitationID)
	if err != nil {
		return nil, err
	}
	return i.view(p), nil
}

// createProjectInvitation invites somebody; who was invited before gets the new
// roles with a new invitation.
func createProjectInvitation(c *call) (any, error) {
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
	i := &projectInvitation{ID: newID(c.now), Username: body.Username, Roles: body.Roles, By: org.inviter(), At: c.now, Expires: c.now.Add(invitationLifetime)}
	p.Invitations = append(slices.DeleteFunc(p.Invitations, func(old *projectInvitation) bool { return sameName(old.Username, i.Username) }), i)
	c.about.username = i.Username
	return i.view(p), nil
}

func updateProjectInvitation(c *call) (any, error) {
	return c.updateProjectInvitation(func(i *projectInvitation, _ string) bool { return c.byProjectInvitationID(i) })
}

func updateProjectInvitationByName(c *call) (any, error) {
	return c.updateProjectInvitation(func(i *projectInvitation, name string) bool { return sameName(i.Username, name) })
}

func (c *call) updateProjectInvitation(is func(_ *projectInvitation, name string) bool) (any, error) {
	body, err := decode[struct {
		Username string
		Roles    []string
	}](c, projectInvitationUpdateShape)
	if err != nil {
		return nil, err
	}
	p, i, err := c.projectInvitation(func(i *projectInvitation) bool { return is(i, body.Username) })
	if err != nil {
		return nil, err
	}
	i.Roles = body.Roles
	return i.view(p), nil
}

func deleteProjectInvitation(c *call) (any, error) {
	p, i, err := c.projectInvitation(c.byProjectInvitationID)
	if err != nil {
		return nil, err
	}
	p.Invitations = slices.DeleteFunc(p.Invitations, func(j *projectInvitation) bool { return j == i })
	return nil, nil
}
