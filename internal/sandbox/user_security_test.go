package sandbox_test

import "testing"

// LDAP and the authorities of certificates share one object; a write merges into each.
func TestUserSecurity(t *testing.T) {
	a := acme(t)
	path := a.in("/userSecurity")
	equal(t, a.get(path).want(200).at("customerX509.cas")+a.get(path).at("ldap.hostname"), "")

	a.patch(path, `{"ldap":{"authenticationEnabled":true}}`).want(400)
	a.patch(path, `{"ldap":{"authorizationEnabled":true}}`).want(400)
	made := a.patch(path, `{"ldap":{"authenticationEnabled":true,"hostname":"ldap.example.com","bindUsername":"CN=a,DC=b","bindPassword":"hush",
		"userToDNMapping":[{"match":"(.+)","substitution":"CN={0}"}]}}`).want(202)
	equal(t, made.at("ldap.port")+made.at("ldap.authzQueryTemplate")+made.at("ldap.bindPassword"), "636{USER}?memberOf?base")
	a.patch(path, `{"customerX509":{"cas":"PEM"}}`).want(202)
	a.patch(path, `{"ldap":{"port":637,"userToDNMapping":[]}}`).want(202)
	a.patch(path, `{"ldap":{"userToDNMapping":[{"match":"x"}]}}`).want(400)
	now := a.get(path)
	equal(t, now.at("ldap.hostname")+now.at("ldap.port")+now.at("ldap.userToDNMapping")+now.at("customerX509.cas"), "ldap.example.com6371PEM")

	a.delete(path + "/ldap/userToDNMapping").want(202)
	a.delete(path + "/customerX509").want(202)
	now = a.get(path)
	equal(t, now.at("ldap.hostname")+now.at("ldap.userToDNMapping")+now.at("customerX509.cas"), "ldap.example.com")
}

func TestRegionalMode(t *testing.T) {
	a := acme(t)
	path := a.in("/privateEndpoint/regionalMode")
	equal(t, a.get(path).want(200).at("enabled"), "false")
	equal(t, a.patch(path, `{"enabled":true}`).want(200).at("enabled"), "true")
	equal(t, a.get(path).at("enabled"), "true")
}

func TestDelegationSettings(t *testing.T) {
	a := acme(t)
	path := "/orgs/" + a.org + "/delegationSettings"
	equal(t, a.get(path).want(200).at("delegatedMcpAccess"), "")
	a.patch(path, `{"delegatedMcpAccess":"READ_ONLY","idleRefreshTokenLifetime":60}`).want(200)
	a.patch(path, `{"idleRefreshTokenLifetime":0}`).want(400)
	a.patch(path, `{"delegatedPartnerAccess":"READ_ONLY"}`).want(400)
	a.patch(path, `{"delegatedMcpAccess":null}`).want(200)
	equal(t, a.get(path).at("delegatedMcpAccess")+a.get(path).at("idleRefreshTokenLifetime"), "60")
}
