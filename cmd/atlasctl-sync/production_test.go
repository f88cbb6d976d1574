package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// emptyOrganization is an Acme that nobody has done anything with.
const emptyOrganization = `
organizations:
  - name: Acme
    users:
      - {username: ana@example.com, firstName: Ana, lastName: Adams, roles: [ORG_OWNER]}
`

// setSecrets sets every variable that files name.
func setSecrets(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`fromEnv: ([A-Z0-9_]+)`).FindAllSubmatch(data, -1) {
			t.Setenv(string(m[1]), "0123456789abcdef0123456789abcdef")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// inEmpty serves an empty organization, and returns what runs the program there.
func inEmpty(t *testing.T) func(args ...string) (int, string) {
	t.Helper()
	server, url, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Seed: []byte(emptyOrganization), Tap: exchanges.Tap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	own := server.Credentials()
	env := map[string]string{"MONGODB_ATLAS_BASE_URL": url, "MONGODB_ATLAS_CLIENT_ID": own.ClientID, "MONGODB_ATLAS_CLIENT_SECRET": own.ClientSecret}
	return func(args ...string) (int, string) {
		var out bytes.Buffer
		code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, RetryWait: time.Millisecond, Pace: emulated,
			Getenv: func(name string) string { return env[name] }})
		return code, out.String()
	}
}

// TestProduction applies examples/production to an empty organization in one
// go, exports it, and rebuilds it from the export in another empty one.
func TestProduction(t *testing.T) {
	files := t.TempDir()
	if err := os.CopyFS(files, os.DirFS("../../examples/production")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(files, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	setSecrets(t, files)
	atlas := inEmpty(t)
	must := func(atlas func(...string) (int, string), args ...string) string {
		t.Helper()
		code, out := atlas(args...)
		if code != exitOK {
			t.Fatalf("%v: exit code %d\n%s", args, code, out)
		}
		return out
	}
	unchanged := func(atlas func(...string) (int, string), path string) {
		t.Helper()
		if out := must(atlas, "plan", "--detailed-exitcode", path); !strings.HasPrefix(out, "No changes.") {
			t.Errorf("there is something left to do in %s:\n%s", path, out)
		}
	}
	must(atlas, "apply", "--auto-approve", files)
	unchanged(atlas, files)

	for _, defaults := range []string{"--skip-defaults=false", "--skip-defaults"} {
		exported := filepath.Join(t.TempDir(), "exported")
		must(atlas, "export", "--out", exported, defaults)
		setSecrets(t, exported)
		unchanged(atlas, exported)
		must(atlas, "fmt", "--check", exported)

		delivered(t, exported)
		rebuilt := inEmpty(t)
		must(rebuilt, "apply", "--auto-approve", exported)
		unchanged(rebuilt, exported)
		again := filepath.Join(t.TempDir(), "again")
		must(rebuilt, "export", "--out", again, defaults)
		delivered(t, again)
		sameFiles(t, exported, again)
	}
}

// delivered adds to exported files what no export can say: where the secrets
// go that are shown once.
func delivered(t *testing.T, dir string) {
	t.Helper()
	secret := 0
	edit := func(text, entry, add string) string {
		return regexp.MustCompile(`(?m)^  - `+entry+`.*$`).ReplaceAllStringFunc(text, func(line string) string {
			secret++
			return line + "\n    " + strings.ReplaceAll(add, "FILE", filepath.Join(t.TempDir(), "secret"))
		})
	}
	path := filepath.Join(dir, "organization.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := edit(string(data), "name: (deployer|shop-reporter)", "secrets: {maxAge: 720h, overlap: 24h, deliverTo: {file: FILE}}")
	text = edit(text, "description: metrics importer", "deliverTo: {file: FILE}")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil || secret != 3 {
		t.Fatal("accounts and keys in the export: ", secret, err)
	}
}

// sameFiles compares two exports, but for where secrets go.
func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	read := func(dir string) map[string]string {
		out := map[string]string{}
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".yaml" {
				data, _ := os.ReadFile(path)
				below, _ := filepath.Rel(dir, path)
				out[below] = regexp.MustCompile(`file: \S+`).ReplaceAllString(string(data), "file: …")
			}
			return nil
		})
		return out
	}
	one, other := read(a), read(b)
	for name, text := range one {
		if other[name] != text {
			t.Errorf("%s was exported as\n%s\nand, rebuilt, as\n%s", name, text, other[name])
		}
	}
	if len(one) != len(other) || len(one) == 0 {
		t.Errorf("%d files, rebuilt %d", len(one), len(other))
	}
}
