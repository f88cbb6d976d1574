package planner

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// beside returns the ids of the objects that are live beside one which is its own
// secret, and is about to be made: what an interrupted run left is none of them.
func (b *builder) beside(rot *spec.Rotation) []string {
	if !rot.Once {
		return nil
	}
	var ids []string
	if listing, ok := b.planning.live.Listing(b.r.Kind, b.planning.live.ListParams(b.r)); ok {
		for _, o := range listing.Objects {
			ids = append(ids, o.id())
		}
	}
	return ids
}

// forgetLost takes the objects out of the picture that are their own secret and
// that an interrupted run made and could not deliver: nobody holds them, so they
// are made anew, and what stands in them with them.
func (p *planning) forgetLost(r *spec.Resource) {
	rot := r.Kind.Rotation
	pending, ok := p.opts.Pending[r.Address]
	if rot == nil || !rot.Once || !ok || r.Absent {
		return
	}
	rule, _ := r.Rule()
	o := p.live.Find(r).Object
	if o == nil || !rule.Delivers() || pending.ID != o.id() && (pending.ID != "" || slices.Contains(pending.Known, o.id())) {
		return
	}
	p.live.forget(r, o)
}

// forget takes an object out of its listing and notes whose it was.
func (l *Live) forget(r *spec.Resource, o *Object) {
	key, err := ListKey(o.Kind, l.ListParams(r))
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.listings[key]
	if old == nil {
		return
	}
	l.listings[key] = &Listing{Objects: slices.DeleteFunc(slices.Clone(old.Objects), func(other *Object) bool { return other == o })}
	l.lost[r.Address] = o
}

// lostOf returns the object that was made for a resource and never delivered.
func (l *Live) lostOf(r *spec.Resource) *Object {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.lost[r.Address]
}

// dropLost deletes first what was made and never delivered.
func (b *builder) dropLost(o *Object) {
	gone := &builder{planning: b.planning, r: b.r, step: b.step, o: o, declared: b.r.Values, params: o.Params}
	gone.calls(b.r.Kind.Delete)
	b.step.Mends = true
	b.step.Notes = append(b.step.Notes, o.id()+" was made and never delivered: it is deleted first.")
}
