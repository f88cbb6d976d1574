package sandbox_test

import (
	"strings"
	"testing"
)

func words(s string) []string { return strings.Fields(s) }

func (a *atlas) newProject(name string) string {
	a.Helper()
	return a.post("/groups", `{"name":"`+name+`","orgId":"`+a.org+`"}`).want(200).at("id")
}

func TestANewProjectIsNotEmpty(t *testing.T) {
	a := acme(t)
	users := "/groups/" + a.newProject("p") + "/users"
	equal(t, a.get(users).each("results", "username"), "ana@example.com")
	a.post(users, `{"username":"ana@example.com","roles":["GROUP_OWNER"]}`).want(409)

	owned := a.post("/groups?projectOwnerId="+a.userID("bo"), `{"name":"q","orgId":"`+a.org+`"}`).want(200)
	equal(t, a.get("/groups/"+owned.at("id")+"/users").each("results", "username"), "bo@example.com")
	equal(t, owned.at("withDefaultAlertsSettings"), "true")
	equal(t, a.get("/groups/"+owned.at("id")+"/managedSlowMs").body, "true\n")
	a.post("/groups?projectOwnerId="+a.userID("cy"), `{"name":"r","orgId":"`+a.org+`"}`).want(404)
}

func TestProjectNames(t *testing.T) {
	a := acme(t)
	a.post("/groups", `{"name":"payments","orgId":"`+a.org+`"}`).want(409, "GROUP_ALREADY_EXISTS")
	id := a.newProject("p")
	equal(t, a.get("/groups/"+id).want(200).at("name"), "p")
	a.patch("/groups/"+id, `{"name":"payments"}`).want(400, "GROUP_ALREADY_EXISTS")
	r := a.patch("/groups/"+id, `{"name":"p2","tags":[{"key":"a","value":"b"}]}`).want(200)
	equal(t, r.at("name")+" "+r.at("tags.0.value"), "p2 b")
	equal(t, a.patch("/groups/"+id, `{"name":"p3"}`).at("tags"), "1") // left out, so kept
	equal(t, a.patch("/groups/"+id, `{"tags":[]}`).at("tags"), "0")
}

func TestDeletingAProject(t *testing.T) {
	a := acme(t)
	a.delete("/groups/"+a.project).want(409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS")
	id := a.newProject("p")
	a.delete("/groups/" + id).want(204)
	a.get("/groups/"+id).want(404, "GROUP_NOT_FOUND")
	again := a.newProject("p")
	equal(t, a.get("/groups/"+again+"/users").at("results"), "1")
}

func TestAddingAProjectUserInvitesThem(t *testing.T) {
	a := acme(t)
	add := func(name string) answer {
		return a.post(a.in("/users"), `{"username":"`+name+`@example.com","roles":["GROUP_READ_ONLY"]}`)
	}
	equal(t, add("left").want(201).at("orgMembershipStatus"), "ACTIVE")
	equal(t, add("cy").want(201).at("orgMembershipStatus"), "PENDING")
	equal(t, add("gone").want(201).at("orgMembershipStatus"), "PENDING")
	id := add("new").want(201).at("id")
	equal(t, a.get(a.users("/"+id)).want(200).at("roles.orgRoles.0"), "ORG_MEMBER")
	a.post(a.users(""), `{"username":"new@example.com","roles":{"orgRoles":["ORG_MEMBER"]}}`).want(409)
	add("new").want(409)

	a.delete(a.in("/users/" + id)).want(204)
	a.get(a.in("/users/" + id)).want(404)
	a.get(a.users("/" + id)).want(200)
}

func TestProjectUserLists(t *testing.T) {
	a := acme(t)
	team := a.post(a.teams(""), `{"name":"t","usernames":["left@example.com","bo@example.com"]}`).at("id")
	a.post(a.in("/teams"), `[{"teamId":"`+team+`","roleNames":["GROUP_OWNER"]}]`).want(200)

	direct := a.get(a.in("/users"))
	equal(t, direct.each("results", "username"), "ana@example.com bo@example.com")
	flat := a.get(a.in("/users?flattenTeams=true"))
	equal(t, flat.each("results", "username"), "ana@example.com bo@example.com left@example.com")
	equal(t, flat.at("results.1.roles"), "2")

	a.delete(a.in("/users/" + a.userID("ana"))).want(204)
	equal(t, a.get(a.in("/users")).each("results", "username"), "bo@example.com")
	equal(t, a.get(a.in("/users?includeOrgUsers=true")).each("results", "username"), "ana@example.com bo@example.com")
}

func TestProjectTeams(t *testing.T) {
	a := acme(t)
	one := a.get(a.teams("/byName/platform")).at("id")
	two := a.post(a.teams(""), `{"name":"two","usernames":[]}`).at("id")
	role := func(id, role string) string { return `{"teamId":"` + id + `","roleNames":["` + role + `"]}` }
	unknown := strings.Repeat("0", 24)

	a.post(a.in("/teams"), `[`+role(one, "GROUP_OWNER")+`,`+role(unknown, "GROUP_OWNER")+`]`).want(404, "TEAM_NOT_FOUND")
	equal(t, a.get(a.in("/teams")).at("results"), "0")
	a.post(a.in("/teams"), role(one, "GROUP_OWNER")).want(400)
	a.post(a.in("/teams"), `[`+role(one, "GROUP_OWNER")+`]`).want(200)
	a.post(a.in("/teams"), `[`+role(one, "GROUP_OWNER")+`]`).want(409)
	equal(t, a.post(a.in("/teams"), `[`+role(two, "GROUP_OWNER")+`]`).want(200).each("results", "teamId"), one+" "+two)

	equal(t, a.post(a.in("/teams"), `[]`).want(200).at("results"), "2")
	a.patch(a.in("/teams/"+one), role(two, "GROUP_READ_ONLY")).want(400, "VALIDATION_ERROR")
	equal(t, a.patch(a.in("/teams/"+two), `{"roleNames":["GROUP_READ_ONLY"]}`).want(200).each("results", "roleNames.0"), "GROUP_OWNER GROUP_READ_ONLY")
	equal(t, a.patch(a.in("/teams/"+one), role(one, "GROUP_READ_ONLY")).want(200).at("results"), "2")
	equal(t, a.get(a.in("/teams/"+one)).at("roleNames.0"), "GROUP_READ_ONLY")
	a.get(a.in("/teams/" + unknown)).want(404)
}
