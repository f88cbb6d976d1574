package sandbox

import "slices"

var apiKeysPart = part{
	id: "apiKeys", name: "Programmatic API Keys", scope: perOrganization,
	operations: []operation{
		operationOf("listOrgApiKeys", "", listOrgKeys),
		operationOf("createOrgApiKey", "API_KEY_CREATED", createOrgKey),
		operationOf("getOrgApiKey", "", getOrgKey),
		operationOf("updateOrgApiKey", "API_KEY_ROLES_CHANGED", updateOrgKey),
		operationOf("deleteOrgApiKey", "API_KEY_DELETED", deleteOrgKey),
		operationOf("listOrgApiKeyAccessListEntries", "", listKeyEntries),
		operationOf("createOrgApiKeyAccessListEntry", "API_KEY_ACCESS_LIST_ENTRY_ADDED", addKeyEntries),
		operationOf("getOrgApiKeyAccessListEntry", "", getKeyEntry),
		operationOf("deleteOrgApiKeyAccessListEntry", "API_KEY_ACCESS_LIST_ENTRY_DELETED", deleteKeyEntry),
	},
}

// orgKey finds the key of the path. Whoever writes below it changes it.
func (c *call) orgKey() (*organization, *apiKey, error) {
	org, err := c.organization()
	if err != nil {
		return nil, nil, err
	}
	k, err := org.apiKey(c.param("apiUserId"))
	if err == nil {
		c.keyChanged(org, k)
	}
	return org, k, err
}

func listOrgKeys(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	return page(c, org.APIKeys, c.apiKeyView(org))
}

func getOrgKey(c *call) (any, error) {
	org, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	return c.viewKey(org, k, ""), nil
}

func createOrgKey(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[keyBody](c, "createOrgApiKey")
	if err != nil {
		return nil, err
	}
	k, private := c.newKey(org, body, *body.Roles)
	return c.viewKey(org, k, private), nil
}

func updateOrgKey(c *call) (any, error) {
	org, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[keyBody](c, "updateOrgApiKey")
	if err != nil {
		return nil, err
	}
	if body.Roles != nil {
		if len(*body.Roles) == 0 {
			return nil, invalid(violation{"roles", "must have at least 1 items"})
		}
		k.Roles = *body.Roles
		c.happened("API_KEY_ROLES_CHANGED")
	}
	c.describe(k, body)
	return c.viewKey(org, k, ""), nil
}

// deleteOrgKey takes the key out of all projects too.
func deleteOrgKey(c *call) (any, error) {
	org, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	for _, p := range c.world.projectsOf(org.ID) {
		if grantOf(p.APIKeys, k.ID) != nil {
			p.APIKeys = withoutGrant(p.APIKeys, k.ID)
			c.changed(p.change())
		}
	}
	org.APIKeys = slices.DeleteFunc(org.APIKeys, func(other *apiKey) bool { return other == k })
	c.changed(org.gone(anAPIKey, k.ID))
	return nil, nil
}

type keyEntryView struct {
	Block   string `json:"cidrBlock"`
	Address string `json:"ipAddress,omitempty"`
	Created string `json:"created"`
	Links   []link `json:"links"`
}

func (e *accessEntry) keyView() any {
	return keyEntryView{e.Block, e.address(), stamp(e.Created), []link{}}
}

func listKeyEntries(c *call) (any, error) {
	_, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	return page(c, k.AccessList, (*accessEntry).keyView)
}

func getKeyEntry(c *call) (any, error) {
	_, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	e, err := c.entryOfPath(k.AccessList)
	if err != nil {
		return nil, err
	}
	return e.keyView(), nil
}

func addKeyEntries(c *call) (any, error) {
	_, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[[]map[string]any](c, "createOrgApiKeyAccessListEntry")
	if err != nil {
		return nil, err
	}
	all, err := c.added(k.AccessList, body)
	if err != nil {
		return nil, err
	}
	k.AccessList = all
	return page(c, all, (*accessEntry).keyView)
}

func deleteKeyEntry(c *call) (any, error) {
	_, k, err := c.orgKey()
	if err != nil {
		return nil, err
	}
	left, err := c.without(k.AccessList, k.PublicKey)
	if err != nil {
		return nil, err
	}
	k.AccessList = left
	return nil, nil
}
