package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// What an undo leaves of the examples, and why. The receipt says so of each but of the
// networks, which Atlas makes for clusters.
var stays = []string{
	"org/Acme/serviceAccounts/",           // it was made in a project, and stays in the organization
	"/networkContainers/",                 // Atlas makes them, and keeps them
	"project/payments/streamVpcPeerings/", // somebody else asked for it
}

// TestUndoOfTheExamples: each example that was applied is taken back by its receipt, and
// all of them together are: then the files that were exported before say all that there
// is, and an undo more has nothing to do.
func TestUndoOfTheExamples(t *testing.T) {
	schema := compile(t, "report.schema.json")
	own := filepath.Join(t.TempDir(), "examples") // other tests deliver secrets to those of the repository
	if err := os.CopyFS(own, os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	setSecrets(t, own)
	paths := []string{own}
	for _, path := range examples(t) {
		paths = append(paths, filepath.Join(own, filepath.Base(path)))
	}
	paths = append(paths, filepath.Join(own, "tasks", "regulated_project.yaml"))
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir, files := t.TempDir(), t.TempDir()
			prepareFor(t, schema, dir, own, path)
			before, kept := filepath.Join(files, "before"), filepath.Join(files, "receipt.json")
			must(t, dir, 0, "export", "-q", "--out", before)
			must(t, dir, 0, "apply", "-q", "--auto-approve", "--max-deletes", "100", "--receipt", kept, path)
			if _, err := os.Stat(kept); err != nil {
				return // there was nothing to do
			}
			unprotect(t, dir)
			undo := []string{"undo", "-q", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner", kept}
			out := must(t, dir, 0, undo...)
			for range 3 { // what held something goes after it
				if out = must(t, dir, 0, undo...); strings.Contains(out, "No changes.") {
					break
				}
			}
			if !strings.Contains(out, "No changes.") {
				t.Errorf("the undo does not end: %s", out)
			}
			if out := must(t, dir, 0, "plan", "--detailed-exitcode", before); !strings.Contains(out, "No changes.") {
				t.Errorf("not as before: %s", out)
			}
			doc := check(t, schema, dir, 0, "drift", "--unmanaged", "all", before)
			for _, f := range doc["findings"].([]any) {
				f := f.(map[string]any)
				address := f["address"].(string)
				if f["class"] == "unmanaged" && !slices.ContainsFunc(stays, func(s string) bool { return strings.Contains(address, s) }) {
					t.Errorf("%s is still there", address)
				}
			}
		})
	}
}

// TestUndoOfTheUndo: an undo is undone by its receipt in turn, and then all is as it was
// applied, but for what that receipt says.
func TestUndoOfTheUndo(t *testing.T) {
	schema := compile(t, "report.schema.json")
	own := filepath.Join(t.TempDir(), "examples")
	if err := os.CopyFS(own, os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	setSecrets(t, own)
	for _, path := range examples(t) {
		path = filepath.Join(own, filepath.Base(path))
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir, files := t.TempDir(), t.TempDir()
			prepareFor(t, schema, dir, own, path)
			first, second := filepath.Join(files, "first.json"), filepath.Join(files, "second.json")
			undo := []string{"undo", "-q", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner"}
			must(t, dir, 0, "apply", "-q", "--auto-approve", "--max-deletes", "100", "--receipt", first, path)
			unprotect(t, dir)
			if _, err := os.Stat(first); err != nil {
				return // there was nothing to do
			}
			must(t, dir, 0, append(undo, "--receipt", second, first)...)
			r, err := receipt.Load(second, "")
			if err != nil {
				return // nothing of it could be undone
			}
			setMissing(t, r)
			was, err := receipt.Load(first, "")
			if err != nil {
				t.Fatal(err)
			}
			cannot := slices.Concat(was.Cannot, r.Cannot)
			want := 0
			if filepath.Base(path) == "federated_role_mapping.yaml" {
				want = 3 // it names a project by its id, which comes back by its name
			}
			must(t, dir, want, append(undo, second)...)
			doc := check(t, schema, dir, 0, "plan", path)
			for _, s := range doc["steps"].([]any) {
				a := spec.Address(s.(map[string]any)["address"].(string))
				if !slices.ContainsFunc(cannot, func(l receipt.Loss) bool { return a.Within(l.Address) }) {
					t.Errorf("%s is not as it was applied: %v", a, s.(map[string]any)["changes"])
				}
			}
		})
	}
}

// setMissing puts something into the variables that a receipt's files name.
func setMissing(t *testing.T, r *receipt.Receipt) {
	t.Helper()
	for _, f := range slices.Concat(r.Before, r.Later) {
		for _, name := range regexp.MustCompile(`fromEnv: ([A-Z0-9_]+)`).FindAllStringSubmatch(f.Text, -1) {
			if os.Getenv(name[1]) == "" {
				t.Setenv(name[1], "0123456789abcdef0123456789abcdef")
			}
		}
	}
}

// prepareFor applies what an example needs, as TestExamples does.
func prepareFor(t *testing.T, schema *jsonschema.Schema, dir, own, path string) {
	t.Helper()
	switch filepath.Base(path) {
	case "project_service_account.yaml":
		apply(t, schema, dir, filepath.Join(own, "organization_service_account.yaml"))
	case "team.yaml":
		apply(t, schema, dir, filepath.Join(own, "organization_user.yaml"))
	}
}

func must(t *testing.T, dir string, want int, args ...string) string {
	t.Helper()
	code, out, errs := run(t, dir, args...)
	if code != want {
		t.Fatalf("%v: exit code %d\n%s%s", args, code, out, errs)
	}
	return out
}

// unprotect lets the clusters be deleted, as a person does before an undo.
func unprotect(t *testing.T, dir string) {
	t.Helper()
	_, out, _ := run(t, dir, "export", "-q", "--kind", "clusters", "--kind", "flexClusters")
	if !strings.Contains(out, "terminationProtectionEnabled: true") {
		return
	}
	file := filepath.Join(t.TempDir(), "unprotect.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(out, "terminationProtectionEnabled: true", "terminationProtectionEnabled: false")), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := run(t, dir, "apply", "-q", "--auto-approve", file); code != 0 {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
}
