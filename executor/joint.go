package executor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// most is how many entries go out in one request.
const most = 100

// joins tells what a step's first request can go out with: the same text of two
// steps; "" for none.
func joins(s *planner.Step) string {
	if len(s.Requests) == 0 || !s.Requests[0].Batch {
		return ""
	}
	req := s.Requests[0]
	return fmt.Sprint(s.Lane, " ", req.Method, " ", req.Path, " ", req.Version, " ", req.Params, " ", req.Query)
}

// carryOut carries out a step, or several that can go out together.
func (r *run) carryOut(ctx context.Context, nodes []*node) {
	defer r.leave(nodes)
	if len(nodes) == 1 {
		r.finish(nodes[0], r.step(ctx, nodes[0].step))
		return
	}
	ctx, cancel := r.lingering(ctx)
	defer cancel()
	todo := r.prepareAll(ctx, nodes)
	for _, group := range r.grouped(todo) {
		r.together(ctx, group)
	}
}

// A part is a node with its own request, filled in, of those that go together.
type part struct {
	*node
	req planner.Request
}

// prepareAll looks at each resource just before it is written to. What has
// nothing to do, or cannot, ends here.
func (r *run) prepareAll(ctx context.Context, nodes []*node) []*node {
	var mu sync.Mutex
	var todo []*node
	each(nodes, func(n *node) {
		done, err := r.prepare(ctx, n.step)
		if err != nil || done {
			r.finish(n, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		todo = append(todo, n)
	})
	slices.SortFunc(todo, func(a, b *node) int { return slices.Index(nodes, a) - slices.Index(nodes, b) })
	return todo
}

// grouped sorts the nodes by what their requests have turned out to be: some may
// not be an entry any more, or not of the same list.
func (r *run) grouped(nodes []*node) [][]part {
	var groups [][]part
	at := map[string]int{}
	for _, n := range nodes {
		p := part{node: n}
		key := joins(n.step)
		if key != "" {
			req, err := r.resolve(n.step.Address, n.step.Requests[0], nil)
			if err != nil {
				r.finish(n, err)
				continue
			}
			p.req = req
			key = fmt.Sprint(req.Method, " ", req.Path, " ", req.Version, " ", req.Query)
		}
		i, known := at[key]
		if key == "" || !known {
			at[key] = len(groups)
			groups = append(groups, []part{p})
			continue
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}

// together sends one request for all. If that fails each is looked into by
// itself: one that Atlas refuses must not keep the others out, and some may have
// been taken.
func (r *run) together(ctx context.Context, parts []part) {
	if len(parts) == 1 {
		s := parts[0].step
		r.finish(parts[0].node, r.conclude(ctx, s, r.send(ctx, s, s.Requests, 0)))
		return
	}
	joint := parts[0].req
	var entries []any
	for _, p := range parts {
		list, _ := p.req.Body.([]any)
		entries = append(entries, list...)
	}
	joint.Body = entries
	answer, err := r.insist(ctx, joint)
	for _, p := range parts {
		wrote(p.step, err)
	}
	if err != nil {
		for _, p := range parts {
			r.finish(p.node, r.conclude(ctx, p.step, r.alone(ctx, p.step, err)))
		}
		return
	}
	each(parts, func(p part) {
		s := p.step
		sent := func() (any, error) { return r.waited(ctx, s, p.req, answer) }
		r.finish(p.node, r.conclude(ctx, s, r.sendAfter(ctx, s, s.Requests, 0, sent)))
	})
}

// alone does by itself what failed with others.
func (r *run) alone(ctx context.Context, s *planner.Step, cause error) error {
	switch {
	case isStatus(cause, http.StatusUnauthorized) || isStatus(cause, http.StatusForbidden):
		return cause // of all of them
	case isStatus(cause, http.StatusConflict) || outcomeUnknown(cause):
		return r.lookAgain(ctx, s, s.Requests, cause, 1)
	}
	return r.send(ctx, s, s.Requests, 0)
}

// each does something for all at once: the client keeps the requests in bounds.
func each[T any](of []T, do func(T)) {
	var all sync.WaitGroup
	for _, e := range of {
		all.Go(func() { do(e) })
	}
	all.Wait()
}
