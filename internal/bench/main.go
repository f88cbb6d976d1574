// Command bench measures the built program on a large world: plan over 100
// projects of 20 resources each, with an emulator that answers after 50 ms, and
// validate over 10,000 resources. It prints figures and judges nothing.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	projects    = 100
	latency     = 50 * time.Millisecond
	parallelism = 10
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bench PROGRAM")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(program string) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	config, seed := filepath.Join(dir, "config"), filepath.Join(dir, "seed.yaml")
	if err := write(config, seed); err != nil {
		return err
	}
	env, stop, err := sandbox(program, seed)
	if err != nil {
		return err
	}
	defer stop()
	if err := plan(program, config, env); err != nil {
		return err
	}
	return validate(program, filepath.Join(dir, "many"))
}

// write makes a world and the files that declare it: for each project 12
// users, 3 teams, 2 limits, and the settings; and one organization with its
// users and teams.
func write(config, seed string) error {
	if err := os.Mkdir(config, 0o700); err != nil {
		return err
	}
	var world, org strings.Builder
	world.WriteString("organizations:\n  - name: Acme\n    users:\n")
	org.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n")
	for u := range 200 {
		role := "ORG_MEMBER"
		if u == 0 {
			role = "ORG_OWNER"
		}
		fmt.Fprintf(&world, "      - {username: user%d@example.com, roles: [%s]}\n", u, role)
		fmt.Fprintf(&org, "  - {username: user%d@example.com, roles: [%s]}\n", u, role)
	}
	world.WriteString("    teams:\n")
	org.WriteString("teams:\n")
	for t := range 3 {
		fmt.Fprintf(&world, "      - {name: team%d, members: [user%d@example.com]}\n", t, t)
		fmt.Fprintf(&org, "  - {name: team%d, members: [user%d@example.com]}\n", t, t)
	}
	world.WriteString("projects:\n")
	for p := range projects {
		project(&world, config, p)
	}
	return errors.Join(os.WriteFile(filepath.Join(config, "acme.yaml"), []byte(org.String()), 0o600),
		os.WriteFile(seed, []byte(world.String()), 0o600))
}

func project(world *strings.Builder, config string, p int) {
	var file strings.Builder
	fmt.Fprintf(world, "  - name: project%d\n    organization: Acme\n    managedSlowMs: true\n    users:\n", p)
	fmt.Fprintf(&file, "apiVersion: atlasctl-sync/v1\nkind: Project\nname: project%d\norganization: Acme\nmanagedSlowMs: {enabled: true}\nusers:\n", p)
	for u := range 12 {
		line := fmt.Sprintf("- {username: user%d@example.com, roles: [GROUP_READ_ONLY]}\n", u)
		world.WriteString("      " + line)
		file.WriteString("  " + line)
	}
	world.WriteString("    teams:\n")
	file.WriteString("teams:\n")
	for t := range 3 {
		line := fmt.Sprintf("- {name: team%d, roles: [GROUP_READ_ONLY]}\n", t)
		world.WriteString("      " + line)
		file.WriteString("  " + line)
	}
	world.WriteString("    dataFederation:\n      - name: lake\n        limits:\n")
	file.WriteString("dataFederation:\n  - name: lake\n    limits:\n")
	for _, l := range []string{"daily", "weekly"} {
		line := fmt.Sprintf("- {name: bytesProcessed.%s, value: 1073741824, overrunPolicy: BLOCK}\n", l)
		world.WriteString("          " + line)
		file.WriteString("      " + line)
	}
	file.WriteString("encryptionAtRest: {enabledForSearchNodes: false}\n")
	if err := os.WriteFile(filepath.Join(config, fmt.Sprintf("project%d.yaml", p)), []byte(file.String()), 0o600); err != nil {
		panic(err) // the directory was made a moment ago
	}
}

func sandbox(program, seed string) ([]string, func(), error) {
	cmd := exec.Command(program, "sandbox", "--seed", seed, "--latency", latency.String())
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
	start := time.Now()
	out, err := cmd.Output()
	wall := time.Since(start)
	return string(out), wall, peak(cmd.ProcessState), err
}

func plan(program, config string, env []string) error {
	out, wall, peak, err := measure(env, program, "plan", "-o", "json", "--parallelism", fmt.Sprint(parallelism), config)
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	var doc struct {
		Summary struct{ None, Create, Update, Delete int }
		Stats   struct{ Requests int }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		return err
	}
	n := doc.Stats.Requests
	floor := time.Duration(n) * latency / parallelism
	fmt.Printf("plan: %d resources as declared, %d steps\n", doc.Summary.None, doc.Summary.Create+doc.Summary.Update+doc.Summary.Delete)
	fmt.Printf("  requests     %d (organizations 1, projects 1, users and teams of the organization 2, and for each project users, teams,\n", n)
	fmt.Printf("               managedSlowMs, encryptionAtRest, dataFederation, limits: 6 × %d = %d)\n", projects, 6*projects)
	fmt.Printf("  wall         %v\n", wall.Round(time.Millisecond))
	fmt.Printf("  floor        %v (requests × %v / %d)\n", floor, latency, parallelism)
	fmt.Printf("  ratio        %.2f (beside the floor: start, token, and the first wave, in which two lists wait for nothing\n", float64(wall)/float64(floor))
	fmt.Printf("               but nothing else can start: about two latencies)\n")
	fmt.Printf("  peak memory  %d MB\n", peak/1_000_000)
	return nil
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
