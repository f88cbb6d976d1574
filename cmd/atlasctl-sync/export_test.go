package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestExportThenPlan: of every kind, what is exported is what is there, and
// there is nothing to do about it.
func TestExportThenPlan(t *testing.T) {
	dir := t.TempDir()
	if code, _, errs := run(t, dir, "apply", "--auto-approve", "../../examples"); code != exitOK {
		t.Fatal(errs)
	}
	for _, k := range kinds.Catalog().Kinds() {
		for _, defaults := range []string{"--skip-defaults=false", "--skip-defaults"} {
			t.Run(k.Name+defaults, func(t *testing.T) {
				out := filepath.Join(t.TempDir(), "atlas")
				args := []string{"export", "--out", out, defaults}
				if !k.Document {
					args = append(args, "--kind", k.Name)
				}
				if code, _, errs := run(t, dir, args...); code != exitOK {
					t.Fatalf("exit code %d: %s", code, errs)
				}
				state, diags := spec.Load(kinds.Catalog(), []string{out}, nil)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				declared := 0
				state.Resources(func(r *spec.Resource) {
					if r.Kind.Name == k.Name {
						declared++
					}
				})
				if declared == 0 && !(k.Name == "ManagedSlowMs" && defaults == "--skip-defaults") {
					t.Error("nothing of it was exported")
				}
				code, text, errs := run(t, dir, "plan", "--detailed-exitcode", out)
				if code != exitOK || !strings.HasPrefix(text, "No changes.") {
					t.Errorf("exit code %d: %s%s", code, text, errs)
				}
			})
		}
	}
}
