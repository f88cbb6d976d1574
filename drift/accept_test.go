package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// An acceptance counts to the end of its last day, for what it names and what
// is below that, and for nothing else.
func TestAccept(t *testing.T) {
	accepted, diags := drift.ParseAccepted(spec.File{Name: "a.yaml", Text: "- {address: project/p/users, path: roles, class: changed, reason: r, until: 2026-12-31}\n"})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		now     string
		finding planner.Finding
		want    bool
	}{
		{"2026-12-31T23:59:59Z", planner.Finding{Address: "project/p/users/a", Path: "roles", Class: planner.Changed}, true},
		{"2027-01-01T00:00:00Z", planner.Finding{Address: "project/p/users/a", Path: "roles", Class: planner.Changed}, false},
		{"2026-06-01T00:00:00Z", planner.Finding{Address: "project/p/usersX/a", Path: "roles", Class: planner.Changed}, false},
		{"2026-06-01T00:00:00Z", planner.Finding{Address: "project/p/users/a", Path: "name", Class: planner.Changed}, false},
		{"2026-06-01T00:00:00Z", planner.Finding{Address: "project/p/users/a", Path: "roles", Class: planner.Missing}, false},
	} {
		findings := []planner.Finding{c.finding}
		drift.Accept(findings, accepted, at(c.now))
		if got := findings[0].Accepted != nil; got != c.want {
			t.Errorf("%s %+v: accepted %v", c.now, c.finding, got)
		}
		if drift.Failing(findings[0], nil) == c.want {
			t.Errorf("%s %+v: it is to fail only if it is not accepted", c.now, c.finding)
		}
	}
}

// Addresses and paths may be patterns: * is within one part, and what an entry
// covers is what it names and what is below.
func TestAcceptPatterns(t *testing.T) {
	for _, c := range []struct {
		address, path string
		finding       planner.Finding
		want          bool
	}{
		{"project/*-dev", "", planner.Finding{Address: "project/a-dev/users/x"}, true},
		{"project/*-dev", "", planner.Finding{Address: "project/a-prod/users/x"}, false},
		{"project/*/users/BO@*", "", planner.Finding{Address: "project/p/users/bo@example.com"}, true},
		{"project/*/users", "", planner.Finding{Address: "project/p"}, false},
		{"project/*", "", planner.Finding{Address: "org/p"}, false},
		{"project/p/users/b?", "", planner.Finding{Address: "project/p/users/bo"}, true},
		{"project/p/users/b?", "", planner.Finding{Address: "project/p/users/bob"}, false},
		{"project/p", "tags.*", planner.Finding{Address: "project/p", Path: "tags.env"}, true},
		{"project/p", "tags.*", planner.Finding{Address: "project/p", Path: "tagset"}, false},
		{"project/p", "*.specs[0].*", planner.Finding{Address: "project/p", Path: "a.specs[0].n"}, true},
		{"project/p", "specs[0]", planner.Finding{Address: "project/p", Path: "specs0"}, false},
		{"project/p", "specs[A/B]", planner.Finding{Address: "project/p", Path: "specs[A/B].nodes"}, true},
		{"project/p", "specs", planner.Finding{Address: "project/p", Path: "specs[A/B].nodes"}, true},
		{"project/p", "specs[A", planner.Finding{Address: "project/p", Path: "specs[A/B].nodes"}, false},
		{"project/p", "spec", planner.Finding{Address: "project/p", Path: "specs[A/B].nodes"}, false},
		{"project/p", "specs[*].nodes", planner.Finding{Address: "project/p", Path: "specs[A/B].nodes"}, true},
		{"project/p", "specs[A/B].n*", planner.Finding{Address: "project/p", Path: "specs[A/B].nodes"}, true},
		{`project/a\\*b`, "", planner.Finding{Address: "project/a*b"}, true},
		{`project/a\\*b`, "", planner.Finding{Address: "project/axb"}, false},
	} {
		text := "- {address: '" + strings.ReplaceAll(c.address, `\\`, `\`) + "', path: '" + c.path + "', reason: r, until: 2999-12-31}\n"
		accepted, diags := drift.ParseAccepted(spec.File{Name: "a.yaml", Text: text})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		findings := []planner.Finding{c.finding}
		left := drift.Accept(findings, accepted, time.Now())
		if got := findings[0].Accepted != nil; got != c.want || len(left) == 0 != c.want {
			t.Errorf("%s %s, %+v: accepted %v, %v", c.address, c.path, c.finding, got, left)
		}
	}
	if _, diags := drift.ParseAccepted(spec.File{Name: "a.yaml", Text: "- {address: 'project/a\\', reason: r, until: 2999-12-31}\n"}); !diags.HasErrors() {
		t.Error("a pattern that ends in a backslash is taken")
	}
}

// FuzzParseAccepted: no file makes the reader panic, and every error has a place.
func FuzzParseAccepted(f *testing.F) {
	for _, odd := range []string{"", "# nothing\n", "null", "[]", "- ", "- [a]", "- {address: }", "a: b", "- {address: x, reason: r, until: 2026-13-01}", "&a [*a]", "---\n---\n", "- {<<: {a: b}}"} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, text string) {
		accepted, diags := drift.ParseAccepted(spec.File{Name: "a.yaml", Text: text})
		for _, d := range diags {
			if d.Source.File == "" || d.Message == "" {
				t.Errorf("a diagnostic without a place or a message: %+v", d)
			}
		}
		for _, a := range accepted {
			if a == nil {
				t.Error("an entry that is none")
			}
		}
	})
}
