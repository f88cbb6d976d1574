package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

func texts(v any) []string {
	var out []string
	list, _ := v.([]any)
	for _, e := range list {
		out = append(out, e.(string))
	}
	return out
}

// naive finds who may do what in the raw answers.
func (c accessClient) naive() map[naiveRight]bool {
	out := map[naiveRight]bool{}
	everybody := "?orgMembershipStatuses=ACTIVE&orgMembershipStatuses=PENDING"
	orgs, groups := c.list("/orgs"), c.list("/groups")
	count := map[any]int{}
	for _, g := range groups {
		count[g["name"]]++
	}
	for _, o := range orgs {
		org := o["id"].(string)
		at := "org/" + o["name"].(string)
		project := map[string]string{} // addresses by id
		for _, g := range groups {
			if g["orgId"] == org {
				project[g["id"].(string)] = "project/" + g["name"].(string)
				if count[g["name"]] > 1 {
					project[g["id"].(string)] = at + "/project/" + g["name"].(string)
				}
			}
		}
		inOrg := func(name, kind, role string, pending bool) {
			out[naiveRight{name, kind, at, role, "own", "", pending}] = true
			for _, p := range project {
				switch role {
				case "ORG_OWNER":
					out[naiveRight{name, kind, p, "GROUP_OWNER", "organization", role, pending}] = true
				case "ORG_READ_ONLY":
					out[naiveRight{name, kind, p, "GROUP_READ_ONLY", "organization", role, pending}] = true
				}
			}
		}
		users := c.list("/orgs/" + org + "/users" + everybody)
		for _, u := range users {
			for _, role := range texts(u["roles"].(map[string]any)["orgRoles"]) {
				inOrg(u["username"].(string), "user", role, u["orgMembershipStatus"] == "PENDING")
			}
		}
		accounts := map[any]string{}
		for _, a := range c.list("/orgs/" + org + "/serviceAccounts") {
			accounts[a["clientId"]] = a["name"].(string)
			for _, role := range texts(a["roles"]) {
				inOrg(a["name"].(string), "serviceAccount", role, false)
			}
		}
		keys, named := map[any]string{}, map[any]int{}
		all := c.list("/orgs/" + org + "/apiKeys")
		for _, k := range all {
			named[k["desc"]]++
		}
		for _, k := range all {
			name := k["desc"].(string)
			if named[name] > 1 {
				name += " (" + k["id"].(string) + ")"
			}
			keys[k["id"]] = name
			for _, e := range k["roles"].([]any) {
				if role := e.(map[string]any); role["orgId"] == org {
					inOrg(name, "apiKey", role["roleName"].(string), false)
				}
			}
		}
		if o["name"] == "Acme" {
			for _, m := range c.list(c.mappings(org)) {
				for _, e := range m["roleAssignments"].([]any) {
					a := e.(map[string]any)
					role, name := a["role"].(string), m["externalGroupName"].(string)
					if a["orgId"] != nil {
						inOrg(name, "group", role, false)
					} else {
						out[naiveRight{name, "group", project[a["groupId"].(string)], role, "own", "", false}] = true
					}
				}
			}
		}
		teams := map[any]string{}
		for _, team := range c.list("/orgs/" + org + "/teams") {
			teams[team["id"]] = team["name"].(string)
		}
		for id, p := range project {
			for _, u := range c.list("/groups/" + id + "/users" + everybody + "&flattenTeams=false&includeOrgUsers=false") {
				for _, role := range texts(u["roles"]) {
					out[naiveRight{u["username"].(string), "user", p, role, "own", "", u["orgMembershipStatus"] == "PENDING"}] = true
				}
			}
			for _, team := range c.list("/groups/" + id + "/teams") {
				for _, role := range texts(team["roleNames"]) {
					name := teams[team["teamId"]]
					out[naiveRight{name, "team", p, role, "own", "", false}] = true
					for _, u := range users {
						if slices.Contains(texts(u["teamIds"]), team["teamId"].(string)) {
							out[naiveRight{u["username"].(string), "user", p, role, "team", name, u["orgMembershipStatus"] == "PENDING"}] = true
						}
					}
				}
			}
			for _, a := range c.list("/groups/" + id + "/serviceAccounts") {
				for _, role := range texts(a["roles"]) {
					out[naiveRight{accounts[a["clientId"]], "serviceAccount", p, role, "own", "", false}] = true
				}
			}
			for _, k := range c.list("/groups/" + id + "/apiKeys") {
				for _, e := range k["roles"].([]any) {
					if role := e.(map[string]any); role["groupId"] == id {
						out[naiveRight{keys[k["id"]], "apiKey", p, role["roleName"].(string), "own", "", false}] = true
					}
				}
			}
			for _, d := range c.list("/groups/" + id + "/databaseUsers") {
				name := d["databaseName"].(string) + "/" + d["username"].(string)
				for _, e := range d["roles"].([]any) {
					x := e.(map[string]any)
					role := strings.TrimRight(fmt.Sprintf("%v/%v/%s", x["roleName"], x["databaseName"], collection(x)), "/")
					scopes, _ := d["scopes"].([]any)
					if len(scopes) == 0 {
						out[naiveRight{name, "databaseUser", p, role, "own", "", false}] = true
					}
					for _, e := range scopes {
						s := e.(map[string]any)
						section := map[any]string{"CLUSTER": "clusters", "DATA_LAKE": "dataFederation"}[s["type"]]
						out[naiveRight{name, "databaseUser", p + "/" + section + "/" + s["name"].(string), role, "own", "", false}] = true
					}
				}
			}
		}
	}
	return out
}

func collection(role map[string]any) string {
	name, _ := role["collectionName"].(string)
	return url.PathEscape(name)
}
