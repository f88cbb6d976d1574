package executor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// looks is a world in which each look at a state sees the next of some: a state,
// or a status that is none; the last one stays.
func looks(states string) (*world, *int) {
	w, n := newWorld(), new(int)
	all := strings.Fields(states)
	w.answer = func(p string) (any, error) {
		if p != "read" {
			return map[string]any{"id": "made"}, nil
		}
		now := all[min(*n, len(all)-1)]
		*n++
		status := map[string]int{"404": 404, "500": 500, "503": 503, "403": 403}[now]
		if status > 0 {
			return nil, &spec.APIError{Method: "GET", Path: p, Status: status}
		}
		if rows, isList := strings.CutPrefix(now, "rows:"); isList {
			list := []any{}
			for row := range strings.SplitSeq(rows, ",") {
				list = append(list, map[string]any{"state": row})
			}
			return map[string]any{"results": list}, nil
		}
		return map[string]any{"state": now, "why": "why"}, nil
	}
	return w, n
}

// What one look says is not always so: done before it has begun, not there
// before it shows, a hiccup.
func TestWaitBelievesWhatItSees(t *testing.T) {
	const settle = 250 * time.Millisecond
	for _, c := range []struct {
		name, states, want string
		wait               planner.Wait
		looks              int // at least
	}{
		{"done at once", "IDLE", "", planner.Wait{}, 1},
		{"done too early, then busy", "IDLE BUSY IDLE", "", planner.Wait{Settle: time.Hour}, 3},
		{"done too early, and it stays so", "IDLE", "", planner.Wait{Settle: settle}, 3},
		{"failed before it began", "FAILED BUSY IDLE", "", planner.Wait{Settle: time.Hour}, 3},
		{"busy, then done", "BUSY IDLE", "", planner.Wait{Settle: time.Hour}, 2},
		{"not there yet", "404 404 BUSY IDLE", "", planner.Wait{Settle: time.Hour}, 4},
		{"not there for a moment, and nothing to settle", "404 404 IDLE", "", planner.Wait{}, 3},
		{"never there", "404", "waited for 200ms, and its state cannot be read: GET read: 404", planner.Wait{Max: 200 * time.Millisecond}, 2},
		{"gone while it is waited for", "BUSY 404 IDLE", "waiting for it: GET read: 404", planner.Wait{Settle: time.Hour}, 2},
		{"a hiccup", "BUSY 500 503 IDLE", "", planner.Wait{}, 4},
		{"a hiccup that does not end: the object itself is looked at", "BUSY 503", "", planner.Wait{Max: 200 * time.Millisecond}, 2},
		{"no hiccup", "BUSY 403", "waiting for it: GET read: 403", planner.Wait{}, 2},
		{"gone", "BUSY 404", "", planner.Wait{Gone: true}, 2},
		{"gone, and back for a moment", "404 BUSY 404", "", planner.Wait{Gone: true, Settle: time.Hour}, 3},
		{"never gone", "BUSY", "it is still there after 200ms (BUSY)", planner.Wait{Gone: true, Max: 200 * time.Millisecond}, 2},
		{"gone by being nobody's", "BUSY DELETED", "", planner.Wait{Gone: true, Only: &spec.Cond{At: "/state", NotIn: []string{"DELETED"}}}, 2},
		{"gone by being empty", "BUSY OTHER", "", planner.Wait{Gone: true, Absent: &spec.Optional{At: "/none"}}, 1},
		{"all of a list", "rows:IDLE,BUSY rows:IDLE,IDLE", "", planner.Wait{All: true}, 2},
		{"one of a list fails", "rows:IDLE,FAILED", "it is FAILED", planner.Wait{All: true}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, n := looks(c.states)
			s, wait := step(planner.Create, "project/p/a"), c.wait
			wait.Read, wait.At, wait.Until = planner.Request{Method: "GET", Path: "read"}, "/state", []string{"IDLE"}
			wait.Fail, wait.Error = []string{"FAILED"}, "/why"
			if wait.Max == 0 {
				wait.Max = time.Hour
			}
			s.Requests[0].Wait = &wait
			_, err := run(t.Context(), w, executor.Options{}, s)
			if got := errorText(err); !strings.Contains(got, c.want) || (got == "") != (c.want == "") || *n < c.looks {
				t.Errorf("%d looks: %q", *n, got)
			}
		})
	}
}

// What never shows is not waited for as long as what is busy.
func TestWaitForWhatIsNotThere(t *testing.T) {
	w, n := looks("404")
	s := step(planner.Create, "project/p/a")
	s.Requests[0].Wait = &planner.Wait{Read: planner.Request{Method: "GET", Path: "read"}, At: "/state", Until: []string{"IDLE"}, Max: time.Hour}
	_, err := run(t.Context(), w, executor.Options{Pace: 0.01}, s)
	if got := errorText(err); !strings.Contains(got, "waiting for it: GET read: 404") || *n < 3 {
		t.Errorf("%d looks: %q", *n, got)
	}
}

// Where something else is waited for, what was created is still what the call
// answered.
func TestWaitForAnother(t *testing.T) {
	w, _ := looks("IDLE")
	a, b := step(planner.Create, "project/p"), step(planner.Create, "project/p/b", "project/p")
	a.Requests[0].Wait = &planner.Wait{Read: planner.Request{Method: "GET", Path: "read"}, At: "/state", Until: []string{"IDLE"}, Other: true, Max: time.Hour}
	b.Requests[0].Path, b.Requests[0].Params = "groups/{groupId}/b", map[string]any{"groupId": planner.Ref{Step: "project/p", Pointer: "/id"}}
	if _, err := run(t.Context(), w, executor.Options{}, a, b); err != nil || !slices.Contains(w.sent, "POST groups/made/b") {
		t.Error(w.sent, err)
	}
}

// A pace makes all waiting short: of an emulator nobody waits for hours.
func TestPace(t *testing.T) {
	w, n := looks("BUSY BUSY BUSY BUSY BUSY BUSY BUSY IDLE")
	s := step(planner.Create, "project/p/a")
	s.Requests[0].Wait = &planner.Wait{Read: planner.Request{Method: "GET", Path: "read"}, At: "/state", Until: []string{"IDLE"}, Settle: 10 * time.Second, Max: time.Hour}
	start := time.Now()
	_, err := run(t.Context(), w, executor.Options{Pace: 0.001}, s)
	if err != nil || *n != 8 || time.Since(start) > 2*time.Second {
		t.Error(err, *n, time.Since(start))
	}
}

// TestWaitingKeepsNoPlace: a step that waits for Atlas does not hold the others up.
func TestWaitingKeepsNoPlace(t *testing.T) {
	w := newWorld()
	w.answer = func(p string) (any, error) {
		if p != "read" {
			return map[string]any{"id": "made"}, nil
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if n := len(slices.DeleteFunc(slices.Clone(w.sent), func(s string) bool { return !strings.HasPrefix(s, "POST") })); n < 3 {
			return map[string]any{"state": "BUSY"}, nil
		}
		return map[string]any{"state": "IDLE"}, nil
	}
	var steps []*planner.Step
	for _, a := range []string{"project/p/a", "project/p/b", "project/p/c"} {
		s := step(planner.Create, a)
		s.Requests[0].Wait = &planner.Wait{Read: planner.Request{Method: "GET", Path: "read"}, At: "/state", Until: []string{"IDLE"}, Max: 10 * time.Second}
		steps = append(steps, s)
	}
	if _, err := run(t.Context(), w, executor.Options{Parallelism: 1}, steps...); err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		if s.Status != planner.Verified {
			t.Errorf("%s is %s", s.Address, s.Status)
		}
	}
}
