package spec_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func load(t testing.TB, text string) (*spec.State, spec.Diagnostics) {
	t.Helper()
	return spec.Load(kinds.Catalog(), []string{"-"}, strings.NewReader(text))
}

// FuzzLoad: no input makes the loader panic, and every error has a place.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("../examples/*.yaml")
	environments, _ := filepath.Glob("../examples/environments/*.yaml")
	files = append(files, environments...)
	if err != nil || len(files) == 0 {
		f.Fatal("no examples to start from", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, odd := range []string{
		"apiVersion: atlasctl-sync/v1\nkind: Policy\nrules:\n- {name: a, cel: true, message: b, match: {kind: Cluster}, exempt: [{address: x, reason: y}]}",
		"", "\ufeffapiVersion: atlasctl-sync/v1", "a: &a [*a]", "<<: *x", "? [a]\n: b", "- ", "!!binary a: b", "a: !!int x", "{", "\t",
		"apiVersion: atlasctl-sync/v1\nkind: Project\nname: &n x\nusers:\n- <<: &u {username: a@b.c, roles: [GROUP_OWNER]}\n- *u\nprotect: [users/*]",
		"apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\ntags: {a: 1, b: null}\nencryptionAtRest: {awsKms: {secretAccessKey: |\n  x\n  y\n}}",
		"apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: x}\nusers:\n- {username: '${vars.a}-${name}', roles: '${vars.b}'}\n- '${vars.c}'\n- <<: &u {roles: ['$${', '${']}\n---\n" +
			"apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\nvars: {a: 1, b: [GROUP_OWNER], c: {username: y, roles: []}}\nwithout: {users/y: z, users: w}",
		"apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: '${name}'}\nmanagedSlowMs: ${vars.x}\nencryptionAtRest: {awsKms: {secretAccessKey: '${tags.a}'}, '${vars.k}': 1}\n---\n" +
			"apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\ntags: {a: b}\nvars: {x: &x {enabled: *x}, '${': null}\nwithout: []",
	} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, text string) {
		state, diags := load(t, text)
		for _, d := range diags {
			if d.Source.File == "" || d.Message == "" {
				t.Errorf("a diagnostic without a place or a message: %+v", d)
			}
		}
		if len(diags) == 0 && len(state.Scopes) == 0 && len(state.Rules) == 0 { // a baseline for nothing is a warning
			t.Error("nothing is said, and nothing is declared")
		}
	})
}

func TestAliasesAndMerges(t *testing.T) {
	state, diags := load(t, `
apiVersion: atlasctl-sync/v1
kind: Project
name: x
users:
  - &owner {username: ana@example.com, roles: &roles [GROUP_OWNER]}
  - {<<: *owner, username: bo@example.com}
  - {username: cy@example.com, roles: *roles}
`)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for _, who := range []string{"ana", "bo", "cy"} {
		r := state.Lookup(spec.Address("project/x/users/" + who + "@example.com"))
		if r == nil || len(r.Values["roles"].([]any)) != 1 {
			t.Errorf("%s is not declared as an owner: %+v", who, r)
		}
	}
}

func TestAddressesEscape(t *testing.T) {
	state, diags := load(t, `
apiVersion: atlasctl-sync/v1
kind: Organization
name: A/B
teams: [{name: 50%/x}]
`)
	if len(diags) > 0 || state.Lookup("org/A%2FB/teams/50%25%2Fx") == nil {
		t.Fatal(diags, state.Scopes[0].Sections[0].Resources[0].Address)
	}
}

// A project's name may stand in two organizations; its address then tells which.
func TestProjectsOfTheSameName(t *testing.T) {
	doc := "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: x\nmanagedSlowMs: {enabled: true}\norganization: "
	state, diags := load(t, doc+"One\n"+doc+"Two\n")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for _, a := range []spec.Address{"org/One/project/x/managedSlowMs", "org/Two/project/x/managedSlowMs"} {
		if state.Lookup(a) == nil {
			t.Errorf("%s is not there", a)
		}
	}
	_, diags = load(t, doc+"One\n"+doc+"Two\n---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: x\nusers: []\n")
	if !strings.Contains(diags[0].Message, "several declared projects") {
		t.Error(diags)
	}
}

// Excerpts show neither sensitive values nor the values of unknown fields,
// whichever error the line is shown for.
func TestExcerptsShowNoSecrets(t *testing.T) {
	_, diags := load(t, `
apiVersion: atlasctl-sync/v1
kind: Project
name: x
encryptionAtRest:
  awsKms: {secretAccessKey: sentinel, region: 5, secretAcessKey: "sentinel two", enabled: maybe}
  awsKms: {secretAccessKey: sentinel}
  googleCloudKms:
    serviceAccountKey: {fromEnv: "sentinel key"}
    serviceAccountKey: sentinel
  azureKeyVault:
    secret: {fromEnv: sentinel, fromFile: sentinel}
`)
	if len(diags) < 4 {
		t.Fatalf("want every error, got %v", diags)
	}
	for _, d := range diags {
		if all := d.Error() + d.Excerpt; strings.Contains(all, "sentinel") {
			t.Errorf("it is shown: %s", all)
		}
		if d.Excerpt == "" || !strings.Contains(d.Excerpt, "^") {
			t.Errorf("no caret: %+v", d)
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Setenv("THE_SECRET", "sentinel")
	s := spec.Secret{FromEnv: "THE_SECRET"}
	if v, err := s.Resolve(); err != nil || v != "sentinel" {
		t.Fatal(v, err)
	}
	data, err := s.MarshalJSON()
	if err != nil || strings.Contains(string(data)+fmt.Sprintf("%v %+v %#v", s, s, s), "sentinel") || s.String() != spec.Masked {
		t.Error(string(data), s)
	}
}

// One file under two spellings is one file, and a pipe is not waited for.
func TestFilesAreToldApart(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(dir, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	text := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\nserviceAccounts:\n"
	for i, path := range []string{"key", "./a/../key", "link/key"} {
		text += fmt.Sprintf("  - {name: a%d, description: d, roles: [GROUP_OWNER], secrets: {maxAge: 9h, deliverTo: {file: %s/%s}}}\n", i, dir, path)
	}
	if _, diags := load(t, text); len(diags) != 2 || !strings.Contains(diags[0].Message, "delivers to this file too") {
		t.Error(diags)
	}
	if _, diags := load(t, strings.Replace(text, "deliverTo: {file: "+dir+"/key}", "deliverTo: {}", 1)); !diags.HasErrors() || !strings.Contains(diags[0].Message, "nothing says where") {
		t.Error(diags)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, diags := spec.Load(kinds.Catalog(), []string{dir}, nil)
	if len(diags) == 0 || diags[len(diags)-1].Message != "this is not a regular file" && diags[0].Message != "this is not a regular file" {
		t.Error(diags)
	}
}

// A project's account that has the name of the organization's would be a
// second one that nobody can tell apart.
func TestNamesakes(t *testing.T) {
	text := `
apiVersion: atlasctl-sync/v1
kind: Organization
name: Acme
serviceAccounts: [{name: ci, description: d, roles: [ORG_MEMBER]}]
---
apiVersion: atlasctl-sync/v1
kind: Project
name: x
organization: Acme
serviceAccounts: [{name: ci, roles: [GROUP_OWNER], description: d}]
`
	_, diags := load(t, text)
	if len(diags) != 1 || !strings.Contains(diags[0].Message, "project/x/serviceAccounts/ci has the name of org/Acme/serviceAccounts/ci") {
		t.Error(diags)
	}
	_, diags = load(t, strings.Replace(text, "[GROUP_OWNER], description: d}", "[GROUP_OWNER], organizationAccount: true}", 1))
	if len(diags) != 0 {
		t.Error(diags)
	}
}
