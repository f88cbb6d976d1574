package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// fleetProjects is how many projects the fleet has; fleetShards share them.
const (
	fleetProjects = 1000
	fleetShards   = 4
)

// fleetFiles declares an organization and its projects, all of them new.
func fleetFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n  - {name: web, members: [ana@example.com]}\n")
	for p := range fleetProjects {
		fmt.Fprintf(&text, "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: project-%04d\norganization: Acme\nteams:\n  - {name: web, roles: [GROUP_READ_ONLY]}\n", p)
	}
	if err := os.WriteFile(filepath.Join(dir, "all.yaml"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

type shardReport struct {
	Summary map[string]int
	Steps   []struct{ Address, Action, Status string }
	Stats   struct{ Requests, Throttled int }
	Errors  []string
}

func readReport(t *testing.T, path string) (r shardReport) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r shardReport) addresses() []string {
	out := []string{}
	for _, s := range r.Steps {
		out = append(out, s.Action+" "+s.Address)
	}
	slices.Sort(out)
	return out
}

// runShards runs a command for all shards of the projects at once, each in a process
// of its own, and returns their reports.
func runShards(t *testing.T, env map[string]string, reports, command string, args ...string) (all []shardReport) {
	t.Helper()
	var wait []func() error
	for k := range fleetShards {
		line := append([]string{command, "-q", "--shard", fmt.Sprintf("%d/%d", k+1, fleetShards), "--report", fmt.Sprintf("json=%s/%s-%d.json", reports, command, k+1)}, args...)
		cmd := program(t, env, line...)
		var errs strings.Builder
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wait = append(wait, func() error {
			if err := cmd.Wait(); err != nil {
				return fmt.Errorf("%s: %w\n%.2000s", strings.Join(line, " "), err, errs.String())
			}
			return nil
		})
	}
	for k, f := range wait {
		if err := f(); err != nil {
			t.Error(err)
		}
		all = append(all, readReport(t, fmt.Sprintf("%s/%s-%d.json", reports, command, k+1)))
	}
	return all
}

// TestFleet: four processes apply 1,000 projects at once, within limits that they
// share: what they do is what one run would do, nothing is skipped or done twice,
// no write is lost where Atlas throttles, and nothing is left to do.
func TestFleet(t *testing.T) {
	t.Parallel()
	const atLeast = 12 // creations are refused, however slow this machine is
	s, env := serve(t, sandbox.Options{RateLimit: []string{"projects=400/2s", "organizations=20/1s"}, Faults: []string{fmt.Sprintf("POST /groups=429:%d", atLeast)}})
	files, reports := fleetFiles(t), t.TempDir()
	if out, err := program(t, env, "plan", "-q", "--report", "json="+reports+"/one.json", files).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	organizations := filepath.Join(reports, "apply-0.json")
	if out, err := program(t, env, "apply", "-q", "--auto-approve", "--shard", "organizations", "--report", "json="+organizations, files).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	done := readReport(t, organizations).addresses()
	throttled := 0
	for _, r := range runShards(t, env, reports, "apply", "--auto-approve", files) {
		if len(r.Steps) < fleetProjects/fleetShards {
			t.Errorf("a shard has %d steps", len(r.Steps))
		}
		done = append(done, r.addresses()...)
		throttled += r.Stats.Throttled
	}
	slices.Sort(done)
	if one := readReport(t, filepath.Join(reports, "one.json")).addresses(); !slices.Equal(done, one) {
		t.Errorf("the shards did %d steps, one run would do %d", len(done), len(one))
	}
	if twice := slices.Compact(slices.Clone(done)); len(twice) != len(done) {
		t.Errorf("%d steps were done twice", len(done)-len(twice))
	}
	created, refused := 0, 0
	for _, r := range s.Requests() {
		switch {
		case r.Status == 429:
			refused++
		case r.Method == "POST" && r.Path == "/api/atlas/v2/groups" && r.Status < 300:
			created++
		}
	}
	if created != fleetProjects {
		t.Errorf("%d projects were created, want %d", created, fleetProjects)
	}
	if refused < atLeast || throttled < atLeast {
		t.Errorf("%d requests were throttled, and the shards tell of %d", refused, throttled)
	}
	if refused > created/2 {
		t.Errorf("%d requests were throttled for %d creations: the shards do not slow down", refused, created)
	}
	merged := filepath.Join(reports, "merged.json")
	apply := []string{"merge", "-q", "--report", "json=" + merged}
	for k := range fleetShards + 1 {
		apply = append(apply, fmt.Sprintf("%s/apply-%d.json", reports, k))
	}
	if out, err := program(t, env, apply...).CombinedOutput(); err != nil || !strings.Contains(string(out), fmt.Sprintf("Apply: %d verified.", len(done))) {
		t.Errorf("merge: %v\n%.2000s", err, out)
	}
	if m := readReport(t, merged); m.Summary["create"] != len(done) || m.Stats.Throttled < throttled {
		t.Errorf("merged: %v, %+v", m.Summary, m.Stats)
	}
	for k, r := range runShards(t, env, reports, "plan", "--detailed-exitcode", files) {
		if len(r.Steps) > 0 || r.Summary["none"] == 0 {
			t.Errorf("shard %d/%d is to do %d steps more, of %v", k+1, fleetShards, len(r.Steps), r.Summary)
		}
	}
}
