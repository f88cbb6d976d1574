package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ProjectMCPConfig operations: listGroupMcpConfigs, getGroupMcpConfig,
// createGroupMcpConfig, updateGroupMcpConfig (merges, lists whole),
// deleteGroupMcpConfig, listGroupMcpConfigSecrets, createGroupMcpConfigSecret,
// deleteGroupMcpConfigSecret.
var _ = register(func() spec.Kind {
	k := mcpConfig("/groups/{groupId}/mcpConfigs")
	k.Name, k.Parent, k.Role = "ProjectMCPConfig", "Project", "Project Owner"
	k.Doc = "How programs of AI reach a project through Atlas's remote MCP server: with a service account of their own."
	k.Field("roles").Enum, k.Field("roles").OpenEnum = projectRoles, true
	return k
})
