package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestActionText: every input and output says what it is for, every input is used, and
// no script holds an expression, which would be a way to run what an input says.
func TestActionText(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) < 5 {
		t.Fatalf("%d steps, using %q", len(a.Runs.Steps), a.Runs.Using)
	}
	used := ""
	for _, step := range a.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("the script of %q holds an expression", step.Name)
		}
		if (step.Run == "") == (step.Uses == "") || step.Run != "" && step.Shell != "bash" {
			t.Errorf("%q is neither a script of bash nor an action", step.Name)
		}
		used += step.If + "\n" + strings.Join(slices.Collect(maps.Values(step.Env)), "\n") + strings.Join(slices.Collect(maps.Values(step.With)), "\n")
	}
	for name, input := range a.Inputs {
		if input.Description == "" || !strings.Contains(used, "inputs."+name) {
			t.Errorf("the input %s is not described, or not used", name)
		}
	}
	for name, output := range a.Outputs {
		if output.Description == "" || output.Value != "${{ steps.run.outputs."+name+" }}" {
			t.Errorf("the output %s: %+v", name, output)
		}
	}
	if regexp.MustCompile(`(?m)^[^#\n]*[:-] [&*]\w`).MatchString(readFile("../../action.yml")) {
		t.Error("the runner reads no anchors in the file of an action")
	}
}

// TestActionPlansAndApplies: a pull request gets one comment; main is planned, and that
// plan is applied by another job.
func TestActionPlansAndApplies(t *testing.T) {
	t.Parallel()
	r, hub := newRunner(t, sandbox.Options{})
	hub.release(t, "1.2.3")
	if out, ok := r.use(map[string]string{"command": "validate"}); !ok || out["exit-code"] != "0" || out["changes"] != "" {
		t.Fatalf("validate: %v\n%s", out, r.log)
	}
	r.github["number"] = "5"
	hub.change(func(s *hubState) {
		s.comments = slices.Repeat([]post{{ID: 1000, Body: "someone's", User: map[string]string{"type": "User"}}}, 100)
	})
	for range 2 {
		out, ok := r.use(map[string]string{"comment": "true"})
		if !ok || out["exit-code"] != "2" || out["changes"] != "true" || !strings.Contains(readFile(out["json"]), `"command": "plan"`) {
			t.Fatalf("plan: %v\n%s", out, r.log)
		}
	}
	if len(hub.now().comments) != 101 || !strings.HasPrefix(hub.now().comments[100].Body, "<!-- atlasctl-sync plan atlas -->\n") || !strings.Contains(hub.now().comments[100].Body, "managedSlowMs") {
		t.Errorf("%d comments: %+v", len(hub.now().comments), hub.now().comments[100:])
	}
	if _, ok := r.use(map[string]string{"fail-on-difference": "true"}); ok {
		t.Error("a difference was to fail the step")
	}

	saved := map[string]string{"saved-plan": "true"}
	if _, ok := r.use(saved); ok || !strings.Contains(r.log, "ATLASCTL_SYNC_PLAN_KEY") {
		t.Errorf("a plan was saved without a key:\n%s", r.log)
	}
	r.env["ATLASCTL_SYNC_PLAN_KEY"] = "a long random value, the same for both"
	if out, ok := r.use(saved); !ok || out["changes"] != "true" {
		t.Fatalf("plan: %v\n%s", out, r.log)
	}
	saved["command"] = "apply"
	if out, ok := r.use(saved); !ok || out["exit-code"] != "0" {
		t.Fatalf("apply: %v\n%s", out, r.log)
	}
	if out, ok := r.use(saved); ok || out["exit-code"] != "4" || !strings.Contains(r.log, "nothing was written") {
		t.Errorf("the plan was applied twice: %v\n%s", out, r.log)
	}
	if out, ok := r.use(map[string]string{"saved-plan": "true"}); !ok || out["changes"] != "false" {
		t.Errorf("plan: %v\n%s", out, r.log)
	}
	if len(hub.now().refused) > 0 {
		t.Error("refused:", hub.now().refused)
	}
}

// TestActionDrift: one issue for a drift, closed when it is gone.
func TestActionDrift(t *testing.T) {
	t.Parallel()
	r, hub := newRunner(t, sandbox.Options{})
	hub.release(t, "1.2.3")
	drift := map[string]string{"command": "drift", "issue": "true", "name": "prod"}
	for range 2 {
		if out, ok := r.use(drift); !ok || out["exit-code"] != "2" || out["changes"] != "true" {
			t.Fatalf("drift: %v\n%s", out, r.log)
		}
	}
	if len(hub.now().issues) != 1 || hub.now().issues[0].Title != "Atlas has drifted from the files (prod)" || !strings.Contains(hub.now().issues[0].Body, "managedSlowMs") {
		t.Fatalf("issues: %+v", hub.now().issues)
	}
	if out, ok := r.use(map[string]string{"command": "apply"}); ok || out["exit-code"] != "5" {
		t.Errorf("applied without approval: %v\n%s", out, r.log)
	}
	if out, ok := r.use(map[string]string{"command": "apply", "args": "--auto-approve --max-deletes 5"}); !ok {
		t.Fatalf("apply: %v\n%s", out, r.log)
	}
	if out, ok := r.use(drift); !ok || out["changes"] != "false" {
		t.Errorf("drift: %v\n%s", out, r.log)
	}
	if hub.now().issues[0].State != "closed" || len(hub.now().closing) != 1 || !strings.Contains(hub.now().closing[0], "https://github.example/acme/atlas/actions/runs/7") {
		t.Errorf("issues: %+v, said: %q", hub.now().issues, hub.now().closing)
	}
	if len(hub.now().refused) > 0 {
		t.Error("refused:", hub.now().refused)
	}
}

// TestActionLongReport: what GitHub would refuse is cut, and its code block is closed.
func TestActionLongReport(t *testing.T) {
	t.Parallel()
	r, hub := newRunner(t, sandbox.Options{})
	hub.release(t, "1.2.3")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n"
	for i := range 900 {
		text += fmt.Sprintf("  - {name: \"team number %d, with an ü\", members: [ana@example.com]}\n", i)
	}
	r.write("atlas/teams.yaml", text)
	r.github["number"] = "5"
	if out, ok := r.use(map[string]string{"comment": "true", "args": "--full"}); !ok {
		t.Fatalf("%v\n%s", out, r.log)
	}
	body := hub.now().comments[0].Body
	if n := len([]rune(body)); n < 60000 || n > 65536 || strings.Count(body, "```")%2 != 0 || !strings.Contains(body, "Cut here.") {
		t.Errorf("%d characters, ending in %q", n, body[len(body)-300:])
	}
}

// TestActionFailures: what is wrong is said, fails the step, and runs nothing of what
// the inputs hold.
func TestActionFailures(t *testing.T) {
	t.Parallel()
	r, hub := newRunner(t, sandbox.Options{})
	hub.release(t, "1.2.3")
	evil := "$(touch pwned)`touch pwned`; touch pwned; \"'\n|| touch pwned"
	r.github["number"] = "5"
	for name, c := range map[string]struct {
		inputs map[string]string
		says   string
	}{
		"command":                 {map[string]string{"command": "plan; touch pwned"}, "takes validate, plan, apply or drift"},
		"files":                   {map[string]string{"files": evil}, "no such file"},
		"args":                    {map[string]string{"args": evil + " *"}, ""},
		"name":                    {map[string]string{"name": evil}, "The input name takes"},
		"version":                 {map[string]string{"version": evil}, "Say which release"},
		"a branch":                {map[string]string{"version": "main"}, "Say which release"},
		"a release that is not":   {map[string]string{"version": "9.9.9"}, "404"},
		"no plan has been saved":  {map[string]string{"command": "apply", "saved-plan": "true"}, ""},
		"a file that is at fault": {map[string]string{"files": "bad.yaml", "comment": "true"}, "bad.yaml"},
	} {
		r.write("bad.yaml", "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\norganization: Acme\nnoSuchSection: {}\n")
		out, ok := r.use(c.inputs)
		if ok || !strings.Contains(r.log, c.says) || out["changes"] != "" {
			t.Errorf("%s: %v, %v\n%s", name, ok, out, r.log)
		}
	}
	for _, dir := range []string{r.workspace, r.temp} {
		if found, _ := filepath.Glob(filepath.Join(dir, "*pwned*")); len(found) > 0 {
			t.Error("an input was run:", found)
		}
	}
	if len(hub.now().comments) != 1 || !strings.Contains(hub.now().comments[0].Body, "noSuchSection") {
		t.Errorf("the comment does not say what is wrong: %+v", hub.now().comments)
	}

	// A release whose archive is not the one that checksums.txt names.
	hub.change(func(s *hubState) {
		for path := range s.files {
			if strings.HasSuffix(path, ".gz") {
				s.files[path] = append(s.files[path], 0)
			}
		}
	})
	if err := os.RemoveAll(filepath.Join(r.temp, "atlasctl-sync")); err != nil {
		t.Fatal(err)
	}
	if _, ok := r.use(nil); ok || !strings.Contains(r.log, "FAILED") || readFile(filepath.Join(r.temp, "atlasctl-sync/bin/atlasctl-sync")) != "" {
		t.Errorf("a forged archive was installed:\n%s", r.log)
	}
}

// TestActionSource builds what the action was checked out with.
func TestActionSource(t *testing.T) {
	t.Parallel()
	r, _ := newRunner(t, sandbox.Options{})
	if out, ok := r.use(map[string]string{"version": "source", "command": "validate"}); !ok || out["exit-code"] != "0" {
		t.Errorf("%v\n%s", out, r.log)
	}
}
