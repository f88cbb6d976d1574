package executor_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// entry is a step whose one request is an entry of a list that takes several.
func entry(n int, lane string) *planner.Step {
	s := step(planner.Create, fmt.Sprintf("project/p/entries/%d", n))
	s.Lane = lane
	s.Requests = []planner.Request{{Method: "POST", Path: "entries", Batch: true, Body: []any{map[string]any{"n": n}}}}
	return s
}

// A list is a world that keeps what is posted to it, as far as it does not
// refuse it, and remembers how many entries came at a time.
type list struct {
	mu    sync.Mutex
	holds map[string]bool
	sizes []int
	fail  func(n int, entries []any) error // the nth request; nil: it is taken
}

func (l *list) do(req planner.Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries, _ := req.Body.([]any)
	l.sizes = append(l.sizes, len(entries))
	if l.fail != nil {
		if err := l.fail(len(l.sizes), entries); err != nil {
			return err
		}
	}
	for _, e := range entries {
		l.holds[fmt.Sprintf("project/p/entries/%v", e.(map[string]any)["n"])] = true
	}
	return nil
}

func newList() *list {
	return &list{holds: map[string]bool{}}
}

func (l *list) left(s *planner.Step) *planner.Step {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holds[string(s.Address)] {
		return &planner.Step{Action: planner.None}
	}
	return &planner.Step{Action: planner.Create, Requests: s.Requests}
}

func runJoint(t *testing.T, l *list, o executor.Options, steps ...*planner.Step) error {
	e := &executor.Executor{Doer: listDoer{l}, Refresher: listRefresher{l}, Options: o}
	if e.Options.Parallelism == 0 {
		e.Options.Parallelism = 8
	}
	_, err := e.Run(t.Context(), &planner.Plan{Steps: steps})
	return err
}

// Steps that are ready at the same time and send entries to the same place go
// out together, a hundred at most.
func TestStepsGoOutTogether(t *testing.T) {
	for _, lane := range []string{"", "one"} {
		l := newList()
		var steps []*planner.Step
		for n := range 230 {
			steps = append(steps, entry(n, lane))
		}
		after := entry(1000, lane)
		after.Needs = []spec.Address{steps[0].Address}
		other := entry(2000, lane)
		other.Requests[0].Path = "elsewhere"
		alone := entry(3000, lane)
		alone.Requests[0].Batch = false
		steps = append(steps, after, other, alone)
		if err := runJoint(t, l, executor.Options{}, steps...); err != nil {
			t.Fatal(err)
		}
		slices.Sort(l.sizes)
		if got := fmt.Sprint(l.sizes); got != "[1 1 1 30 100 100]" && got != "[1 1 31 100 100]" {
			t.Errorf("lane %q: %s", lane, got)
		}
		for _, s := range steps {
			if s.Status != planner.Verified {
				t.Errorf("%s is %s", s.Address, s.Status)
			}
		}
	}
}

// What fails together is looked into one by one: one bad entry does not keep
// the others out, what was done although no answer came is not done again, and
// what nobody may do is not tried by each.
func TestJointFailure(t *testing.T) {
	refuse := func(status int) error {
		return &spec.APIError{Method: "POST", Path: "entries", Status: status, Code: "NO"}
	}
	bad := func(_ int, entries []any) error {
		if slices.ContainsFunc(entries, func(e any) bool { return e.(map[string]any)["n"] == 2 }) {
			return refuse(400)
		}
		return nil
	}
	for name, c := range map[string]struct {
		fail            func(l *list) func(int, []any) error
		sizes, statuses string
	}{
		"one bad": {func(*list) func(int, []any) error { return bad }, "[4 1 1 1 1]", "verified verified failed verified"},
		"nobody may": {func(*list) func(int, []any) error {
			return func(int, []any) error { return refuse(403) }
		}, "[4]", "failed failed failed failed"},
		"no answer, half done": {func(l *list) func(int, []any) error {
			return func(n int, _ []any) error {
				if n > 1 {
					return nil
				}
				l.holds["project/p/entries/0"], l.holds["project/p/entries/1"] = true, true
				return &spec.BrokenError{Method: "POST", Path: "entries", Err: fmt.Errorf("reset")}
			}
		}, "[4 1 1]", "verified verified verified verified"},
		"a conflict": {func(*list) func(int, []any) error {
			return func(n int, _ []any) error {
				if n == 1 {
					return refuse(409)
				}
				return nil
			}
		}, "[4 1 1 1 1]", "verified verified verified verified"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newList()
			l.fail = c.fail(l)
			var steps []*planner.Step
			for n := range 4 {
				steps = append(steps, entry(n, "one"))
			}
			err := runJoint(t, l, executor.Options{Pace: 0.01}, steps...)
			if got := fmt.Sprint(l.sizes); got != c.sizes || statuses(steps...) != c.statuses {
				t.Errorf("%s: %s: %v", got, statuses(steps...), err)
			}
			if strings.Contains(c.statuses, "failed") != (err != nil) {
				t.Error(err)
			}
		})
	}
}

type listDoer struct{ *list }

func (d listDoer) Do(_ context.Context, req planner.Request) (any, error) { return nil, d.do(req) }

type listRefresher struct{ *list }

func (r listRefresher) Refresh(_ context.Context, s *planner.Step, _ any) (*planner.Step, error) {
	return r.left(s), nil
}
