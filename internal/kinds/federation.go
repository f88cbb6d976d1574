package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

const federation = "/federationSettings/{federationSettingsId}"

// Federation operations: getOrgFederationSettings, which tells the id that all
// that is below it needs. It is set up in Atlas's console.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Federation", Section: "federation", Parent: "Organization", Singleton: true,
		Doc: "How people of an organization log in through identity providers of your own. It is set up, and taken down, in Atlas's console.",
		Optional: &spec.Optional{At: "/id",
			Hint: "open the federation management console once, from the organization's settings in Atlas"},
		Params: map[string]string{"federationSettingsId": "/id"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"FEDERATION_SETTINGS_CREATED"}, Changed: []string{"FEDERATION_SETTINGS_UPDATED"}, Gone: []string{"FEDERATION_SETTINGS_DELETED"}},
		Fields: []spec.Field{
			{Name: "federatedDomains", ReadOnly: true, Doc: "The domains whose people log in so."},
			{Name: "identityProviderStatus", ReadOnly: true, Doc: "Whether the connected identity provider is on."},
		},
		Omit: map[string]string{
			"/hasRoleMappings":    "roleMappings say it",
			"/identityProviderId": "connection says it",
		},
		List:     spec.Read{Route: "GET /orgs/{orgId}/federationSettings", Version: "2023-01-01"},
		Get:      spec.Read{Route: "GET /orgs/{orgId}/federationSettings", Version: "2023-01-01"},
		Untested: map[string]string{"export": "nothing of it can be made by a call", "born": "nothing of it can be made by a call", "faults": "nothing of it can be made by a call"},
	}
})
