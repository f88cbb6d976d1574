package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
	"gopkg.in/yaml.v3"
)

// TestInstallingNames: what docs/installing.md writes of the Action, the component and
// the hooks is what they have.
func TestInstallingNames(t *testing.T) {
	a, c, hooks := readAction(t), readComponent(t), readHooks(t)
	uses, includes, repos := 0, 0, 0
	for _, b := range blocksOf(t, "../../docs/installing.md") {
		if b.language != "yaml" {
			continue
		}
		var doc struct {
			Jobs map[string]struct {
				Steps []struct {
					Uses string
					With map[string]any
				}
			}
			Include []struct {
				Component string
				Inputs    map[string]string
			}
			Repos []struct{ Hooks []struct{ ID string } }
		}
		if err := yaml.Unmarshal([]byte(strings.Join(b.lines, "\n")), &doc); err != nil {
			t.Fatal(err)
		}
		for _, job := range doc.Jobs {
			for _, step := range job.Steps {
				if !strings.HasPrefix(step.Uses, "atlasctl/") {
					continue
				}
				uses++
				for name := range step.With {
					if _, ok := a.Inputs[name]; !ok {
						t.Errorf("the action has no input %s", name)
					}
				}
			}
		}
		for _, i := range doc.Include {
			includes++
			c.with(t, i.Inputs)
			name, _, _ := strings.Cut(i.Component[strings.LastIndex(i.Component, "/")+1:], "@")
			if readFile(filepath.Join("../../templates", name, "template.yml")) == "" {
				t.Errorf("there is no component %s", name)
			}
		}
		for _, r := range doc.Repos {
			for _, h := range r.Hooks {
				repos++
				if _, ok := hooks[h.ID]; !ok {
					t.Errorf("there is no hook %s", h.ID)
				}
			}
		}
	}
	if uses != 4 || includes != 1 || repos != len(hooks) {
		t.Errorf("found %d uses of the action, %d of the component, %d hooks", uses, includes, repos)
	}
}

type hook struct {
	ID, Name, Description, Entry, Language, Files string
	Args                                          []string
	PassFilenames                                 *bool `yaml:"pass_filenames"`
}

func readHooks(t *testing.T) map[string]hook {
	t.Helper()
	var list []hook
	decoder := yaml.NewDecoder(strings.NewReader(readFile("../../.pre-commit-hooks.yaml")))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil {
		t.Fatal(err)
	}
	hooks := map[string]hook{}
	for _, h := range list {
		hooks[h.ID] = h
	}
	return hooks
}

// commit runs a hook as pre-commit does: with the files that changed and match, if any.
// It fails, as there, also when it changed a file.
func (h hook) commit(t *testing.T, dir string, changed ...string) (out string, ok bool) {
	t.Helper()
	args := append(strings.Fields(h.Entry), h.Args...)
	n, before := 0, ""
	for _, name := range changed {
		if regexp.MustCompile(h.Files).MatchString(name) {
			n++
			before += readFile(filepath.Join(dir, name))
			if h.PassFilenames == nil || *h.PassFilenames {
				args = append(args, name)
			}
		}
	}
	if n == 0 {
		return "skipped", true
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	after := ""
	for _, name := range changed {
		if regexp.MustCompile(h.Files).MatchString(name) {
			after += readFile(filepath.Join(dir, name))
		}
	}
	return string(text), err == nil && before == after
}

func TestPreCommitHooks(t *testing.T) {
	dir, hooks := t.TempDir(), readHooks(t)
	if err := os.CopyFS(filepath.Join(dir, "atlas"), os.DirFS("../../examples/production")); err != nil {
		t.Fatal(err)
	}
	var all []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			below, _ := filepath.Rel(dir, path)
			all = append(all, filepath.ToSlash(below))
		}
		return err
	})
	if err != nil || len(all) < 5 {
		t.Fatal(all, err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(id string, want bool, says string, changed ...string) {
		t.Helper()
		if out, ok := hooks[id].commit(t, dir, changed...); ok != want || !strings.Contains(out, says) {
			t.Errorf("%s of %v: %v, %s", id, changed, ok, out)
		}
	}
	_, _ = hooks["atlasctl-sync-fmt"].commit(t, dir, all...) // as they are laid out from now on
	expect("atlasctl-sync-fmt", true, "", all...)
	expect("atlasctl-sync-validate", true, "Valid: ", all...)
	write("other.yaml", "a:   b\n")
	expect("atlasctl-sync-fmt", true, "skipped", "other.yaml", "atlas/README.md")
	write("atlas/new.yml", "apiVersion: atlasctl-sync/v1\nkind: Project\nname:    payments\norganization: Acme\n")
	expect("atlasctl-sync-fmt", false, "atlas/new.yml", "atlas/new.yml")
	expect("atlasctl-sync-fmt", true, "", "atlas/new.yml")
	// What only the whole directory shows: a user whom two files declare.
	write("atlas/one.yaml", "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\norganization: Acme\nusers:\n  - {username: bo@example.com, roles: [GROUP_OWNER]}\n")
	write("atlas/two.yaml", strings.Replace(readFile(filepath.Join(dir, "atlas/one.yaml")), "GROUP_OWNER", "GROUP_READ_ONLY", 1))
	expect("atlasctl-sync-validate", false, "atlas/one.yaml:6", "atlas/two.yaml")
}

// TestDockerContext: the image is built from all that the program is made of.
func TestDockerContext(t *testing.T) {
	var patterns []string
	for line := range strings.Lines(readFile("../../.dockerignore")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, line)
		}
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=Dir,Module,GoFiles,EmbedFiles", "./cmd/atlasctl-sync")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p struct {
			Dir                 string
			Module              *struct{ Main bool }
			GoFiles, EmbedFiles []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for _, name := range append(p.GoFiles, p.EmbedFiles...) {
			below, err := filepath.Rel(root, filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			files++
			if left, err := ignored.MatchesOrParentMatches(below); left || err != nil {
				t.Errorf(".dockerignore keeps %s from the image: %v", below, err)
			}
		}
	}
	if files < 100 {
		t.Errorf("only %d files", files)
	}
}
