package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ProjectServiceAccountAccessList operations:
// listGroupServiceAccountAccessList, createGroupServiceAccountAccessList (an array),
// deleteGroupServiceAccountAccessListEntry. An account of the organization's that is
// in a project has a list there too.
var _ = register(func() spec.Kind {
	return accountAccessList("ProjectServiceAccountAccessList", "ProjectServiceAccount", "Project Owner", projectAccount)
})
