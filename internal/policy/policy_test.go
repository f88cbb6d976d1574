package policy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/policy"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const project = `
---
apiVersion: atlasctl-sync/v1
kind: Project
name: shop
organization: Acme
tags: {env: prod}
ipAccessList:
  - {cidrBlock: 0.0.0.0/0, comment: all}
databaseUsers:
  - {username: App@example.com, password: {fromEnv: APP_PASSWORD}, roles: [{roleName: read, databaseName: shop}]}
users:
  - {username: Ana@example.com, roles: [GROUP_OWNER]}
`

// loaded loads a policy of some rules beside a project, and compiles it.
func loaded(t testing.TB, rules string) *spec.State {
	t.Helper()
	state, diags := spec.Load(kinds.Catalog(), []string{"-"}, strings.NewReader("apiVersion: atlasctl-sync/v1\nkind: Policy\nrules:\n"+rules+project))
	if err := append(diags, state.CompilePolicies()...).Err(); err != nil {
		t.Fatal(err)
	}
	return state
}

func day(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// TestUntil: an exemption counts until the end of its last day, UTC, so that a saved
// plan is refused once that has passed.
func TestUntil(t *testing.T) {
	state := loaded(t, `
  - name: closed
    match: {kind: IPAccessList}
    cel: self.cidrBlock != "0.0.0.0/0"
    message: closed
    exempt: [{address: project/shop/ipAccessList/0.0.0.0%2F0, reason: a trial, until: 2027-01-31}]
`)
	for now, broken := range map[string]int{"2027-01-31T23:59:59Z": 0, "2027-02-01T00:00:00Z": 1, "2027-01-31T23:59:59-02:00": 1} {
		result := policy.Check(state, nil, day(now))
		if n := result.Counts[0]; n.Broken != broken || n.Exempt != 1-broken || (result.Violation() != nil) != (broken > 0) {
			t.Errorf("at %s: %+v", now, n)
		}
	}
}

// TestExemptionsSpelling: usernames compare without case, and a part can be a pattern;
// a pattern reaches no further than its part.
func TestExemptionsSpelling(t *testing.T) {
	for address, exempt := range map[string]int{
		"project/shop/users/ana@EXAMPLE.com": 1, "project/*/users/*": 1, "project/shop/*": 0, "project/shop/users": 0,
	} {
		state := loaded(t, "  - {name: none, match: {kind: ProjectUser}, cel: 'false', message: none, exempt: [{address: \""+address+"\", reason: x}]}\n")
		result := policy.Check(state, nil, time.Now())
		if n := result.Counts[0]; n.Exempt != exempt || n.Met != 1 {
			t.Errorf("%s: %+v", address, n)
		}
		if warned := len(result.Diagnostics) > 1-exempt; warned == (exempt == 1) {
			t.Errorf("%s: %v", address, result.Diagnostics)
		}
	}
}

// TestNoSecrets: whatever a rule makes of a secret, neither its text nor where it is
// kept gets there.
func TestNoSecrets(t *testing.T) {
	state := loaded(t, `
  - {name: resource, match: {kind: DatabaseUser}, cel: 'self.password == "(sensitive)" && !("fromEnv" in dyn(self.password))', message: x}
  - {name: step, on: step, cel: 'step.changes.all(c, c.before == "(sensitive)" && c.after == "(sensitive)" && c.added.size() == 0)', message: x}
`)
	user := state.Lookup("project/shop/databaseUsers/admin/App@example.com")
	if user == nil {
		t.Fatal("the user is not declared")
	}
	plan := &planner.Plan{Steps: []*planner.Step{{Address: user.Address, Kind: user.Kind.Name, Action: planner.Update, Resource: user,
		Changes: []planner.Change{
			{Path: "password", Before: "old text", After: user.Values["password"], Sensitive: true},
			{Path: "password", Before: user.Values["password"], After: user.Values["password"]},
		}}}}
	result := policy.Check(state, plan, time.Now())
	for _, d := range result.Diagnostics {
		if strings.Contains(d.Hint, "APP_PASSWORD") || strings.Contains(d.Hint, "old text") {
			t.Errorf("a secret is told: %s", d.Hint)
		}
		if d.Rule == "step" {
			t.Error(d)
		}
	}
}

// FuzzPolicy: no policy makes the loader, the compiler or an evaluation panic, and all
// that is wrong with it has a place.
func FuzzPolicy(f *testing.F) {
	files, err := filepath.Glob("../../examples/policies/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no policies to start from", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	const head = "apiVersion: atlasctl-sync/v1\nkind: Policy\nrules:\n"
	for _, odd := range []string{
		head + "- &a {name: a, cel: true, message: *a}", head + "- {<<: *x}", head + "- {name: [], cel: {}, message: null, match: x, exempt: {a: b}, at: 1}",
		head + "- {name: a, cel: \"\\tself.\\u00e9 ==\", message: b}", head + "- name: a\n  message: b\n  cel: >-\n    self\n     .x\n\n    == 1",
		head + "- {name: a, cel: 'self.x.map(a, a.map(b, b)).size() > scope.name', message: b}", head + "- {name: a, on: step, cel: '!step', message: b}",
		head + "- {name: a, cel: 'self.comment.matches(\"(\")', match: {kind: IPAccessList}, message: b}", head + "- {name: a, cel: '1/0 == 1', message: b}",
		head + "- {name: a, cel: 'has(sections.x.y) || parent.a[\"b\"]', message: b, at: a..b, match: {kind: [Project, Cluster], tags: {a: b}}}",
	} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, text string) {
		state, diags := spec.Load(kinds.Catalog(), []string{"-"}, strings.NewReader(text+project))
		if !diags.HasErrors() {
			diags = append(diags, state.CompilePolicies()...)
		}
		if !diags.HasErrors() {
			result := policy.Check(state, &planner.Plan{}, day("2027-01-01T00:00:00Z"))
			result.Violation()
			diags = append(diags, result.Diagnostics...)
		}
		for _, d := range diags {
			if d.Source.File == "" || d.Message == "" {
				t.Errorf("a diagnostic without a place or a message: %+v", d)
			}
		}
	})
}
