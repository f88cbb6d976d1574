package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// remove plans the deletion of a live object, declared absent or pruned.
func (p *planning) remove(r *spec.Resource, o *Object, pruned bool) {
	if !pruned && p.misnamed(r, o) {
		return
	}
	step := p.step(r, Delete)
	step.Pruned = pruned
	step.object, step.deletes = o, 1
	step.Live = dependedOn(r.Kind.Fields, nil, p.live.Values(o))
	b := &builder{planning: p, r: r, step: step, o: o, removing: true, declared: r.Values, params: p.live.Params(r)}
	if pruned {
		b.params = o.Params
	}
	b.calls(r.Kind.Delete)
	p.destroyed(step, r, o)
	if r.Kind.DeleteNote != "" {
		step.Notes = append(step.Notes, r.Kind.DeleteNote)
	}
	if pruned {
		step.Notes = append(step.Notes, fmt.Sprintf("pruned: no file declares it (%s)", step.Source))
	}
	if r.Ended {
		step.Notes = append(step.Notes, Over(r))
	}
	p.cascade(step, r, o)
	p.add(step)
}

// misnamed reports a removal by an id whose object has another name than the
// file says: who reviews it reads the name.
func (p *planning) misnamed(r *spec.Resource, o *Object) bool {
	said, is := r.Kind.AddressParts(r.Values), o.Kind.AddressParts(p.live.Values(o))
	if r.Ident == "" || strings.Join(said, "") == "" || slices.Equal(said, is) {
		return false
	}
	name := strings.Join(is, "/")
	p.errorf(r.Source(r.Kind.KeyFields()...), fmt.Sprintf("give the name that it has, %s, or another %s", name, r.Kind.Ident),
		"%s is to be deleted, and the %s %s is that of %s", r.Address, r.Kind.Ident, r.Ident, name)
	return true
}

// destroyed tells of what the deletion takes away first, such as secrets.
func (p *planning) destroyed(step *Step, r *spec.Resource, o *Object) {
	for _, call := range r.Kind.Delete {
		if call.Each == nil || call.Each.Live == "" || r.Flag(call.Unless) {
			continue
		}
		v, _ := spec.At(o.Raw, call.Each.Live)
		if list, _ := v.([]any); len(list) > 0 {
			step.deletes += len(list)
			step.Notes = append(step.Notes, fmt.Sprintf("Its %s (%d) are deleted first, for all who use them.", strings.Trim(call.Each.Live, "/"), len(list)))
		}
	}
}

// cascade counts the live children that go with a parent.
func (p *planning) cascade(step *Step, r *spec.Resource, o *Object) {
	var parts []string
	for _, k := range p.catalog.Children(r.Kind) {
		if k.Singleton && k.Optional == nil || k.Given || !k.Where.Holds(o.Raw) {
			continue
		}
		listing, ok := p.listing(k, o.Params)
		if !ok {
			continue
		}
		n := 0
		for _, child := range listing.Objects {
			if !k.Untouched(child.Raw) && !k.KeepsParent(child.Raw) {
				n++
			}
		}
		if n == 0 {
			continue
		}
		if k.Outlives != "" {
			step.Notes = append(step.Notes, fmt.Sprintf("Left alone: %s: %s", spec.Counted(n, k.Section), k.Outlives))
			continue
		}
		parts = append(parts, spec.Counted(n, k.Section))
		step.deletes += n
	}
	if len(parts) > 0 {
		step.Notes = append(step.Notes, "Deleted with it: "+strings.Join(parts, ", ")+".")
	}
}

// nearestLive returns the key of a live object that a wrong one may mean.
func (p *planning) nearestLive(r *spec.Resource) string {
	listing, ok := p.live.Listing(r.Kind, p.live.ListParams(r))
	if !ok {
		return ""
	}
	var keys []string
	for _, o := range listing.Objects {
		keys = append(keys, strings.Join(r.Kind.AddressParts(p.live.Values(o)), "/"))
	}
	slices.Sort(keys)
	return spec.Nearest(strings.Join(r.KeyParts(), "/"), keys)
}
