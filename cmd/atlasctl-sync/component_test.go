package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A component is a template of GitLab's CI/CD catalogue: a header that says its inputs,
// and the jobs.
type component struct {
	Spec struct {
		Inputs map[string]struct {
			Description, Regex string
			Default            *string
			Options            []string
		}
	}
	jobs string
}

type gitlabJob struct {
	Extends      string
	Stage, Image string
	Variables    map[string]string
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	AfterScript  []string `yaml:"after_script"`
	Needs        []string
	Rest         map[string]any `yaml:",inline"`
}

func readComponent(t *testing.T) component {
	t.Helper()
	header, jobs, ok := strings.Cut(readFile("../../templates/atlasctl-sync/template.yml"), "\n---\n")
	var c component
	if err := yaml.Unmarshal([]byte(header), &c); err != nil || !ok {
		t.Fatal("the component has no header:", err)
	}
	c.jobs = jobs
	return c
}

var interpolated = regexp.MustCompile(`\$\[\[ inputs\.([a-z-]+) \]\]`)

// with returns the jobs with the inputs put in, and those that they extend.
func (c component) with(t *testing.T, inputs map[string]string) map[string]gitlabJob {
	t.Helper()
	text := interpolated.ReplaceAllStringFunc(c.jobs, func(m string) string {
		name := interpolated.FindStringSubmatch(m)[1]
		in, declared := c.Spec.Inputs[name]
		value, given := inputs[name]
		if !given && in.Default != nil {
			value, given = *in.Default, true
		}
		if !declared || !given || in.Regex != "" && !regexp.MustCompile(in.Regex).MatchString(value) || in.Options != nil && !slices.Contains(in.Options, value) {
			t.Fatalf("the input %s: %q", name, value)
		}
		return value
	})
	jobs := map[string]gitlabJob{}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&jobs); err != nil {
		t.Fatal(err)
	}
	if err := decoder.Decode(&jobs); err != io.EOF {
		t.Fatal("there is a third document")
	}
	for name, job := range jobs {
		base, ok := jobs[job.Extends]
		if strings.HasPrefix(name, ".") {
			continue
		}
		if !ok || len(base.BeforeScript) == 0 {
			t.Fatalf("%s extends %q", name, job.Extends)
		}
		job.BeforeScript, job.Variables, job.Image = base.BeforeScript, base.Variables, base.Image
		jobs[name] = job
	}
	return jobs
}

// TestComponentText: every input says what it is for and is used, and none stands in a
// script, which would be a way to run what it says.
func TestComponentText(t *testing.T) {
	c := readComponent(t)
	for name, in := range c.Spec.Inputs {
		if in.Description == "" || !strings.Contains(c.jobs, "inputs."+name+" ]]") {
			t.Errorf("the input %s is not described, or not used", name)
		}
	}
	var jobs map[string]gitlabJob
	if err := yaml.Unmarshal([]byte(c.jobs), &jobs); err != nil {
		t.Fatal(err)
	}
	for name, job := range jobs {
		if !strings.Contains(name, "inputs.job-prefix") {
			t.Errorf("a second use of the component would have a second job %s", name)
		}
		for _, line := range slices.Concat(job.BeforeScript, job.Script, job.AfterScript) {
			if strings.Contains(line, "$[[") {
				t.Errorf("%s: an input in a script: %s", name, line)
			}
		}
		for _, need := range job.Needs {
			if _, ok := jobs[need]; !ok {
				t.Errorf("%s needs %s, which is not there", name, need)
			}
		}
	}
	if len(jobs) != 6 {
		t.Errorf("%d jobs", len(jobs))
	}
}

// TestComponent runs the jobs as a runner does: a note on the merge request, a saved
// plan that is applied, an issue for drift.
func TestComponent(t *testing.T) {
	t.Parallel()
	r, hub := newRunner(t, sandbox.Options{})
	hub.release(t, "1.2.3")
	jobs := readComponent(t).with(t, map[string]string{"version": "1.2.3", "releases": hub.URL + "/releases", "args": "--max-rps 1000 --exclude *"})
	maps.Copy(r.env, map[string]string{"CI_API_V4_URL": hub.URL, "CI_PROJECT_ID": "9", "CI_MERGE_REQUEST_PROJECT_ID": "9", "CI_MERGE_REQUEST_IID": "5", "GITLAB_TOKEN": "gitlab-token"})
	apk := filepath.Join(t.TempDir(), "apk") // what the image has
	if err := os.WriteFile(apk, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	run := func(name string, want int) string {
		t.Helper()
		job, ok := jobs[name]
		if !ok {
			t.Fatalf("there is no job %s: %v", name, slices.Collect(maps.Keys(jobs)))
		}
		var out bytes.Buffer
		code := 0
		for i, lines := range [][]string{slices.Concat(job.BeforeScript, job.Script), job.AfterScript} {
			cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.Join(lines, "\n"))
			cmd.Dir, cmd.Stdout, cmd.Stderr = r.workspace, &out, &out
			cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(apk)+":"+os.Getenv("PATH"), "TMPDIR="+r.temp)
			for _, env := range []map[string]string{r.env, job.Variables} {
				for name, value := range env {
					cmd.Env = append(cmd.Env, name+"="+value)
				}
			}
			if err := cmd.Run(); err != nil && i == 1 {
				t.Errorf("%s: after_script: %v\n%s", name, err, out.String())
			}
			if i == 0 {
				code = cmd.ProcessState.ExitCode()
			}
		}
		if code != want {
			t.Errorf("%s: exit code %d, want %d\n%s", name, code, want, out.String())
		}
		return out.String()
	}
	// The files of the runner must not answer to the asterisk.
	r.write("a", "")
	r.write("b", "")
	run("atlas-validate", 0)
	if out := run("atlas-plan", 1); !strings.Contains(out, "--exclude * matches") {
		t.Errorf("the asterisk did not arrive: %s", out)
	}
	jobs = readComponent(t).with(t, map[string]string{"version": "1.2.3", "releases": hub.URL + "/releases", "args": "--max-rps 1000"})
	hub.change(func(s *hubState) { s.comments = nil })
	for range 2 {
		run("atlas-plan", 0)
	}
	if len(hub.now().comments) != 1 || !strings.HasPrefix(hub.now().comments[0].Body, "<!-- atlasctl-sync plan atlas -->\n") || !strings.Contains(hub.now().comments[0].Body, "managedSlowMs") {
		t.Errorf("notes: %+v", hub.now().comments)
	}
	for range 2 {
		run("atlas-drift", 2)
	}
	if len(hub.now().issues) != 1 || hub.now().issues[0].Title != "Atlas has drifted from the files (atlas)" || !strings.Contains(hub.now().issues[0].Body, "managedSlowMs") {
		t.Errorf("issues: %+v", hub.now().issues)
	}
	if out := run("atlas-plan-main", 2); !strings.Contains(out, "ATLASCTL_SYNC_PLAN_KEY") {
		t.Errorf("a plan without a key: %s", out)
	}
	r.env["ATLASCTL_SYNC_PLAN_KEY"] = "a long random value, the same for both"
	run("atlas-plan-main", 0)
	run("atlas-apply", 0)
	if out := run("atlas-apply", 4); !strings.Contains(out, "nothing was written") {
		t.Errorf("the plan was applied twice: %s", out)
	}
	run("atlas-drift", 0)
	if hub.now().issues[0].State != "closed" {
		t.Errorf("issues: %+v", hub.now().issues)
	}
	r.write("atlas/payments.yaml", "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nnoSuch: {}\n")
	run("atlas-drift", 6)
	run("atlas-plan", 6)
	if len(hub.now().comments) != 1 || !strings.Contains(hub.now().comments[0].Body, "noSuch") {
		t.Errorf("the note does not say what is wrong: %+v", hub.now().comments)
	}
	hub.change(func(s *hubState) {
		for path := range s.files {
			s.files[path] = fmt.Append(s.files[path], "\n")
		}
	})
	if out := run("atlas-validate", 1); !strings.Contains(out, "FAILED") {
		t.Errorf("a forged archive was installed: %s", out)
	}
	if len(hub.now().refused) > 0 {
		t.Error("refused:", hub.now().refused)
	}
}
