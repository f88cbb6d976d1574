package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const pack = "../../examples/policies"

// TestPolicyPack holds each rule of the pack to two files: it lets pass what is in the
// one and breaks on all that it meets in the other. Rules about steps are held to the
// plan that leads from the one to the other.
func TestPolicyPack(t *testing.T) {
	t.Parallel()
	schema := compile(t, "report.schema.json")
	state, diags := spec.Load(kinds.Catalog(), []string{pack}, nil)
	if diags.HasErrors() || len(state.Rules) == 0 {
		t.Fatal(diags.Err(), "no rules")
	}
	entries, err := os.ReadDir(filepath.Join(pack, "tests"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.ContainsFunc(state.Rules, func(r *spec.PolicyRule) bool { return r.Name == e.Name() }) {
			t.Errorf("tests/%s is for no rule", e.Name())
		}
	}
	for _, rule := range state.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			good, bad := filepath.Join(pack, "tests", rule.Name, "good.yaml"), filepath.Join(pack, "tests", rule.Name, "bad.yaml")
			only, dir := ruleAlone(t, rule), t.TempDir()
			if rule.OnSteps {
				apply(t, schema, dir, good)
			}
			refused := exitRefused
			if rule.Severity == spec.SeverityWarning {
				refused = exitOK
			}
			if n := judged(t, schema, dir, rule, exitOK, only, good); n.Broken > 0 || n.Met == 0 && !rule.OnSteps {
				t.Errorf("the good file: %+v", n)
			}
			if n := judged(t, schema, dir, rule, refused, only, bad); n.Broken == 0 || n.Broken != n.Met {
				t.Errorf("the bad file: %+v", n)
			}
		})
	}
}

// judged holds a file to a policy of one rule: offline, or with a plan where the rule
// needs one.
func judged(t *testing.T, schema *jsonschema.Schema, dir string, rule *spec.PolicyRule, want int, policyFile, file string) planner.RuleCount {
	t.Helper()
	args := []string{"validate", policyFile, file, "-o", "json"}
	if rule.OnSteps {
		args = append([]string{"plan", "--sandbox=" + dir}, args[1:]...)
	}
	var out, errs bytes.Buffer
	code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Tap: exchanges.Tap, Getenv: func(string) string { return "" }})
	if code != want {
		t.Fatalf("%v: exit code %d\n%s%s", args, code, &out, &errs)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
	if err == nil {
		err = schema.Validate(doc)
	}
	var all struct{ Policies []planner.RuleCount }
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &all)
	}
	if err != nil || len(all.Policies) != 1 {
		t.Fatalf("%v: %v\n%s", args, err, &out)
	}
	return all.Policies[0]
}

// ruleAlone writes a policy of one rule of the pack.
func ruleAlone(t *testing.T, rule *spec.PolicyRule) string {
	t.Helper()
	data, err := os.ReadFile(rule.Source.File)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	begins := func(line string) bool { return strings.HasPrefix(line, "  - name: ") }
	first := slices.IndexFunc(lines, begins)
	own := lines[rule.Source.Line-1:]
	if end := slices.IndexFunc(own[1:], begins); end >= 0 {
		own = own[:end+1]
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte(strings.Join(slices.Concat(lines[:first], own), "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
