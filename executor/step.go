package executor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// step carries out one step and reads back what it did. What was begun is
// finished even when the run is interrupted, so that nothing is left half done.
func (r *run) step(ctx context.Context, s *planner.Step) error {
	ctx = context.WithoutCancel(ctx)
	if s.Provisional {
		now, err := r.Refresher.Refresh(ctx, s, nil)
		if err != nil {
			return err
		}
		if held := r.take(s, now); held != "" {
			s.Notes = append(s.Notes, held)
		}
	}
	if err := r.send(ctx, s, s.Requests, true); err != nil {
		return err
	}
	return r.readBack(ctx, s)
}

// take replaces a step's requests by those that are needed now that the
// resource could be read. Removals that the plan did not show are held back.
func (r *run) take(s, now *planner.Step) string {
	held := ""
	requests := []planner.Request{}
	for _, req := range now.Requests {
		if req.Removes && !slices.ContainsFunc(s.Requests, func(p planner.Request) bool { return p.Method == req.Method && p.Path == req.Path }) {
			held = "Atlas gave it more than was declared; the next plan shows what is to be removed"
			continue
		}
		requests = append(requests, req)
	}
	s.Requests = requests
	return held
}

// send sends requests in order. A create that somebody was quicker with, and
// a write whose outcome is unknown, are looked into once (again) instead of
// being repeated blindly.
func (r *run) send(ctx context.Context, s *planner.Step, requests []planner.Request, first bool) error {
	for _, req := range requests {
		answer, err := r.one(ctx, s, req)
		if err == nil {
			if answer != nil && s.Action != planner.Update && r.values.get(s.Address) == nil {
				r.values.set(s.Address, answer) // the first answer is the object that was created
			}
			continue
		}
		if req.Method == http.MethodDelete && isStatus(err, http.StatusNotFound) {
			continue // gone is what was wanted
		}
		if first && (isStatus(err, http.StatusConflict) || outcomeUnknown(err)) {
			return r.lookAgain(ctx, s, req, err)
		}
		return err
	}
	return nil
}

// lookAgain reads the resource after a conflict or an unknown outcome and
// does what is still to be done.
func (r *run) lookAgain(ctx context.Context, s *planner.Step, req planner.Request, cause error) error {
	now, err := r.Refresher.Refresh(ctx, s, r.values.get(s.Address))
	if err != nil {
		return errors.Join(cause, err)
	}
	if now.Action == planner.None {
		return nil
	}
	same := len(now.Requests) > 0 && now.Requests[0].Method == req.Method && now.Requests[0].Path == req.Path
	if same && (isStatus(cause, http.StatusConflict) || now.Uncertain) {
		return cause
	}
	before := len(now.Requests)
	copied := *s
	copied.Requests = s.Requests
	r.take(&copied, now)
	if err := r.send(ctx, s, copied.Requests, false); err != nil {
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
			s.Status = planner.Verified
			return nil
		case time.Now().Add(pause).After(deadline):
			return r.notKept(s, now)
		}
		time.Sleep(pause)
	}
}

// notKept says which fields Atlas did not keep. What was held back on
// purpose only waits.
func (r *run) notKept(s, now *planner.Step) error {
	if len(s.Notes) > 0 && !slices.ContainsFunc(now.Requests, func(req planner.Request) bool { return !req.Removes }) {
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
		detail += fmt.Sprintf("; %s is %v, not %v", c.Path, c.Before, c.After)
	}
	return fmt.Errorf("written, but Atlas did not keep it%s", detail)
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

func stepError(err error) *planner.StepError {
	e := &planner.StepError{Detail: err.Error()}
	var api *spec.APIError
	if errors.As(err, &api) {
		e.Status, e.ErrorCode = api.Status, api.Code
	}
	return e
}
