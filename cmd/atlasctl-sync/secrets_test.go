package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestNoSecretIsEverShown plants values in every sensitive place and looks for
// them in everything that comes out: each command, each format, at the highest
// verbosity, when all goes well and when nothing does; in saved plans, in the
// sandbox's log and in what it keeps.
func TestNoSecretIsEverShown(t *testing.T) {
	var log bytes.Buffer
	sandboxDir := filepath.Join(t.TempDir(), "state")
	server, env := serve(t, sandbox.Options{Dir: sandboxDir, Log: &log,
		Faults: []string{"PATCH /groups/*/encryptionAtRest=400/VALIDATION_ERROR:1", "POST /groups/*/serviceAccounts=500:1"}})
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("gcp.json", "sentinel-gcp\n")
	env["THE_AWS_SECRET"], env["THE_AZURE_SECRET"], env["ATLASCTL_SYNC_PLAN_KEY"] = "sentinel-aws", "sentinel-azure", "sentinel-key-that-is-long-enough"
	good := write("good.yaml", fmt.Sprintf(`
apiVersion: atlasctl-sync/v1
kind: Project
name: payments
encryptionAtRest:
  awsKms: {enabled: true, region: US_EAST_1, customerMasterKeyID: k, accessKeyID: AKIAIOSFODNN7EXAMPLE, secretAccessKey: {fromEnv: THE_AWS_SECRET}}
  azureKeyVault:
    {enabled: true, keyIdentifier: k, keyVaultName: v, resourceGroupName: g, subscriptionID: %[1]s, tenantID: %[1]s, clientID: %[1]s, secret: {fromEnv: THE_AZURE_SECRET}}
  googleCloudKms: {enabled: true, keyVersionResourceID: k, serviceAccountKey: {fromFile: gcp.json}}
serviceAccounts:
  - {name: a, description: a, roles: [GROUP_READ_ONLY], secrets: {maxAge: 720h, deliverTo: {file: a.key}}}
  - {name: b, description: b, roles: [GROUP_READ_ONLY], secrets: {maxAge: 720h, deliverTo: {command: [sh, -c, 'cat > %[2]s/b.key; ps -eo args > %[2]s/ps']}}}
  - {name: c, description: c, roles: [GROUP_READ_ONLY], secrets: {maxAge: 720h, deliverTo: {command: [sh, -c, 'tee %[2]s/c.key; cat %[2]s/c.key >&2; exit 1']}}}
`, "0d4b2c4e-0000-4000-8000-000000000000", dir))
	bad := write("bad.yaml", `
apiVersion: atlasctl-sync/v1
kind: Project
name: payments
encryptionAtRest: {awsKms: {secretAccessKey: sentinel-literal, nope: sentinel-literal}, enabledForSearchNodes: sentinel?}
  broken: [
`)
	literal := write("literal.yaml", `
apiVersion: atlasctl-sync/v1
kind: Project
name: payments
encryptionAtRest: {awsKms: {secretAccessKey: sentinel-literal, nope: sentinel-literal, region: [x]}}
`)
	saved := filepath.Join(dir, "plan.json")
	var all strings.Builder
	for _, args := range [][]string{
		{"validate", "-v", bad}, {"validate", "-o", "json", literal}, {"plan", literal},
		{"plan", "-v", good}, {"plan", "-v", "-o", "json", good}, {"plan", "--rewrite-secrets", "--out", saved, good}, {"show", saved}, {"show", "-o", "json", saved},
		{"apply", "-v", good},
		{"apply", "-v", "--auto-approve", good}, // two faults, and a command that fails and repeats what it got
		{"apply", "-v", "-o", "json", "--auto-approve", good},
		{"apply", "-v", saved}, {"drift", "-v", good}, {"drift", "-v", "-o", "json", good},
		{"plan", "--rewrite-secrets", "--full", "-o", "markdown", good}, {"plan", "--rewrite-secrets", "-o", "github", good},
		{"plan", "--rewrite-secrets", "-o", "junit", good}, {"drift", "-o", "markdown", good}, {"drift", "-o", "prometheus", good}, {"plan", "--rewrite-secrets", "-o", "html", good}, {"drift", "-o", "html", good},
		{"export", "-v"}, {"explain", "--project", "payments", good}, {"graph", good}, {"doctor", "-v"}, {"fmt", "--check", literal},
		{"apply", "-v", "--auto-approve", "--rewrite-secrets", good},
	} {
		out, _ := program(t, env, args...).CombinedOutput() // some are to fail
		fmt.Fprintf(&all, "%v:\n%s\n", args, out)
	}
	plan, err := os.ReadFile(saved)
	if err != nil {
		t.Fatal(err)
	}
	processes, err := os.ReadFile(filepath.Join(dir, "ps"))
	if err != nil || !strings.Contains(string(processes), "atlasctl-sync apply") {
		t.Fatal("the list of processes was not taken:", err, string(processes))
	}
	var state []byte
	for _, name := range []string{"state.json", "journal.jsonl"} {
		part, err := os.ReadFile(filepath.Join(sandboxDir, name))
		if err != nil {
			t.Fatal(err)
		}
		state = append(state, part...)
	}
	if !strings.Contains(all.String(), "fromEnv: PAYMENTS_ENCRYPTIONATREST_AWSKMS_SECRETACCESSKEY") || !strings.Contains(all.String(), "{fromEnv: THE_AWS_SECRET}") {
		t.Error("export and explain do not show the references:", all.String())
	}
	own := server.Credentials()
	secrets := []string{"sentinel-", own.ClientSecret, own.PrivateKey}
	for _, name := range []string{"a.key", "b.key", "c.key"} {
		value, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || len(value) == 0 {
			t.Fatal("nothing was delivered, so the test would prove nothing:", name, err, all.String())
		}
		secrets = append(secrets, strings.TrimSpace(string(value)))
	}
	for where, text := range map[string]string{"the output": all.String(), "the saved plan": string(plan), "the sandbox's log": log.String(), "the list of processes": string(processes), "the sandbox's state": string(state)} {
		for _, secret := range secrets {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%s shows %.20s…: %s", where, secret, text[max(0, i-200):min(len(text), i+60)])
			}
		}
	}
}
