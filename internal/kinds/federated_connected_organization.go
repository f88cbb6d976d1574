package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

const connectedOrg = federation + "/connectedOrgConfigs/{orgId}"

// FederatedConnectedOrganization operations: getFederationSettingConnectedOrgConfig,
// updateFederationSettingConnectedOrgConfig (disconnects whatever provider its body
// leaves out).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "FederatedConnectedOrganization", Section: "connection", Parent: "Federation", Singleton: true,
		Doc:  "How the organization uses the federation: through which identity providers, and what people get who log in.",
		Role: "Organization Owner",
		Events: &spec.Events{Made: []string{"ORG_SETTINGS_CONFIGURED"},
			Changed: []string{"ORG_SETTINGS_UPDATED", "RESTRICT_ORG_MEMBERSHIP_ENABLED", "RESTRICT_ORG_MEMBERSHIP_DISABLED"}, Gone: []string{"ORG_SETTINGS_DELETED"}},
		Fields: []spec.Field{
			{Name: "identityProviderId", Pattern: `.`, Ref: &spec.Ref{Kind: "FederatedIdentityProvider", ByID: true, At: "/oktaIdpId", AnyID: true},
				Doc: "The identity provider through which people log in to Atlas, by its displayName or oktaIdpId; null disconnects it, and everybody who logs in through it."},
			{Name: "dataAccessIdentityProviderIds", Ref: &spec.Ref{Kind: "FederatedIdentityProvider", ByID: true, AnyID: true}, Doc: "The identity providers through which databases are reached, by their displayName or id. All of them once declared."},
			{Name: "domainAllowList", Doc: "The domains that may join the organization. All of them once declared."},
			{Name: "domainRestrictionEnabled", Required: false, Doc: "Whether only the federation's domains, and these, may join."},
			{Name: "postAuthRoleGrants", Doc: "The roles in the organization that people get when they log in. All of them once declared."},
			{Name: "instantUserProvisioningDisabled", Doc: "Whether people who log in for the first time are kept from becoming users at once; null leaves it to Atlas."},
		},
		Omit: map[string]string{
			"/orgId":         "the organization",
			"/roleMappings":  "a section of its own",
			"/userConflicts": "who is in the way; moves by itself",
		},
		// In one world a stranger has disconnected what in the other one stays connected.
		Untested: map[string]string{"born": "an identity provider that is not declared stays connected", "faults": "an identity provider that is not declared stays connected"},
		List:     spec.Read{Route: "GET " + connectedOrg, Version: "2023-01-01"},
		Get:      spec.Read{Route: "GET " + connectedOrg, Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH " + connectedOrg, Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay}}},
	}
})
