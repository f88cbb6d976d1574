package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// impliedRoles are the roles that one in the organization brings along in each of
// its projects: who owns it owns them, and who reads it reads them.
var impliedRoles = map[string]string{"ORG_OWNER": "GROUP_OWNER", "ORG_READ_ONLY": "GROUP_READ_ONLY"}

// orgGrant says that the key names somebody who has roles in the organization.
func orgGrant(to string) *spec.Grant {
	return &spec.Grant{To: to, Roles: "roles", Implies: impliedRoles}
}

// projectGrant says that the key names somebody who has roles in the project.
func projectGrant(to string) *spec.Grant {
	return &spec.Grant{To: to, Roles: "roles"}
}
