package sandbox

var projectServiceAccountsPart = part{
	id: "projectServiceAccounts", name: "Project Service Accounts", scope: perProject,
	operations: []operation{
		{id: "listGroupServiceAccounts", method: "GET", path: "/groups/{groupId}/serviceAccounts", versions: serviceAccountVersions, may: projectReadOnly, status: 200, handle: listProjectAccounts},
		{id: "createGroupServiceAccount", method: "POST", path: "/groups/{groupId}/serviceAccounts", versions: serviceAccountVersions, may: projectOwner, event: "SERVICE_ACCOUNT_CREATED", status: 201, body: true, handle: createProjectAccount},
		{id: "getGroupServiceAccount", method: "GET", path: "/groups/{groupId}/serviceAccounts/{clientId}", versions: serviceAccountVersions, may: projectReadOnly, status: 200, handle: getProjectAccount},
		{id: "updateGroupServiceAccount", method: "PATCH", path: "/groups/{groupId}/serviceAccounts/{clientId}", versions: serviceAccountVersions, may: projectOwner, event: "SERVICE_ACCOUNT_DETAILS_CHANGED", status: 200, body: true, handle: updateProjectAccount},
		{id: "deleteGroupServiceAccount", method: "DELETE", path: "/groups/{groupId}/serviceAccounts/{clientId}", versions: serviceAccountVersions, may: projectOwner, event: "SERVICE_ACCOUNT_REMOVED_FROM_GROUP", status: 204, handle: unassignProjectAccount},
		{id: "inviteGroupServiceAccount", method: "POST", path: "/groups/{groupId}/serviceAccounts/{clientId}:invite", versions: serviceAccountVersions, may: projectOwner, event: "SERVICE_ACCOUNT_ADDED_TO_GROUP", status: 200, body: true, handle: assignProjectAccount},
		{id: "createGroupServiceAccountSecret", method: "POST", path: "/groups/{groupId}/serviceAccounts/{clientId}/secrets", versions: serviceAccountVersions, may: projectOwner, event: "SERVICE_ACCOUNT_SECRET_ADDED", status: 201, body: true,
			exclusive: oneSecretAtATime, handle: createProjectAccountSecret},
		{id: "deleteGroupServiceAccountSecret", method: "DELETE", path: "/groups/{groupId}/serviceAccounts/{clientId}/secrets/{secretId}", versions: serviceAccountVersions, may: projectOwner, event: "SERVICE_ACCOUNT_SECRET_DELETED", status: 204, handle: deleteProjectAccountSecret},
	},
}

var (
	projectAccountShape       = accountShape(groupRoles)
	projectAccountUpdateShape = accountUpdateShape(groupRoles)
	accountRolesShape         = object{"roles": required(groupRoles)}
)

// projectAccount finds the account of the path, which must be assigned to the
// project.
func (c *call) projectAccount() (*project, *serviceAccount, *grant, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, nil, nil, err
	}
	g := grantOf(p.ServiceAccounts, c.param("clientId"))
	if g == nil {
		return nil, nil, nil, fail(404, "SERVICE_ACCOUNT_NOT_IN_GROUP", "service account %s is not in the project", c.param("clientId"))
	}
	a, err := org.serviceAccount(g.ID)
	if err == nil {
		c.changed(org.accountChange(a))
	}
	return p, a, g, err
}

func listProjectAccounts(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	return page(c, p.ServiceAccounts, func(g grant) any {
		a, err := org.serviceAccount(g.ID)
		if err != nil {
			return nil // cannot be: accounts leave their projects first
		}
		return a.view(g.Roles)
	})
}

func getProjectAccount(c *call) (any, error) {
	_, a, g, err := c.projectAccount()
	if err != nil {
		return nil, err
	}
	return a.view(g.Roles), nil
}

// createProjectAccount makes an account of the organization, as its member,
// that the project has.
func createProjectAccount(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	body, err := decode[accountBody](c, projectAccountShape)
	if err != nil {
		return nil, err
	}
	a, value, err := c.newAccount(org, body, []string{"ORG_MEMBER"})
	if err != nil {
		return nil, err
	}
	p.ServiceAccounts = append(p.ServiceAccounts, grant{a.ClientID, body.Roles})
	v := a.view(body.Roles)
	v.Secrets[0] = a.Secrets[0].view(value)
	return v, nil
}

func updateProjectAccount(c *call) (any, error) {
	_, a, g, err := c.projectAccount()
	if err != nil {
		return nil, err
	}
	body, err := decode[accountBody](c, projectAccountUpdateShape)
	if err != nil {
		return nil, err
	}
	a.describe(body)
	if body.Roles != nil {
		g.Roles = body.Roles
		c.happened("SERVICE_ACCOUNT_ROLES_CHANGED")
	}
	if body.Name != nil || body.Description != nil {
		c.happened("SERVICE_ACCOUNT_DETAILS_CHANGED")
	}
	return a.view(g.Roles), nil
}

// unassignProjectAccount leaves the account and its secrets alive.
func unassignProjectAccount(c *call) (any, error) {
	p, a, _, err := c.projectAccount()
	if err != nil {
		return nil, err
	}
	p.ServiceAccounts = withoutGrant(p.ServiceAccounts, a.ClientID)
	a.listUnder(p.ID, nil)
	return nil, nil
}

// assignProjectAccount brings an account of the organization into the project.
// For one that is there already it replaces the roles: the description has no
// conflict for this operation.
func assignProjectAccount(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	a, err := org.serviceAccount(c.param("clientId"))
	if err != nil {
		return nil, err
	}
	body, err := decode[accountBody](c, accountRolesShape)
	if err != nil {
		return nil, err
	}
	p.ServiceAccounts = append(withoutGrant(p.ServiceAccounts, a.ClientID), grant{a.ClientID, body.Roles})
	return a.view(body.Roles), nil
}

func createProjectAccountSecret(c *call) (any, error) {
	p, a, _, err := c.projectAccount()
	if err != nil {
		return nil, err
	}
	org, err := c.world.organization(p.OrgID)
	if err != nil {
		return nil, err
	}
	return c.addSecret(org, a)
}

func deleteProjectAccountSecret(c *call) (any, error) {
	_, a, _, err := c.projectAccount()
	if err != nil {
		return nil, err
	}
	return c.dropSecret(a)
}
