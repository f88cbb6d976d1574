package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// OrganizationDelegationSettings operations: getOrgDelegationSettings,
// updateOrgDelegationSettings (which merges).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "OrganizationDelegationSettings", Section: "delegationSettings", Parent: "Organization", Singleton: true,
		Doc:    "What people may let other programs do in their name.",
		Role:   "Organization Owner",
		Events: &spec.Events{Changed: []string{"ORG_DELEGATION_SETTINGS_UPDATED"}},
		Fields: []spec.Field{
			{Name: "delegatedMcpAccess", Nullable: true, Doc: "What MCP servers may do; null leaves it to Atlas."},
			{Name: "delegatedPartnerAccess", Nullable: true, Doc: "What partners' programs may do; null leaves it to Atlas."},
			{Name: "idleRefreshTokenLifetime", Nullable: true, Doc: "How long a refresh token lives unused, in seconds; null leaves it to Atlas."},
			{Name: "maximumRefreshTokenLifetime", Nullable: true, Doc: "How long it lives at most, in seconds; null leaves it to Atlas."},
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/delegationSettings", Version: "2025-03-12"},
		Get:  spec.Read{Route: "GET /orgs/{orgId}/delegationSettings", Version: "2025-03-12"},
		Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/delegationSettings", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Changed}}},
	}
})
