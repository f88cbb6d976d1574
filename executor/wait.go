package executor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// firstLook and lastLook are the pauses between two looks at a state: they grow.
const firstLook, lastLook = 100 * time.Millisecond, 10 * time.Second

// shows is how long an object that was just made may not be there before it
// shows.
const shows = 10 * time.Second

// A look is what one read said of what is waited for.
type look struct {
	done  bool
	state string // the first that is not as wanted, else the last
	ill   bool   // it does not recover from that
	why   string // in Atlas's words
	err   error
}

// wait polls until what the request waits for is so, and returns the object: as
// it was seen last, or as the call answered where another is looked at. Atlas
// may say for a moment that it is done before it has begun, or that there is
// nothing; and reads may fail while it is busy.
func (r *run) wait(ctx context.Context, s *planner.Step, req planner.Request, answer any) (any, error) {
	w := req.Wait
	read, err := r.resolve(s.Address, w.Read, answer)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	moved := false          // another state was seen than the one that ends the wait
	rests := joins(s) != "" // what went out with others shares a place with them
	for pause := firstLook; ; pause = min(pause*2, lastLook) {
		doc, err := r.Doer.Do(ctx, read)
		now := seen(w, doc, err)
		since := time.Since(begun)
		early := !moved && since < r.paced(w.Settle)
		hidden := !moved && since < r.paced(max(shows, w.Settle)) && isStatus(now.err, http.StatusNotFound)
		switch {
		case now.err != nil && (hiccup(now.err) || hidden):
		case now.err != nil:
			return nil, fmt.Errorf("waiting for it: %w", now.err)
		case early && (now.done || now.ill):
		case now.done && w.Gone:
			return nil, nil
		case now.done && w.Other:
			return answer, nil
		case now.done:
			return doc, nil
		case now.ill:
			return nil, fmt.Errorf("it is %s", spec.Reasoned(now.state, now.why))
		default:
			moved = true
		}
		if !rests {
			rests = true
			defer r.rest()()
		}
		switch {
		case time.Since(begun)+r.paced(pause) > w.Max:
			return nil, now.never(w)
		case !r.pause(r.paced(pause)):
			return nil, &stillBusy{now.state}
		}
	}
}

// seen judges one look.
func seen(w *planner.Wait, doc any, err error) look {
	switch {
	case w.Gone && gone(w, doc, err):
		return look{done: true}
	case err != nil:
		return look{err: err}
	}
	all := look{done: !w.Gone}
	for _, row := range rows(w, doc) {
		state := stateAt(row, w.At)
		switch {
		case slices.Contains(w.Fail, state):
			return look{state: state, ill: true, why: spec.TextAt(row, w.Error)}
		case w.Gone || !slices.Contains(w.Until, state):
			all = look{state: state}
		}
	}
	return all
}

// rows returns what counts of an answer: itself, or the rows of a list that are
// ours.
func rows(w *planner.Wait, doc any) []any {
	if !w.All {
		return []any{doc}
	}
	if v, ok := spec.At(doc, "/results"); ok {
		doc = v
	}
	list, _ := doc.([]any)
	return slices.DeleteFunc(slices.Clone(list), func(row any) bool { return !w.Only.Holds(row) })
}

func stateAt(doc any, at string) string {
	if v, ok := spec.At(doc, at); ok && at != "" && v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

// gone tells whether an answer means that the object is not there any more.
// Some routes answer 400 for what they no longer know.
func gone(w *planner.Wait, doc any, err error) bool {
	switch {
	case w.Absent != nil:
		return w.Absent.Missing(doc, err)
	case err != nil:
		return isStatus(err, http.StatusNotFound) || isStatus(err, http.StatusBadRequest)
	}
	return !w.Only.Holds(doc)
}

// hiccup tells whether a read failed in a way that busy objects bring along.
func hiccup(err error) bool {
	return isStatus(err, http.StatusInternalServerError) || isStatus(err, http.StatusServiceUnavailable)
}

// never says what was so at the end of a wait.
func (l look) never(w *planner.Wait) error {
	switch {
	case l.err != nil:
		return fmt.Errorf("waited for %s, and its state cannot be read: %w", w.Max, l.err)
	case w.Gone && l.state != "":
		return fmt.Errorf("it is still there after %s (%s)", w.Max, l.state)
	case w.Gone:
		return fmt.Errorf("it is still there after %s", w.Max)
	}
	return fmt.Errorf("it is still %s after %s, not %s", l.state, w.Max, strings.Join(w.Until, " or "))
}

// A stillBusy says that the run ended while Atlas was not done with an object.
type stillBusy struct{ state string }

func (e *stillBusy) Error() string {
	if e.state == "" {
		return "Atlas is still busy with it; the next run goes on"
	}
	return fmt.Sprintf("it is still %s; the next run goes on", e.state)
}

// paced scales what is waited for by the clock.
func (r *run) paced(d time.Duration) time.Duration {
	if r.Options.Pace == 0 {
		return d
	}
	return time.Duration(float64(d) * r.Options.Pace)
}

// pause waits, unless the run ends meanwhile: then it returns false.
func (r *run) pause(d time.Duration) bool { return sleep(r.ended, d) }
