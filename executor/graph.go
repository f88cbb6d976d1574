package executor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A node is a step with what it waits for and what waits for it.
type node struct {
	step   *planner.Step
	open   int // needs that have not finished
	after  []*node
	failed *planner.Step // the need that did not succeed
	barred bool          // stands in for a scope: has no step
}

// A run is one execution of a plan.
type run struct {
	*Executor
	plan   *planner.Plan
	values *values
	ended  context.Context // done when the run is interrupted or out of time
	writes atomic.Int64

	mu      sync.Mutex
	changed *sync.Cond
	ready   []*node
	pending int // steps neither finished nor running
	running int // those that wait for Atlas are not counted
	resting int // they wait
	lanes   map[string]bool
	stopped bool
}

// graph links the steps by what they need. A need that ends in /** is a node
// of its own, which every create and update of that scope comes before.
func (r *run) graph(steps []*planner.Step) {
	r.changed = sync.NewCond(&r.mu)
	r.lanes = map[string]bool{}
	nodes := map[spec.Address]*node{}
	barriers := map[spec.Address]*node{}
	for _, s := range steps {
		nodes[s.Address] = &node{step: s}
	}
	link := func(from, to *node) {
		from.after = append(from.after, to)
		to.open++
	}
	for _, s := range steps {
		for _, need := range s.Needs {
			scope, isScope := strings.CutSuffix(string(need), string(planner.All))
			switch {
			case !isScope:
				if n := nodes[need]; n != nil {
					link(n, nodes[s.Address])
				}
			case barriers[need] == nil:
				b := &node{barred: true}
				barriers[need] = b
				for _, other := range steps {
					if other.Action != planner.Delete && other.Address.Within(spec.Address(scope)) {
						link(nodes[other.Address], b)
					}
				}
				fallthrough
			default:
				link(barriers[need], nodes[s.Address])
			}
		}
	}
	r.pending = len(steps)
	for _, s := range steps {
		if n := nodes[s.Address]; n.open == 0 {
			r.ready = append(r.ready, n)
		}
	}
	for _, b := range barriers {
		if b.open == 0 {
			r.release(b)
		}
	}
}

// next waits for a step that can start, and takes it, with those that are ready
// too and can go out together with it. It returns nil when nothing more is to
// start.
func (r *run) next(ctx context.Context) []*node {
	defer context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.changed.Broadcast()
	})()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if ctx.Err() != nil || r.stopped || r.pending == 0 {
			return nil
		}
		for i, n := range r.ready {
			if r.running >= max(1, r.Options.Parallelism) {
				break
			}
			if lane := n.step.Lane; lane == "" || !r.lanes[lane] {
				r.running++
				if lane != "" {
					r.lanes[lane] = true
				}
				return r.begin(i)
			}
		}
		if r.running+r.resting == 0 {
			return nil
		}
		r.changed.Wait()
	}
}

// begin takes the ready node at i, and those that can go out with it. The caller
// holds the lock.
func (r *run) begin(i int) []*node {
	first := r.ready[i]
	nodes := []*node{first}
	r.ready = slices.Delete(r.ready, i, i+1)
	if with := joins(first.step); with != "" && !r.Options.Stop { // else the first failure is to stop the others
		for _, n := range r.ready {
			if len(nodes) < most && joins(n.step) == with {
				nodes = append(nodes, n)
			}
		}
		r.ready = slices.DeleteFunc(r.ready, func(n *node) bool { return slices.Contains(nodes, n) })
	}
	r.pending -= len(nodes)
	if r.Options.Begin != nil {
		for _, n := range nodes {
			r.Options.Begin(n.step)
		}
	}
	return nodes
}

// rest has a step that waits for Atlas keep no place among those that run, until back
// is called.
func (r *run) rest() (back func()) {
	move := func(by int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.running -= by
		r.resting += by
		r.changed.Broadcast()
	}
	move(1)
	return func() { move(-1) }
}

// leave frees the lane, and the place among those that run.
func (r *run) leave(nodes []*node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	delete(r.lanes, nodes[0].step.Lane)
	r.changed.Broadcast()
}

// finish records how a step ended and frees what waited for it.
func (r *run) finish(n *node, err error) {
	s := n.step
	if err != nil {
		s.Status, s.Error = planner.Failed, stepError(err)
	}
	r.tell(s)
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.Status == planner.Failed && r.Options.Stop {
		r.stopped = true
	}
	r.release(n)
	r.changed.Broadcast()
}

// release frees the followers of a node; those of a failure are skipped, and
// theirs with them. The caller holds the lock, or is alone.
func (r *run) release(n *node) {
	failed := n.failed
	if n.step != nil && n.step.Status != planner.Applied && n.step.Status != planner.Verified {
		failed = n.step
		if n.failed != nil {
			failed = n.failed // skipped itself: name what really failed
		}
	}
	for _, f := range n.after {
		f.open--
		if failed != nil && f.failed == nil {
			f.failed = failed
		}
		if f.open > 0 {
			continue
		}
		switch {
		case f.barred:
			r.release(f)
		case f.failed != nil:
			r.skip(f.step, fmt.Sprintf("needs %s", f.failed.Address))
			r.pending--
			r.release(f)
		default:
			r.ready = append(r.ready, f)
		}
	}
}

func (r *run) skip(s *planner.Step, why string) {
	s.Status, s.Error = planner.Skipped, &planner.StepError{Detail: "skipped: " + why}
	r.tell(s)
}

// skipRest marks what was never started after an interruption or a stop.
func (r *run) skipRest(ctx context.Context) {
	for _, s := range r.plan.Steps {
		if s.Status != planner.Planned {
			continue
		}
		why := "what it needs was never done, which is a mistake of this program: please report it"
		switch {
		case ctx.Err() != nil:
			why = "interrupted"
		case r.stopped:
			why = "stopped at the first failure"
		}
		r.skip(s, why)
	}
}

func (r *run) tell(s *planner.Step) {
	if r.Options.Report != nil {
		r.Options.Report(s)
	}
}
