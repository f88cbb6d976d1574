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

// mend replaces an object that is its own secret where an interrupted run made
// it and could not deliver it: nobody holds it.
func (b *builder) mend(rot *spec.Rotation, rule spec.Rule, o *Object) {
	pending, ok := b.opts.Pending[b.r.Address]
	lost := ok && (pending.ID == o.id() || pending.ID == "" && !slices.Contains(pending.Known, o.id()))
	if !lost || !rule.Delivers() {
		return
	}
	b.step.Mends = true
	b.calls(b.r.Kind.Delete)
	created := &builder{planning: b.planning, r: b.r, step: b.step, creating: true, declared: b.declared,
		changes: flatten(b.r.Kind.Fields, b.declared), params: b.planning.live.newParams(b.r)}
	created.calls(b.r.Kind.Create)
	created.firstSecret(rot, rule)
	b.step.Changes[len(b.step.Changes)-1].Before = o.id() + ", made and never delivered"
	b.step.deletes++
}
