package executor_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A world answers requests by their path and remembers them. It stands for
// what is outside: HTTP and the re-reading of single resources.
type world struct {
	mu       sync.Mutex
	sent     []string
	running  map[string]int // by first path segment: how many at once
	most     map[string]int
	answer   func(path string) (any, error)
	leftover func(a spec.Address) *planner.Step
	before   *planner.Step // what a step's re-reading says before the write; nil: nothing changed
}

func (w *world) Do(_ context.Context, r planner.Request) (any, error) {
	lane, _, _ := strings.Cut(r.Path, "/")
	w.mu.Lock()
	w.sent = append(w.sent, r.Method+" "+r.Path)
	w.running[lane]++
	w.most[lane] = max(w.most[lane], w.running[lane])
	w.mu.Unlock()
	time.Sleep(2 * time.Millisecond)
	w.mu.Lock()
	w.running[lane]--
	w.mu.Unlock()
	if w.answer == nil {
		return nil, nil
	}
	return w.answer(r.Path)
}

// Refresh says that a step is still to be done until its request was sent,
// and then what a test says is left over.
func (w *world) Refresh(_ context.Context, s *planner.Step, _ any) (*planner.Step, error) {
	w.mu.Lock()
	sent := slices.Contains(w.sent, "POST "+string(s.Address)) || s.Status == planner.Applied
	w.mu.Unlock()
	if w.before != nil && !sent {
		return w.before, nil
	}
	if !sent {
		return &planner.Step{Address: s.Address, Action: s.Action, Requests: slices.Clone(s.Requests)}, nil
	}
	if w.leftover != nil {
		if left := w.leftover(s.Address); left != nil {
			return left, nil
		}
	}
	return &planner.Step{Address: s.Address, Action: planner.None}, nil
}

func newWorld() *world { return &world{running: map[string]int{}, most: map[string]int{}} }

func step(a planner.Action, address string, needs ...spec.Address) *planner.Step {
	return &planner.Step{Address: spec.Address(address), Action: a, Needs: needs, Status: planner.Planned,
		Requests: []planner.Request{{Method: "POST", Path: address}}}
}

func run(ctx context.Context, w *world, o executor.Options, steps ...*planner.Step) (executor.Result, error) {
	if o.Parallelism == 0 {
		o.Parallelism = 8
	}
	e := &executor.Executor{Doer: w, Refresher: w, Options: o}
	return e.Run(ctx, &planner.Plan{Steps: steps})
}

func statuses(steps ...*planner.Step) string {
	var out []string
	for _, s := range steps {
		out = append(out, string(s.Status))
	}
	return strings.Join(out, " ")
}

func TestNeedsComeFirst(t *testing.T) {
	w := newWorld()
	d := step(planner.Delete, "org/a/x/1", "org/a/**")
	if _, err := run(t.Context(), w, executor.Options{}, d, step(planner.Create, "org/a/z", "org/a/y"), step(planner.Create, "org/a/y"), step(planner.Update, "org/a/w")); err != nil {
		t.Fatal(err)
	}
	at := func(p string) int { return slices.Index(w.sent, "POST "+p) }
	if at("org/a/y") > at("org/a/z") || at("org/a/x/1") != 3 {
		t.Error(w.sent)
	}
}

// A failure skips what depends on it, deletions of its scope among it, and
// nothing else.
func TestFailureSkipsDependents(t *testing.T) {
	w := newWorld()
	w.answer = func(p string) (any, error) {
		if p == "project/p/a" {
			return nil, &spec.APIError{Method: "POST", Path: p, Status: 403, Code: "NO"}
		}
		return nil, nil
	}
	a, b := step(planner.Create, "project/p/a"), step(planner.Create, "project/p/b", "project/p/a")
	c, d := step(planner.Create, "project/p/c"), step(planner.Delete, "project/p/d", "project/p/**")
	e := step(planner.Delete, "project/q/e", "project/q/**")
	result, err := run(t.Context(), w, executor.Options{}, a, b, c, d, e)
	if got := statuses(a, b, c, d, e); got != "failed skipped verified skipped verified" {
		t.Error(got)
	}
	if err == nil || !strings.Contains(err.Error(), "create project/p/a: POST project/p/a: 403 NO") || a.Error.ErrorCode != "NO" || a.Error.Status != 403 {
		t.Error(err, a.Error)
	}
	if d.Error.Detail != "skipped: needs project/p/a" || result.Writes != 3 {
		t.Error(d.Error, result)
	}
}

func TestStopAtTheFirstFailure(t *testing.T) {
	w := newWorld()
	w.answer = func(string) (any, error) { return nil, errors.New("broken") }
	a, b := step(planner.Create, "project/p/a"), step(planner.Create, "project/p/b")
	if _, err := run(t.Context(), w, executor.Options{Parallelism: 1, Stop: true}, a, b); err == nil {
		t.Error("no error")
	}
	if got := statuses(a, b); got != "failed skipped" {
		t.Error(got)
	}
}

// An interrupt finishes what is in flight and starts nothing more.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := newWorld()
	w.answer = func(string) (any, error) { cancel(); time.Sleep(5 * time.Millisecond); return nil, nil }
	a, b := step(planner.Create, "project/p/a"), step(planner.Create, "project/p/b")
	result, err := run(ctx, w, executor.Options{Parallelism: 1}, a, b)
	if got := statuses(a, b); got != "verified skipped" || !result.Interrupted || err != nil || b.Error.Detail != "skipped: interrupted" {
		t.Error(got, result, err, b.Error)
	}
}

func TestLanesAreNarrow(t *testing.T) {
	w := newWorld()
	var steps []*planner.Step
	for i := range 20 {
		for _, lane := range []string{"one", "two"} {
			s := step(planner.Create, fmt.Sprintf("%s/%d", lane, i))
			if lane == "one" {
				s.Lane = lane
			}
			steps = append(steps, s)
		}
	}
	if _, err := run(t.Context(), w, executor.Options{}, steps...); err != nil {
		t.Fatal(err)
	}
	if w.most["one"] != 1 || w.most["two"] < 2 {
		t.Error(w.most)
	}
}

// A write that may have happened is looked into, not repeated blindly: it is
// sent again only if it is not there and cannot be there twice.
func TestUnknownOutcome(t *testing.T) {
	for _, c := range []struct {
		name      string
		there     bool
		uncertain bool
		status    string
		sent      int
	}{
		{"it happened", true, false, "verified", 1},
		{"it did not happen", false, false, "verified", 2},
		{"it did not show, and might come twice", false, true, "failed", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			s := step(planner.Create, "project/p/a")
			w.answer = func(p string) (any, error) {
				if len(w.sent) == 1 {
					return nil, &spec.BrokenError{Method: "POST", Path: p, Err: errors.New("reset")}
				}
				return nil, nil
			}
			w.leftover = func(spec.Address) *planner.Step {
				if c.there || len(w.sent) > 1 {
					return nil
				}
				return &planner.Step{Action: planner.Create, Requests: slices.Clone(s.Requests), Uncertain: c.uncertain}
			}
			_, _ = run(t.Context(), w, executor.Options{}, s)
			if string(s.Status) != c.status || len(w.sent) != c.sent {
				t.Errorf("%s after %v: %+v", s.Status, w.sent, s.Error)
			}
		})
	}
}

// What Atlas did not keep fails the step and is named.
func TestNotKept(t *testing.T) {
	w := newWorld()
	w.leftover = func(spec.Address) *planner.Step {
		return &planner.Step{Action: planner.Update, Changes: []planner.Change{{Path: "roles", Before: "A", After: "B"}}}
	}
	s := step(planner.Update, "project/p/a")
	_, err := run(t.Context(), w, executor.Options{}, s)
	if err == nil || !strings.Contains(err.Error(), "written, but Atlas did not keep it; roles is A, not B") {
		t.Error(err)
	}
}

func TestReferencesAreFilledIn(t *testing.T) {
	w := newWorld()
	w.answer = func(string) (any, error) { return map[string]any{"id": "42:x"}, nil }
	a, b := step(planner.Create, "project/p"), step(planner.Create, "project/p/b", "project/p")
	b.Requests[0].Path, b.Requests[0].Params = "groups/{groupId}/b", map[string]any{"groupId": planner.Ref{Step: "project/p", Pointer: "/id"}}
	if _, err := run(t.Context(), w, executor.Options{}, a, b); err != nil || w.sent[1] != "POST groups/42%3Ax/b" {
		t.Error(w.sent, err)
	}
}

// What was changed since it was read is not written over; what somebody did
// already is not done again.
func TestChangedSinceItWasRead(t *testing.T) {
	w := newWorld()
	w.before = &planner.Step{Action: planner.Update, Requests: []planner.Request{{Method: "POST", Path: "elsewhere"}},
		Changes: []planner.Change{{Path: "roles", Before: "C", After: "B"}}}
	s := step(planner.Update, "project/p/a")
	_, err := run(t.Context(), w, executor.Options{}, s)
	if err == nil || !strings.Contains(err.Error(), "it changed after the plan was made, and was not written; roles is C now: plan again") || len(w.sent) > 0 {
		t.Error(err, w.sent)
	}
	w.before = &planner.Step{Action: planner.None}
	s = step(planner.Delete, "project/p/a")
	if _, err := run(t.Context(), w, executor.Options{}, s); err != nil || s.Status != planner.Verified || len(w.sent) > 0 {
		t.Error(err, s.Status, w.sent)
	}
}

// What a creation answered in place of an id is never put into a path.
func TestReferencesThatLeadElsewhere(t *testing.T) {
	for _, id := range []any{nil, "", ".", "..", "null", "a/b", json.Number("5"), map[string]any{}} {
		w := newWorld()
		w.answer = func(string) (any, error) { return map[string]any{"id": id}, nil }
		a, b := step(planner.Create, "project/p"), step(planner.Create, "project/p/b", "project/p")
		b.Requests[0].Path, b.Requests[0].Params = "groups/{groupId}/b", map[string]any{"groupId": planner.Ref{Step: "project/p", Pointer: "/id"}}
		if _, err := run(t.Context(), w, executor.Options{}, a, b); err == nil || len(w.sent) != 1 || b.Status != planner.Failed {
			t.Errorf("%v: %v, %v, %s", id, w.sent, err, b.Status)
		}
	}
}
