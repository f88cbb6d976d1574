package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A fleetRun is where the steps of a recipe run: in a directory with files in atlas/,
// against a sandbox.
type fleetRun struct {
	t   *testing.T
	dir string
	env []string
}

func newFleetRun(t *testing.T) *fleetRun {
	t.Helper()
	_, env := serve(t, sandbox.Options{})
	f := &fleetRun{t: t, dir: t.TempDir(), env: os.Environ()}
	for name, value := range env {
		f.env = append(f.env, name+"="+value)
	}
	f.write("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams: [{name: web, members: [ana@example.com]}]\n", "{name: web, roles: [GROUP_READ_ONLY]}")
	return f
}

// write declares an organization, and 20 projects with a team.
func (f *fleetRun) write(organization, team string) {
	f.t.Helper()
	text := organization
	for p := range 20 {
		text += fmt.Sprintf("---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: p%d\norganization: Acme\nteams: [%s]\n", p, team)
	}
	if err := os.MkdirAll(filepath.Join(f.dir, "atlas"), 0o700); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, "atlas", "all.yaml"), []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

// run runs a line of a shell as the recipes' systems do, which stop at what fails.
func (f *fleetRun) run(want int, script string, env ...string) string {
	f.t.Helper()
	cmd := exec.CommandContext(f.t.Context(), "sh", "-e", "-c", script)
	cmd.Dir, cmd.Env = f.dir, append(f.env, env...)
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != want {
		f.t.Fatalf("exit code %d, want %d: %s\n%.3000s", code, want, script, out)
	}
	return string(out)
}

func (f *fleetRun) again() {
	f.t.Helper()
	if err := os.RemoveAll(filepath.Join(f.dir, "reports")); err != nil {
		f.t.Fatal(err)
	}
}

// gone declares what the recipe is to take away in its last step.
func (f *fleetRun) gone() {
	f.write("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams: [{name: web, state: absent}]\n", "{name: web, state: absent}")
	f.again()
}

func recipe(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile("../../examples/ci/fleet/" + path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestFleetOnGitHub runs the steps of the workflow: those of a pull request, of a push
// to main, of a night, and of a push that takes away.
func TestFleetOnGitHub(t *testing.T) {
	t.Parallel()
	var w struct {
		Env  map[string]string
		Jobs map[string]struct {
			Strategy struct{ Matrix struct{ Shard []int } }
			Steps    []struct{ Name, Run string }
		}
	}
	recipe(t, "github/.github/workflows/atlas-fleet.yml", &w)
	f := newFleetRun(t)
	f.env = append(f.env, "SHARDS="+w.Env["SHARDS"])
	script := func(job, name string) string {
		for _, s := range w.Jobs[job].Steps {
			if s.Name == name {
				return s.Run
			}
		}
		t.Fatalf("%s has no step %s", job, name)
		return ""
	}
	look := func(command, event string) string {
		f.again()
		for _, k := range w.Jobs["look"].Strategy.Matrix.Shard {
			f.run(0, script("look", "Look"), "COMMAND="+command, fmt.Sprintf("SHARD=%d", k))
		}
		return f.run(0, script("looked", "Merge"), "GITHUB_EVENT_NAME="+event)
	}
	apply := func() {
		f.run(0, script("organizations", "Apply the organizations"))
		for _, k := range w.Jobs["projects"].Strategy.Matrix.Shard {
			f.run(0, script("projects", "Apply a shard"), fmt.Sprintf("SHARD=%d", k))
		}
		f.run(0, script("applied", "Merge"))
		f.run(0, script("applied", "Delete what the projects needed until now"))
	}
	if out := look("plan --detailed-exitcode", "pull_request"); !strings.Contains(out, "Plan: 41 to create") {
		t.Errorf("the plan:\n%s", out)
	}
	f.again()
	apply()
	f.run(0, "atlasctl-sync plan --detailed-exitcode atlas")
	if out := look("drift", "schedule"); !strings.Contains(out, "No drift.") {
		t.Errorf("drift:\n%s", out)
	}
	f.gone()
	apply()
	f.run(0, "atlasctl-sync plan --detailed-exitcode atlas")
}

// TestFleetOnGitLab runs the scripts of the pipeline's jobs.
func TestFleetOnGitLab(t *testing.T) {
	t.Parallel()
	var jobs map[string]yaml.Node
	recipe(t, "gitlab/.gitlab-ci.yml", &jobs)
	var shards struct{ Parallel int }
	node := jobs[".shards"]
	if err := node.Decode(&shards); err != nil || shards.Parallel < 2 {
		t.Fatal(shards, err)
	}
	f := newFleetRun(t)
	run := func(name string, env ...string) string {
		t.Helper()
		var job struct{ Script []string }
		node := jobs[name]
		if err := node.Decode(&job); err != nil || len(job.Script) == 0 {
			t.Fatal(name, err)
		}
		return f.run(0, strings.Join(job.Script, "\n"), env...)
	}
	all := func(name string) {
		t.Helper()
		for k := range shards.Parallel {
			run(name, fmt.Sprintf("CI_NODE_INDEX=%d", k+1), fmt.Sprintf("CI_NODE_TOTAL=%d", shards.Parallel))
		}
	}
	for range 2 {
		run("apply-organizations")
		all("apply-projects")
		run("applied")
		f.run(0, "atlasctl-sync plan --detailed-exitcode atlas")
		f.again()
		run("drift-organizations")
		all("drift-projects")
		if out := run("drift"); !strings.Contains(out, "No drift.") {
			t.Errorf("drift:\n%s", out)
		}
		f.gone()
	}
}

// TestFleetOnKubernetes runs the pods of the Jobs, one for each index.
func TestFleetOnKubernetes(t *testing.T) {
	t.Parallel()
	type job struct {
		Spec struct {
			Completions int
			Template    struct {
				Spec struct{ Containers []struct{ Args []string } }
			}
		}
	}
	f := newFleetRun(t)
	if err := os.Mkdir(filepath.Join(f.dir, "reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	pod := func(want int, j job, index int, then string) string {
		t.Helper()
		line := []string{"atlasctl-sync"}
		for _, arg := range j.Spec.Template.Spec.Containers[0].Args {
			arg = strings.ReplaceAll(arg, "$(JOB_COMPLETION_INDEX)", fmt.Sprint(index))
			line = append(line, strings.NewReplacer("/atlas", "atlas", "/reports", "reports").Replace(arg))
		}
		return f.run(want, strings.Join(line, " ")+then)
	}
	var shards, merge job
	recipe(t, "kubernetes/drift.manifest", &shards)
	recipe(t, "kubernetes/merge.manifest", &merge)
	for k := range shards.Spec.Completions {
		pod(0, shards, k, " || [ $? -eq 2 ]") // a shard may be empty
	}
	if out := pod(2, merge, 0, ""); !strings.Contains(out, "Drift: 21 missing") && !strings.Contains(out, "Drift: 41 missing") {
		t.Errorf("drift:\n%s", out)
	}
	if err := os.Remove(filepath.Join(f.dir, "reports", "drift-7.json")); err != nil {
		t.Fatal(err)
	}
	if out := pod(1, merge, 0, ""); !strings.Contains(out, "there is no report of shard 7/16") {
		t.Errorf("without a shard:\n%s", out)
	}
}
