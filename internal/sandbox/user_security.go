package sandbox

import "maps"

var userSecurityPart = part{
	id: "userSecurity", name: "LDAP Configuration", scope: perProject,
	resources: []*resource{userSecurity},
}

// userSecurity is how the database users of a project may log in: by an LDAP
// server, and by certificates that authorities of the project's own have signed. A
// write merges into each of the two.
var userSecurity = &resource{
	name: "userSecurity", singleton: true,
	get: "getGroupUserSecurity", update: "updateGroupUserSecurity",
	defaults: map[string]any{"customerX509": map[string]any{}, "ldap": map[string]any{}},
	actions: []action{
		{operation: "disableGroupUserSecurityCustomerX509", do: func(_ *call, t *thing, _ map[string]any) (any, error) {
			t.Fields["customerX509"] = map[string]any{}
			return t, nil
		}},
		{operation: "deleteGroupUserSecurityLdapUserToDnMapping", do: func(_ *call, t *thing, _ map[string]any) (any, error) {
			ldap := maps.Clone(objectIn(t.Fields, "ldap"))
			delete(ldap, "userToDNMapping")
			t.Fields["ldap"] = ldap
			return t, nil
		}},
	},
	prepare: prepareSecurity,
	merge: func(_ *call, old *thing, body map[string]any) (map[string]any, error) {
		merged := maps.Clone(old.Fields)
		for name := range body {
			part := maps.Clone(objectIn(old.Fields, name))
			maps.Copy(part, objectIn(body, name))
			merged[name] = part
		}
		return merged, nil
	},
	check: func(_ *call, _, t *thing) error {
		ldap := objectIn(t.Fields, "ldap")
		if ldap["authenticationEnabled"] == true && textOf(ldap, "hostname") == "" {
			return fail(400, "LDAP_HOSTNAME_REQUIRED", "LDAP needs a hostname.")
		}
		if ldap["authorizationEnabled"] == true && ldap["authenticationEnabled"] != true {
			return fail(400, "LDAP_AUTHENTICATION_REQUIRED", "LDAP authorization needs LDAP authentication.")
		}
		return nil
	},
}

// prepareSecurity forgets the password, and fills in what LDAP has without being
// told.
func prepareSecurity(_ *call, old *thing, body map[string]any) error {
	ldap := objectIn(body, "ldap")
	if ldap == nil {
		return nil
	}
	delete(ldap, "bindPassword")
	if len(listIn(ldap, "userToDNMapping")) == 0 {
		delete(ldap, "userToDNMapping") // only its own operation empties it
	}
	for _, item := range listIn(ldap, "userToDNMapping") {
		m, _ := item.(map[string]any)
		if (textOf(m, "substitution") == "") == (textOf(m, "ldapQuery") == "") {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute userToDNMapping specified: substitution or ldapQuery, and not both.")
		}
	}
	if textOf(ldap, "hostname") != "" {
		for name, value := range map[string]any{"port": float64(636), "authzQueryTemplate": "{USER}?memberOf?base"} {
			if _, set := ldap[name]; !set && objectIn(old.Fields, "ldap")[name] == nil {
				ldap[name] = value
			}
		}
	}
	return nil
}
