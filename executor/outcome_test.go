package executor_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Reads may lag behind a write for a while.
func TestReadsThatLag(t *testing.T) {
	w := newWorld()
	reads := 0
	w.leftover = func(spec.Address) *planner.Step {
		if reads++; reads < 3 {
			return &planner.Step{Action: planner.Update, Changes: []planner.Change{{Path: "roles", Before: "A", After: "B"}}}
		}
		return nil
	}
	s := step(planner.Create, "project/p/a")
	if _, err := run(t.Context(), w, executor.Options{Settle: 5 * time.Second}, s); err != nil || s.Status != planner.Verified || reads != 3 {
		t.Error(err, s.Status, reads)
	}
}

// A conflict is looked into like an unknown outcome; a deletion of what is
// gone has succeeded.
func TestConflict(t *testing.T) {
	w := newWorld()
	s := step(planner.Create, "project/p/a")
	w.answer = func(p string) (any, error) {
		if len(w.sent) == 1 {
			return nil, &spec.APIError{Method: "POST", Path: p, Status: 409, Code: "DATA_CONCURRENCY_ERROR"}
		}
		return nil, nil
	}
	w.leftover = func(spec.Address) *planner.Step {
		if len(w.sent) > 1 {
			return nil
		}
		return &planner.Step{Action: planner.Create, Requests: slices.Clone(s.Requests)}
	}
	if _, err := run(t.Context(), w, executor.Options{}, s); err != nil || s.Status != planner.Verified || len(w.sent) != 2 {
		t.Error(err, s.Status, w.sent)
	}
	w = newWorld()
	w.answer = func(p string) (any, error) { return nil, &spec.APIError{Method: "DELETE", Path: p, Status: 404} }
	s = step(planner.Delete, "project/p/a")
	s.Requests[0].Method = "DELETE"
	w.leftover = nil
	if _, err := run(t.Context(), w, executor.Options{}, s); err != nil || s.Status != planner.Verified {
		t.Error(err, s.Status)
	}
}

// What was never settled ends the wait: a state that fails, or the time.
func TestWait(t *testing.T) {
	for _, c := range []struct{ states, want string }{
		{"BUSY BUSY IDLE", ""}, {"BUSY FAILED", "it is FAILED: why"}, {"BUSY", "it is still BUSY after 1s, not IDLE"},
	} {
		w := newWorld()
		states := strings.Fields(c.states)
		w.answer = func(p string) (any, error) {
			if p != "read" {
				return nil, nil
			}
			now := states[0]
			if len(states) > 1 {
				states = states[1:]
			}
			return map[string]any{"state": now, "why": "why"}, nil
		}
		s := step(planner.Create, "project/p/a")
		s.Requests[0].Wait = &planner.Wait{Read: planner.Request{Method: "GET", Path: "read"}, At: "/state", Until: []string{"IDLE"}, Fail: []string{"FAILED"}, Error: "/why", Max: time.Second}
		_, err := run(t.Context(), w, executor.Options{}, s)
		if got := errorText(err); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: %q", c.states, got)
		}
	}
}

// A run that ends does not wait for Atlas: what was begun is told as waiting.
func TestWaitEndsWithTheRun(t *testing.T) {
	w := newWorld()
	w.answer = func(p string) (any, error) { return map[string]any{"state": "BUSY"}, nil }
	s, after := step(planner.Create, "project/p/a"), step(planner.Create, "project/p/b")
	s.Requests[0].Wait = &planner.Wait{Read: planner.Request{Method: "GET", Path: "read"}, At: "/state", Until: []string{"IDLE"}, Max: time.Hour}
	after.Needs = []spec.Address{"project/p/a"}
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	result, err := run(ctx, w, executor.Options{}, s, after)
	if err != nil || !result.Interrupted || s.Status != planner.Waiting || after.Status != planner.Skipped {
		t.Error(err, result, s.Status, after.Status)
	}
	if len(s.Notes) != 1 || s.Notes[0] != "it is still BUSY; the next run goes on" {
		t.Error(s.Notes)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A script of what a resource still needs, one answer for each reading.
type readings []*planner.Step

func (r *readings) Refresh(context.Context, *planner.Step, any) (*planner.Step, error) {
	now := (*r)[0]
	*r = (*r)[1:]
	return now, nil
}

// After a conflict nothing is removed that the plan did not show, even where
// the path is the same and only the body tells the members apart.
func TestHeldBack(t *testing.T) {
	role := func(verb, name string) planner.Request {
		return planner.Request{Method: "POST", Path: "u:" + verb, Body: map[string]any{"role": name}, Removes: verb == "removeRole"}
	}
	w := newWorld()
	w.answer = func(p string) (any, error) {
		if len(w.sent) == 1 {
			return nil, &spec.APIError{Method: "POST", Path: p, Status: 409}
		}
		return nil, nil
	}
	s := step(planner.Update, "project/p/a")
	s.Requests = []planner.Request{role("addRole", "new"), role("removeRole", "old")}
	planned := &planner.Step{Action: planner.Update, Requests: s.Requests}
	more := &planner.Step{Action: planner.Update, Requests: append(slices.Clone(s.Requests), role("removeRole", "somebody's"))}
	e := &executor.Executor{Doer: w, Refresher: &readings{planned, more, {Action: planner.None}}}
	_, err := e.Run(t.Context(), &planner.Plan{Steps: []*planner.Step{s}})
	if !strings.Contains(errorText(err), "what the plan did not show is left for the next run") || len(w.sent) != 3 {
		t.Error(err, w.sent)
	}
}

// Failures come sorted by address, whichever was first.
func TestErrorsAreSorted(t *testing.T) {
	w := newWorld()
	w.answer = func(string) (any, error) { return nil, errors.New("broken") }
	_, err := run(t.Context(), w, executor.Options{}, step(planner.Create, "c"), step(planner.Create, "a"), step(planner.Create, "b"))
	if got := errorText(err); got != "create a: broken; create b: broken; create c: broken" {
		t.Error(got)
	}
}
