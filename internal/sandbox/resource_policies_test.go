package sandbox_test

import (
	"encoding/json"

	"testing"
)

const noAWS = "\tforbid (\n\tprincipal,\n\taction == cloud::Action::\"cluster.createEdit\",\n\tresource\n\t) when {\n\tcontext.cluster.cloudProviders.containsAny([cloud::cloudProvider::\"aws\"])\n\t};\n"

func policy(name string, bodies ...string) string {
	rules := []map[string]string{}
	for _, body := range bodies {
		rules = append(rules, map[string]string{"body": body})
	}
	data, _ := json.Marshal(map[string]any{"name": name, "policies": rules})
	return string(data)
}

func TestResourcePolicies(t *testing.T) {
	a := acme(t)
	path := "/orgs/" + a.org + "/resourcePolicies"
	equal(t, a.get(path).want(200).body, "[]\n") // a bare array
	equal(t, a.get("/orgs/"+a.org+"/nonCompliantResources").want(200).body, "[]\n")
	made := a.post(path, policy("no-aws", noAWS)).want(201)
	equal(t, made.at("orgId")+made.at("policies.0.body")+made.at("createdDate"), a.org+noAWS+"2026-01-01T12:00:00Z")
	if made.at("version") == "" || len(made.at("createdByUser.id")) != 24 || made.at("lastUpdatedByUser.name") == "" || len(made.at("policies.0.id")) != 24 {
		t.Error(made.body)
	}
	a.post(path, policy("no-aws", noAWS)).want(409)
	a.post(path, policy("empty")).want(400)
	a.post(path, `{"policies":[{"body":"forbid(principal,action,resource);"}]}`).want(400, "VALIDATION_ERROR")
	one := path + "/" + made.at("id")

	// A PATCH merges, and rules are replaced whole, with new ids; null clears a
	// description.
	equal(t, a.patch(one, `{"description":"aws is no more"}`).want(200).at("name"), "no-aws")
	a.clock.advance(1e9)
	r := a.patch(one, policy("renamed", noAWS, "permit(principal, action, resource);")).want(200)
	equal(t, r.at("name")+r.at("description")+r.at("policies")+r.at("lastUpdatedDate")+r.at("createdDate"), "renamedaws is no more22026-01-01T12:00:01Z2026-01-01T12:00:00Z")
	if r.at("policies.0.id") == made.at("policies.0.id") {
		t.Error("a replaced rule has its old id")
	}
	r = a.patch(one, `{"description":null,"name":null}`).want(200)
	equal(t, r.at("name")+r.at("description")+r.at("policies"), "renamed2")
	a.patch(one, `{"policies":[]}`).want(400)
	equal(t, a.get(path).each("", "name")+a.get(one).want(200).at("name"), "renamed")

	equal(t, a.get("/orgs/"+a.org+"/events").at("results.0.eventTypeName")+a.get("/orgs/"+a.org+"/events").at("results.0.resourcePolicyId"), "RESOURCE_POLICY_MODIFIED"+made.at("id"))
	a.delete(one).want(200)
	a.delete(one).want(404)
	a.do("GET", path, "", "Accept: application/vnd.atlas.2023-01-01+json").want(406)
}

// What is no Cedar is refused, and a dry run says the same.
func TestResourcePolicySyntax(t *testing.T) {
	a := acme(t)
	path := "/orgs/" + a.org + "/resourcePolicies"
	for body, errorType := range map[string]string{
		"forbid(principal, action, resource)":                                 "POLICY_PARSING_ERROR",
		"forbid(principal, action, resource;":                                 "POLICY_PARSING_ERROR",
		"forbid(principal, action, resource) when { context.x == [1 };":       "POLICY_PARSING_ERROR",
		"forbid(principal, action, resource) when { context.x == \"a };":      "POLICY_PARSING_ERROR",
		"allow(principal, action, resource);":                                 "POLICY_PARSING_ERROR",
		"forbid(principal, resource);":                                        "POLICY_PARSING_ERROR",
		"   ":                                                                 "POLICY_PARSING_ERROR",
		"forbid(principal == cloud::User::\"ana\", action, resource);":        "POLICY_HAS_INVALID_PRINCIPAL",
		"forbid(principal, action == aws::Action::\"cluster\", resource);":    "POLICY_HAS_UNEXPECTED_ENTITIES",
		"forbid(principal, action, resource) unless {context.a == B::\"c\"};": "POLICY_HAS_UNEXPECTED_ENTITIES",
	} {
		for _, to := range []string{path, path + ":validate"} {
			r := a.post(to, policy("p", noAWS, body)).want(400)
			equal(t, r.at("errorType")+" "+r.at("invalidPolicies.0.body"), errorType+" "+body)
		}
	}
	good := "// comment with ( and \"\n@id(\"x\")\nforbid(principal, action == cloud::Action::\"project.edit\", resource) when { context.s like \"*(\" };  \n"
	r := a.post(path+":validate", policy("p", good)).want(200)
	equal(t, r.at("name")+r.at("policies"), "p1")
	equal(t, a.get(path).body, "[]\n") // a dry run
	a.post(path, policy("p", good)).want(201)
}
