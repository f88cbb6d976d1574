package sandbox

import "slices"

var projectAPIKeysPart = part{
	id: "projectApiKeys", name: "Project API Keys", scope: perProject,
	operations: []operation{
		operationOf("listGroupApiKeys", "", listProjectKeys),
		operationOf("createGroupApiKey", "API_KEY_CREATED", createProjectKey),
		operationOf("addGroupApiKey", "API_KEY_ADDED_TO_GROUP", assignProjectKey),
		operationOf("updateGroupApiKeyRoles", "API_KEY_ROLES_CHANGED", updateProjectKey),
		operationOf("removeGroupApiKey", "API_KEY_REMOVED_FROM_GROUP", unassignProjectKey),
	},
}

func listProjectKeys(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	keys := slices.DeleteFunc(slices.Clone(org.APIKeys), func(k *apiKey) bool { return grantOf(p.APIKeys, k.ID) == nil })
	return page(c, keys, c.apiKeyView(org))
}

// createProjectKey makes a key of the organization, as its member, that the
// project has.
func createProjectKey(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[keyBody](c, "createGroupApiKey")
	if err != nil {
		return nil, err
	}
	if err := groupRolesOf(*body.Roles); err != nil {
		return nil, err
	}
	k, private := c.newKey(org, body, []string{"ORG_MEMBER"})
	p.APIKeys = append(p.APIKeys, grant{k.ID, *body.Roles})
	c.happened("API_KEY_CREATED")
	c.happened("API_KEY_ADDED_TO_GROUP")
	return c.viewKey(org, k, private), nil
}

// groupRolesOf refuses roles that a project cannot give.
func groupRolesOf(roles []string) error {
	if len(roles) == 0 {
		return invalid(violation{"roles", "must have at least 1 items"})
	}
	var f findings
	for _, role := range roles {
		groupRoleName.check("roles", role, &f)
	}
	switch {
	case len(f.violations) > 0:
		return invalid(f.violations...)
	case len(f.alien) > 0:
		return fail(400, "INVALID_ENUM_VALUE", "An invalid enumeration value %s was specified.", f.alien[0])
	}
	return nil
}

func assignProjectKey(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	k, err := org.apiKey(c.param("apiUserId"))
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[[]keyBody](c, "addGroupApiKey")
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, b := range body {
		if b.Roles != nil {
			roles = append(roles, *b.Roles...)
		}
	}
	if err := groupRolesOf(roles); err != nil {
		return nil, err
	}
	if grantOf(p.APIKeys, k.ID) != nil {
		return nil, fail(409, "API_KEY_ALREADY_IN_GROUP", "API key %s is in the project already.", k.ID)
	}
	p.APIKeys = append(p.APIKeys, grant{k.ID, roles})
	c.keyChanged(org, k)
	return nil, nil
}

// projectKey finds the key of the path, which must be in the project.
func (c *call) projectKey() (*project, *organization, *apiKey, *grant, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, nil, nil, nil, err
	}
	k, err := org.apiKey(c.param("apiUserId"))
	if err != nil {
		return nil, nil, nil, nil, err
	}
	g := grantOf(p.APIKeys, k.ID)
	if g == nil {
		return nil, nil, nil, nil, fail(404, "API_KEY_NOT_IN_GROUP", "API key %s is not in the project.", k.ID)
	}
	c.keyChanged(org, k)
	return p, org, k, g, nil
}

// updateProjectKey replaces the roles in this project, and no others.
func updateProjectKey(c *call) (any, error) {
	_, org, k, g, err := c.projectKey()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[keyBody](c, "updateGroupApiKeyRoles")
	if err != nil {
		return nil, err
	}
	if body.Roles != nil {
		if err := groupRolesOf(*body.Roles); err != nil {
			return nil, err
		}
		g.Roles = *body.Roles
		c.happened("API_KEY_ROLES_CHANGED")
	}
	c.describe(k, body)
	return c.viewKey(org, k, ""), nil
}

// unassignProjectKey leaves the key alive, in the organization.
func unassignProjectKey(c *call) (any, error) {
	p, _, k, _, err := c.projectKey()
	if err != nil {
		return nil, err
	}
	p.APIKeys = withoutGrant(p.APIKeys, k.ID)
	return nil, nil
}
