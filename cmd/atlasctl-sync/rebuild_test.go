package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// twoOrganizations are one to declare and one to rebuild it in.
const twoOrganizations = emptyOrganization + `
  - name: Acme DR
    users:
      - {username: ana@example.com, firstName: Ana, lastName: Adams, roles: [ORG_OWNER]}
`

// inWorld serves a world that is kept in a directory, and returns what runs the
// program there.
func inWorld(t *testing.T, dir, seed string) (atlas func(args ...string) (int, string), server *sandbox.Server) {
	t.Helper()
	server, env := serve(t, sandbox.Options{Dir: dir, Seed: []byte(seed)})
	return func(args ...string) (int, string) {
		var out bytes.Buffer
		code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, RetryWait: time.Millisecond, Pace: emulated,
			Getenv: func(name string) string { return env[name] }})
		return code, out.String()
	}, server
}

// TestRebuild applies examples/production to one organization and rebuilds it in
// another from the same files: the two are the same but for ids, and of the first
// nothing has changed.
func TestRebuild(t *testing.T) {
	world := t.TempDir()
	files := t.TempDir()
	if err := os.CopyFS(files, os.DirFS("../../examples/production")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"secrets", "../dr"} {
		if err := os.Mkdir(filepath.Join(files, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	setSecrets(t, files)
	atlas, server := inWorld(t, world, twoOrganizations)
	must := func(args ...string) string {
		t.Helper()
		code, out := atlas(args...)
		if code != exitOK {
			t.Fatalf("%v: exit code %d\n%s", args, code, out)
		}
		return out
	}
	exported := func(org string, flags ...string) string {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "exported")
		must(append([]string{"export", "-q", "--org", org, "--out", dir}, flags...)...)
		return dir
	}
	must("apply", "--auto-approve", files)
	before := exported("Acme", "--ids")
	ids := idsIn(t, before)
	journal := filepath.Join(world, "journal.jsonl")
	was, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	asked := len(server.Requests())

	rebuild := []string{"rebuild", "--into", "Acme DR", "--deliver-to", filepath.Join(files, "../dr"), files}
	plan := must(append(rebuild, "--plan-only")...)
	if !strings.Contains(plan, "+ project/shop-production/clusters/shop ") || !strings.Contains(plan, "note: Its data is not in the files") {
		t.Error(plan)
	}
	for _, r := range server.Requests()[asked:] {
		if r.Method != "GET" && !strings.HasPrefix(r.Path, "/api/oauth/") {
			t.Error("--plan-only sent ", r.Method, r.Path)
		}
	}
	must(append(rebuild, "--auto-approve")...)
	if out := must(append(rebuild, "--plan-only", "--detailed-exitcode")...); !strings.HasPrefix(out, "No changes.") {
		t.Error("there is something left to do:\n", out)
	}

	// The store notes every object that a write changed: none is the old one's.
	now, err := os.ReadFile(journal)
	if err != nil || !bytes.HasPrefix(now, was) || len(now) == len(was) {
		t.Fatal("the journal is not what it was, and more: ", err)
	}
	for _, r := range server.Requests()[asked:] {
		for _, id := range ids {
			if r.Method != "GET" && strings.Contains(r.Path, id) {
				t.Errorf("%s %s is of the old organization", r.Method, r.Path)
			}
		}
	}
	// When the run logs in, its own account was used: the same line but for that.
	login := regexp.MustCompile(`(?m)^\S+ \{"sequence":\d+,|"lastUsedAt":"[^"]*"`)
	noted := login.ReplaceAll(was, nil)
	for line := range bytes.Lines(now[len(was):]) {
		for _, id := range ids {
			if bytes.Contains(line, []byte(id)) && !bytes.Contains(noted, login.ReplaceAll(line, nil)) {
				t.Errorf("something of the old organization has changed: %s", line)
			}
		}
	}
	sameFiles(t, before, exported("Acme", "--ids"))
	if out := must("plan", "--detailed-exitcode", files); !strings.HasPrefix(out, "No changes.") {
		t.Error("the old organization is not as declared any more:\n", out)
	}

	// The sandbox's own account is in the first organization only, and when snapshots
	// are taken is when the cluster was made, where no file says it.
	own, since := regexp.MustCompile(`(?m)^  - name: sandbox-owner.*\n(    .*\n)*`), regexp.MustCompile(`(reference\w+): \d+`)
	old, fresh := exported("Acme"), exported("Acme DR")
	edited(t, old, func(text string) string {
		return strings.NewReplacer("name: Acme\n", "name: Acme DR\n", "organization: Acme\n", "organization: Acme DR\n").Replace(own.ReplaceAllString(since.ReplaceAllString(text, "$1"), ""))
	})
	edited(t, fresh, func(text string) string { return since.ReplaceAllString(text, "$1") })
	sameFiles(t, old, fresh)
}

// idsIn returns the ids of organizations and projects in exported files.
func idsIn(t *testing.T, dir string) []string {
	t.Helper()
	var ids []string
	edited(t, dir, func(text string) string {
		if m := regexp.MustCompile(`(?m)^id: ([0-9a-f]{24})$`).FindStringSubmatch(text); m != nil {
			ids = append(ids, m[1])
		}
		return text
	})
	if len(ids) != 4 {
		t.Fatal("the organization and its projects: ", ids)
	}
	return ids
}

// edit rewrites the YAML files in a directory.
func edited(t *testing.T, dir string, change func(string) string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, []byte(change(string(data))), 0o600)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRebuildInSharedFederation: what two organizations have in common is not part
// of either.
func TestRebuildInSharedFederation(t *testing.T) {
	world := t.TempDir()
	_, _, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Dir: world, Tap: exchanges.Tap, Seed: []byte(strings.Replace(twoOrganizations, "name: Acme\n", "name: Acme\n    federation: true\n", 1))})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	state := filepath.Join(world, "state.json")
	data, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	organizations := doc["organizations"].([]any)
	shared := organizations[0].(map[string]any)["federation"]
	organizations[1].(map[string]any)["federation"] = shared
	if data, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(state, data, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "acme.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nfederation:\n  identityProviders:\n    - {displayName: SSO, protocol: SAML, idpType: WORKFORCE, issuerUri: \"urn:idp:default\", ssoUrl: \"https://other.example.com/login\"}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	atlas, running := inWorld(t, world, "")
	code, out := atlas("rebuild", "--into", "Acme DR", "--auto-approve", file)
	if code != exitRefused || !strings.Contains(out, "would reach organization Acme too, which is not part of org/Acme DR") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if n := writes(running); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// TestRebuildOfEveryKind: whatever is declared with its id is declared without it in
// another organization, at the address that it has in a file without ids.
func TestRebuildOfEveryKind(t *testing.T) {
	dir := t.TempDir()
	setSecrets(t, "../../examples")
	for _, files := range append(examples(t), "../../examples") { // one may be what another needs
		if code, _, errs := run(t, dir, "apply", "--auto-approve", files); code != exitOK && files == "../../examples" {
			t.Fatal(errs)
		}
	}
	addresses := map[string][]string{}
	for _, flag := range []string{"--ids", "--ids=false"} {
		out := filepath.Join(t.TempDir(), "atlas")
		if code, _, errs := run(t, dir, "export", "-q", "--out", out, flag); code != exitOK {
			t.Fatal(errs)
		}
		state, _ := spec.Load(kinds.Catalog(), []string{out}, nil)
		before, idents := 0, 0
		state.Resources(func(r *spec.Resource) {
			before++
			if r.Ident != "" {
				idents++
			}
		})
		into := spec.Rebuild{From: "Acme", Into: "Other/One", DeliverTo: dir}
		moved, diags := spec.LoadInto(kinds.Catalog(), state.Sources.Files(), into)
		for _, d := range diags { // the examples have ids of roles that nothing has
			if d.Severity == spec.SeverityError && !strings.Contains(d.Message, "oleId is the id of a CloudProviderAccess of the old organization") {
				t.Error(d)
			}
		}
		after := 0
		moved.Resources(func(r *spec.Resource) {
			after++
			addresses[flag] = append(addresses[flag], string(r.Address))
			if r.Ident != "" || r.Absent || moved.Lookup(r.Address) != r {
				t.Errorf("%s: id %q", r.Address, r.Ident)
			}
			spec.Leaves(r.Kind.Fields, r.Values, func(f *spec.Field, path string, v any, _ map[string]any) {
				if v == "Acme" && f.Ref != nil {
					t.Errorf("%s: %s is still %v", r.Address, path, v)
				}
			})
		})
		if before != after || (idents > 5) != (flag == "--ids") {
			t.Errorf("%s: %d resources, %d in the other organization, %d ids", flag, before, after, idents)
		}
	}
	slices.Sort(addresses["--ids"])
	slices.Sort(addresses["--ids=false"])
	if a, b := addresses["--ids"], addresses["--ids=false"]; !slices.Equal(a, b) || !slices.Contains(a, "org/Other%2FOne") {
		t.Errorf("with ids %q, without %q", a, b)
	}
}
