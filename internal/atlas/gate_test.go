package atlas_test

import (
	"context"
	"errors"
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

// Which requests share a bucket is Atlas's to say: once it throttles it is
// asked, once, and what is one bucket there is taken turns in.
func TestBucketsAreAskedFor(t *testing.T) {
	s, o := emulatorWith(t, sandbox.Options{RateLimit: []string{"projects=3/300ms"}, Latency: 20 * time.Millisecond})
	o.Parallelism = 4
	c := client(t, o)
	var wg sync.WaitGroup
	for i := range 18 {
		wg.Go(func() {
			req := planner.Request{Method: "GET", Path: fmt.Sprintf("/api/atlas/v2/groups/byName/nobody-%d", i), Version: "2023-01-01", Idempotent: true}
			var api *spec.APIError
			if _, err := c.Do(t.Context(), req); !errors.As(err, &api) || api.Status != 404 {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	asked, refused := 0, 0
	for _, r := range s.Requests() {
		switch {
		case strings.Contains(r.Path, "/rateLimits"):
			asked++
		case r.Status == 429:
			refused++
		}
	}
	if asked != 1 {
		t.Errorf("the limits were asked for %d times", asked)
	}
	// Eighteen names look like as many buckets, of which fifteen are refused at
	// first. Then they take turns, and none is refused again.
	if refused == 0 || refused > 18 {
		t.Errorf("%d refusals", refused)
	}
}

// Nothing is asked for that is not needed.
func TestLimitsAreNotAskedForWithoutNeed(t *testing.T) {
	s, o := emulator(t)
	if _, err := client(t, o).Do(t.Context(), listOrgs); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Requests() {
		if strings.Contains(r.Path, "/rateLimits") {
			t.Error("GET /rateLimits without a 429")
		}
	}
}

// The token endpoint is throttled, too, and does not outlive an interruption.
func TestTokenIsWaitedFor(t *testing.T) {
	_, o := emulator(t, "POST /api/oauth/token=429:6")
	o.FirstWait = time.Millisecond
	c := client(t, o)
	if _, err := c.Do(t.Context(), listOrgs); err != nil {
		t.Error(err)
	}
	if n := c.Stats().Throttled; n != 6 {
		t.Errorf("throttled %d times", n)
	}
	_, o = emulator(t, "POST /api/oauth/token=hang")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	c = client(t, o)
	if _, err := c.Do(ctx, listOrgs); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	// Nor does who waits for another's token.
	first, end := context.WithCancel(t.Context())
	defer end()
	go func() { _, _ = c.Do(first, listOrgs) }()
	time.Sleep(50 * time.Millisecond) // it has its turn
	ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() { _, err := c.Do(ctx, listOrgs); done <- err }()
	select {
	case err := <-done:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("it waits for a token that does not come")
	}
}

// A write for which there was no token was not sent: nothing needs looking into.
func TestNoTokenIsNotAnUnknownOutcome(t *testing.T) {
	_, o := emulator(t, "POST /api/oauth/token=reset")
	o.FirstWait, o.Retries = time.Millisecond, 2
	req := planner.Request{Method: "POST", Path: "/api/atlas/v2/groups", Version: "2023-01-01", Body: map[string]any{}}
	_, err := client(t, o).Do(t.Context(), req)
	var broken *spec.BrokenError
	if err == nil || errors.As(err, &broken) {
		t.Errorf("%#v", err)
	}
}
