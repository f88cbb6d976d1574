package sandbox

// The access lists of service accounts: one of the organization, and one of
// each project that has the account.
var serviceAccountAccessPart = part{id: "serviceAccountAccessLists", name: "Organization Service Account Access Lists", scope: perOrganization, operations: []operation{
	operationOf("listOrgServiceAccountAccessList", "", listAccountEntries),
	operationOf("createOrgServiceAccountAccessList", "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED", addAccountEntries("createOrgServiceAccountAccessList")),
	operationOf("deleteOrgServiceAccountAccessListEntry", "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED", deleteAccountEntry),
}}

var projectServiceAccountAccessPart = part{id: "projectServiceAccountAccessLists", name: "Project Service Account Access Lists", scope: perProject, operations: []operation{
	operationOf("listGroupServiceAccountAccessList", "", listAccountEntries),
	operationOf("createGroupServiceAccountAccessList", "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED", addAccountEntries("createGroupServiceAccountAccessList")),
	operationOf("deleteGroupServiceAccountAccessListEntry", "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED", deleteAccountEntry),
}}

// accountOfPath finds the account of the path and the id that its list there
// is under. Whoever writes below it changes it.
func (c *call) accountOfPath() (*serviceAccount, string, error) {
	if c.param("groupId") != "" {
		p, a, _, err := c.projectAccount()
		if err != nil {
			return nil, "", err
		}
		return a, p.ID, nil
	}
	org, a, err := c.orgAccount()
	if err != nil {
		return nil, "", err
	}
	return a, org.ID, nil
}

func (a *serviceAccount) listUnder(owner string, all accessEntries) {
	if a.AccessLists == nil {
		a.AccessLists = map[string]accessEntries{}
	}
	if a.AccessLists[owner] = all; len(all) == 0 {
		delete(a.AccessLists, owner)
	}
}

type accountEntryView struct {
	Block       string  `json:"cidrBlock"`
	Address     *string `json:"ipAddress"`
	Created     string  `json:"createdAt"`
	LastUsed    *string `json:"lastUsedAt"`
	LastAddress *string `json:"lastUsedAddress"`
	Requests    int     `json:"requestCount"`
}

func (e *accessEntry) accountView() any {
	v := accountEntryView{Block: e.Block, Created: stamp(e.Created)}
	if address := e.address(); address != "" {
		v.Address = &address
	}
	return v
}

func listAccountEntries(c *call) (any, error) {
	a, owner, err := c.accountOfPath()
	if err != nil {
		return nil, err
	}
	return page(c, a.AccessLists[owner], (*accessEntry).accountView)
}

func addAccountEntries(operation string) func(*call) (any, error) {
	return func(c *call) (any, error) {
		a, owner, err := c.accountOfPath()
		if err != nil {
			return nil, err
		}
		body, err := bodyOf[[]map[string]any](c, operation)
		if err != nil {
			return nil, err
		}
		all, err := c.added(a.AccessLists[owner], body)
		if err != nil {
			return nil, err
		}
		c.about.more = nil // its events tell no entry
		a.listUnder(owner, all)
		return page(c, all, (*accessEntry).accountView)
	}
}

func deleteAccountEntry(c *call) (any, error) {
	a, owner, err := c.accountOfPath()
	if err != nil {
		return nil, err
	}
	left, err := c.without(a.AccessLists[owner], a.ClientID)
	if err != nil {
		return nil, err
	}
	c.about.more = nil
	a.listUnder(owner, left)
	return nil, nil
}
