package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

//go:embed wide.yaml
var wideProject string

const wideProjects = 100

// wide measures a plan that finds nothing to do in projects of many kinds. What is
// live is what an apply has made of the same files, without latency.
func wide(program, dir string) error {
	w := world{dir: dir}
	if err := os.MkdirAll(w.config(), 0o700); err != nil {
		return err
	}
	for p := range wideProjects {
		name := fmt.Sprintf("project%d", p)
		file := strings.ReplaceAll(wideProject, "PROJECT", name)
		if err := os.WriteFile(filepath.Join(w.config(), name+".yaml"), []byte(file), 0o600); err != nil {
			return err
		}
	}
	if err := os.Setenv("BENCH_SECRET", "not-a-secret"); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	out, _, _, err := measure(os.Environ(), program, "apply", "--sandbox="+data, "--auto-approve", "-q", "--summary", w.config())
	if err != nil {
		return fmt.Errorf("apply: %w\n%.2000s", err, out)
	}
	env, stop, err := sandbox(program, "--data", data)
	if err != nil {
		return err
	}
	defer stop()
	resources, of := count(w.config())
	fmt.Printf("%d projects, %d declared resources of %d kinds\n", wideProjects, resources, of)
	_, err = w.run(program, env, "plan", "--detailed-exitcode") // so that it fails where there is something to do
	return err
}

// count tells how many resources files declare, and of how many kinds.
func count(path string) (resources, of int) {
	state, _ := spec.Load(kinds.Catalog(), []string{path}, nil)
	seen := map[string]bool{}
	state.Resources(func(r *spec.Resource) {
		resources++
		seen[r.Kind.Name] = true
	})
	return resources, len(seen)
}
