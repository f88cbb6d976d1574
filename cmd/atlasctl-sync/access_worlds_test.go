package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
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

// TestAccessMatchesItsSchema: also where there is nothing to list.
func TestAccessMatchesItsSchema(t *testing.T) {
	schema := compile(t, "access.schema.json")
	dir := t.TempDir()
	for _, c := range []struct {
		want, rights int
		args         []string
	}{
		{0, 9, nil},
		{0, 0, []string{"--of", "nobody@example.com"}},
		{1, 0, []string{"--project", "nowhere"}},
	} {
		doc := check(t, schema, dir, c.want, append([]string{"access", "-f", "../../examples/organization.yaml", "-f", "../../examples/project.yaml"}, c.args...)...)
		if got := len(doc["rights"].([]any)); got != c.rights {
			t.Errorf("%v: %d rights, want %d", c.args, got, c.rights)
		}
	}
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
