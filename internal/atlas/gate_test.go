package atlas_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A tight bucket is waited for, and the others keep their pace.
func TestATightBucketDoesNotStopTheOthers(t *testing.T) {
	s, o := emulatorWith(t, sandbox.Options{RateLimit: []string{"teams=3/1s"}})
	o.Parallelism = 4
	c := client(t, o)
	orgs, err := c.Do(t.Context(), listOrgs)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := spec.At(orgs, "/results/0/id")
	var wg sync.WaitGroup
	for i := range 12 {
		for _, what := range []string{"teams", "users"} {
			wg.Go(func() {
				version := map[string]string{"teams": "2023-01-01", "users": "2025-02-19"}[what]
				req := planner.Request{Method: "GET", Path: fmt.Sprintf("/api/atlas/v2/orgs/%s/%s", id, what), Version: version, Idempotent: true}
				if _, err := c.Do(t.Context(), req); err != nil {
					t.Errorf("%s %d: %v", what, i, err)
				}
			})
		}
	}
	wg.Wait()
	var last struct{ teams, users time.Time }
	refused := 0
	for _, r := range s.Requests() {
		switch {
		case strings.Contains(r.Path, "/teams") && r.Status == 429:
			refused++
		case strings.Contains(r.Path, "/teams"):
			last.teams = r.Time
		case strings.Contains(r.Path, "/users"):
			last.users = r.Time
		}
	}
	// Three at once, then three a second: the other nine take two seconds at least.
	if d := last.teams.Sub(last.users); d < 2*time.Second {
		t.Errorf("the users waited with the teams: they ended %s before them", d)
	}
	if refused > 12 {
		t.Errorf("%d refusals for 12 requests: it does not wait its turn", refused)
	}
}
