package sandbox

import "strings"

var mcpConfigsPart = part{
	id: "mcpConfigs", name: "Remote MCP Configurations", scope: perOrganization,
	resources: []*resource{groupMCPConfigs, groupMCPSecrets, orgMCPConfigs, orgMCPSecrets},
}

// An MCP configuration lets a program of AI in, through a service account of its
// own, whose secrets are made afterwards, each shown once.
var (
	groupMCPConfigs = mcpConfigs("groupMcpConfigs", "listGroupMcpConfigs", "getGroupMcpConfig", "createGroupMcpConfig", "updateGroupMcpConfig", "deleteGroupMcpConfig")
	groupMCPSecrets = mcpSecrets("groupMcpSecrets", groupMCPConfigs, "listGroupMcpConfigSecrets", "getGroupMcpConfigSecret", "createGroupMcpConfigSecret", "deleteGroupMcpConfigSecret")
	orgMCPConfigs   = mcpConfigs("orgMcpConfigs", "listOrgMcpConfigs", "getOrgMcpConfig", "createOrgMcpConfig", "updateOrgMcpConfig", "deleteOrgMcpConfig")
	orgMCPSecrets   = mcpSecrets("orgMcpSecrets", orgMCPConfigs, "listOrgMcpConfigSecrets", "getOrgMcpConfigSecret", "createOrgMcpConfigSecret", "deleteOrgMcpConfigSecret")
)

func mcpConfigs(name, list, get, create, update, remove string) *resource {
	return &resource{
		name: name, list: list, get: get, create: create, update: update, remove: remove,
		params:  []string{"mcpConfigId"},
		named:   func(c *call, t *thing) bool { return t.text("mcpConfigId") == c.param("mcpConfigId") },
		missing: "MCP_CONFIG_NOT_FOUND",
		prepare: prepareMCPConfig,
		check: func(_ *call, old, t *thing) error {
			if old == nil {
				t.Fields["mcpConfigId"] = uuidOf("MCP configuration " + t.Key)
				t.Fields["clientId"], t.Fields["egressClientId"] = newClientID(), newClientID()
				if t.Fields["ipAccessList"] == nil {
					t.Fields["ipAccessList"] = []any{}
				}
			}
			return nil
		},
	}
}

// prepareMCPConfig writes the entries of an access list in their one spelling. A
// member that is null changes nothing.
func prepareMCPConfig(c *call, old *thing, body map[string]any) error {
	for name, value := range body {
		if value == nil {
			delete(body, name)
		}
	}
	roles, given := body["roles"]
	if list, _ := roles.([]any); given && len(list) == 0 {
		return invalid(violation{"roles", "must have at least 1 items"})
	}
	if body["ipAccessList"] == nil {
		return nil
	}
	all, entries := accessEntries{}, []any{}
	for _, item := range listIn(body, "ipAccessList") {
		entry, _ := item.(map[string]any)
		block, err := blockOfEntry(entry)
		if err != nil {
			return err
		}
		if all.find(block) != nil {
			return fail(400, "DUPLICATE_ACCESS_LIST_ENTRY", "%s is on the access list twice.", block)
		}
		e := &accessEntry{Block: block, Created: c.now}
		all = append(all, e)
		v := map[string]any{"cidrBlock": block, "createdAt": stamp(c.now), "requestCount": 0}
		if address := e.address(); address != "" {
			v["ipAddress"] = address
		}
		if old != nil {
			for _, was := range objectsOf(old, "ipAccessList") {
				if was["cidrBlock"] == block {
					v = was
				}
			}
		}
		entries = append(entries, v)
	}
	body["ipAccessList"] = entries
	return nil
}

func mcpSecrets(name string, of *resource, list, get, create, remove string) *resource {
	return &resource{
		name: name, of: of, list: list, get: get, create: create, remove: remove,
		id:      "id",
		params:  []string{"secretId=id"},
		missing: "SERVICE_ACCOUNT_SECRET_NOT_FOUND",
		lane:    func(c *call) string { return c.param("mcpConfigId") },
		check: func(c *call, old, t *thing) error {
			hours := int(numberIn(t.Fields, "secretExpiresAfterHours"))
			if hours < 8 {
				return invalid(violation{"secretExpiresAfterHours", "must be at least 8"})
			}
			org, err := c.orgOfPath()
			if err != nil {
				return err
			}
			if err := org.checkHours(hours); err != nil {
				return err
			}
			n := 0
			for _, config := range c.things(of.name) {
				if config.text("mcpConfigId") == c.param("mcpConfigId") {
					n = len(c.below(config, name))
				}
			}
			if n >= maxSecrets {
				return fail(400, "SERVICE_ACCOUNT_MAX_SECRETS_REACHED", "there are at most %d secrets, expired ones included; delete one first", maxSecrets)
			}
			c.once = newSecretValue()
			s := newSecret(c.once, hours, c.now)
			t.Fields = map[string]any{"id": t.Fields["id"], "createdAt": stamp(c.now), "expiresAt": stamp(s.ExpiresAt), "maskedSecretValue": s.Masked}
			return nil
		},
		show: func(c *call, t *thing, v map[string]any) {
			v["lastUsedAt"] = nil
			older := false
			for _, config := range c.things(of.name) {
				for _, other := range c.below(config, name) {
					// A newer secret ends this one soon.
					if soon := other.Made.Add(secretOverlap); older && soon.Before(instant(t.text("expiresAt"))) {
						v["expiresAt"] = stamp(soon)
					}
					older = older || other.Key == t.Key
				}
				if older {
					break
				}
			}
			if c.once != "" && strings.HasPrefix(c.id, "create") {
				v["secret"] = c.once
				delete(v, "maskedSecretValue")
			}
		},
	}
}

// orgOfPath is the organization of the path, or that of the path's project.
func (c *call) orgOfPath() (*organization, error) {
	if c.param("groupId") == "" {
		return c.organization()
	}
	p, err := c.world.project(c.param("groupId"))
	if err != nil {
		return nil, err
	}
	return c.world.organization(p.OrgID)
}
