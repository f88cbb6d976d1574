package planner_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const (
	orgID = "aaaaaaaaaaaaaaaaaaaaaaaa"
	accID = "mdb_sa_id_bbbbbbbbbbbbbbbbbbbbbbbb"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// plan loads a document and plans it against one organization, Acme, that
// holds what the lists say: JSON by kind.
func plan(t *testing.T, file string, lists map[string]string, edit ...func(*planner.Options)) *planner.Plan {
	t.Helper()
	c := kinds.Catalog()
	state, diags := spec.Load(c, []string{"-"}, strings.NewReader(file))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	live := planner.NewLive(c, state)
	set := func(kind string, params planner.Params, text string) {
		if err := live.Set(c.Kind(kind), params, items(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	set("Organization", planner.Params{}, fmt.Sprintf(`[{"id":"%s","name":"Acme"}]`, orgID))
	set("Project", planner.Params{}, `[]`)
	for _, k := range c.Children(c.Kind("Organization")) {
		text, told := lists[k.Name]
		if !told {
			text = "[]"
		}
		if text != "" { // else it was not read
			set(k.Name, planner.Params{"orgId": orgID}, text)
		}
	}
	opts := planner.Options{Now: now, MaxDeletes: planner.DefaultCeiling}
	for _, e := range edit {
		e(&opts)
	}
	return planner.Make(c, state, live, opts)
}

func items(t *testing.T, text string) []any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var out []any
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err, text)
	}
	return out
}

// told lists the steps: action, address, requests.
func told(p *planner.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		line := string(s.Action) + " " + string(s.Address)
		for _, r := range s.Requests {
			path := strings.TrimPrefix(r.Path, "/api/atlas/v2/orgs/"+orgID)
			line += "; " + r.Method + " " + strings.TrimPrefix(path, "/serviceAccounts/"+accID)
		}
		out = append(out, line)
	}
	return out
}

func expect(t *testing.T, p *planner.Plan, want ...string) {
	t.Helper()
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	if diff := cmp.Diff(want, told(p)); diff != "" {
		t.Error(diff)
	}
}

const head = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"

func user(id, name, role, teams string) string {
	return fmt.Sprintf(`{"id":"%024s","username":"%s@x.org","orgMembershipStatus":"ACTIVE","roles":{"orgRoles":["%s"]},"teamIds":[%s]}`, id, name, role, teams)
}

// Creates and updates first, the referenced before those that refer; deletes
// last, in reverse.
func TestOrder(t *testing.T) {
	team := `"00000000000000000000000t"`
	p := plan(t, head+`
teams:
  - {name: new, members: [dee@x.org]}
  - {name: old, state: absent}
users:
  - {username: dee@x.org, roles: [ORG_MEMBER]}
  - {username: bo@x.org, state: absent}
`, map[string]string{
		"OrganizationUser": "[" + user("1", "bo", "ORG_MEMBER", team) + "]",
		"Team":             `[{"id":` + team + `,"name":"old"}]`,
	})
	expect(t, p,
		"create org/Acme/users/dee@x.org; POST /users",
		"create org/Acme/teams/new; POST /teams; POST /teams/{teamId}:addUser",
		"delete org/Acme/teams/old; DELETE /teams/00000000000000000000000t",
		"delete org/Acme/users/bo@x.org; DELETE /users/000000000000000000000001",
	)
	if diff := cmp.Diff([]spec.Address{"org/Acme/users/dee@x.org"}, p.Steps[1].Needs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]spec.Address{"org/Acme/**"}, p.Steps[2].Needs); diff != "" {
		t.Error(diff)
	}
	body, _ := json.Marshal(p.Steps[1].Requests[1].Body)
	if string(body) != `{"id":{"$ref":{"step":"org/Acme/users/dee@x.org","pointer":"/id"}}}` {
		t.Error(string(body))
	}
}

// A plan is a function of its inputs: the same every time.
func TestPlansAreDeterministic(t *testing.T) {
	var first string
	for range 20 {
		p := plan(t, head+"prune: [users]\nusers: []\nteams: [{name: a}, {name: b}]\n", map[string]string{
			"OrganizationUser": "[" + user("1", "bo", "ORG_MEMBER", "") + "," + user("2", "cy", "ORG_MEMBER", "") + "," + user("3", "ana", "ORG_OWNER", "") + "]",
			"Team":             `[{"id":"x","name":"c"},{"id":"y","name":"d"}]`,
		})
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(data)
		}
		if string(data) != first {
			t.Fatal("it differs:\n" + string(data) + "\n" + first)
		}
	}
}

func TestGuards(t *testing.T) {
	users := map[string]string{"OrganizationUser": "[" + user("1", "bo", "ORG_MEMBER", "") + "," + user("2", "cy", "ORG_MEMBER", "") + "," + user("3", "ana", "ORG_OWNER", "") + "]"}
	prune := head + "prune: [users]\nusers: [{username: ana@x.org, roles: [ORG_OWNER]}]\n"
	for _, c := range []struct {
		name, file string
		ceiling    planner.Ceiling
		want       string
		allow      []string
	}{
		{"below the ceiling", prune, planner.Ceiling{N: 2}, "", nil},
		{"above it", prune, planner.Ceiling{N: 1}, "max-deletes", nil},
		{"in percent", prune, planner.Ceiling{N: 60, Percent: true}, "max-deletes", nil},
		{"enough percent", prune, planner.Ceiling{N: 67, Percent: true}, "", nil},
		{"removed members count", head + "users: [{username: bo@x.org, roles: [ORG_OWNER]}]\n", planner.Ceiling{}, "max-deletes", nil},
		{"protected", prune + "protect: [users/CY@x.org, users/cy@x.org]\n", planner.Ceiling{N: 9}, "protect", nil},
		{"a protected section", prune + "protect: [users]\n", planner.Ceiling{N: 9}, "protect", nil},
		{"the last owner goes", head + "users: [{username: ana@x.org, state: absent}]\n", planner.Ceiling{N: 9}, "last-owner", nil},
		{"the last owner becomes a member", head + "users: [{username: ana@x.org, roles: [ORG_MEMBER]}]\n", planner.Ceiling{N: 9}, "last-owner", nil},
		{"and that is allowed", head + "users: [{username: ana@x.org, roles: [ORG_MEMBER]}]\n", planner.Ceiling{N: 9}, "", []string{"last-owner"}},
		{"another becomes owner", head + "users: [{username: ana@x.org, state: absent}, {username: bo@x.org, roles: [ORG_OWNER]}]\n", planner.Ceiling{N: 9}, "", nil},
		{"somebody is invited as owner", head + "users: [{username: ana@x.org, state: absent}, {username: new@x.org, roles: [ORG_OWNER]}]\n", planner.Ceiling{N: 9}, "last-owner", nil},
		{"others go", head + "users: [{username: cy@x.org, state: absent}]\n", planner.Ceiling{N: 9}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plan(t, c.file, users, func(o *planner.Options) { o.MaxDeletes, o.AllowGuards = c.ceiling, c.allow })
			got := ""
			if len(p.Violations) > 0 {
				got = p.Violations[0].Guard
			}
			if got != c.want {
				t.Errorf("%q, want %q: %v", got, c.want, p.Violations)
			}
		})
	}
}

// An organization loses nothing before its projects have what they need.
func TestOrganizationsLoseLast(t *testing.T) {
	p := plan(t, head+"users: [{username: bo@x.org, state: absent}]\n---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: p\norganization: Acme\n",
		map[string]string{"OrganizationUser": "[" + user("1", "bo", "ORG_MEMBER", "") + "," + user("2", "ana", "ORG_OWNER", "") + "]"})
	if len(p.Steps) != 2 {
		t.Fatal(told(p))
	}
	if diff := cmp.Diff([]spec.Address{"project/p/**"}, p.Steps[1].Needs); diff != "" {
		t.Error(diff)
	}
}

// An expired invitation is no owner.
func TestLapsedOwner(t *testing.T) {
	lapsed := strings.Replace(user("2", "gone", "ORG_OWNER", ""), "ACTIVE", "INVITATION_EXPIRED", 1)
	p := plan(t, head+"users: [{username: ana@x.org, state: absent}]\n", map[string]string{"OrganizationUser": "[" + user("3", "ana", "ORG_OWNER", "") + "," + lapsed + "]"})
	if len(p.Violations) != 1 || p.Violations[0].Guard != "last-owner" {
		t.Error(p.Violations)
	}
}

// An account whose secrets calls could not name safely is refused with the list.
func TestSecretsWithoutAnID(t *testing.T) {
	c := kinds.Catalog()
	for _, id := range []string{`"id":"",`, `"id":"..",`, `"id":null,`, ``} {
		live := planner.NewLive(c, &spec.State{})
		err := live.Set(c.Kind("OrganizationServiceAccount"), planner.Params{"orgId": orgID}, items(t, `[{"clientId":"`+accID+`","name":"a","secrets":[{`+id+`"createdAt":"2026-01-01T00:00:00Z"}]}]`))
		if err == nil || !strings.Contains(err.Error(), "/serviceAccounts: entry 1 of the list: secrets 1: the secretId") {
			t.Error(id, err)
		}
	}
}
