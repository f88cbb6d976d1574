package atlas_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// counted answers API requests after a moment, and remembers when they came
// and how many were there at once.
type counted struct {
	mu            sync.Mutex
	came          []time.Time
	now, most     int
	throttleFirst string // Retry-After of the first answer
}

func (c *counted) start(t *testing.T, o atlas.Options) *atlas.Client {
	t.Helper()
	s := httptest.NewServer(c)
	t.Cleanup(s.Close)
	o.BaseURL, o.Credentials = s.URL, atlas.Credentials{ClientID: "a", ClientSecret: "b"}
	return client(t, o)
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/api/oauth/token" {
		fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
		return
	}
	if r.URL.Path == "/api/atlas/v2/rateLimits" { // asked for once, and of no set here
		fmt.Fprint(w, `{"results":[]}`)
		return
	}
	c.mu.Lock()
	c.came = append(c.came, time.Now())
	first := len(c.came) == 1
	c.now++
	c.most = max(c.most, c.now)
	c.mu.Unlock()
	if first && c.throttleFirst != "" {
		w.Header().Set("Retry-After", c.throttleFirst)
		w.WriteHeader(429)
	} else {
		time.Sleep(20 * time.Millisecond)
	}
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
	fmt.Fprint(w, `{}`)
}

func get(i int) planner.Request {
	return planner.Request{Method: "GET", Path: fmt.Sprintf("/api/atlas/v2/groups/%d/users", i), Version: "2023-01-01", Idempotent: true}
}

// all sends the requests at once and waits for them.
func all(t *testing.T, c *atlas.Client, reqs ...planner.Request) {
	t.Helper()
	var wg sync.WaitGroup
	for _, r := range reqs {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Retry-After counts for everything in the bucket, not for who was refused
// only, and for nothing else.
func TestRetryAfterHoldsTheBucket(t *testing.T) {
	s := &counted{throttleFirst: "2"}
	c := s.start(t, atlas.Options{Parallelism: 4, Timeout: 500 * time.Millisecond}) // waiting counts for nothing
	go func() { _, _ = c.Do(t.Context(), get(1)) }()
	for begun := false; !begun; time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		begun = len(s.came) == 1 && s.now == 0
		s.mu.Unlock()
	}
	time.Sleep(50 * time.Millisecond) // its answer has arrived
	all(t, c, get(2))                 // another bucket
	again := get(1)
	again.Method, again.Idempotent = "POST", false
	all(t, c, again)
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.came[1].Sub(s.came[0]); d > time.Second {
		t.Errorf("a request to another bucket came after %s", d)
	}
	if d := s.came[2].Sub(s.came[0]); d < 1900*time.Millisecond {
		t.Errorf("the next request to the bucket came after %s", d)
	}
}

func TestParallelismAndMaxRPS(t *testing.T) {
	var reqs []planner.Request
	for i := range 12 {
		reqs = append(reqs, get(i)) // each in a bucket of its own
	}
	s := &counted{}
	all(t, s.start(t, atlas.Options{Parallelism: 3}), reqs...)
	if s.most != 3 {
		t.Errorf("%d at once, want 3", s.most)
	}
	s = &counted{}
	all(t, s.start(t, atlas.Options{Parallelism: 12, MaxRPS: 20}), reqs...)
	if d := s.came[11].Sub(s.came[0]); d < 500*time.Millisecond {
		t.Errorf("12 requests in %s are more than 20 a second", d)
	}
}

// The token endpoint is throttled, and breaks, like the others.
func TestTheTokenIsAskedForAgain(t *testing.T) {
	for _, fault := range []string{"429:2", "503:1", "500:1", "reset:1"} {
		s, o := emulator(t, "POST /api/oauth/token="+fault)
		o.FirstWait = time.Millisecond
		if _, err := client(t, o).Do(t.Context(), listOrgs); err != nil {
			t.Errorf("%s: %v", fault, err)
		}
		tokens := 0
		for _, r := range s.Requests() {
			if strings.HasPrefix(r.Path, "/api/oauth/token") {
				tokens++
			}
		}
		if tokens < 2 {
			t.Errorf("%s: %d token requests: the fault did not strike", fault, tokens)
		}
	}
}

// throttling answers everything with 429 and asks to wait so many seconds; tokens
// apart.
func throttling(t *testing.T, seconds string) *atlas.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/oauth/token" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
			return
		}
		w.Header().Set("Retry-After", seconds)
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(server.Close)
	return client(t, atlas.Options{BaseURL: server.URL, Credentials: atlas.Credentials{ClientID: "i", ClientSecret: "s"}})
}

var someWrite = planner.Request{Method: "POST", Path: "/api/atlas/v2/groups", Version: "2023-01-01", Body: map[string]any{}}

// A Retry-After longer than a throttled request is waited for ends it at once,
// for who asked and for who stands behind: nothing was carried out.
func TestRetryAfterIsBounded(t *testing.T) {
	c := throttling(t, "86400")
	var err error
	for range 3 {
		_, err = c.Do(t.Context(), someWrite)
		var broken *spec.BrokenError
		if err == nil || errors.As(err, &broken) {
			t.Fatalf("the outcome is known: %v", err)
		}
	}
	if !strings.Contains(err.Error(), "Atlas asks to wait 24h0m0s, and 10m0s is the most that is waited") {
		t.Error(err)
	}
}

// What waits for a token of a throttled bucket when the run ends was not sent.
func TestAnEndedWaitIsNoUnknownOutcome(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := throttling(t, "300").Do(ctx, someWrite)
	var broken *spec.BrokenError
	if err == nil || errors.As(err, &broken) || !strings.Contains(err.Error(), "not sent") {
		t.Error(err)
	}
}
