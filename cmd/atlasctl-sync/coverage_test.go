package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestCoverage: of every kind, what an export writes is all that there is to govern;
// without it, what nobody governs is what the export would declare, by the same
// addresses; and the JSON satisfies its schema.
func TestCoverage(t *testing.T) {
	dir := t.TempDir()
	setSecrets(t, "../../examples")
	for _, files := range append(examples(t), "../../examples") { // one may be what another needs
		if code, _, errs := run(t, dir, "apply", "--auto-approve", files); code != exitOK && files == "../../examples" {
			t.Fatal(errs)
		}
	}
	schema := compile(t, "coverage.schema.json")
	number := func(v any) int {
		n, err := v.(json.Number).Int64()
		if err != nil {
			t.Error(err)
		}
		return int(n)
	}
	governs := func(want int, path string) []spec.Address {
		doc := check(t, schema, dir, want, "coverage", "--fail-under", "100%", path)
		var out []spec.Address
		governed := 0
		for _, scope := range doc["scopes"].([]any) {
			for _, k := range scope.(map[string]any)["kinds"].([]any) {
				m := k.(map[string]any)
				for _, a := range m["ungoverned"].([]any) {
					out = append(out, spec.Address(a.(string)))
				}
				governed += number(m["governed"])
			}
		}
		if s := doc["summary"].(map[string]any); number(s["governed"]) != governed || number(s["live"]) != governed+len(out) {
			t.Errorf("%s: %v, and the kinds say %v and %d", path, s, governed, len(out))
		}
		return out
	}
	for _, defaults := range []string{"--skip-defaults", "--skip-defaults=false"} {
		out := filepath.Join(t.TempDir(), "atlas")
		if code, _, errs := run(t, dir, "export", "-q", "--out", out, defaults); code != exitOK {
			t.Fatal(errs)
		}
		if left := governs(exitOK, out); len(left) > 0 {
			t.Errorf("%s left out %v", defaults, left)
		}
		state, diags := spec.Load(kinds.Catalog(), []string{out}, nil)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		names := map[spec.Address]bool{}
		of := map[string]bool{}
		for _, a := range governs(exitDifference, "../../examples/team.yaml") {
			names[a] = true
			r := state.Lookup(a)
			if r == nil { // of several of one key, files number them, and only ids tell which is which
				r = state.Lookup(a[:strings.LastIndex(string(a), "/")])
				if r == nil || !r.Kind.Paired {
					t.Errorf("%s is not what the export calls it", a)
					continue
				}
			}
			of[r.Kind.Name] = true
		}
		state.Resources(func(r *spec.Resource) {
			always := r.Kind.Singleton && r.Kind.Optional == nil || r.Kind.Given || r.Kind.Unset != nil
			if !names[r.Address] && !always && !r.Kind.Paired && r.Kind.Name != "Team" && r.Address != "org/Acme" && len(r.Kind.Create)+len(r.Kind.Update)+len(r.Kind.Delete) > 0 {
				t.Errorf("%s is live, and neither governed nor named", r.Address)
			}
		})
		if len(of) < len(kinds.Catalog().Kinds())/2 {
			t.Errorf("only of %d kinds", len(of))
		}
	}
	if slices.Contains(governs(exitDifference, "../../examples/team.yaml"), "org/Acme/teams/platform") {
		t.Error("a declared team is named")
	}
}
