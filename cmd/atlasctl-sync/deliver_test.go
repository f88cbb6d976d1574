package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const recipeFile = `apiVersion: atlasctl-sync/v1
kind: Project
name: payments
organization: Acme
serviceAccounts:
  - {name: reporter, description: reports, roles: [GROUP_READ_ONLY], secrets: {maxAge: 720h, %s}}
`

// fake stands for a program of a recipe: it keeps its arguments and what it reads.
const fake = `#!/bin/sh
echo "$0 $*" | sed 's,.*/bin/,,' >> "$KEPT/calls"
case "$*" in *apply*) cat > /dev/null ;; *file:///dev/stdin*|*"-"|*--from-env-file=/dev/stdin*) cat > "$KEPT/read"; cat "$KEPT/read" ;; esac
`

// TestDeliveryRecipes runs every recipe of docs/secrets.md against a fake
// program of the name that it calls.
func TestDeliveryRecipes(t *testing.T) {
	doc, err := os.ReadFile("../../docs/secrets.md")
	if err != nil {
		t.Fatal(err)
	}
	recipes := regexp.MustCompile("(?m)^```yaml\n(deliverTo: .*)\n```$").FindAllStringSubmatch(string(doc), -1)
	calls := map[string]string{
		"vault":   "vault kv put -mount=kv atlas/reporter -\n",
		"kubectl": "kubectl create secret generic atlas-reporter --from-env-file=/dev/stdin --dry-run=client -o yaml\nkubectl apply -f -\n",
		"aws":     "aws secretsmanager put-secret-value --secret-id atlas/reporter --secret-string file:///dev/stdin\n",
		"gh":      "gh secret set --repo acme/deploy --env-file -\n",
	}
	if len(recipes) != len(calls) {
		t.Fatalf("%d recipes, and calls of %d are known", len(recipes), len(calls))
	}
	for name, want := range calls {
		for _, r := range recipes {
			if !strings.Contains(r[1], name+",") && !strings.Contains(r[1], name+" ") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				_, env := serve(t, sandbox.Options{})
				dir := t.TempDir()
				write(t, filepath.Join(dir, "file.yaml"), fmt.Sprintf(recipeFile, r[1]), 0o600)
				write(t, filepath.Join(dir, "bin", name), fake, 0o700)
				env["KEPT"], env["PATH"] = dir, filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH")
				cmd := program(t, env, "apply", "--auto-approve", filepath.Join(dir, "file.yaml"))
				out, err := cmd.CombinedOutput()
				if err != nil || strings.Contains(string(out), "mdb_sa_sk_") {
					t.Fatalf("%v: %s", err, out)
				}
				called, _ := os.ReadFile(filepath.Join(dir, "calls"))
				// A pipeline's programs start at once, in any order.
				if string(called) != want && string(called) != reversed(want) {
					t.Errorf("called %q, want %q", called, want)
				}
				read, err := os.ReadFile(filepath.Join(dir, "read"))
				if err != nil {
					t.Fatal(err)
				}
				clientID, secret := parsed(t, r[1], read)
				env["MONGODB_ATLAS_CLIENT_ID"], env["MONGODB_ATLAS_CLIENT_SECRET"] = clientID, secret
				if out, err := program(t, env, "export", "--project", "payments", "--kind", "managedSlowMs").CombinedOutput(); err != nil {
					t.Errorf("what was delivered does not log in: %v: %s", err, out)
				}
			})
		}
	}
}

func reversed(lines string) string {
	parts := strings.SplitAfter(strings.TrimSuffix(lines, "\n"), "\n")
	if len(parts) != 2 {
		return lines
	}
	return parts[1] + "\n" + strings.TrimSuffix(parts[0], "\n") + "\n"
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// parsed returns what a delivery in a recipe's format holds, all of which has
// to be there.
func parsed(t *testing.T, recipe string, data []byte) (clientID, secret string) {
	t.Helper()
	values := map[string]string{}
	names := []string{"clientId", "clientSecret", "secretId", "expiresAt", "organization", "organizationId", "project", "projectId"}
	if strings.Contains(recipe, "format: json") {
		if err := json.Unmarshal(data, &values); err != nil {
			t.Fatal(err, string(data))
		}
	} else {
		names = []string{"MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET", "MONGODB_ATLAS_ORG_ID", "MONGODB_ATLAS_PROJECT_ID"}
		for _, line := range strings.Split(string(data), "\n") {
			if name, v, ok := strings.Cut(line, "="); ok {
				values[name] = v
			}
		}
		if !strings.HasPrefix(string(data), "# expires 20") {
			t.Errorf("no expiry: %s", data)
		}
	}
	for _, n := range names {
		if values[n] == "" {
			t.Errorf("no %s in %s", n, data)
		}
	}
	return values[names[0]], values[names[1]]
}

// TestFormats: a renewed secret tells as much as a new account's, in a file too.
func TestFormats(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	dir := t.TempDir()
	recipe := "deliverTo: {format: json, file: key}"
	write(t, filepath.Join(dir, "file.yaml"), fmt.Sprintf(recipeFile, recipe), 0o600)
	var ids []string
	for _, args := range [][]string{{}, {"--rotate", "project/payments/serviceAccounts/reporter"}} {
		out, err := program(t, env, append([]string{"apply", "--auto-approve", filepath.Join(dir, "file.yaml")}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		data, err := os.ReadFile(filepath.Join(dir, "key"))
		if err != nil {
			t.Fatal(err)
		}
		clientID, secret := parsed(t, recipe, data)
		ids = append(ids, clientID)
		login := map[string]string{"MONGODB_ATLAS_BASE_URL": env["MONGODB_ATLAS_BASE_URL"], "MONGODB_ATLAS_CLIENT_ID": clientID, "MONGODB_ATLAS_CLIENT_SECRET": secret}
		if out, err := program(t, login, "export", "--project", "payments", "--kind", "managedSlowMs").CombinedOutput(); err != nil {
			t.Errorf("what was delivered does not log in: %v: %s", err, out)
		}
	}
	if ids[0] != ids[1] {
		t.Error(ids)
	}
}
