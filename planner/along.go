package planner

import (
	"fmt"
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// TakeAlong selects what a selection needs and has left out: parents and
// referenced resources that are declared and not in Atlas yet, and what has to
// go before a selected resource can. Without them an apply would fail half
// way, or let somebody in by the back door. It tells whether there is
// something new to read; then it is to be asked again. What is needed and
// excluded is in the diagnostics.
func TakeAlong(c *spec.Catalog, s *spec.State, l *Live, opts Options) (again bool, diags spec.Diagnostics) {
	s.EndAt(opts.Now)
	a := &along{planning: &planning{catalog: c, state: s, live: l, opts: opts, plan: &Plan{}}}
	var selected []*spec.Resource
	s.Resources(func(r *spec.Resource) {
		if !r.Context {
			selected = append(selected, r)
		}
	})
	for _, r := range selected {
		a.resource(r)
	}
	a.tellHeld()
	return a.again, a.plan.Diagnostics
}

type along struct {
	*planning
	again bool
}

func (a *along) resource(r *spec.Resource) {
	there := a.there(r)
	if r.Absent {
		if !there {
			return
		}
		for _, other := range a.state.Referring(a.catalog, r) {
			if other.Absent {
				a.need(other, r, func() bool { return a.there(other) }, "in Atlas")
			}
		}
		return
	}
	missing := func(other *spec.Resource) func() bool { return func() bool { return !a.there(other) } }
	for parent := r.Parent; parent != nil; parent = parent.Parent {
		a.need(parent, r, missing(parent), "not in Atlas")
	}
	for _, other := range a.state.References(a.catalog, r) {
		if other.Absent || there && a.live.Find(other).Unread {
			continue // nothing of it is to be told to Atlas
		}
		a.need(other, r, missing(other), "not in Atlas")
	}
}

// there tells whether a resource is in Atlas, or as good as there: what has
// lapsed is made again only where that is asked for.
func (a *along) there(r *spec.Resource) bool {
	found := a.live.Find(r)
	if found.Object == nil {
		return len(found.Candidates) > 0 // which one is an error of its own
	}
	_, lapsed := r.Kind.Lapsed(found.Object.Raw)
	return !lapsed || !a.opts.Allow[optionOf(r.Kind)]
}

// need takes another resource along if it has to be: what is not known of it
// is read first.
func (a *along) need(other, by *spec.Resource, needed func() bool, how string) {
	switch {
	case !other.Context:
		if len(other.NeededBy) > 0 && other != by && needed() {
			a.state.TakeAlong(other, by)
		}
	case a.live.Find(other).Unread:
		a.again = a.state.Attach(other) || a.again
	case !needed():
	case a.state.Elsewhere(other):
		a.elsewhere(other, by)
	case other.Excluded:
		a.errorf(by.Source(by.Kind.KeyFields()...), "leave the --exclude out, or exclude this too", "%s needs %s, which is declared, %s and excluded", by.Address, other.Address, how)
	default:
		a.state.TakeAlong(other, by)
		a.again = true
	}
}

// neededBy says for whose sake a step is in the plan although it was not selected.
func neededBy(r *spec.Resource) string {
	by := slices.Sorted(slices.Values(r.NeededBy))
	if len(by) == 1 {
		return fmt.Sprintf("not selected, but needed by %s", by[0])
	}
	return fmt.Sprintf("not selected, but needed by %s and %d more", by[0], len(by)-1)
}
