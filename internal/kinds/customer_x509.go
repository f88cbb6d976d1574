package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// userSecurityLane keeps apart what shares one object of the API.
func userSecurityLane() *spec.Lane {
	return &spec.Lane{Name: "userSecurity", By: []string{"groupId"}}
}

// CustomerX509 operations: getGroupUserSecurity, updateGroupUserSecurity,
// disableGroupUserSecurityCustomerX509.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "CustomerX509", Section: "customerX509", Parent: "Project", Singleton: true,
		Doc:        "The certificate authorities of your own whose certificates database users may log in with. A change restarts the nodes of all clusters, one after the other.",
		Role:       "Project Owner",
		Events:     &spec.Events{Changed: []string{"USER_SECURITY_SETTINGS_UPDATED", "CUSTOMER_X509_CRL_UPDATED"}},
		Lane:       userSecurityLane(),
		Unset:      &spec.Cond{At: "/customerX509/cas", Empty: true},
		DeleteNote: "Database users whose certificates they signed can no longer log in.",
		Fields: []spec.Field{
			{Name: "cas", Wire: "/customerX509/cas", MinLen: 1, Norm: spec.Text, Doc: "The certificates of the authorities, in PEM, one after the other. They are not secret."},
		},
		Omit: map[string]string{
			"/ldap": "a section of its own",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/userSecurity", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/userSecurity", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/userSecurity", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/userSecurity/customerX509", Version: "2023-01-01"}},
	}
})
