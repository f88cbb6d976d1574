package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// DatabaseUser operations: listGroupDatabaseUsers, getGroupDatabaseUser,
// createGroupDatabaseUser, updateGroupDatabaseUser (merges members, replaces
// lists, and wants the user's names and roles each time), deleteGroupDatabaseUser.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "DatabaseUser", Section: "databaseUsers", Parent: "Project",
		Doc:    "Somebody or something that connects to the project's clusters, and what it may do there.",
		Key:    []string{"databaseName", "username"},
		Params: map[string]string{"databaseName": "databaseName", "username": "username"},
		Role:   "Project Database Access Admin",
		Events: &spec.Events{Made: []string{"MONGODB_USER_ADDED"}, Changed: []string{"MONGODB_USER_UPDATED"}, Gone: []string{"MONGODB_USER_DELETED"},
			Names: map[string]string{"/dbUserUsername": "username"}},
		Expires: "deleteAfterDate",
		Grant: &spec.Grant{To: "databaseUser", Roles: "roles", Reach: &spec.Reach{Field: "scopes", Type: "type", Name: "name",
			Kinds: map[string]string{"CLUSTER": "Cluster", "DATA_LAKE": "FederatedDatabase", "STREAM": "StreamWorkspace"}}},
		Replaceable: true,
		DeleteNote:  "Whoever connects as it is locked out at once.",
		Constraints: []spec.Constraint{
			{At: "databaseName", Message: "a user has one method at most beside the password: awsIAMType, x509Type, ldapAuthType or oidcAuthType",
				CEL: "[has(self.awsIAMType) && self.awsIAMType != 'NONE', has(self.x509Type) && self.x509Type != 'NONE', has(self.ldapAuthType) && self.ldapAuthType != 'NONE', has(self.oidcAuthType) && self.oidcAuthType != 'NONE'].filter(m, m).size() <= 1"},
			{At: "password", Message: "a password is for users without another method",
				CEL: "!has(self.password) || [has(self.awsIAMType) && self.awsIAMType != 'NONE', has(self.x509Type) && self.x509Type != 'NONE', has(self.ldapAuthType) && self.ldapAuthType != 'NONE', has(self.oidcAuthType) && self.oidcAuthType != 'NONE'].filter(m, m).size() == 0"},
		},
		Fields: []spec.Field{
			{Name: "username", Doc: "The user's name; an ARN, a distinguished name, or an identity provider's id with a user or group, by the method."},
			{Name: "databaseName", Derive: "has(self.awsIAMType) && self.awsIAMType != 'NONE' || has(self.x509Type) && self.x509Type != 'NONE' || has(self.ldapAuthType) && self.ldapAuthType != 'NONE' || has(self.oidcAuthType) && self.oidcAuthType == 'USER' ? '$external' : 'admin'",
				Doc: "Where the user is known: follows from the method, and can be left out."},
			{Name: "password", Sensitive: true, Doc: "The password, where no other method is used; at least 8 characters."},
			{Name: "description", Default: "", Doc: "What the user is for; \"\" clears it."},
			{Name: "awsIAMType", Default: "NONE", Immutable: true, Doc: "Whether an AWS user or role is meant."},
			{Name: "x509Type", Default: "NONE", Immutable: true, Doc: "Whether a certificate is used, of Atlas or of your own authority."},
			{Name: "ldapAuthType", Default: "NONE", Immutable: true, Doc: "Whether an LDAP user or group is meant."},
			{Name: "oidcAuthType", Default: "NONE", Immutable: true, Doc: "Whether a user or group of an identity provider is meant."},
			{Name: "roles", Required: true, MinItems: 1, ElemKey: []string{"roleName", "databaseName", "collectionName"}, Doc: "What the user may do; at least one.", Fields: []spec.Field{
				{Name: "roleName", OpenEnum: false, Ref: &spec.Ref{Kind: "CustomDatabaseRole", Known: builtinRoles}, Doc: "A built-in role, or a custom one of the project."},
				{Name: "databaseName", Doc: "The database that the role counts in; custom roles are in admin."},
				{Name: "collectionName", Default: "", Doc: "The collection, for read and readWrite."},
			}},
			{Name: "scopes", ElemKey: []string{"type", "name"}, Doc: "The clusters, federated databases and stream workspaces that the user can reach; [] is all.", Fields: []spec.Field{
				{Name: "name", Ref: &spec.Ref{Kind: "Cluster", Maybe: true, Where: "type", Is: "CLUSTER"}, Doc: "Its name."},
				{Name: "type", Doc: "What it is."},
			}},
			{Name: "labels", Type: spec.Map, Pairs: [2]string{"key", "value"}, MinLen: 1, MaxLen: 255, Doc: "Labels, as key: value. All of them once declared; the console does not show them."},
			{Name: "deleteAfterDate", Doc: "When Atlas deletes the user, at most a week ahead. A user whose date has passed is not made again."},
		},
		Omit: map[string]string{"/groupId": "the project"},
		List: spec.Read{Route: "GET /groups/{groupId}/databaseUsers", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/databaseUsers/{databaseName}/{username}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/databaseUsers", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Set: map[string]spec.Expr{"/groupId": {Param: "groupId"}}}, Retry: customRoleUnknown}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/databaseUsers/{databaseName}/{username}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay, Set: map[string]spec.Expr{"/groupId": {Param: "groupId"}}}, Retry: customRoleUnknown}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/databaseUsers/{databaseName}/{username}", Version: "2023-01-01"}},
	}
})
