package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mongodb-forks/digest"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A naiveRight is a role that the test finds in what the emulator answers, by
// its own reading of the API and without any code of the program's.
type naiveRight struct {
	principal, kind, target, role string
	by, via                       string
	pending                       bool
}

// TestAccessWorlds: access lists what follows from the raw answers, in worlds
// drawn at random; and what a plan says of access is how these differ before and
// after its apply.
func TestAccessWorlds(t *testing.T) {
	few(t, 40)
	planned, changes := 0, 0
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		w := drawAccess(r)
		server, base, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Seed: []byte(w.seed), Tap: exchanges.Tap})
		if err != nil {
			r.Fatal(err, "\n", w.seed)
		}
		defer stop()
		c := accessClient{chaosClient{r, server, base}}
		c.plant()
		before := c.naive()
		c.compare(before)

		file := filepath.Join(dir, "files.yaml")
		if err := os.WriteFile(file, []byte(w.files), 0o600); err != nil {
			r.Fatal(err)
		}
		most := []string{"--max-deletes", "1000", "--allow", "last-owner,own-credentials", "--resend-invitations"}
		code, out := c.sync(append([]string{"plan", "-o", "json", "-f", file}, most...)...)
		if code != 0 {
			return // the drawn files contradict each other, or Atlas
		}
		var plan struct {
			Access []accessChange
			Unread []string `json:"accessUnread"`
		}
		if err := json.Unmarshal([]byte(out), &plan); err != nil {
			r.Fatal(err)
		}
		if code, out := c.sync(append([]string{"apply", "-q", "--auto-approve", "-f", file}, most...)...); code != 0 {
			r.Fatalf("exit code %d\n%s\n%s", code, out, w.files)
		}
		after := c.naive()
		c.compare(after)
		planned++
		want, got := differences(before, after), told(plan.Access)
		changes += len(want)
		if !maps.Equal(want, got) {
			r.Fatalf("the plan says of access\n%s\nand it was\n%s\n%s\n%s", lines(got), lines(want), w.seed, w.files)
		}
	})
	if planned < 10 || changes < planned {
		t.Errorf("only %d plans with %d changes", planned, changes)
	}
	t.Logf("%d plans, %d changes of access", planned, changes)
}

type accessChange struct {
	Principal, PrincipalKind string
	Before, After, Targets   []string
	Ways                     []struct{ By, Name, Role string }
	Pending                  bool
}

// told spells each change that a plan tells, by whose it is and where.
func told(all []accessChange) map[string]string {
	out := map[string]string{}
	for _, c := range all {
		var ways []string
		for _, w := range c.Ways {
			ways = append(ways, w.By+" "+w.Name+w.Role)
		}
		slices.Sort(ways)
		for _, target := range c.Targets {
			out[c.PrincipalKind+" "+c.Principal+" in "+target] = fmt.Sprintf("%v -> %v by %q, pending %v", c.Before, c.After, ways, c.Pending)
		}
	}
	return out
}

// differences spells how the roles of everybody differ in each place.
func differences(before, after map[naiveRight]bool) map[string]string {
	roles := func(all map[naiveRight]bool) map[string]map[string][]naiveRight {
		out := map[string]map[string][]naiveRight{}
		for n := range all {
			// The files declare one project of that name.
			at := n.kind + " " + n.principal + " in " + n.target
			if below, ok := strings.CutPrefix(n.target, "org/Acme/project/"); ok {
				at = n.kind + " " + n.principal + " in project/" + below
			}
			if out[at] == nil {
				out[at] = map[string][]naiveRight{}
			}
			out[at][n.role] = append(out[at][n.role], n)
		}
		return out
	}
	was, is := roles(before), roles(after)
	out := map[string]string{}
	for _, at := range slices.Concat(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(is))) {
		x, y := slices.Sorted(maps.Keys(was[at])), slices.Sorted(maps.Keys(is[at]))
		if slices.Equal(x, y) {
			continue
		}
		var ways []string
		pending := false
		add := func(from, without map[string][]naiveRight) {
			for role, rights := range from {
				for _, n := range rights {
					if without[role] == nil {
						ways = append(ways, n.by+" "+n.via)
					}
				}
			}
		}
		add(was[at], is[at])
		add(is[at], was[at])
		for _, rights := range is[at] {
			pending = rights[0].pending
		}
		slices.Sort(ways)
		out[at] = fmt.Sprintf("%v -> %v by %q, pending %v", x, y, slices.Compact(ways), pending)
	}
	return out
}

func lines(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+": "+m[k])
	}
	return strings.Join(out, "\n")
}

type accessClient struct{ chaosClient }

// compare holds what access prints against what the test found.
func (c accessClient) compare(want map[naiveRight]bool) {
	empty, err := os.MkdirTemp("", "empty")
	if err != nil {
		c.r.Fatal(err)
	}
	defer os.RemoveAll(empty)
	code, out := c.sync("access", "-o", "json", "-f", c.everything(empty))
	var doc struct {
		Rights []struct {
			Principal, PrincipalKind, Target, Role string
			Way                                    struct{ By, Name, Role string }
			Pending                                bool
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		c.r.Fatalf("exit code %d: %v\n%s", code, err, out)
	}
	got := map[naiveRight]bool{}
	var order []string
	for _, x := range doc.Rights {
		got[naiveRight{x.Principal, x.PrincipalKind, x.Target, x.Role, x.Way.By, x.Way.Name + x.Way.Role, x.Pending}] = true
		order = append(order, strings.Join([]string{x.Principal, x.PrincipalKind, x.Target, x.Role}, "\x00"))
	}
	if !slices.IsSorted(order) {
		c.r.Fatal("access is not in order")
	}
	for n := range want {
		if !got[n] {
			c.r.Errorf("access lacks %+v", n)
		}
	}
	for n := range got {
		if !want[n] {
			c.r.Errorf("access has %+v, which nobody gave", n)
		}
	}
	if c.r.Failed() {
		c.r.FailNow()
	}
}

// everything is a file that names all organizations and projects and nothing in
// them.
func (c accessClient) everything(dir string) string {
	var b strings.Builder
	for _, o := range c.list("/orgs") {
		fmt.Fprintf(&b, "---\napiVersion: atlasctl-sync/v1\nkind: Organization\nname: %v\n", o["name"])
	}
	for _, g := range c.list("/groups") {
		fmt.Fprintf(&b, "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: %v\nid: %v\norganization: %v\n", g["name"], g["id"], c.get("/orgs/" + g["orgId"].(string))["name"])
	}
	file := filepath.Join(dir, "all.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		c.r.Fatal(err)
	}
	return file
}

// plant adds what a seed has no words for: users of databases, and groups of an
// identity provider.
func (c accessClient) plant() {
	groups := c.list("/groups")
	for i, g := range groups {
		for n := range rapid.IntRange(0, 2).Draw(c.r, fmt.Sprint("database users ", i)) {
			scopes := rapid.SampledFrom([]string{`[]`, `[{"name": "c1", "type": "CLUSTER"}]`, `[{"name": "c1", "type": "CLUSTER"}, {"name": "lake", "type": "DATA_LAKE"}]`}).Draw(c.r, "scopes")
			c.post("/groups/"+g["id"].(string)+"/databaseUsers", fmt.Sprintf(`{"groupId": %q, "databaseName": "$external", "awsIAMType": "USER", "username": "arn:aws:iam::123456789012:user/d%d",
				"roles": [{"roleName": "read", "databaseName": "a", "collectionName": "c"}, {"roleName": "readWrite", "databaseName": "b"}], "scopes": %s}`, g["id"], n, scopes))
		}
	}
	for _, o := range c.list("/orgs") {
		org := o["id"].(string)
		if o["name"] != "Acme" || !rapid.Bool().Draw(c.r, "mapping") {
			continue
		}
		assigned := fmt.Sprintf(`{"orgId": %q, "role": %q}`, org, rapid.SampledFrom(orgRoleNames).Draw(c.r, "mapped"))
		for _, g := range groups {
			if g["orgId"] == org && rapid.Bool().Draw(c.r, "mapped too") {
				assigned += fmt.Sprintf(`, {"groupId": %q, "role": "GROUP_OWNER"}`, g["id"])
			}
		}
		c.post(c.mappings(org), fmt.Sprintf(`{"externalGroupName": "sre", "roleAssignments": [%s]}`, assigned))
	}
}

// mappings is where an organization's role mappings are; "" without federation.
func (c accessClient) mappings(org string) string {
	federation := c.get("/orgs/" + org + "/federationSettings")
	return fmt.Sprintf("/federationSettings/%v/connectedOrgConfigs/%s/roleMappings", federation["id"], org)
}

func (c accessClient) post(path, body string) {
	own := c.server.Credentials()
	client := &http.Client{Transport: digest.NewTransport(own.PublicKey, own.PrivateKey)}
	resp, err := client.Post(c.url+"/api/atlas/v2"+path, "application/json", strings.NewReader(body))
	if err != nil {
		c.r.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode >= 300 {
		c.r.Fatalf("POST %s: %d %s", path, resp.StatusCode, answer)
	}
}

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
