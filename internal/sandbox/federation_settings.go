package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

var federationSettingsPart = part{
	id: "federation", name: "Federated Authentication", scope: perOrganization,
	operations: []operation{
		operationOf("getOrgFederationSettings", "", getFederationSettings),
		operationOf("deleteFederationSetting", "", deleteFederationSettings),
	},
	resources: []*resource{identityProviders, connectedOrgs, roleMappings},
}

// Federations are set up in the console, so only a seed makes one. Each has one
// organization here, though Atlas lets several share it. What is in it stands
// below its own id.

// federated finds the organization of the federation that the path names.
func (c *call) federated() (*organization, error) {
	id := c.param("federationSettingsId")
	for _, o := range c.world.Organizations {
		if id != "" && o.Federation == id {
			return o, nil
		}
	}
	return nil, fail(404, "RESOURCE_NOT_FOUND", "no federation %s exists", id)
}

func getFederationSettings(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	if org.Federation == "" {
		return nil, fail(404, "RESOURCE_NOT_FOUND", "the organization %s is in no federation", org.ID)
	}
	v := map[string]any{"id": org.Federation, "federatedDomains": []any{}, "hasRoleMappings": false}
	for _, t := range c.thingsOf(org.Federation, "connectedOrgs") {
		v["hasRoleMappings"] = len(c.below(t, "roleMappings")) > 0
		v["federatedDomains"] = t.Kept["domains"]
		for _, p := range c.thingsOf(org.Federation, "identityProviders") {
			if p.text("oktaIdpId") == t.text("identityProviderId") {
				v["identityProviderId"], v["identityProviderStatus"] = p.text("oktaIdpId"), cmp.Or(p.text("status"), "ACTIVE")
			}
		}
	}
	return v, nil
}

// deleteFederationSettings takes down all that is in it.
func deleteFederationSettings(c *call) (any, error) {
	org, err := c.federated()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"identityProviders", "connectedOrgs"} {
		for _, t := range c.thingsOf(org.Federation, name) {
			c.drop(c.server.resources[name], spot{owner: org.Federation}, t)
		}
	}
	org.Federation = ""
	c.changed(org.change())
	return nil, nil
}

// connectedOrgs say how an organization uses the federation. A body disconnects
// every identity provider that it does not name.
var connectedOrgs = &resource{
	name: "connectedOrgs",
	list: "listFederationSettingConnectedOrgConfigs", get: "getFederationSettingConnectedOrgConfig",
	update: "updateFederationSettingConnectedOrgConfig", remove: "removeFederationSettingConnectedOrgConfig",
	identity: []string{"orgId"},
	merge: func(_ *call, old *thing, body map[string]any) (map[string]any, error) {
		next := old.clone().Fields
		next["identityProviderId"], next["dataAccessIdentityProviderIds"], next["domainRestrictionEnabled"] = nil, []any{}, false
		for name, value := range body {
			if next[name] = value; value == nil && name != "identityProviderId" {
				delete(next, name)
			}
		}
		delete(next, "roleMappings")
		delete(next, "userConflicts")
		return next, nil
	},
	prepare: func(_ *call, _ *thing, body map[string]any) error {
		_, mappings := body["roleMappings"]
		if body["identityProviderId"] == nil && (mappings || len(listIn(body, "postAuthRoleGrants")) > 0) {
			return fail(400, "IDENTITY_PROVIDER_NOT_CONNECTED", "role mappings and postAuthRoleGrants need a connected identity provider")
		}
		return nil
	},
	check: func(c *call, _, t *thing) error {
		if id := t.text("identityProviderId"); id != "" && c.providerWhere("oktaIdpId", id) == nil {
			return fail(400, "IDENTITY_PROVIDER_NOT_FOUND", "the federation has no identity provider %s", id)
		}
		for _, id := range listIn(t.Fields, "dataAccessIdentityProviderIds") {
			if p := c.providerWhere("id", fmt.Sprint(id)); p == nil || p.text("protocol") != "OIDC" {
				return fail(400, "IDENTITY_PROVIDER_NOT_FOUND", "the federation has no identity provider %v for data access", id)
			}
		}
		return nil
	},
	removable: func(*call, *thing) error {
		return fail(400, "CANNOT_REMOVE_LAST_CONNECTED_ORG", "the last connected organization of a federation cannot be removed")
	},
	show: func(c *call, t *thing, v map[string]any) {
		mappings := []any{}
		for _, m := range c.below(t, "roleMappings") {
			mappings = append(mappings, m.Fields)
		}
		v["identityProviderId"] = t.Fields["identityProviderId"] // null if there is none
		v["orgId"], v["roleMappings"], v["userConflicts"] = t.text("orgId"), mappings, []any{}
	},
}

// roleMappings need an identity provider that the organization is connected to.
var roleMappings = &resource{
	name: "roleMappings", of: connectedOrgs,
	list: "listFederationSettingConnectedOrgConfigRoleMappings", get: "getFederationSettingConnectedOrgConfigRoleMapping",
	create: "createFederationSettingConnectedOrgConfigRoleMapping", replace: "updateFederationSettingConnectedOrgConfigRoleMapping",
	remove: "deleteFederationSettingConnectedOrgConfigRoleMapping",
	id:     "id",
	params: []string{"id"},
	check: func(c *call, _, t *thing) error {
		for _, org := range c.thingsOf(c.param("federationSettingsId"), "connectedOrgs") {
			for _, other := range c.below(org, "roleMappings") {
				if org.text("orgId") == c.param("orgId") && other.Key != t.Key && other.text("externalGroupName") == t.text("externalGroupName") {
					return fail(400, "DUPLICATE_ROLE_MAPPING", "the group %s has a role mapping already", t.text("externalGroupName"))
				}
			}
		}
		return nil
	},
	prepare: func(c *call, _ *thing, body map[string]any) error {
		connected := false
		for _, t := range c.thingsOf(c.param("federationSettingsId"), "connectedOrgs") {
			connected = connected || t.text("identityProviderId") != ""
		}
		if !connected {
			return fail(400, "IDENTITY_PROVIDER_NOT_CONNECTED", "role mappings need a connected identity provider")
		}
		roles := listIn(body, "roleAssignments")
		if len(roles) == 0 {
			return invalid(violation{"roleAssignments", "must have at least 1 items"})
		}
		for _, item := range roles {
			role, _ := item.(map[string]any)
			org, project := textOf(role, "orgId"), textOf(role, "groupId")
			if (org == "") == (project == "") || textOf(role, "role") == "" {
				return invalid(violation{"roleAssignments", "must have a role, and either orgId or groupId"})
			}
			if _, err := c.world.organization(org); org != "" && err != nil {
				return fail(400, "INVALID_ROLE_ASSIGNMENT", "there is no organization %s", org)
			}
			if _, err := c.world.project(project); project != "" && err != nil {
				return fail(400, "INVALID_ROLE_ASSIGNMENT", "there is no project %s", project)
			}
		}
		slices.SortStableFunc(roles, func(a, b any) int { return cmp.Compare(jsonOf(a), jsonOf(b)) }) // as it likes
		return nil
	},
}

// plantFederation sets a federation up as the console does: with an identity
// provider for SAML that the organization is connected to.
func (w *world) plantFederation(org *organization) {
	hexOf := func(what string, n int) string {
		sum := sha256.Sum256([]byte(what + " of " + org.ID))
		return hex.EncodeToString(sum[:])[:n]
	}
	org.Federation = hexOf("federation", 24)
	okta := hexOf("okta", 20)
	w.putThing(org.Federation, "identityProviders", (&thing{Key: hexOf("provider", 24), Fields: map[string]any{
		"id": hexOf("provider", 24), "oktaIdpId": okta, "displayName": "SSO", "protocol": "SAML", "idpType": "WORKFORCE",
		"issuerUri": "urn:idp:default", "ssoUrl": "https://sso.example.com/login", "status": "ACTIVE", "requestBinding": "HTTP-POST",
		"responseSignatureAlgorithm": "SHA-256", "ssoDebugEnabled": true, "slug": "acme-sso", "associatedDomains": []string{},
	}}).clone())
	w.putThing(org.Federation, "connectedOrgs", (&thing{Key: org.ID, Kept: map[string]any{"domains": []string{"acme.example.com"}}, Fields: map[string]any{
		"orgId": org.ID, "identityProviderId": okta, "dataAccessIdentityProviderIds": []string{}, "domainAllowList": []string{},
		"domainRestrictionEnabled": false, "postAuthRoleGrants": []string{},
	}}).clone())
}
