package sandbox_test

import (
	"strings"
	"testing"
)

// A configuration has an id that is no 24 digits; its secrets are shown once, two
// at most.
func TestMCPConfigs(t *testing.T) {
	a := acme(t)
	for path, role := range map[string]string{a.in("/mcpConfigs"): "GROUP_READ_ONLY", "/orgs/" + a.org + "/mcpConfigs": "ORG_MEMBER"} {
		body := `{"mcpConfigName":"helper","roles":["` + role + `"],"ipAccessList":[{"ipAddress":"10.0.0.1"}]}`
		made := a.post(path, body).want(201)
		equal(t, made.at("ipAccessList.0.cidrBlock"), "10.0.0.1/32")
		if len(made.at("mcpConfigId")) != 36 || made.at("clientId") == made.at("egressClientId") || strings.Contains(made.body, "secret") {
			t.Error(made.body)
		}
		a.post(path, strings.Replace(body, `"`+role+`"`, "", 1)).want(400)
		one := path + "/" + made.at("mcpConfigId")
		changed := a.patch(one, `{"mcpConfigName":null,"ipAccessList":[]}`).want(200)
		equal(t, changed.at("mcpConfigName")+changed.each("ipAccessList", "cidrBlock"), "helper")

		secrets := one + "/secrets"
		first := a.post(secrets, `{"secretExpiresAfterHours":720}`).want(201)
		a.post(secrets, `{"secretExpiresAfterHours":7}`).want(400)
		a.post(secrets, `{"secretExpiresAfterHours":720}`).want(201)
		a.post(secrets, `{"secretExpiresAfterHours":720}`).want(400, "SERVICE_ACCOUNT_MAX_SECRETS_REACHED")
		all := a.get(secrets).want(200)
		if first.at("secret") == "" || strings.Contains(all.body, first.at("secret")) || all.at("results.0.expiresAt") == first.at("expiresAt") {
			t.Errorf("%s, then %s", first.body, all.body)
		}
		a.delete(secrets + "/" + first.at("id")).want(204)
		a.get(secrets + "/" + first.at("id")).want(404)
		a.delete(one).want(204)
		a.get(one).want(404)
	}
}
