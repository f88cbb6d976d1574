package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// OrganizationAPIKeyAccessList operations: listOrgApiKeyAccessListEntries,
// getOrgApiKeyAccessListEntry, createOrgApiKeyAccessListEntry (an array),
// deleteOrgApiKeyAccessListEntry.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "OrganizationAPIKeyAccessList", Section: "accessList", Parent: "OrganizationAPIKey",
		Doc:    "From where calls with an API key are taken.",
		Key:    []string{"cidrBlock"},
		Params: map[string]string{"ipAddress": "cidrBlock"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"API_KEY_ACCESS_LIST_ENTRY_ADDED"}, Gone: []string{"API_KEY_ACCESS_LIST_ENTRY_DELETED"},
			Names: map[string]string{"/targetPublicKey": "{publicKey}", "/whitelistEntry": "cidrBlock"}},
		Lane:       &spec.Lane{Name: "apiKey", By: []string{"apiUserId"}},
		DeleteNote: "Calls with the key from there are refused.",
		Fields: []spec.Field{
			{Name: "cidrBlock", Norm: spec.CIDR, Pattern: `.`, Doc: "An address or a block: 10.0.0.0/16."},
		},
		Omit: map[string]string{
			"/count":           "moves by itself",
			"/created":         "when it was made",
			"/ipAddress":       "the block says it",
			"/lastUsed":        "moves by itself",
			"/lastUsedAddress": "moves by itself",
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/apiKeys/{apiUserId}/accessList", Version: "2023-01-01", Paged: true},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/apiKeys/{apiUserId}/accessList", Version: "2023-01-01", Batch: true,
			Body: spec.Body{Send: spec.Declared, Array: true}}},
		Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}", Version: "2023-01-01"}},
	}
})
