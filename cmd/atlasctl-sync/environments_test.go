package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// TestEnvironments: one baseline and a short document for each environment are
// applied in one go and leave nothing to do; one more environment is one more document.
func TestEnvironments(t *testing.T) {
	files := t.TempDir()
	if err := os.CopyFS(files, os.DirFS("../../examples/environments")); err != nil {
		t.Fatal(err)
	}
	setEnvironmentSecrets(t)
	schema := compile(t, "report.schema.json")
	world := t.TempDir()
	apply(t, schema, world, files)
	doc := check(t, schema, world, 0, "plan", files)
	if steps := doc["steps"].([]any); len(steps) > 0 {
		t.Errorf("there is something left to do: %v", steps)
	}
	if left := doc["leftOut"].([]any); len(left) != 4 {
		t.Errorf("left out: %v", left)
	}
	check(t, schema, world, 0, "drift", files)
	check(t, schema, world, 0, "plan", files, "../../examples/policies") // who copies both has nothing refused
	var said bytes.Buffer
	env := Environment{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Getenv: func(string) string { return "" }}
	if code := Run([]string{"fmt", "--check", files}, env); code != exitOK {
		t.Errorf("not laid out: %s", said.String())
	}

	staging, err := os.ReadFile(filepath.Join(files, "orders-staging.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	load := strings.NewReplacer("orders-staging", "orders-load", "env: staging", "env: load").Replace(string(staging))
	if err := os.WriteFile(filepath.Join(files, "orders-load.yaml"), []byte(load), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range check(t, schema, world, 0, "plan", files)["steps"].([]any) {
		if address := s.(map[string]any)["address"].(string); !strings.HasPrefix(address, "project/orders-load") {
			t.Errorf("%s changes with one more environment", address)
		}
	}
	apply(t, schema, world, files)
}

// setEnvironmentSecrets sets the variables whose names the environments make.
func setEnvironmentSecrets(t *testing.T) {
	t.Helper()
	for _, environment := range []string{"DEV", "STAGING", "PROD"} {
		for _, user := range []string{"APP", "REPORTS"} {
			t.Setenv("ORDERS_"+environment+"_"+user+"_PASSWORD", "0123456789abcdef")
		}
	}
}

// TestEnvironmentsMatchTheSchema holds the baseline, with its placeholders, and the
// documents of the environments to the schema that editors use; in a project's own
// document a placeholder is no value.
func TestEnvironmentsMatchTheSchema(t *testing.T) {
	schema := compile(t, "atlasctl-sync.schema.json")
	files, err := filepath.Glob("../../examples/environments/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.HasSuffix(name, "baseline.yaml") {
			match := []byte("match: {tags: {template: service}}\n")
			project := bytes.Replace(bytes.Replace(data, []byte("kind: Baseline"), []byte("kind: Project\nname: x"), 1), match, nil, 1)
			if schema.Validate(asJSON(t, project)) == nil {
				t.Error("a project's document takes placeholders")
			}
			if typo := bytes.Replace(data, []byte("${vars.backups}"), []byte("${var.backups}"), 1); schema.Validate(asJSON(t, typo)) == nil {
				t.Error("a misspelt placeholder is a boolean")
			}
		}
	}
}

func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
