package sandbox

var orgServiceAccountsPart = part{
	id: "orgServiceAccounts", name: "Organization Service Accounts", scope: perOrganization,
	operations: []operation{
		{id: "listOrgServiceAccounts", method: "GET", path: "/orgs/{orgId}/serviceAccounts", versions: serviceAccountVersions, may: orgMember, status: 200, handle: listOrgAccounts},
		{id: "createOrgServiceAccount", method: "POST", path: "/orgs/{orgId}/serviceAccounts", versions: serviceAccountVersions, may: orgOwner, event: "SERVICE_ACCOUNT_CREATED", status: 201, body: true, handle: createOrgAccount},
		{id: "getOrgServiceAccount", method: "GET", path: "/orgs/{orgId}/serviceAccounts/{clientId}", versions: serviceAccountVersions, may: orgMember, status: 200, handle: getOrgAccount},
		{id: "updateOrgServiceAccount", method: "PATCH", path: "/orgs/{orgId}/serviceAccounts/{clientId}", versions: serviceAccountVersions, may: orgOwner, event: "SERVICE_ACCOUNT_DETAILS_CHANGED", status: 200, body: true, handle: updateOrgAccount},
		{id: "deleteOrgServiceAccount", method: "DELETE", path: "/orgs/{orgId}/serviceAccounts/{clientId}", versions: serviceAccountVersions, may: orgOwner, event: "SERVICE_ACCOUNT_DELETED", status: 204, handle: deleteOrgAccount},
		{id: "getOrgServiceAccountGroups", method: "GET", path: "/orgs/{orgId}/serviceAccounts/{clientId}/groups", versions: serviceAccountVersions, may: orgMember, status: 200, handle: listOrgAccountProjects},
		{id: "createOrgServiceAccountSecret", method: "POST", path: "/orgs/{orgId}/serviceAccounts/{clientId}/secrets", versions: serviceAccountVersions, may: orgOwner, event: "SERVICE_ACCOUNT_SECRET_ADDED", status: 201, body: true,
			exclusive: oneSecretAtATime, handle: createOrgAccountSecret},
		{id: "deleteOrgServiceAccountSecret", method: "DELETE", path: "/orgs/{orgId}/serviceAccounts/{clientId}/secrets/{secretId}", versions: serviceAccountVersions, may: orgOwner, event: "SERVICE_ACCOUNT_SECRET_DELETED", status: 204, handle: deleteOrgAccountSecret},
	},
}

var (
	orgAccountShape       = accountShape(orgRoles)
	orgAccountUpdateShape = accountUpdateShape(orgRoles)
)

// orgAccount finds the account of the path. Whoever writes below it changes it.
func (c *call) orgAccount() (*organization, *serviceAccount, error) {
	org, err := c.organization()
	if err != nil {
		return nil, nil, err
	}
	a, err := org.serviceAccount(c.param("clientId"))
	if err == nil {
		c.changed(org.accountChange(a))
	}
	return org, a, err
}

func listOrgAccounts(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	return page(c, org.ServiceAccounts, func(a *serviceAccount) any { return a.view(a.Roles) })
}

func getOrgAccount(c *call) (any, error) {
	_, a, err := c.orgAccount()
	if err != nil {
		return nil, err
	}
	return a.view(a.Roles), nil
}

func createOrgAccount(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := decode[accountBody](c, orgAccountShape)
	if err != nil {
		return nil, err
	}
	a, value, err := c.newAccount(org, body, body.Roles)
	if err != nil {
		return nil, err
	}
	v := a.view(a.Roles)
	v.Secrets[0] = a.Secrets[0].view(value)
	return v, nil
}

func updateOrgAccount(c *call) (any, error) {
	_, a, err := c.orgAccount()
	if err != nil {
		return nil, err
	}
	body, err := decode[accountBody](c, orgAccountUpdateShape)
	if err != nil {
		return nil, err
	}
	a.describe(body)
	if body.Roles != nil {
		a.Roles = body.Roles
		c.happened("SERVICE_ACCOUNT_ROLES_CHANGED")
	}
	if body.Name != nil || body.Description != nil {
		c.happened("SERVICE_ACCOUNT_DETAILS_CHANGED")
	}
	return a.view(a.Roles), nil
}

func deleteOrgAccount(c *call) (any, error) {
	org, a, err := c.orgAccount()
	if err != nil {
		return nil, err
	}
	for _, p := range c.world.projectsOf(org.ID) {
		if grantOf(p.ServiceAccounts, a.ClientID) != nil {
			p.ServiceAccounts = withoutGrant(p.ServiceAccounts, a.ClientID)
			c.changed(p.change())
		}
	}
	org.ServiceAccounts = drop(org.ServiceAccounts, a.ClientID, (*serviceAccount).key)
	c.changed(org.gone(anAccount, a.ClientID))
	return nil, nil
}

type accountProject struct {
	GroupID string   `json:"groupId"`
	Roles   []string `json:"roles"`
}

func listOrgAccountProjects(c *call) (any, error) {
	org, a, err := c.orgAccount()
	if err != nil {
		return nil, err
	}
	var found []accountProject
	for _, p := range c.world.projectsOf(org.ID) {
		if g := grantOf(p.ServiceAccounts, a.ClientID); g != nil {
			found = append(found, accountProject{p.ID, g.Roles})
		}
	}
	return page(c, found, func(p accountProject) any { return p })
}

func createOrgAccountSecret(c *call) (any, error) {
	org, a, err := c.orgAccount()
	if err != nil {
		return nil, err
	}
	return c.addSecret(org, a)
}

func deleteOrgAccountSecret(c *call) (any, error) {
	_, a, err := c.orgAccount()
	if err != nil {
		return nil, err
	}
	return c.dropSecret(a)
}
