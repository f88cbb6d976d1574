package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

const projectAccount = "/groups/{groupId}/serviceAccounts/{clientId}"

// ProjectServiceAccount operations: listGroupServiceAccounts,
// getGroupServiceAccount, createGroupServiceAccount, inviteGroupServiceAccount,
// updateGroupServiceAccount, deleteGroupServiceAccount (which only unassigns),
// createGroupServiceAccountSecret, deleteGroupServiceAccountSecret.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ProjectServiceAccount", Section: "serviceAccounts", Parent: "Project",
		Doc:   "A service account in a project: its own, or one of the organization's that joins it.",
		Key:   []string{"name"},
		Ident: "clientId", IdentAt: "/clientId", IdentPattern: clientIDPattern,
		Params: map[string]string{"clientId": "/clientId"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"SERVICE_ACCOUNT_ADDED_TO_GROUP", "SERVICE_ACCOUNT_CREATED"},
			Changed: []string{"SERVICE_ACCOUNT_ROLES_CHANGED", "SERVICE_ACCOUNT_DETAILS_CHANGED"},
			Gone:    []string{"SERVICE_ACCOUNT_REMOVED_FROM_GROUP", "SERVICE_ACCOUNT_DELETED"},
			Fields:  map[string][]string{"SERVICE_ACCOUNT_ROLES_CHANGED": {"roles"}, "SERVICE_ACCOUNT_DETAILS_CHANGED": {"name", "description"}}},
		Grant: projectGrant("serviceAccount"),
		Fields: append(accountFields(projectRoles, true, "organizationAccount",
			&spec.Ref{Kind: "OrganizationServiceAccount", Same: true, If: "organizationAccount"}),
			spec.Field{Name: "organizationAccount", Type: spec.Bool, Local: true,
				Assumed: "Atlas does not say whose it is; if it is the project's own, declare its description instead",
				Doc:     "The account is the organization's: it is invited and unassigned, and its description and secrets are left to the organization's file."}),
		Omit: map[string]string{
			"/createdAt": "when it was made",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/serviceAccounts", Version: "2024-08-05", Paged: true},
		Get:  spec.Read{Route: "GET " + projectAccount, Version: "2024-08-05"},
		Create: []spec.Call{
			{Route: "POST /groups/{groupId}/serviceAccounts", Version: "2024-08-05", Unless: "organizationAccount",
				Body: spec.Body{Send: spec.Declared, Fields: []string{"name", "description", "roles"}}},
			{Route: "POST " + projectAccount + ":invite", Version: "2024-08-05", When: &spec.When{Field: "organizationAccount", Is: true},
				Params: map[string]spec.Expr{"clientId": {RefOf: "name"}},
				Body:   spec.Body{Send: spec.Declared, Fields: []string{"roles"}}},
		},
		Update: []spec.Call{{Route: "PATCH " + projectAccount, Version: "2024-08-05",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"name", "description", "roles"}}}},
		Delete: []spec.Call{
			{Route: "DELETE " + projectAccount + "/secrets/{secretId}", Version: "2024-08-05", Unless: "organizationAccount",
				Each: &spec.Each{Live: "/secrets", Params: map[string]string{"secretId": "/id"}}},
			{Route: "DELETE " + projectAccount, Version: "2024-08-05"},
		},
		Rotation: rotation(projectAccount, "organizationAccount",
			map[string]string{"clientId": "clientId", "organizationId": "orgId", "projectId": "groupId"}),
		DeleteNote:     "Atlas only unassigns the account from the project: it stays in the organization.",
		Outlives:       "they are members of the organization, and their secrets live on; declare them absent first to delete those",
		NeverPrune:     "Atlas does not say whether an account is the organization's",
		NamesNotUnique: true,
	}
})
