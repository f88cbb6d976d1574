package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// FederatedIdentityProvider operations: listFederationSettingIdentityProviders
// (of one protocol and type unless it is asked for all), getFederationSettingIdentityProvider,
// createFederationSettingIdentityProvider (OIDC only),
// updateFederationSettingIdentityProvider, deleteFederationSettingIdentityProvider.
var _ = register(func() spec.Kind {
	oidc, saml := []string{"OIDC"}, []string{"SAML"}
	return spec.Kind{
		Name: "FederatedIdentityProvider", Section: "identityProviders", Parent: "Federation", Variant: "protocol",
		Doc:   "An identity provider. One for SAML is made in Atlas's console, and can be changed here.",
		Key:   []string{"displayName"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"identityProviderId": "/id"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"IDENTITY_PROVIDER_CREATED"},
			Changed: []string{"IDENTITY_PROVIDER_UPDATED", "OIDC_IDENTITY_PROVIDER_UPDATED", "IDENTITY_PROVIDER_ACTIVATED", "IDENTITY_PROVIDER_DEACTIVATED", "OIDC_IDENTITY_PROVIDER_ENABLED", "OIDC_IDENTITY_PROVIDER_DISABLED", "DOMAINS_ASSOCIATED"},
			Gone:    []string{"IDENTITY_PROVIDER_DELETED"}},
		NamesNotUnique: true,
		DeleteNote:     "Whoever logs in through it cannot any more.",
		Constraints: []spec.Constraint{
			{At: "idpType", Message: "with SAML, idpType is WORKFORCE", CEL: "self.protocol != 'SAML' || self.idpType == 'WORKFORCE'"},
			{At: "idpType", Message: "associatedDomains, clientId and requestedScopes are for WORKFORCE",
				CEL: "self.idpType == 'WORKFORCE' || !(has(self.associatedDomains) || has(self.clientId) || has(self.requestedScopes))"},
			{At: "groupsClaim", Message: "groupsClaim is for the authorizationType GROUP",
				CEL: "!has(self.groupsClaim) || !has(self.authorizationType) || self.authorizationType == 'GROUP'"},
		},
		Fields: []spec.Field{
			{Name: "displayName", Required: true, Doc: "What it is called. Atlas does not keep names unique; id settles which is meant."},
			{Name: "protocol", Required: true, Immutable: true, Doc: "How it talks to Atlas."},
			{Name: "idpType", Required: true, Immutable: true, Doc: "Whether people log in through it, or programs."},
			{Name: "description", Doc: "What it is for."},
			{Name: "issuerUri", Required: true, Doc: "Who issues what it says."},
			{Name: "associatedDomains", Doc: "The domains whose people log in through it. All of them once declared."},
			{Name: "audience", For: oidc, Doc: "Whom its tokens are for."},
			{Name: "authorizationType", For: oidc, Doc: "Whether it says who may do what by groups or by user."},
			{Name: "groupsClaim", For: oidc, Doc: "The claim that holds the groups."},
			{Name: "userClaim", For: oidc, Doc: "The claim that holds the user."},
			{Name: "clientId", For: oidc, Doc: "Atlas's client at the provider."},
			{Name: "requestedScopes", For: oidc, Doc: "The scopes that are asked for at a login. All of them once declared."},
			{Name: "ssoUrl", For: saml, Doc: "Where people log in."},
			{Name: "requestBinding", For: saml, Doc: "How a login is asked for."},
			{Name: "responseSignatureAlgorithm", For: saml, Doc: "How answers are signed."},
			{Name: "slug", For: saml, Doc: "The end of the address at which people can log in directly."},
			{Name: "ssoDebugEnabled", For: saml, Doc: "Whether that address, which bypasses the federation, can be used to find faults."},
			{Name: "status", For: saml, Warns: map[string]string{"INACTIVE": "Nobody can log in through it while it is off."}, Doc: "Whether it is on."},
			{Name: "oktaIdpId", ReadOnly: true, Output: true, Doc: "The id by which Atlas says who is connected to it."},
			{Name: "acsUrl", For: saml, ReadOnly: true, Output: true, Doc: "Where the provider sends its answers."},
			{Name: "audienceUri", For: saml, ReadOnly: true, Output: true, Doc: "Whom the provider's answers are for."},
		},
		Omit: map[string]string{
			"/associatedOrgs": "connection says it",
			"/createdAt":      "when it was made",
			"/pemFileInfo":    "certificates are uploaded in the console; Atlas does not tell what is in them",
			"/updatedAt":      "when it was changed",
		},
		List: spec.Read{Route: "GET " + federation + "/identityProviders", Version: "2023-01-01", Paged: true,
			Query: map[string][]string{"protocol": {"SAML", "OIDC"}, "idpType": {"WORKFORCE", "WORKLOAD"}}},
		Get: spec.Read{Route: "GET " + federation + "/identityProviders/{identityProviderId}", Version: "2023-11-15"},
		Create: []spec.Call{{Route: "POST " + federation + "/identityProviders", Version: "2023-11-15",
			When: &spec.When{Field: "protocol", Is: "OIDC"}, Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PATCH " + federation + "/identityProviders/{identityProviderId}", Version: "2023-11-15",
			Body: spec.Body{Send: spec.Overlay}}},
		Delete: []spec.Call{{Route: "DELETE " + federation + "/identityProviders/{identityProviderId}", Version: "2023-11-15"}},
	}
})
