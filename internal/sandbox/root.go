package sandbox

var rootPart = part{
	id: "root", name: "Root", scope: perUser,
	operations: []operation{
		{id: "getSystemStatus", method: "GET", path: "/", versions: oldest, may: anybody, status: 200, handle: systemStatus},
	},
}

type statusView struct {
	AppName    string     `json:"appName"`
	Build      string     `json:"build"`
	Throttling bool       `json:"throttling"`
	APIKey     *statusKey `json:"apiKey"` // null for who has no key
	Links      []link     `json:"links"`
}

type statusKey struct {
	ID         string           `json:"id"`
	PublicKey  string           `json:"publicKey"`
	Roles      []oldUserRole    `json:"roles"`
	AccessList []map[string]any `json:"accessList"`
}

// systemStatus tells a caller who has a key what it may do. The sandbox's own
// key owns each organization.
func systemStatus(c *call) (any, error) {
	v := statusView{AppName: "MongoDB Atlas", Build: "sandbox", Links: []link{}}
	if c.caller == c.server.credentials.PublicKey {
		v.APIKey = &statusKey{ID: ownKeyID, PublicKey: c.caller, AccessList: []map[string]any{}}
		for _, org := range c.world.Organizations {
			v.APIKey.Roles = append(v.APIKey.Roles, oldUserRole{OrgID: org.ID, RoleName: "ORG_OWNER"})
		}
	}
	if org, k := c.world.apiKey(c.caller); k != nil {
		v.APIKey = &statusKey{ID: k.ID, PublicKey: k.PublicKey, Roles: c.viewKey(org, k, "").Roles, AccessList: []map[string]any{}}
		for _, e := range k.AccessList {
			entry := map[string]any{"cidrBlock": e.Block, "ipAddress": nil}
			if address := e.address(); address != "" {
				entry["ipAddress"] = address
			}
			v.APIKey.AccessList = append(v.APIKey.AccessList, entry)
		}
	}
	return v, nil
}
