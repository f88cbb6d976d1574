package planner

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// lastOwners refuses a plan after which nobody in a scope holds a value that
// somebody has to hold, whichever steps take it away together.
func (p *planning) lastOwners() {
	if slices.Contains(p.opts.AllowGuards, "last-owner") {
		return
	}
	var taking []*Step
	for _, s := range p.plan.Steps {
		if s.object != nil && takes(s) {
			taking = append(taking, s)
		}
	}
	for _, k := range p.catalog.Kinds() {
		if k.Last == nil || len(taking) == 0 {
			continue
		}
		for _, scope := range p.state.Scopes {
			if scope.Kind.Name != k.Parent || scope.Absent || p.live.Find(scope).Object == nil {
				continue
			}
			h := &holding{planning: p, scope: scope, kind: k}
			if by := h.takenBy(taking); by != nil && h.lost() {
				p.refuse("last-owner", by.Address, by.Source, "%s would lose its last %s, %s", scope.Address, k.Last.What, by.Address)
			}
		}
	}
}

// A holding is the question who holds a value in a scope, before a plan and
// after it.
type holding struct {
	*planning
	scope   *spec.Resource
	kind    *spec.Kind      // whose objects hold the value: project users
	missing bool            // a list that the answer takes was not read
	deleted map[string]bool // ids of the people whom the plan deletes
}

// person is the kind whose objects stand for people: for a project's users,
// the organization's.
func (h *holding) person() *spec.Kind {
	if f := h.kind.Link(); f != nil {
		return h.catalog.Kind(f.Ref.Kind)
	}
	return h.kind
}

// through returns the kind that the value may come through, and the one whose
// members get it: the teams of a project and of its organization.
func (h *holding) through() (via, of *spec.Kind) {
	t := h.kind.Last.Through
	if t == nil {
		return nil, nil
	}
	via = h.catalog.Kind(t.Kind)
	return via, h.catalog.Kind(via.Link().Ref.Kind)
}

// takenBy returns a step that can take the value away from somebody, one of
// the scope itself first, or nil.
func (h *holding) takenBy(taking []*Step) *Step {
	via, of := h.through()
	var elsewhere *Step
	for _, s := range taking {
		k := s.Resource.Kind
		switch {
		case s.Resource.Parent == h.scope && (k == h.kind || k == via):
			return s
		case (k == h.person() && s.Action == Delete || k == of) && elsewhere == nil && h.isBelow(h.scope, s.Resource.Root(), h.live.Params(s.Resource.Root())):
			elsewhere = s
		}
	}
	return elsewhere
}

func takes(s *Step) bool {
	return s.Action == Delete || s.Action == Replace || slices.ContainsFunc(s.Changes, func(c Change) bool { return len(c.removed) > 0 })
}

// lost tells whether somebody holds the value now and nobody will.
func (h *holding) lost() bool {
	if h.held(true) {
		return false
	}
	before := h.held(false)
	return before && !h.missing
}

// held tells whether anybody holds the value, now or after the plan.
func (h *holding) held(after bool) bool {
	value, field := h.kind.Last.Value, h.kind.Last.Field
	listing, ok := h.listing(h.kind, h.live.Params(h.scope))
	if !ok {
		h.missing = true
		return false
	}
	for _, o := range listing.Objects {
		if has(h.valueOf(o, field, after), value) && h.kind.Active.Holds(o.Raw) && !h.gone(o, after) {
			return true
		}
	}
	if after && h.kind != h.person() {
		for _, s := range h.plan.Steps {
			if s.object == nil && s.Resource.Kind == h.kind && s.Resource.Parent == h.scope && has(s.Resource.Values[field], value) &&
				h.acts(s.Resource.KeyParts()[0], after) {
				return true
			}
		}
	}
	return h.heldThrough(after)
}

// valueOf returns what an object holds in a field, now or after the plan.
func (h *holding) valueOf(o *Object, field string, after bool) any {
	if s := h.steps[o]; after && s != nil {
		if s.Action == Delete {
			return nil
		}
		for _, c := range s.Changes {
			if c.Path == field {
				return c.After
			}
		}
	}
	return h.live.Values(o)[field]
}

// gone tells whether the plan deletes the person that an object is.
func (h *holding) gone(o *Object, after bool) bool {
	if h.deleted == nil {
		h.deleted = map[string]bool{}
		for _, s := range h.plan.Steps {
			if s.Action == Delete && s.object != nil && s.Resource.Kind == h.person() {
				h.deleted[s.object.id()] = true
			}
		}
	}
	return after && h.deleted[o.id()]
}

// acts tells whether a person of that name can act, now or after the plan:
// those who are only invited cannot.
func (h *holding) acts(name string, after bool) bool {
	k := h.person()
	listing, ok := h.listing(k, h.live.Params(h.scope))
	if !ok {
		h.missing = true
		return false
	}
	hits := h.live.byKey(listing)[joinKey(k.AddressParts(k.Named(name)))]
	return slices.ContainsFunc(hits, func(o *Object) bool { return k.Active.Holds(o.Raw) && !h.gone(o, after) })
}

// heldThrough tells whether anybody holds the value through another object: as
// a member of a team.
func (h *holding) heldThrough(after bool) bool {
	via, of := h.through()
	if via == nil {
		return false
	}
	value, field, link := h.kind.Last.Value, h.kind.Last.Field, via.Link()
	listing, ok := h.listing(via, h.live.Params(h.scope))
	teams, teamsOK := h.listing(of, h.live.Params(h.scope))
	_, peopleOK := h.listing(h.person(), h.live.Params(h.scope)) // members are gathered from them
	if !ok || !teamsOK || !peopleOK {
		h.missing = true
		return false
	}
	for _, o := range listing.Objects {
		if !has(h.valueOf(o, field, after), value) {
			continue
		}
		for _, t := range teams.Objects {
			if t.id() == spec.TextAt(o.Raw, link.WireAt()) && h.anyActs(h.valueOf(t, h.kind.Last.Through.Members, after), after) {
				return true
			}
		}
	}
	if !after {
		return false
	}
	for _, s := range h.plan.Steps {
		if s.object == nil && s.Resource.Kind == via && s.Resource.Parent == h.scope && has(s.Resource.Values[field], value) && h.newlyThrough(s, of) {
			return true
		}
	}
	return false
}

// newlyThrough tells whether anybody gets the value by a step that lets a team in.
func (h *holding) newlyThrough(s *Step, of *spec.Kind) bool {
	t, declared := h.live.Lookup(s.Resource, of, s.Resource.KeyParts()[0])
	members := h.kind.Last.Through.Members
	if t != nil {
		return h.anyActs(h.valueOf(t, members, true), true)
	}
	return declared != nil && h.anyActs(declared.Values[members], true)
}

func (h *holding) anyActs(names any, after bool) bool {
	list, _ := names.([]any)
	return slices.ContainsFunc(list, func(name any) bool { s, _ := name.(string); return h.acts(s, after) })
}
