package executor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// step carries out one step and reads back what it did. When the run ends
// meanwhile, what was begun goes on for a little, so that little is left half done.
func (r *run) step(ctx context.Context, s *planner.Step) error {
	ctx, cancel := r.lingering(ctx)
	defer cancel()
	if done, err := r.prepare(ctx, s); err != nil || done {
		return err
	}
	return r.conclude(ctx, s, r.send(ctx, s, s.Requests, 0))
}

// prepare reads a resource just before it is written to, and tells whether
// there is nothing left to do.
func (r *run) prepare(ctx context.Context, s *planner.Step) (done bool, err error) {
	if s.Provisional {
		now, err := r.Refresher.Refresh(ctx, s, nil)
		if err != nil {
			return false, err
		}
		r.found(s, now)
		if s.Held = r.take(s, now); s.Held != "" {
			s.Notes = append(s.Notes, s.Held)
		}
		s.Provisional = false // from here on it is read like any other
	}
	if s.Action != planner.Create {
		return r.recheck(ctx, s)
	}
	return false, nil
}

// conclude reads back what was sent; err is how the sending ended.
func (r *run) conclude(ctx context.Context, s *planner.Step, err error) error {
	if err != nil {
		var busy *stillBusy
		if errors.As(err, &busy) {
			s.Status, s.Notes = planner.Waiting, append(s.Notes, busy.Error())
			return nil
		}
		return err
	}
	return r.readBack(ctx, s)
}

// recheck reads the resource again just before it is written to. Somebody may
// have done the same already; if somebody did something else, the plan that
// was approved is not what would happen any more.
func (r *run) recheck(ctx context.Context, s *planner.Step) (done bool, err error) {
	now, err := r.Refresher.Refresh(ctx, s, nil)
	switch {
	case err != nil:
		return false, fmt.Errorf("reading it before the write: %w", err)
	case now.Action == planner.None:
		s.Status, s.Outputs = planner.Verified, now.Outputs
		return true, nil
	case s.ID() != "" && now.ID() != "" && s.ID() != now.ID():
		return false, fmt.Errorf("it was deleted and made anew after the plan was made (it had the id %s, and this one has %s), and was not written: plan again", s.ID(), now.ID())
	case now.Action == s.Action && r.same(s.Requests, now.Requests):
		return false, nil
	}
	detail := ""
	for _, c := range now.Changes {
		if !c.Sensitive {
			detail += fmt.Sprintf("; %s is %v now", c.Path, c.Before)
		}
	}
	return false, fmt.Errorf("it changed after the plan was made, and was not written%s: plan again", detail)
}

// same compares requests by what would be sent, secrets unresolved.
func (r *run) same(a, b []planner.Request) bool {
	return slices.EqualFunc(a, b, func(x, y planner.Request) bool {
		return x.Method == y.Method && r.spelt(x) == r.spelt(y)
	})
}

func (r *run) spelt(req planner.Request) string {
	refs := func(v any) (any, error) {
		if ref, ok := v.(planner.Ref); ok {
			if got, ok := spec.At(r.values.get(ref.Step), ref.Pointer); ok {
				return got, nil
			}
		}
		return v, nil
	}
	req, _ = fill(req, refs) // refs cannot fail
	data, err := json.Marshal([]any{req.Path, req.Body})
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// found remembers an object that was to be created and is there: what refers to
// the step gets its id, and not that of whatever is answered next.
func (r *run) found(s, now *planner.Step) {
	if s.Action != planner.Update && (now.Action == planner.None || now.Action == planner.Update) && now.Raw() != nil {
		r.values.set(s.Address, now.Raw())
		s.Met = s.Action == planner.Create && !s.Wrote
	}
}

// take replaces a step's requests by those that are needed now that the
// resource could be read. Removals that the plan did not show are held back.
func (r *run) take(s, now *planner.Step) string {
	held := ""
	requests := []planner.Request{}
	for _, req := range now.Requests {
		if req.Removes && !slices.ContainsFunc(s.Requests, func(p planner.Request) bool { return p.Method == req.Method && r.spelt(p) == r.spelt(req) }) {
			held = "Atlas gave it more than was declared; the next plan shows what is to be removed"
			continue
		}
		requests = append(requests, req)
	}
	s.Requests = requests
	return held
}

// maxLooks bounds how often a step is looked into instead of being given up.
const maxLooks = 3

// conflictPause is how long a conflict is left to settle, more each time.
const conflictPause = 300 * time.Millisecond

// send sends requests in order. A create that somebody was quicker with, and
// a write whose outcome is unknown, are looked into instead of being repeated
// blindly; looks counts how often that was done for the step.
func (r *run) send(ctx context.Context, s *planner.Step, requests []planner.Request, looks int) error {
	return r.sendAfter(ctx, s, requests, looks, nil)
}

// sendAfter does the same where the first request may have gone out already:
// sent then says how that ended.
func (r *run) sendAfter(ctx context.Context, s *planner.Step, requests []planner.Request, looks int, sent func() (any, error)) error {
	s.Seen = nil
	for i, req := range requests {
		one := func() (any, error) { return r.one(ctx, s, req) }
		if i == 0 && sent != nil {
			one = sent
		}
		answer, err := one()
		switch {
		case err == nil:
			if answer != nil && s.Action != planner.Update && r.values.get(s.Address) == nil {
				r.values.set(s.Address, answer) // the first answer is the object that was created
			}
			if i == len(requests)-1 && seesObject(req) {
				s.Seen = answer
			}
		case req.Method == http.MethodDelete && isStatus(err, http.StatusNotFound):
			// Gone is what was wanted.
		case looks < maxLooks && (isConflict(err) || outcomeUnknown(err)):
			return r.lookAgain(ctx, s, requests[i:], err, looks+1)
		case looks < maxLooks && req.Deliver != nil && doubtful(err):
			return r.lookAgain(ctx, s, requests[i:], err, looks+1)
		case req.Deliver != nil && outcomeUnknown(err):
			return fmt.Errorf("%w; a secret may have been made that nobody holds: %s", err, afterLoss(req.Deliver.To))
		default:
			return err
		}
	}
	return nil
}

// seesObject tells whether what a request ends in is as good as a read: the
// object was looked at until it was as it is to be.
func seesObject(req planner.Request) bool {
	return req.Wait != nil && !req.Wait.Gone && !req.Wait.Other
}

func afterLoss(to planner.Target) string {
	if to.File != "" {
		return "the next run deletes it"
	}
	return "compare the account's secrets in Atlas with what the command received"
}

// lookAgain reads the resource after a conflict or an unknown outcome and
// does what is still to be done. rest is what the failed request begins.
func (r *run) lookAgain(ctx context.Context, s *planner.Step, rest []planner.Request, cause error, looks int) error {
	req := rest[0]
	if req.Deliver != nil && doubtful(cause) {
		s.Lost = &planner.Pending{Known: req.Deliver.Known, At: time.Now(), Hours: req.Deliver.Hours}
	}
	if isConflict(cause) {
		sleep(ctx, r.paced(time.Duration(looks)*conflictPause)) // somebody is at it right now
	}
	now, err := r.Refresher.Refresh(ctx, s, r.values.get(s.Address))
	if err != nil {
		return errors.Join(cause, err)
	}
	r.found(s, now)
	if now.Action == planner.None {
		return nil
	}
	if req.Deliver != nil && !outcomeUnknown(cause) && !isStatus(cause, http.StatusConflict) && r.same(rest, now.Requests) {
		return errors.Join(cause, r.Deliverer.Abandon(*req.Deliver)) // refused, and nothing was made
	}
	if now.Uncertain && now.Action == planner.Create && outcomeUnknown(cause) {
		return cause // it may still show up, and Atlas would take it twice
	}
	before := len(now.Requests)
	copied := *s
	copied.Requests = s.Requests
	r.take(&copied, now)
	if err := r.send(ctx, s, copied.Requests, looks); err != nil {
		return err
	}
	if len(copied.Requests) < before {
		return fmt.Errorf("%w; what the plan did not show is left for the next run", cause)
	}
	return nil
}

// readBack compares what Atlas holds now with what was declared. Reads may
// lag behind writes for a while.
func (r *run) readBack(ctx context.Context, s *planner.Step) error {
	s.Status = planner.Applied
	deadline := time.Now().Add(r.Options.Settle)
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		now, err := r.Refresher.Refresh(ctx, s, r.values.get(s.Address))
		if err != nil {
			return fmt.Errorf("written, but reading it back failed: %w", err)
		}
		switch {
		case now.Action == planner.None:
			s.Status, s.Outputs = planner.Verified, now.Outputs
			return nil
		case time.Now().Add(pause).After(deadline) || !sleep(ctx, pause):
			return r.notKept(s, now)
		}
	}
}

// notKept says which fields Atlas did not keep. What was held back on
// purpose only waits.
func (r *run) notKept(s, now *planner.Step) error {
	if s.Held != "" && !slices.ContainsFunc(now.Requests, func(req planner.Request) bool { return !req.Removes }) {
		s.Status = planner.Waiting
		return nil
	}
	if now.Action == planner.Delete {
		return fmt.Errorf("deleted, but Atlas still returns it")
	}
	detail := ""
	for _, c := range now.Changes {
		if c.Sensitive {
			detail += fmt.Sprintf("; %s: %s", c.Path, c.Reason)
			continue
		}
		if c.Before == nil {
			c.Before = "not set"
		}
		detail += fmt.Sprintf("; %s is %v", c.Path, c.Before)
		if c.After != nil {
			detail += fmt.Sprintf(", not %v", c.After)
		}
		if c.Reason != "" {
			detail += " (" + c.Reason + ")"
		}
	}
	return fmt.Errorf("written, but Atlas did not keep it%s", detail)
}

// lingering returns a context that lives for a little longer than the run.
func (r *run) lingering(parent context.Context) (context.Context, func()) {
	return lingering(parent, cmp.Or(r.Options.Grace, DefaultGrace))
}

// errEnded is why what was begun was given up.
var errEnded = errors.New("the run has ended, and it was not done in time")

// lingering returns a context that lives for a while longer than its parent.
func lingering(parent context.Context, d time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() { time.AfterFunc(d, func() { cancel(errEnded) }) })
	return ctx, func() { stop(); cancel(nil) }
}

// sleep tells whether it slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isConflict tells whether somebody was quicker: a 409, or a 400 that says the
// same of a name.
func isConflict(err error) bool {
	var api *spec.APIError
	return isStatus(err, http.StatusConflict) ||
		isStatus(err, http.StatusBadRequest) && errors.As(err, &api) && (strings.HasPrefix(api.Code, "DUPLICATE_") || strings.HasSuffix(api.Code, "_ALREADY_EXISTS"))
}

func isStatus(err error, status int) bool {
	var api *spec.APIError
	return errors.As(err, &api) && api.Status == status
}

// outcomeUnknown tells whether a request may have been carried out although
// no answer came.
func outcomeUnknown(err error) bool {
	var api *spec.APIError
	var broken *spec.BrokenError
	return errors.As(err, &broken) || errors.As(err, &api) && api.Status >= 500
}

// doubtful tells whether a request that makes a secret may have made one
// although it failed: what is delivered twice can be refused the second time,
// because the account then has two, or is busy.
func doubtful(err error) bool {
	return outcomeUnknown(err) || isStatus(err, http.StatusBadRequest) || isStatus(err, http.StatusConflict)
}

func stepError(err error) *planner.StepError {
	e := &planner.StepError{Detail: err.Error()}
	var api *spec.APIError
	if errors.As(err, &api) {
		e.Status, e.ErrorCode = api.Status, api.Code
	}
	return e
}
