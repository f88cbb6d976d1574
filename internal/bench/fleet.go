package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// fleetProjects are created by the shards of a fleet.
const fleetProjects = 1000

// fleet measures how long 1, 2, 4 and 8 shards, a process each and all at once, take
// to create 1,000 projects with a team each: without a limit, and with one on the
// creation of projects that all share, as Atlas has one for each credential.
func fleet(program, dir string) error {
	var files strings.Builder
	files.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams: [{name: web, members: [ana@example.com]}]\n")
	for p := range fleetProjects {
		fmt.Fprintf(&files, "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: project%d\norganization: Acme\nteams: [{name: web, roles: [GROUP_READ_ONLY]}]\n", p)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	all := filepath.Join(dir, "all.yaml")
	if err := os.WriteFile(all, []byte(files.String()), 0o600); err != nil {
		return err
	}
	fmt.Printf("%d projects to create, by shards at once\n", fleetProjects)
	for _, limit := range []string{"", "projects=100/1s"} {
		for _, n := range []int{1, 2, 4, 8} {
			if err := fleetOf(program, all, n, limit); err != nil {
				return err
			}
		}
	}
	return nil
}

// fleetOf measures one fleet over a sandbox of its own.
func fleetOf(program, files string, n int, limit string) error {
	var args []string
	what := "no limit"
	if limit != "" {
		args, what = []string{"--rate-limit", limit}, limit
	}
	env, stop, err := sandbox(program, args...)
	if err != nil {
		return err
	}
	defer stop()
	apply := func(shard string) (string, int64, error) {
		out, _, peak, err := measure(env, program, "apply", "--auto-approve", "-q", "-o", "json", "--parallelism", fmt.Sprint(parallelism), "--shard", shard, files)
		return out, peak, err
	}
	if _, _, err := apply("organizations"); err != nil {
		return err
	}
	var (
		wait                                  sync.WaitGroup
		mu                                    sync.Mutex
		most                                  int64
		failed                                error
		created, requests, throttled, fullest int
	)
	start := time.Now()
	for k := range n {
		wait.Go(func() {
			out, peak, err := apply(fmt.Sprintf("%d/%d", k+1, n))
			var doc struct {
				Summary struct{ Create int }
				Stats   struct{ Requests, Throttled int }
			}
			err = errors.Join(err, json.Unmarshal([]byte(out), &doc))
			mu.Lock()
			defer mu.Unlock()
			failed, most = errors.Join(failed, err), max(most, peak)
			created, fullest = created+doc.Summary.Create, max(fullest, doc.Summary.Create)
			requests, throttled = requests+doc.Stats.Requests, throttled+doc.Stats.Throttled
		})
	}
	wait.Wait()
	fmt.Printf("  %-15s  %d shards: %6v, %d created (the fullest shard: %d), %d requests, %d throttled; peak memory of one %d MB\n",
		what, n, time.Since(start).Round(10*time.Millisecond), created, fullest, requests, throttled, most/1_000_000)
	return failed
}
