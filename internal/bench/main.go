// Command bench measures the built program on large worlds, with an emulator that
// answers after 50 ms: plan, and apply of new project users, over 100 and over
// 1,000 projects of 20 resources each; the creation of 1,000 projects by one process
// and by several, without and within a rate limit; plan over 100 projects of nearly all kinds;
// and validate over 10,000 resources, and over 100,000 that a baseline gives. It
// prints figures and judges nothing.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	latency     = 50 * time.Millisecond
	parallelism = 10
)

func main() {
	part := ""
	if len(os.Args) == 3 {
		part = os.Args[2]
	}
	if len(os.Args) < 2 || len(os.Args) > 3 || part != "" && part != "fleet" {
		fmt.Fprintln(os.Stderr, "usage: bench PROGRAM [fleet]")
		os.Exit(2)
	}
	if err := run(os.Args[1], part); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(program, part string) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if part == "fleet" {
		return fleet(program, filepath.Join(dir, "fleet"))
	}
	for _, projects := range []int{100, 1000} {
		if err := large(program, dir, projects); err != nil {
			return err
		}
	}
	if err := fleet(program, filepath.Join(dir, "fleet")); err != nil {
		return err
	}
	if err := wide(program, filepath.Join(dir, "wide")); err != nil {
		return err
	}
	if err := validate(program, filepath.Join(dir, "many")); err != nil {
		return err
	}
	return baseline(program, filepath.Join(dir, "given"))
}

// baseline times 100,000 resources that one baseline gives to 1,000 projects: as it
// is, and with values of the projects in each of them.
func baseline(program, dir string) error {
	for _, name := range []string{"user", "${name}"} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		var b strings.Builder
		b.WriteString("apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: project*}\nusers:\n")
		for u := range 99 {
			fmt.Fprintf(&b, "  - {username: \"%s-%d@example.com\", roles: [GROUP_READ_ONLY]}\n", name, u)
		}
		for p := range 1000 {
			fmt.Fprintf(&b, "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: project%d\n", p)
		}
		if err := os.WriteFile(filepath.Join(dir, "all.yaml"), []byte(b.String()), 0o600); err != nil {
			return err
		}
		out, wall, peak, err := measure(os.Environ(), program, "validate", dir)
		if err != nil {
			return fmt.Errorf("validate: %w", err)
		}
		fmt.Printf("%s  of a baseline, named %s-1\n  wall         %v\n  peak memory  %d MB\n", out, name, wall.Round(time.Millisecond), peak/1_000_000)
	}
	return nil
}

// large measures one world: a plan that finds nothing to do, then an apply of
// 200 new users of projects, then one of 800 more.
func large(program, dir string, projects int) error {
	w := world{projects: projects, dir: filepath.Join(dir, fmt.Sprint(projects))}
	if err := w.write(); err != nil {
		return err
	}
	env, stop, err := sandbox(program, "--seed", w.seed())
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("%d projects, %d live resources\n", projects, w.resources())
	planned, err := w.run(program, env, "plan")
	if err != nil {
		return err
	}
	for _, more := range []int{200, 800} {
		w.extra += more
		if err := w.declare(); err != nil {
			return err
		}
		applied, err := w.run(program, env, "apply", "--auto-approve", "-q")
		if err != nil {
			return err
		}
		fmt.Printf("              %d beside the plan, for %d new users\n", applied-planned, more)
	}
	return nil
}

// run runs a command over the world and prints what it took. It returns how many
// requests that were.
func (w *world) run(program string, env []string, args ...string) (int, error) {
	args = append(args, "-o", "json", "--parallelism", fmt.Sprint(parallelism), w.config())
	out, wall, peak, err := measure(env, program, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%.2000s", args[0], err, out)
	}
	var doc struct {
		Summary struct{ None, Create, Update, Delete int }
		Stats   struct{ Requests int }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		return 0, err
	}
	floor := time.Duration(doc.Stats.Requests) * latency / parallelism
	fmt.Printf("  %-5s %5d created, %d as declared\n", args[0], doc.Summary.Create, doc.Summary.None)
	fmt.Printf("              %d requests, %v; floor %v (requests × %v / %d), ratio %.2f; peak memory %d MB\n",
		doc.Stats.Requests, wall.Round(time.Millisecond), floor, latency, parallelism, float64(wall)/float64(floor), peak/1_000_000)
	return doc.Stats.Requests, nil
}

// sandbox starts the emulator and returns the environment in which it is found.
func sandbox(program string, args ...string) ([]string, func(), error) {
	cmd := exec.Command(program, append([]string{"sandbox", "--latency", latency.String()}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	env := os.Environ()
	lines := bufio.NewScanner(out)
	for n := 0; n < 5 && lines.Scan(); n++ {
		env = append(env, strings.TrimPrefix(lines.Text(), "export "))
	}
	return env, func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }, nil
}

// measure runs a command and returns what it printed, how long it took and
// its peak memory in bytes.
func measure(env []string, program string, args ...string) (string, time.Duration, int64, error) {
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Stderr = env, os.Stderr
	var out bytes.Buffer
	cmd.Stdout = &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return "", 0, 0, err
	}
	peak := watchPeak(cmd.Process.Pid)
	err := cmd.Wait()
	wall := time.Since(start)
	return out.String(), wall, peak(), err
}

// validate times 10,000 resources, offline.
func validate(program, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for p := range 100 {
		var b strings.Builder
		fmt.Fprintf(&b, "apiVersion: atlasctl-sync/v1\nkind: Project\nname: project%d\nusers:\n", p)
		for u := range 99 {
			fmt.Fprintf(&b, "  - {username: user%d@example.com, roles: [GROUP_READ_ONLY]}\n", u)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.yaml", p)), []byte(b.String()), 0o600); err != nil {
			return err
		}
	}
	out, wall, peak, err := measure(os.Environ(), program, "validate", dir)
	if err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	fmt.Printf("%s  wall         %v\n  peak memory  %d MB\n", out, wall.Round(time.Millisecond), peak/1_000_000)
	return nil
}
