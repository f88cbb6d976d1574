package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// remove plans the deletion of a live object, declared absent or pruned.
func (p *planning) remove(r *spec.Resource, o *Object, pruned bool) {
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
	p.cascade(step, r, o)
	p.add(step)
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
		listing, ok := p.live.Listing(k, o.Params)
		if !ok || k.Singleton || len(listing.Objects) == 0 {
			continue
		}
		if k.Outlives != "" {
			step.Notes = append(step.Notes, fmt.Sprintf("%d %s stay: %s", len(listing.Objects), k.Section, k.Outlives))
			continue
		}
		parts = append(parts, fmt.Sprintf("%d %s", len(listing.Objects), k.Section))
		step.deletes += len(listing.Objects)
	}
	if len(parts) > 0 {
		step.Notes = append(step.Notes, "With it go "+strings.Join(parts, ", ")+".")
	}
}

// unmanaged finds the live objects of a section that no file declares. In a
// pruned section they are deleted.
func (p *planning) unmanaged(sec *spec.Section) {
	if sec.Kind.Singleton || sec.Parent.Absent || sec.Context {
		return
	}
	listings := map[*Listing]bool{}
	owned := map[*Object]bool{}
	if len(sec.Resources) == 0 {
		if listing, ok := p.live.Listing(sec.Kind, p.live.Params(sec.Parent)); ok {
			listings[listing] = true
		}
	}
	for _, r := range sec.Resources {
		found := p.live.Find(r)
		owned[found.Object] = true
		for _, o := range found.Candidates {
			owned[o] = true
		}
		if listing, ok := p.live.Listing(r.Kind, p.live.ListParams(r)); ok {
			listings[listing] = true
		}
	}
	for listing := range listings {
		for _, o := range listing.Objects {
			if !owned[o] {
				p.leftover(sec, o)
			}
		}
	}
}

func (p *planning) leftover(sec *spec.Section, o *Object) {
	if _, lapsed := sec.Kind.Lapsed(o.Raw); lapsed {
		return
	}
	values := p.live.Values(o)
	address := p.live.address(sec.Parent, o)
	p.managed++
	if sec.Prune == nil || p.live.Kept(o) {
		f := Finding{Class: Unmanaged, Address: address, Kind: sec.Kind.Name}
		if sec.Kind.NamesNotUnique && sec.Kind.Ident != "" {
			f.Message = sec.Kind.Ident + " " + o.id()
		}
		if sec.Prune != nil {
			f.Message = "not pruned: " + sec.Kind.Keep.Why
		}
		p.find(f)
		p.plan.Summary.Unmanaged++
		return
	}
	key := map[string]any{}
	for _, name := range sec.Kind.Key {
		key[name] = values[name]
	}
	r := &spec.Resource{Kind: sec.Kind, Parent: sec.Parent, Address: address, Values: key, Absent: true,
		At: map[string]spec.Position{"": *sec.Prune}}
	if sec.Kind.Ident != "" {
		r.Ident = o.id()
	}
	p.remove(r, o, true)
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
