package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// OrganizationServiceAccountAccessList operations:
// listOrgServiceAccountAccessList, createOrgServiceAccountAccessList (an array),
// deleteOrgServiceAccountAccessListEntry.
var _ = register(func() spec.Kind {
	return accountAccessList("OrganizationServiceAccountAccessList", "OrganizationServiceAccount", "Organization Owner", orgAccount)
})

// accountAccessList is what a service account's access list is, wherever the
// account is one of.
func accountAccessList(name, parent, role, account string) spec.Kind {
	return spec.Kind{
		Name: name, Section: "accessList", Parent: parent,
		Doc:        "From where calls of a service account are taken.",
		Key:        []string{"cidrBlock"},
		Params:     map[string]string{"ipAddress": "cidrBlock"},
		Role:       role,
		Events:     &spec.Events{Made: []string{"SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED"}, Gone: []string{"SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED"}},
		Lane:       &spec.Lane{Name: "serviceAccount", By: []string{"clientId"}},
		DeleteNote: "Calls of the account are refused from there.",
		Fields: []spec.Field{
			{Name: "cidrBlock", Norm: spec.CIDR, Pattern: `.`, Doc: "An address or a block: 10.0.0.0/16."},
		},
		Omit: map[string]string{
			"/createdAt":       "when it was made",
			"/ipAddress":       "the block says it",
			"/lastUsedAddress": "moves by itself",
			"/lastUsedAt":      "moves by itself",
			"/requestCount":    "moves by itself",
		},
		List: spec.Read{Route: "GET " + account + "/accessList", Version: "2024-08-05", Paged: true},
		Create: []spec.Call{{Route: "POST " + account + "/accessList", Version: "2024-08-05", Batch: true,
			Body: spec.Body{Send: spec.Declared, Array: true}}},
		Delete: []spec.Call{{Route: "DELETE " + account + "/accessList/{ipAddress}", Version: "2024-08-05"}},
	}
}
