package atlas

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// A gate slows one bucket of the rate limit down without stopping the others.
// Atlas keeps token buckets for sets of endpoints and scopes; the headers do
// not name them. Until Atlas was asked which they are, a bucket is what shares
// a scope and a collection: /groups/{id}/users. Once one is nearly empty or
// answers 429, its requests go one at a time, and none before it has a token
// again. How many requests are under way at once, in all buckets, is limited
// where they are sent: who waits takes no place.
type gate struct {
	next   http.RoundTripper
	places chan struct{}
	limit  *rate.Limiter // of all attempts together; nil: none

	mu      sync.Mutex
	health  Health
	routes  []limitedRoute     // as Atlas told; nil before
	buckets map[string]*bucket // by name
	found   map[string]*bucket // by method and path, once the routes are known
}

type bucket struct {
	turn  sync.Mutex    // held while a tight bucket sends
	token time.Duration // how long one token takes to come back; 0: not known
	until time.Time     // nothing is sent before
	tight int           // how many more requests go one at a time
}

// relax is after how many good answers a bucket is no longer tight.
const relax = 20

func newGate(next http.RoundTripper, parallelism int) *gate {
	return &gate{next: next, places: make(chan struct{}, max(1, parallelism)), buckets: map[string]*bucket{}}
}

// know replaces the guess of which requests share a bucket.
func (g *gate) know(routes []limitedRoute) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.routes, g.found = routes, map[string]*bucket{}
}

// bucket finds the bucket of a request. The caller holds the lock.
func (g *gate) bucket(req *http.Request) *bucket {
	call := req.Method + " " + req.URL.Path
	if b := g.found[call]; b != nil {
		return b
	}
	name, token, ok := bucketIn(g.routes, req.Method, req.URL.Path)
	if !ok {
		parts := strings.Split(strings.TrimPrefix(req.URL.Path, planner.APIPrefix+"/"), "/")
		name = "/" + strings.Join(parts[:min(len(parts), 3)], "/")
	}
	b := g.buckets[name]
	if b == nil {
		b = &bucket{token: token}
		g.buckets[name] = b
	}
	if g.found != nil {
		g.found[call] = b
	}
	return b
}

func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	for {
		b, _, tight := g.enter(req)
		if tight {
			b.turn.Lock()
		}
		resp, err, sent := g.pass(req, b, tight)
		if tight {
			b.turn.Unlock()
		}
		if sent || err != nil {
			return resp, err
		}
	}
}

// pass sends a request when its bucket lets it, unless that has changed
// meanwhile: then it has to enter again.
func (g *gate) pass(req *http.Request, b *bucket, alone bool) (resp *http.Response, err error, sent bool) {
	_, wait, _ := g.enter(req)
	if err := bearable(req.Context(), wait); err != nil {
		return nil, err, false
	}
	if err := sleep(req.Context(), wait); err != nil {
		return nil, &unsent{err}, false
	}
	if g.limit != nil {
		if err := g.limit.Wait(req.Context()); err != nil {
			return nil, &unsent{err}, false
		}
	}
	if !isAside(req.Context()) { // others wait for it, so it does not wait for them
		select {
		case g.places <- struct{}{}:
			defer func() { <-g.places }()
		case <-req.Context().Done():
			return nil, &unsent{req.Context().Err()}, false
		}
	}
	if now, wait, tight := g.enter(req); now != b || wait > 0 || tight && !alone {
		return nil, nil, false
	}
	resp, err = g.next.RoundTrip(req)
	g.learn(req, resp)
	return resp, err, true
}

// bearable refuses to wait longer than a throttled request is waited for.
func bearable(ctx context.Context, wait time.Duration) error {
	if a, _ := ctx.Value(attemptsKey{}).(*attempts); a != nil && !a.until.IsZero() && time.Now().Add(wait).After(a.until) {
		return &unsent{fmt.Errorf("throttled: Atlas asks to wait %s, and %s is the most that is waited", wait.Round(time.Second), patience)}
	}
	return nil
}

// An unsent says that a request was given up before it was sent.
type unsent struct{ err error }

func (e *unsent) Error() string { return "not sent: " + e.err.Error() }
func (e *unsent) Unwrap() error { return e.err }

// enter tells how long a request has to wait, and whether its bucket sends
// one at a time.
func (g *gate) enter(req *http.Request) (b *bucket, wait time.Duration, tight bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b = g.bucket(req)
	return b, time.Until(b.until), b.tight > 0
}

// learn takes note of what an answer says of its bucket.
func (g *gate) learn(req *http.Request, resp *http.Response) {
	if resp == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.bucket(req)
	remaining, err := strconv.Atoi(resp.Header.Get("RateLimit-Remaining"))
	g.health.note(resp, remaining)
	g.health.noteSunset(req, resp)
	switch {
	case throttled(resp):
		b.tight, b.until = relax, time.Now().Add(retryAfter(resp))
	case err == nil && remaining < cap(g.places):
		b.tight = relax
		if remaining == 0 {
			b.until = time.Now().Add(b.token)
		}
	case b.tight > 0:
		b.tight--
	}
}

// retryAfter is how long Atlas asks to wait, in seconds; a second if it does
// not say.
func retryAfter(resp *http.Response) time.Duration {
	n, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || n < 1 {
		return time.Second
	}
	return time.Duration(n) * time.Second
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// timed bounds one attempt, from when it is really sent until its answer is
// read; waiting for a throttled bucket does not count.
type timed struct {
	next http.RoundTripper
	max  time.Duration
}

func (t timed) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.max, fmt.Errorf("no answer within %s", t.max))
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil && req.Context().Err() == nil {
			err = cause
		}
		cancel()
		return nil, err
	}
	resp.Body = closing{resp.Body, cancel}
	return resp, nil
}

// closing ends an attempt's time when its answer has been read.
type closing struct {
	io.ReadCloser
	cancel func()
}

func (c closing) Close() error {
	c.cancel()
	return c.ReadCloser.Close()
}

// A Health is what the answers so far tell of the way to Atlas.
type Health struct {
	Seen             int           // answers
	Skew             time.Duration // of this machine's clock; ahead is positive
	Limit, Remaining int           // of the rate limit, where least is left; 0 if Atlas does not say
	Sunsets          []Sunset      // the calls that Atlas says it will end
}

// A Sunset is the day on which Atlas ends a version of a call (RFC 8594).
type Sunset struct {
	Method, Path, Version string
	Day                   time.Time
}

// maxSunsets bounds how many are noted: a name in a path makes another one.
const maxSunsets = 1000

// noteSunset notes what an answer says of the end of the call.
func (h *Health) noteSunset(req *http.Request, resp *http.Response) {
	day, err := http.ParseTime(resp.Header.Get("Sunset"))
	if err != nil {
		day, err = time.Parse(time.DateOnly, resp.Header.Get("Sunset"))
	}
	if err != nil || len(h.Sunsets) == maxSunsets {
		return
	}
	version := strings.TrimSuffix(strings.TrimPrefix(req.Header.Get("Accept"), "application/vnd.atlas."), "+json")
	s := Sunset{req.Method, objectID.ReplaceAllString(req.URL.EscapedPath(), "*"), version, day}
	if !slices.Contains(h.Sunsets, s) {
		h.Sunsets = append(h.Sunsets, s)
	}
}

var objectID = regexp.MustCompile(`[0-9a-f]{24}`)

func (h *Health) note(resp *http.Response, remaining int) {
	h.Seen++
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		h.Skew = time.Since(at)
	}
	if limit, err := strconv.Atoi(resp.Header.Get("RateLimit-Limit")); err == nil && limit > 0 &&
		(h.Limit == 0 || remaining*h.Limit < h.Remaining*limit) {
		h.Limit, h.Remaining = limit, remaining
	}
}

// Health tells what the answers so far say.
func (c *Client) Health() Health {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	h := c.gate.health
	h.Sunsets = slices.Clone(h.Sunsets)
	return h
}
