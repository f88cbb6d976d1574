package sandbox_test

import (
	"strings"
	"testing"
)

// The secret of a key is shown once; names are not unique.
func TestAIModelKeys(t *testing.T) {
	a := acme(t)
	path := a.in("/aiModelApiKeys")
	body := `{"cloud":"ANY","geography":"ANY","name":"chat"}`
	made := a.post(path, body).want(201)
	if len(made.at("secret")) < 16 {
		t.Errorf("no secret in %s", made.body)
	}
	a.post(path, body).want(201)
	a.post(path, `{"name":"chat"}`).want(400)
	one := path + "/" + made.at("apiKeyId")
	equal(t, a.patch(one, `{"name":"talk"}`).want(200).at("name"), "talk")
	for _, r := range []string{a.get(one).want(200).body, a.get(path).want(200).body, a.get("/orgs/" + a.org + "/aiModelApiKeys").want(200).body} {
		if strings.Contains(r, made.at("secret")) || !strings.Contains(r, `"maskedSecret":"****`) {
			t.Errorf("the secret again, or no mask: %s", r)
		}
	}
	a.delete(one).want(204)
	a.get(one).want(404)
}

// Limits are always there, and take both numbers, up to the organization's.
func TestAIModelLimits(t *testing.T) {
	a := acme(t)
	all := a.get(a.in("/aiModelApiRateLimits")).want(200)
	name, most := all.at("results.0.modelGroupName"), all.at("results.0.requestsPerMinuteLimit")
	one := a.in("/aiModelApiClouds/ANY/geographies/ANY/modelGroupNames/" + name + "/rateLimits")
	equal(t, a.patch(one, `{"requestsPerMinuteLimit":7,"tokensPerMinuteLimit":70}`).want(200).at("requestsPerMinuteLimit"), "7")
	a.patch(one, `{"requestsPerMinuteLimit":8}`).want(400)
	a.patch(one, `{"requestsPerMinuteLimit":`+most+`0,"tokensPerMinuteLimit":70}`).want(400)
	a.get(strings.Replace(one, name, "none", 1)).want(404, "RESOURCE_NOT_FOUND")
	a.get(strings.Replace(one, "ANY", "AWS", 1)).want(400)
	equal(t, a.get(a.in("/aiModelApiRateLimits")).at("results.0.tokensPerMinuteLimit"), "70")
	equal(t, a.post(one+":reset", "").want(200).at("requestsPerMinuteLimit"), most)
	a.patch(one, `{"requestsPerMinuteLimit":7,"tokensPerMinuteLimit":70}`).want(200)
	equal(t, a.post(a.in("/aiModelApiRateLimits:reset"), "").want(200).at("results.0.requestsPerMinuteLimit"), most)
	equal(t, a.get("/orgs/"+a.org+"/aiModelApiRateLimits").want(200).at("results.0.requestsPerMinuteLimit"), most)
}
