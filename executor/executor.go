// Package executor runs a plan: concurrently where nothing depends, in order
// where something does. It knows no kind; it sends finished requests through
// a Doer and asks a Refresher what is left to do.
package executor

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"
	"golang.org/x/sync/errgroup"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Refresher reads a step's resource again and says what is still to be
// done: a step of action None if nothing is. created is what the step's own
// first call answered, if it made one.
type Refresher interface {
	Refresh(ctx context.Context, step *planner.Step, created any) (*planner.Step, error)
}

// A Deliverer hands over secrets that are shown once.
type Deliverer interface {
	// Check tells whether a target can be delivered to, before any call.
	Check(planner.Target) error
	// Prepare notes which secrets an account has, so that one made and then
	// lost can be told from them.
	Prepare(account spec.Address, d planner.Delivery) error
	// Deliver hands the secret over; it returns when it is safe.
	Deliver(ctx context.Context, d planner.Delivery, made planner.Made) error
	// Abandon forgets what Prepare noted: the secret was not made, or is
	// deleted again.
	Abandon(planner.Delivery) error
}

// Options steer a run.
type Options struct {
	Parallelism int
	Stop        bool                // stop at the first failure instead of going on elsewhere
	Settle      time.Duration       // how long a read-back may lag behind a write
	Pace        float64             // scales what is waited for otherwise: an emulator needs no hours; 0: as it is
	Grace       time.Duration       // how long what was begun may go on once the run has ended; 0: DefaultGrace
	Begin       func(*planner.Step) // a step is started
	Report      func(*planner.Step) // a step has ended
}

// DefaultGrace is enough for Atlas to answer what it was sent, and short for a
// person who waits.
const DefaultGrace = 5 * time.Second

// An Executor runs plans.
type Executor struct {
	Doer      planner.Doer
	Refresher Refresher
	Deliverer Deliverer
	Options   Options
}

// A Result is how a run ended.
type Result struct {
	Writes      int // requests sent that could have changed something
	Interrupted bool
}

// Run applies the plan. Each step's Status and Error say how it went; the
// error holds every failure, sorted by address.
func (e *Executor) Run(ctx context.Context, plan *planner.Plan) (Result, error) {
	if err := e.preflight(plan); err != nil {
		return Result{}, err
	}
	r := &run{Executor: e, plan: plan, values: newValues(), ended: ctx}
	r.graph(plan.Steps)
	group := new(errgroup.Group)
	for {
		nodes := r.next(ctx)
		if nodes == nil {
			break
		}
		group.Go(func() error {
			r.carryOut(ctx, nodes)
			return nil
		})
	}
	_ = group.Wait() // the steps carry their own errors
	r.skipRest(ctx)
	return Result{Writes: int(r.writes.Load()), Interrupted: ctx.Err() != nil}, failures(plan.Steps)
}

// preflight finds what would fail for reasons of our own before anything is
// sent: a secret that cannot be read, a place that cannot be delivered to.
func (e *Executor) preflight(plan *planner.Plan) error {
	var all *multierror.Error
	for _, s := range plan.Steps {
		for _, req := range s.Requests {
			if req.Deliver != nil {
				if err := e.Deliverer.Check(req.Deliver.To); err != nil {
					all = multierror.Append(all, located(s, err))
				}
			}
			for _, secret := range secretsIn(req.Body) {
				if _, err := secret.Resolve(); err != nil {
					all = multierror.Append(all, located(s, err))
				}
			}
		}
	}
	return spec.Joined(all)
}

// located gives an error the place of the resource that it is about.
func located(s *planner.Step, err error) error {
	if s.Source == nil {
		return fmt.Errorf("%s: %w", s.Address, err)
	}
	return spec.Diagnostic{Severity: spec.SeverityError, Source: *s.Source, Message: fmt.Sprintf("%s: %v", s.Address, err)}
}

func failures(steps []*planner.Step) error {
	var all *multierror.Error
	for _, s := range sorted(steps) {
		if s.Status == planner.Failed {
			all = multierror.Append(all, fmt.Errorf("%s %s: %s", s.Action, s.Address, s.Error.Detail))
		}
	}
	return spec.Joined(all)
}

func sorted(steps []*planner.Step) []*planner.Step {
	out := slices.Clone(steps)
	slices.SortStableFunc(out, func(a, b *planner.Step) int {
		if a.Address < b.Address {
			return -1
		}
		return 1
	})
	return out
}

// values holds what steps have created, for references.
type values struct {
	mu sync.Mutex
	m  map[spec.Address]any
}

func newValues() *values { return &values{m: map[spec.Address]any{}} }

func (v *values) set(a spec.Address, doc any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.m[a] = doc
}

func (v *values) get(a spec.Address) any {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.m[a]
}
