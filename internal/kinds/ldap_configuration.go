package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// LDAPConfiguration operations: getGroupUserSecurity, updateGroupUserSecurity
// (which merges), deleteGroupUserSecurityLdapUserToDnMapping (the only way to empty
// the mapping).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "LDAPConfiguration", Section: "ldap", Parent: "Project", Singleton: true,
		Doc:        "An LDAP server that knows the project's database users. A change restarts the nodes of all clusters, one after the other. MongoDB 8.0 and later deprecate LDAP. state: absent switches it off.",
		Role:       "Project Owner",
		Events:     &spec.Events{Changed: []string{"USER_SECURITY_SETTINGS_UPDATED"}, Gone: []string{"USER_SECURITY_SETTINGS_UPDATED"}},
		Lane:       userSecurityLane(),
		Unset:      &spec.Cond{At: "/ldap/authenticationEnabled", Values: []string{"", "false"}, And: &spec.Cond{At: "/ldap/authorizationEnabled", Values: []string{"", "false"}}},
		DeleteNote: "Database users whom the LDAP server knows can no longer log in.",
		Fields: []spec.Field{
			{Name: "authenticationEnabled", Wire: "/ldap/authenticationEnabled", Doc: "Whether it tells who somebody is."},
			{Name: "authorizationEnabled", Wire: "/ldap/authorizationEnabled", Doc: "Whether it tells what somebody may do."},
			{Name: "hostname", Wire: "/ldap/hostname", Doc: "The server."},
			{Name: "port", Wire: "/ldap/port", Default: 636, Doc: "Its port for LDAP over TLS."},
			{Name: "bindUsername", Wire: "/ldap/bindUsername", Doc: "The distinguished name that Atlas logs in with."},
			{Name: "bindPassword", Wire: "/ldap/bindPassword", Sensitive: true, Doc: "And the password."},
			{Name: "caCertificate", Wire: "/ldap/caCertificate", Norm: spec.Text, Doc: "The certificate of the server's authority, in PEM, if it is no public one."},
			{Name: "authzQueryTemplate", Wire: "/ldap/authzQueryTemplate", Default: "{USER}?memberOf?base", Doc: "The query that finds a user's groups."},
			{Name: "userToDNMapping", Wire: "/ldap/userToDNMapping", Type: spec.List, Doc: "How a user's name becomes a distinguished name: the first that matches. All of them once declared.", Fields: []spec.Field{
				{Name: "match", Doc: "The names that it is for: a regular expression with groups."},
				{Name: "substitution", Doc: "The distinguished name, with {0} for the first group."},
				{Name: "ldapQuery", Doc: "Or a query that finds it."},
			}},
		},
		Omit: map[string]string{
			"/customerX509": "a section of its own",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/userSecurity", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/userSecurity", Version: "2023-01-01"},
		Update: []spec.Call{
			{Route: "PATCH /groups/{groupId}/userSecurity", Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}},
			{Route: "DELETE /groups/{groupId}/userSecurity/ldap/userToDNMapping", Version: "2023-01-01", When: &spec.When{Field: "userToDNMapping", Empty: true}},
		},
		Delete: []spec.Call{{Route: "PATCH /groups/{groupId}/userSecurity", Version: "2023-01-01",
			Body: spec.Body{Set: map[string]spec.Expr{"/ldap/authenticationEnabled": {Const: false}, "/ldap/authorizationEnabled": {Const: false}}}}},
	}
})
