package sandbox_test

import (
	"testing"
	"time"
)

func TestUserListsShowPresentUsersUnlessAskedForMore(t *testing.T) {
	a := acme(t)
	ana, gone := a.userID("ana"), a.userID("gone")
	for query, names := range map[string]string{
		"":                              "ana bo left cy",
		"?orgMembershipStatuses=ACTIVE": "ana bo left",
		"?orgMembershipStatus=PENDING":  "cy",
		"?username=bo@example.com":      "bo",
		"?username=BO@example.com":      "bo",
		"?orgMembershipStatuses=ACTIVE,PENDING,INVITATION_EXPIRED":                                            "ana bo left cy gone",
		"?orgMembershipStatuses=PENDING&orgMembershipStatuses=INVITATION_EXPIRED&username=gone%40example.com": "gone",
	} {
		var want string
		for i, name := range words(names) {
			if i > 0 {
				want += " "
			}
			want += name + "@example.com"
		}
		equal(t, a.get(a.users(query)).want(200).each("results", "username"), want)
	}
	a.get(a.users("?orgMembershipStatuses=AWAKE")).want(400)

	a.get(a.users("/"+gone)).want(404, "USER_NOT_FOUND")
	r := a.get(a.users("/" + gone + "?orgMembershipStatuses=INVITATION_EXPIRED")).want(200)
	equal(t, r.at("inviterUsername"), "ana@example.com")

	active := a.get(a.users("/" + ana)).want(200)
	equal(t, active.at("firstName")+" "+active.at("teamIds")+" "+active.at("roles.orgRoles.0"), "Ana 1 ORG_OWNER")
	equal(t, active.at("roles.groupRoleAssignments.0.groupId"), a.project)
}

func TestOldUserListHasTheOldShape(t *testing.T) {
	a := acme(t)
	r := a.do("GET", a.users("?username=ignored"), "", "Accept: application/vnd.atlas.2023-01-01+json").want(200)
	equal(t, r.each("results", "emailAddress"), "ana@example.com bo@example.com left@example.com")
	equal(t, r.each("results.0.roles", "roleName"), "ORG_OWNER GROUP_OWNER")
	a.do("DELETE", a.users("/"+a.userID("cy")), "", "Accept: application/vnd.atlas.2023-01-01+json").want(404)
}

func TestInvitations(t *testing.T) {
	a := acme(t)
	invite := func(name string) answer {
		return a.post(a.users(""), `{"username":"`+name+`@example.com","roles":{"orgRoles":["ORG_READ_ONLY"]}}`)
	}
	r := invite("new").want(201)
	equal(t, r.at("orgMembershipStatus"), "PENDING")
	equal(t, r.at("invitationExpiresAt"), "2026-01-31T12:00:00Z")
	invite("new").want(409)
	invite("cy").want(409)
	invite("ana").want(409)

	before := a.userID("gone")
	if after := invite("gone").want(201).at("id"); after == before {
		t.Error("a lapsed invitation should be replaced")
	}
	a.clock.advance(31 * 24 * time.Hour)
	a.client = a.login(a.server.Credentials().ClientID, a.server.Credentials().ClientSecret)
	equal(t, a.get(a.users("?orgMembershipStatuses=PENDING")).at("results"), "0")
	equal(t, a.get(a.users("?orgMembershipStatuses=INVITATION_EXPIRED")).at("results"), "3")
}

func TestInvitingWithProjectsAndTeams(t *testing.T) {
	a := acme(t)
	team := a.get(a.teams("/byName/platform")).at("id")
	r := a.post(a.users(""), `{"username":"new@example.com","teamIds":["`+team+`"],"roles":{"orgRoles":["ORG_MEMBER"],
		"groupRoleAssignments":[{"groupId":"`+a.project+`","groupRoles":["GROUP_OWNER"]}]}}`).want(201)
	equal(t, r.at("teamIds.0"), team)
	equal(t, a.get(a.in("/users/"+r.at("id"))).want(200).at("roles.0"), "GROUP_OWNER")

	a.patch(a.users("/"+r.at("id")), `{"teamIds":[],"roles":{"orgRoles":["ORG_READ_ONLY"],"groupRoleAssignments":[]}}`).want(200)
	a.get(a.in("/users/" + r.at("id"))).want(404)
	a.patch(a.users("/"+r.at("id")), `{"teamIds":["`+a.project+`"]}`).want(404, "TEAM_NOT_FOUND")
}

func TestAUserAlwaysKeepsARole(t *testing.T) {
	a := acme(t)
	for _, c := range []struct{ user, role, field, first, second string }{
		{a.users("/" + a.userID("bo")), "ORG_MEMBER", "orgRole", "ORG_READ_ONLY", "roles.orgRoles"},
		{a.in("/users/" + a.userID("bo")), "GROUP_READ_ONLY", "groupRole", "GROUP_OWNER", "roles"},
	} {
		role := func(name string) string { return `{"` + c.field + `":"` + name + `"}` }
		a.post(c.user+":removeRole", role(c.role)).want(400)
		a.post(c.user+":removeRole", role(c.first)).want(400)
		equal(t, a.post(c.user+":addRole", role(c.first)).want(200).at(c.second), "2")
		a.post(c.user+":addRole", role(c.first)).want(409)
		equal(t, a.post(c.user+":removeRole", role(c.role)).want(200).at(c.second+".0"), c.first)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	a := acme(t)
	ana := a.users("/" + a.userID("ana"))
	a.post(ana+":addRole", `{"orgRole":"ORG_MEMBER"}`).want(200)
	a.post(ana+":removeRole", `{"orgRole":"ORG_OWNER"}`).want(403, "CANNOT_DEMOTE_LAST_ORG_OWNER")
	a.patch(ana, `{"roles":{"orgRoles":["ORG_MEMBER"]}}`).want(403, "CANNOT_DEMOTE_LAST_ORG_OWNER")
	a.delete(ana).want(403, "CANNOT_DEMOTE_LAST_ORG_OWNER")

	a.post(a.users("/"+a.userID("bo")+":addRole"), `{"orgRole":"ORG_OWNER"}`).want(200)
	a.delete(ana).want(204)
	equal(t, a.get(a.teams("/"+a.get(a.teams("/byName/platform")).at("id")+"/users")).at("results"), "0")
	equal(t, a.get(a.in("/users")).each("results", "username"), "bo@example.com")
}

func TestTeamMembers(t *testing.T) {
	a := acme(t)
	for name, status := range map[string]int{"bo": 200, "cy": 400, "gone": 400, "nobody": 400} {
		r := a.post(a.teams(""), `{"name":"with `+name+`","usernames":["`+name+`@example.com"]}`).want(status)
		if status == 400 {
			r.want(400, "USER_NOT_IN_ORG")
		}
	}
	team := a.teams("/" + a.post(a.teams(""), `{"name":"t","usernames":[]}`).want(200).at("id"))
	user := func(name string) string { return `{"id":"` + a.userID(name) + `"}` }
	equal(t, a.post(team+":addUser", user("cy")).want(200).at("username"), "cy@example.com")
	a.post(team+":addUser", user("gone")).want(400, "USER_NOT_IN_ORG")
	equal(t, a.get(team+"/users").want(200).each("results", "username"), "cy@example.com")
	a.post(team+":removeUser", user("cy")).want(200)
	a.post(team+":removeUser", user("cy")).want(400)
}

func TestTeamNamesAndDeletion(t *testing.T) {
	a := acme(t)
	a.post(a.teams(""), `{"name":"platform","usernames":[]}`).want(409)
	id := a.post(a.teams(""), `{"name":"t","usernames":[]}`).want(200).at("id")
	a.patch(a.teams("/"+id), `{"name":"platform"}`).want(409)
	a.patch(a.teams("/"+id), `{"name":"u"}`).want(200)
	equal(t, a.get(a.teams("/"+id)).want(200).at("name"), "u")

	a.post(a.in("/teams"), `[{"teamId":"`+id+`","roleNames":["GROUP_OWNER"]}]`).want(200)
	a.delete(a.teams("/"+id)).want(400, "CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT")
	a.delete(a.in("/teams/" + id)).want(204)
	a.delete(a.teams("/" + id)).want(204)
	a.get(a.teams("/"+id)).want(404, "TEAM_NOT_FOUND")
}
