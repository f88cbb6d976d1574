package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// This file runs action.yml as GitHub's runner does; action_uses_test.go uses it.

// An action is action.yml, as far as the tests read it.
type action struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, ID, If, Shell, Run, Uses string
	Env, With                      map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// A runner runs the steps of action.yml as GitHub's runner does, with a directory
// in the place of GitHub's artifacts.
type runner struct {
	t                          *testing.T
	workspace, temp, artifacts string
	env, github                map[string]string
	log                        string
}

func newRunner(t *testing.T, o sandbox.Options) (*runner, *fakeHub) {
	t.Helper()
	_, env := serve(t, o)
	hub := startHub(t)
	r := &runner{t: t, workspace: t.TempDir(), temp: t.TempDir(), artifacts: t.TempDir(), env: env, github: map[string]string{
		"token": "job-token", "repository": "acme/atlas", "server_url": "https://github.example", "run_id": "7", "action_ref": "v1.2.3"}}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	r.github["action_path"] = root
	r.env["GITHUB_API_URL"] = hub.URL
	r.env["RUNNER_OS"], r.env["RUNNER_ARCH"] = map[string]string{"linux": "Linux", "darwin": "macOS"}[runtime.GOOS], map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH]
	r.env["ATLASCTL_SYNC_RELEASES"] = hub.URL + "/releases"
	r.write("atlas/payments.yaml", "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\norganization: Acme\nmanagedSlowMs: {enabled: false}\n")
	return r, hub
}

func (r *runner) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.workspace, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// use runs the action with inputs, as a step of a job, and returns its outputs and
// whether it succeeded. What its steps print is in log.
func (r *runner) use(inputs map[string]string) (outputs map[string]string, ok bool) {
	r.t.Helper()
	a, ok := readAction(r.t), true
	r.log = ""
	values := map[string]string{"runner.temp": r.temp, "github.event.pull_request.number": r.github["number"]}
	for name, value := range r.github {
		values["github."+name] = value
	}
	for name, input := range a.Inputs {
		values["inputs."+name] = r.fill(input.Default, values)
	}
	for name, value := range inputs {
		if _, known := a.Inputs[name]; !known {
			r.t.Fatalf("action.yml has no input %s", name)
		}
		values["inputs."+name] = value
	}
	path := os.Getenv("PATH")
	for _, step := range a.Runs.Steps {
		if !r.holds(step.If, ok, values) {
			continue
		}
		switch name, _, _ := strings.Cut(step.Uses, "@"); name {
		case "":
			succeeded := r.run(step, values, &path)
			ok = ok && succeeded
		case "actions/setup-go":
		case "actions/upload-artifact":
			from, to := r.fill(step.With["path"], values), filepath.Join(r.artifacts, r.fill(step.With["name"], values))
			if err := os.MkdirAll(to, 0o700); err != nil {
				r.t.Fatal(err)
			}
			data, err := os.ReadFile(from)
			if err == nil {
				err = os.WriteFile(filepath.Join(to, filepath.Base(from)), data, 0o600)
			}
			if err != nil {
				r.t.Fatal(err)
			}
		case "actions/download-artifact":
			to := r.fill(step.With["path"], values)
			if err := os.RemoveAll(to); err != nil { // another machine runs the job
				r.t.Fatal(err)
			}
			ok = ok && os.CopyFS(to, os.DirFS(filepath.Join(r.artifacts, r.fill(step.With["name"], values)))) == nil
		default:
			r.t.Fatalf("a step uses %s, which this test does not know", step.Uses)
		}
	}
	outputs = map[string]string{}
	for name, output := range a.Outputs {
		outputs[name] = r.fill(output.Value, values)
	}
	return outputs, ok
}

// run runs a script of bash as the runner does, and reads the files that it wrote.
func (r *runner) run(step actionStep, values map[string]string, path *string) bool {
	r.t.Helper()
	dir := r.t.TempDir()
	script := filepath.Join(dir, "script.sh")
	if err := os.WriteFile(script, []byte(step.Run), 0o600); err != nil {
		r.t.Fatal(err)
	}
	if step.Shell != "bash" {
		r.t.Fatalf("%s: shell %q", step.Name, step.Shell)
	}
	cmd := exec.CommandContext(r.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	cmd.Dir = r.workspace
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GITHUB_") || strings.HasPrefix(v, "PATH=") })
	cmd.Env = append(cmd.Env, "PATH="+*path, "RUNNER_TEMP="+r.temp)
	for _, name := range []string{"OUTPUT", "PATH", "STEP_SUMMARY"} {
		cmd.Env = append(cmd.Env, "GITHUB_"+name+"="+filepath.Join(dir, name))
	}
	for name, value := range r.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	for name, value := range step.Env {
		cmd.Env = append(cmd.Env, name+"="+r.fill(value, values))
	}
	out, err := cmd.CombinedOutput()
	r.log += string(out)
	for line := range strings.Lines(readFile(filepath.Join(dir, "PATH"))) {
		*path = strings.TrimSuffix(line, "\n") + ":" + *path
	}
	for line := range strings.Lines(readFile(filepath.Join(dir, "OUTPUT"))) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		values["steps."+step.ID+".outputs."+name] = value
	}
	return err == nil
}

// readFile returns what is in a file, and nothing of one that is not there.
func readFile(path string) string {
	data, _ := os.ReadFile(path)
	return string(data)
}

var expression = regexp.MustCompile(`\$\{\{ ([a-z_.A-Z-]+) \}\}`)

// fill puts the values into a text with expressions.
func (r *runner) fill(text string, values map[string]string) string {
	r.t.Helper()
	return expression.ReplaceAllStringFunc(text, func(m string) string { return r.value(expression.FindStringSubmatch(m)[1], values) })
}

// value returns what a name stands for; a step that did not run has no outputs.
func (r *runner) value(name string, values map[string]string) string {
	r.t.Helper()
	value, known := values[name]
	if !known && !strings.HasPrefix(name, "steps.run.outputs.") {
		r.t.Fatalf("nothing is known of %s", name)
	}
	return value
}

// holds tells whether a step runs: comparisons with texts, joined by &&.
func (r *runner) holds(condition string, ok bool, values map[string]string) bool {
	r.t.Helper()
	always := false
	for term := range strings.SplitSeq(condition, " && ") {
		m := regexp.MustCompile(`^([a-z_.-]+) (==|!=) '([^']*)'$`).FindStringSubmatch(term)
		switch {
		case term == "!cancelled()":
			always = true
		case term == "":
		case m == nil:
			r.t.Fatalf("this test cannot read the condition %s", term)
		case (r.value(m[1], values) == m[3]) != (m[2] == "=="):
			return false
		}
	}
	return ok || always
}
