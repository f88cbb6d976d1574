package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
)

// identityProviders are those of a federation. Those for SAML come from the
// console; an older version names one by the 20 digits of its oktaIdpId.
var identityProviders = &resource{
	name: "identityProviders",
	list: "listFederationSettingIdentityProviders", get: "getFederationSettingIdentityProvider", create: "createFederationSettingIdentityProvider",
	update: "updateFederationSettingIdentityProvider", remove: "deleteFederationSettingIdentityProvider",
	id: "id",
	named: func(c *call, t *thing) bool {
		id := c.param("identityProviderId")
		return id == t.text("id") || id == t.text("oktaIdpId")
	},
	params:  []string{"identityProviderId=id"},
	missing: "IDENTITY_PROVIDER_NOT_FOUND",
	actions: []action{{operation: "revokeFederationSettingIdentityProviderJwks",
		do: func(*call, *thing, map[string]any) (any, error) { return nil, nil }}},
	filter: func(c *call, t *thing) bool {
		asked := func(name, otherwise string) bool {
			values := c.query[name]
			if len(values) == 0 {
				values = []string{otherwise}
			}
			return slices.Contains(values, t.text(name))
		}
		return asked("protocol", "SAML") && asked("idpType", "WORKFORCE")
	},
	immutable: []string{"protocol", "idpType"},
	prepare: func(_ *call, old *thing, body map[string]any) error {
		if old == nil && textOf(body, "protocol") == "SAML" {
			return fail(400, "UNSUPPORTED_PROTOCOL", "only identity providers for OIDC can be made by the API")
		}
		for name, value := range body {
			if value == nil {
				delete(body, name) // as one that is not there
			}
		}
		return nil
	},
	check: func(_ *call, old, t *thing) error {
		if old == nil {
			var okta [10]byte
			rand.Read(okta[:])
			t.Fields["oktaIdpId"] = hex.EncodeToString(okta[:])
		}
		return checkProvider(t)
	},
	removed: func(c *call, t *thing) {
		for _, org := range c.things("connectedOrgs") {
			org = org.clone()
			if org.text("identityProviderId") == t.text("oktaIdpId") {
				org.Fields["identityProviderId"] = nil
			}
			org.Fields["dataAccessIdentityProviderIds"] = slices.DeleteFunc(listIn(org.Fields, "dataAccessIdentityProviderIds"),
				func(id any) bool { return id == t.Fields["id"] })
			c.write("connectedOrgs", org)
		}
	},
	show: func(c *call, t *thing, v map[string]any) {
		v["createdAt"], v["updatedAt"] = stamp(t.Made), nil
		connected := []any{}
		for _, org := range c.things("connectedOrgs") {
			if org.text("identityProviderId") == t.text("oktaIdpId") || slices.Contains(listIn(org.Fields, "dataAccessIdentityProviderIds"), t.Fields["id"]) {
				connected = append(connected, org.Fields)
			}
		}
		v["associatedOrgs"] = connected
		if t.text("protocol") == "SAML" {
			v["acsUrl"] = "https://auth.mongodb.com/sso/saml2/" + t.text("oktaIdpId")
			v["audienceUri"] = "https://www.okta.com/saml2/service-provider/" + t.text("oktaIdpId")
		}
	},
}

// ofProvider are the members that only some have.
var ofProvider = map[string][]string{
	"SAML": {"ssoUrl", "requestBinding", "responseSignatureAlgorithm", "slug", "ssoDebugEnabled", "status", "pemFileInfo"},
	"OIDC": {"audience", "authorizationType", "groupsClaim", "userClaim", "clientId", "requestedScopes"},
}

func checkProvider(t *thing) error {
	protocol, kind := t.text("protocol"), t.text("idpType")
	for other, names := range ofProvider {
		for _, name := range names {
			if other != protocol && t.Fields[name] != nil {
				return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute %s specified.", name)
			}
		}
	}
	if kind == "WORKLOAD" {
		for _, name := range []string{"associatedDomains", "clientId", "requestedScopes"} {
			if t.Fields[name] != nil {
				return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute %s specified.", name)
			}
		}
	}
	needs := []string{"displayName", "protocol", "idpType", "issuerUri"}
	if protocol == "OIDC" {
		needs = append(needs, "audience", "authorizationType", "userClaim")
		if kind == "WORKFORCE" {
			needs = append(needs, "clientId")
		}
		if t.text("authorizationType") == "GROUP" {
			needs = append(needs, "groupsClaim")
		} else if t.Fields["groupsClaim"] != nil {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute groupsClaim specified: authorizationType is not GROUP.")
		}
	}
	for _, name := range needs {
		if t.text(name) == "" {
			return fail(400, "MISSING_ATTRIBUTE", "The required attribute %s was not specified.", name)
		}
	}
	return nil
}

// providerWhere finds an identity provider of the path's federation.
func (c *call) providerWhere(member, value string) *thing {
	for _, t := range c.thingsOf(c.param("federationSettingsId"), "identityProviders") {
		if t.text(member) == value {
			return t
		}
	}
	return nil
}
