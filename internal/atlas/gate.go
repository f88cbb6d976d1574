package atlas

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// A gate slows one bucket of the rate limit down without stopping the others.
// Atlas keeps token buckets for sets of endpoints and scopes; the headers do
// not name them, so a bucket here is what shares a scope and a collection:
// /groups/{id}/users. Once one answers 429, its requests go one at a time, and
// none before Retry-After is over. How many requests are under way at once, in
// all buckets, is limited where they are sent: who waits takes no place.
type gate struct {
	next   http.RoundTripper
	places chan struct{}

	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	turn  sync.Mutex // held while a tight bucket sends
	until time.Time  // nothing is sent before
	tight int        // how many more requests go one at a time
}

// relax is after how many good answers a bucket is no longer tight.
const relax = 20

func newGate(next http.RoundTripper, parallelism int) *gate {
	return &gate{next: next, places: make(chan struct{}, max(1, parallelism)), buckets: map[string]*bucket{}}
}

// bucketOf names the bucket of a path: the scope and the collection in it.
func bucketOf(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, planner.APIPrefix+"/"), "/")
	return strings.Join(parts[:min(len(parts), 3)], "/")
}

func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	b, wait, tight := g.enter(bucketOf(req.URL.Path))
	if tight {
		b.turn.Lock()
		defer b.turn.Unlock()
		wait = g.left(b)
	}
	if err := sleep(req.Context(), wait); err != nil {
		return nil, err
	}
	select {
	case g.places <- struct{}{}:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	resp, err := g.next.RoundTrip(req)
	<-g.places
	g.learn(b, resp)
	return resp, err
}

func (g *gate) enter(name string) (b *bucket, wait time.Duration, tight bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b = g.buckets[name]
	if b == nil {
		b = &bucket{}
		g.buckets[name] = b
	}
	return b, time.Until(b.until), b.tight > 0
}

func (g *gate) left(b *bucket) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(b.until)
}

// learn takes note of what an answer says of its bucket.
func (g *gate) learn(b *bucket, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case throttled(resp):
		b.tight = relax
		b.until = time.Now().Add(retryAfter(resp))
	case resp != nil && b.tight > 0:
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
