package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

const orgAccount = "/orgs/{orgId}/serviceAccounts/{clientId}"

// OrganizationServiceAccount operations: listOrgServiceAccounts,
// getOrgServiceAccount, createOrgServiceAccount, updateOrgServiceAccount,
// deleteOrgServiceAccount, createOrgServiceAccountSecret,
// deleteOrgServiceAccountSecret, getOrgServiceAccountGroups.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "OrganizationServiceAccount", Section: "serviceAccounts", Parent: "Organization",
		Doc:   "A service account of an organization, with the rule by which its secrets are renewed.",
		Key:   []string{"name"},
		Ident: "clientId", IdentAt: "/clientId", IdentPattern: clientIDPattern,
		Params: map[string]string{"clientId": "/clientId"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"SERVICE_ACCOUNT_CREATED"}, Changed: []string{"SERVICE_ACCOUNT_ROLES_CHANGED", "SERVICE_ACCOUNT_DETAILS_CHANGED"},
			Gone:   []string{"SERVICE_ACCOUNT_DELETED"},
			Fields: map[string][]string{"SERVICE_ACCOUNT_ROLES_CHANGED": {"roles"}, "SERVICE_ACCOUNT_DETAILS_CHANGED": {"name", "description"}}},
		Grant:  orgGrant("serviceAccount"),
		Fields: accountFields(orgRoles, false, "", nil),
		Omit: map[string]string{
			"/createdAt": "when it was made",
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/serviceAccounts", Version: "2024-08-05", Paged: true},
		Get:  spec.Read{Route: "GET " + orgAccount, Version: "2024-08-05"},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/serviceAccounts", Version: "2024-08-05",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"name", "description", "roles"}}}},
		Update: []spec.Call{{Route: "PATCH " + orgAccount, Version: "2024-08-05",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"name", "description", "roles"}}}},
		Delete:   []spec.Call{{Route: "DELETE " + orgAccount, Version: "2024-08-05"}},
		Rotation: rotation(orgAccount, "", map[string]string{"clientId": "clientId", "organizationId": "orgId"}),
		Keep: &spec.Keep{Read: spec.Read{Route: "GET " + orgAccount + "/groups", Version: "2024-08-05", Paged: true},
			Why: "it is in a project, and may be that project's own"},
		NamesNotUnique: true,
	}
})
