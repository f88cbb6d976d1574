package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// run runs the program in this process, in a sandbox of its own.
func run(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env := Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Tap: exchanges.Tap, RetryWait: time.Millisecond,
		Getenv: func(string) string { return "" }}
	code = Run(append(args, "--sandbox="+dir), env)
	return code, out.String(), errs.String()
}

func examples(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	return files
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("..", "..", "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestExamples plans, applies and plans again each example alone and all of
// them together, on the world that a new sandbox has; as text and as JSON,
// which has to satisfy its schema.
func TestExamples(t *testing.T) {
	schema := compile(t, "report.schema.json")
	setSecrets(t, "../../examples")
	all := append(examples(t), "../../examples")
	for _, path := range all {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir := t.TempDir()
			if filepath.Base(path) == "project_service_account.yaml" {
				// The account that joins has to be there first.
				apply(t, schema, dir, "../../examples/organization_service_account.yaml")
			}
			if filepath.Base(path) == "team.yaml" {
				apply(t, schema, dir, "../../examples/organization_user.yaml")
			}
			check(t, schema, dir, 0, "plan", path)
			apply(t, schema, dir, path)
			doc := check(t, schema, dir, 0, "plan", path)
			if steps := doc["steps"].([]any); len(steps) > 0 {
				t.Errorf("the plan after apply is not empty: %v", steps)
			}
			if code, out, _ := run(t, dir, "plan", "--detailed-exitcode", path); code != 0 || !strings.HasPrefix(out, "No changes.") {
				t.Errorf("plan after apply: exit code %d\n%s", code, out)
			}
			check(t, schema, dir, 0, "drift", path)
		})
	}
}

func apply(t *testing.T, schema *jsonschema.Schema, dir, path string) {
	t.Helper()
	doc := check(t, schema, dir, 0, "apply", path, "--auto-approve")
	for _, s := range doc["steps"].([]any) {
		if status := s.(map[string]any)["status"]; status != "verified" {
			t.Errorf("%v is %v", s.(map[string]any)["address"], status)
		}
	}
}

// check runs a command with -o json, holds the output to its schema and
// returns it.
func check(t *testing.T, schema *jsonschema.Schema, dir string, want int, args ...string) map[string]any {
	t.Helper()
	code, out, errs := run(t, dir, append(args, "-o", "json")...)
	if code != want {
		t.Fatalf("%v: exit code %d\n%s%s", args, code, out, errs)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%v: %v", args, err)
	}
	return doc.(map[string]any)
}

// TestTextAndJSONTellTheSame: what the one names, the other names.
func TestTextAndJSONTellTheSame(t *testing.T) {
	dir := t.TempDir()
	for _, command := range []string{"plan", "drift"} {
		want := 0
		if command == "drift" {
			want = 2
		}
		doc := check(t, compile(t, "report.schema.json"), dir, want, command, "../../examples")
		_, text, _ := run(t, dir, command, "--full", "../../examples")
		for _, member := range []string{"steps", "findings"} {
			for _, e := range doc[member].([]any) {
				m := e.(map[string]any)
				if command == "plan" && member == "findings" && m["class"] != "missing" {
					continue // counted, not listed
				}
				if !strings.Contains(text, m["address"].(string)) {
					t.Errorf("%s: the text does not name %v", command, m["address"])
				}
			}
		}
	}
}

// TestExamplesMatchTheSchema holds each document to the schema that editors use.
func TestExamplesMatchTheSchema(t *testing.T) {
	schema := compile(t, "atlasctl-sync.schema.json")
	policies, err := filepath.Glob(filepath.Join(pack, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(examples(t), policies...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
			var doc any
			if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
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
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// TestSchemaRefuses: a schema that lets everything through would pass the
// test above too.
func TestSchemaRefuses(t *testing.T) {
	schema := compile(t, "atlasctl-sync.schema.json")
	for _, doc := range []string{
		`{"apiVersion":"atlasctl-sync/v1","kind":"Project"}`,
		`{"apiVersion":"atlasctl-sync/v1","kind":"Project","name":"x","userz":[]}`,
		`{"apiVersion":"atlasctl-sync/v1","kind":"Project","name":"x","users":[{"username":"a@b.c","roles":[],"nope":1}]}`,
		`{"apiVersion":"atlasctl-sync/v1","kind":"Project","name":"x","encryptionAtRest":{"awsKms":{"secretAccessKey":"literal"}}}`,
		`{"apiVersion":"atlasctl-sync/v1","kind":"Project","name":"x","managedSlowMs":{"enabled":"yes"}}`,
		`{"apiVersion":"atlasctl-sync/v1","kind":"Policy","rules":[{"name":"x","cel":"true"}]}`,
		`{"apiVersion":"atlasctl-sync/v1","kind":"Policy","rules":[{"name":"x","cel":"true","message":"x","match":{"kind":"Nothing"}}]}`,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("the schema lets pass %s", doc)
		}
	}
}

// TestFailuresAreJSONToo: whatever goes wrong, -o json prints one document.
func TestFailuresAreJSONToo(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("apiVersion: atlasctl-sync/v1\nkind: Project\nname: nowhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	schema := compile(t, "report.schema.json")
	dir := t.TempDir()
	for _, c := range []struct {
		want int
		args []string
	}{
		{6, []string{"plan", bad}},
		{6, []string{"apply", bad}},
		{6, []string{"drift", bad}},
		{5, []string{"apply", "../../examples"}},
		{5, []string{"plan", "--max-deletes", "0", "../../examples"}},
		{1, []string{"plan", "--target", "project/nope", "../../examples"}},
		{1, []string{"plan", "--no-such-flag", "../../examples"}},
		{1, []string{"plan", "-out", "plan.json", "../../examples"}},
		{1, []string{"drift", "--fail-on", "everything", "../../examples"}},
		{1, []string{"sync", "plan", "--parallelism", "0", "../../examples"}},
	} {
		doc := check(t, schema, dir, c.want, c.args...)
		said := slices.Concat(doc["errors"].([]any), doc["diagnostics"].([]any), doc["violations"].([]any))
		if len(said) == 0 {
			t.Errorf("%v: the document does not say what is wrong", c.args)
		}
	}
}
