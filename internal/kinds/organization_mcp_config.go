package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// OrganizationMCPConfig operations: listOrgMcpConfigs, getOrgMcpConfig,
// createOrgMcpConfig, updateOrgMcpConfig (merges, lists whole), deleteOrgMcpConfig,
// listOrgMcpConfigSecrets, createOrgMcpConfigSecret, deleteOrgMcpConfigSecret.
var _ = register(func() spec.Kind {
	k := mcpConfig("/orgs/{orgId}/mcpConfigs")
	k.Name, k.Parent, k.Role = "OrganizationMCPConfig", "Organization", "Organization Owner"
	k.Doc = "How programs of AI reach an organization through Atlas's remote MCP server: with a service account of their own."
	k.Field("roles").Enum = orgRoles
	return k
})

// mcpConfig is what organizations and projects have in common.
func mcpConfig(route string) spec.Kind {
	one := route + "/{mcpConfigId}"
	secrets := rotation(one, "", map[string]string{"clientId": "clientId"})
	secrets.First, secrets.List = "", &spec.Read{Route: "GET " + one + "/secrets", Version: "2025-03-12", Paged: true}
	secrets.Create.Version, secrets.Delete.Version = "2025-03-12", "2025-03-12"
	return spec.Kind{
		Section: "mcpConfigs",
		Key:     []string{"mcpConfigName"},
		Ident:   "mcpConfigId", IdentAt: "/mcpConfigId", IdentPattern: uuid,
		Params:         map[string]string{"mcpConfigId": "/mcpConfigId", "clientId": "/clientId"},
		NamesNotUnique: true,
		DeleteNote:     "Programs that came in through it are locked out.",
		Fields: []spec.Field{
			{Name: "mcpConfigName", Required: true, MinLen: 1, MaxLen: 64, Pattern: accountText, Doc: "What it is called. Atlas does not keep names unique; mcpConfigId settles which is meant."},
			{Name: "roles", Required: true, MinItems: 1, Doc: "The roles that the programs have; at least one. All of them once declared."},
			{Name: "ipAccessList", Type: spec.Set, ElemKey: []string{"cidrBlock"}, Doc: "From where they are let in. All of them once declared.", Fields: []spec.Field{
				{Name: "cidrBlock", Required: true, Norm: spec.CIDR, Pattern: `.`, Doc: "An address or a block: 10.0.0.0/16."},
			}},
			secretsRule(""),
			{Name: "clientId", Output: true, Doc: "The client id with which the programs come in."},
			{Name: "egressClientId", Output: true, Doc: "The client id with which Atlas's MCP server calls for them."},
		},
		Omit: map[string]string{
			"/ipAccessList/createdAt":       "when it was made",
			"/ipAccessList/ipAddress":       "the block says it",
			"/ipAccessList/lastUsedAddress": "moves by itself",
			"/ipAccessList/lastUsedAt":      "moves by itself",
			"/ipAccessList/requestCount":    "moves by itself",
		},
		List: spec.Read{Route: "GET " + route, Version: "2025-03-12", Paged: true},
		Get:  spec.Read{Route: "GET " + one, Version: "2025-03-12"},
		Create: []spec.Call{{Route: "POST " + route, Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PATCH " + one, Version: "2025-03-12",
			Body: spec.Body{Send: spec.Changed}}},
		Delete:   []spec.Call{{Route: "DELETE " + one, Version: "2025-03-12"}},
		Rotation: secrets,
	}
}
