package sandbox_test

import (
	"strings"
	"testing"
)

// A federation comes from the console. Providers are listed as they are asked for;
// one for SAML cannot be made, only changed.
func TestIdentityProviders(t *testing.T) {
	a := acme(t)
	settings := a.get("/orgs/" + a.org + "/federationSettings").want(200)
	path := "/federationSettings/" + settings.at("id") + "/identityProviders"
	saml := a.get(path).want(200)
	equal(t, saml.each("results", "protocol"), "SAML")
	equal(t, saml.at("results.0.oktaIdpId"), settings.at("identityProviderId"))
	equal(t, saml.at("results.0.associatedOrgs.0.orgId"), a.org)

	oidc := `{"displayName":"people","protocol":"OIDC","idpType":"WORKFORCE","issuerUri":"https://x.example.com","audience":"a","authorizationType":"USER","userClaim":"sub","clientId":"c"}`
	made := a.post(path, oidc).want(200)
	a.post(path, strings.Replace(oidc, "OIDC", "SAML", 1)).want(400)
	a.post(path, strings.Replace(oidc, "WORKFORCE", "WORKLOAD", 1)).want(400) // it has no client
	a.post(path, strings.Replace(oidc, `"USER"`, `"USER","groupsClaim":"groups"`, 1)).want(400)
	equal(t, a.get(path).each("results", "protocol"), "SAML")
	equal(t, a.get(path+"?protocol=SAML&protocol=OIDC&idpType=WORKFORCE&idpType=WORKLOAD").each("results", "protocol"), "SAML OIDC")
	one := path + "/" + made.at("id")
	equal(t, a.patch(one, `{"description":"of people"}`).want(200).at("audience"), "a")
	a.patch(one, `{"idpType":"WORKLOAD"}`).want(400)
	equal(t, a.get(path+"/"+made.at("oktaIdpId")).want(200).at("id"), made.at("id")) // as older versions name it

	// What uses one is disconnected with it.
	org := "/federationSettings/" + settings.at("id") + "/connectedOrgConfigs/" + a.org
	a.patch(org, `{"domainRestrictionEnabled":false,"identityProviderId":"`+made.at("oktaIdpId")+`","dataAccessIdentityProviderIds":["`+made.at("id")+`"]}`).want(200)
	a.delete(one).want(204)
	got := a.get(org).want(200)
	equal(t, got.at("identityProviderId")+got.at("dataAccessIdentityProviderIds"), "0")
}

// What a body leaves out is disconnected; role mappings need a provider.
func TestConnectedOrganization(t *testing.T) {
	a := acme(t)
	federation := "/federationSettings/" + a.get("/orgs/"+a.org+"/federationSettings").at("id")
	org := federation + "/connectedOrgConfigs/" + a.org
	okta := a.get(org).want(200).at("identityProviderId")
	mapping := `{"externalGroupName":"dba","roleAssignments":[{"orgId":"` + a.org + `","role":"ORG_MEMBER"},{"groupId":"` + a.project + `","role":"GROUP_OWNER"}]}`
	made := a.post(org+"/roleMappings", mapping).want(200)
	a.post(org+"/roleMappings", mapping).want(400, "DUPLICATE_ROLE_MAPPING")
	a.post(org+"/roleMappings", `{"externalGroupName":"x","roleAssignments":[]}`).want(400)
	a.post(org+"/roleMappings", `{"externalGroupName":"x","roleAssignments":[{"orgId":"`+a.project+`","role":"ORG_MEMBER"}]}`).want(400)
	equal(t, a.get(org+"/roleMappings").want(200).each("results", "externalGroupName"), "dba")
	equal(t, a.get(org).at("roleMappings.0.id"), made.at("id"))
	equal(t, a.get("/orgs/"+a.org+"/federationSettings").at("hasRoleMappings"), "true")

	a.patch(org, `{"identityProviderId":"","domainRestrictionEnabled":true}`).want(400)
	a.patch(org, `{"identityProviderId":"`+strings.Repeat("0", 20)+`","domainRestrictionEnabled":true}`).want(400)
	equal(t, a.patch(org, `{"identityProviderId":"`+okta+`","domainAllowList":["a.example.com"],"domainRestrictionEnabled":true}`).want(200).at("domainRestrictionEnabled"), "true")
	gone := a.patch(org, `{}`).want(200)
	equal(t, gone.at("identityProviderId")+gone.at("domainRestrictionEnabled")+gone.at("domainAllowList.0"), "falsea.example.com")
	a.post(org+"/roleMappings", strings.Replace(mapping, "dba", "x", 1)).want(400)
	a.delete(org).want(400)
	a.delete(federation).want(204)
	a.get("/orgs/" + a.org + "/federationSettings").want(404)
	a.get(org).want(404)
}
