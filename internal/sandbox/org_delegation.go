package sandbox

var delegationPart = part{
	id: "orgDelegation", name: "Organization Delegation Settings", scope: perOrganization,
	resources: []*resource{delegation},
}

// delegation has no value of its own: what nobody has set is null.
var delegation = &resource{
	name: "delegationSettings",
	get:  "getOrgDelegationSettings", update: "updateOrgDelegationSettings",
	singleton: true,
	show: func(_ *call, _ *thing, v map[string]any) {
		for _, name := range []string{"delegatedMcpAccess", "delegatedPartnerAccess", "idleRefreshTokenLifetime", "maximumRefreshTokenLifetime"} {
			if _, set := v[name]; !set {
				v[name] = nil
			}
		}
	},
}
