package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestExportThenPlan: of every kind, what is exported is what is there, and
// there is nothing to do about it.
func TestExportThenPlan(t *testing.T) {
	dir := t.TempDir()
	setSecrets(t, "../../examples")
	for _, files := range append(examples(t), "../../examples") { // one may be what another needs
		if code, _, errs := run(t, dir, "apply", "--auto-approve", files); code != exitOK && files == "../../examples" {
			t.Fatal(errs)
		}
	}
	for _, k := range kinds.Catalog().Kinds() {
		for _, defaults := range []string{"--skip-defaults=false", "--skip-defaults", "--ids"} {
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

// TestFileNames: whatever a project is called, its file is one that every
// system can hold, that is read, and that no other project has.
func TestFileNames(t *testing.T) {
	taken := map[string]bool{}
	project := kinds.Catalog().Kind("Project")
	for _, c := range []struct{ name, want string }{
		{"payments", "payments"}, {"Payments", "Payments-2"}, {".", "_"}, {"..", "_-2"}, {".x", "x"}, {"x.", "x-2"},
		{"con", "_con"}, {"Aux.prod", "_Aux.prod"}, {"COM¹", "_COM¹"}, {"lpt9", "_lpt9"}, {"console", "console"},
		{"a/b", "a_b"}, {`a\b`, "a_b-2"}, {"a:b", "a_b-3"}, {"ünï", "ünï"}, {"ÜNÏ", "ÜNÏ-2"}, {"", "_-3"},
		{strings.Repeat("é", 300), strings.Repeat("é", 100)}, {strings.Repeat("x", 199) + "..yy", strings.Repeat("x", 199)},
	} {
		got := fileName(&export.Document{Kind: project, Name: c.name, Organization: "Acme"}, false, taken)
		if got != "projects/"+c.want+".yaml" {
			t.Errorf("%q: %s, not %s", c.name, got, c.want)
		}
		if !spec.IsDeclared(got) || !filepath.IsLocal(filepath.FromSlash(got)) {
			t.Errorf("%q: %s is not read", c.name, got)
		}
	}
	if got := fileName(&export.Document{Kind: project, Name: "x", Organization: ".."}, true, taken); got != "_/projects/x.yaml" {
		t.Error(got)
	}
}
