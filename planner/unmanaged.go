package planner

import (
	"github.com/atlasctl/atlasctl-sync/spec"
)

// unmanaged finds the live objects of a section that no file declares. In a
// pruned section they are deleted.
func (p *planning) unmanaged(sec *spec.Section) {
	if sec.Kind.Singleton && !sec.Implied || sec.Parent.Absent || sec.Context {
		return
	}
	listings := map[*Listing]bool{}
	owned := map[*Object]bool{}
	if len(sec.Resources) == 0 || sec.Wide {
		for _, listing := range p.listed(sec) {
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
	represented := p.live.Represented(sec.Kind)
	for listing := range listings {
		for _, o := range listing.Objects {
			if !owned[o] && represented(o) == nil {
				p.leftover(sec, o)
			}
		}
	}
}

func (p *planning) leftover(sec *spec.Section, o *Object) {
	if _, lapsed := sec.Kind.Lapsed(o.Raw); lapsed || sec.Kind.Untouched(o.Raw) {
		return
	}
	values := p.live.Values(o)
	given := sec.Kind.Given || sec.Kind.Singleton && sec.Kind.Optional == nil
	if given && !sec.Kind.Departs(values) {
		return // there is nothing to declare
	}
	address := p.live.address(sec.Parent, o)
	p.plan.Summary.Live++
	if !sec.Implied {
		p.managed++
	}
	p.leftovers[sec.Kind] = append(p.leftovers[sec.Kind], stranger{address: address, parent: sec.Parent, object: o})
	if sec.Prune == nil || p.live.Kept(o) {
		f := Finding{Class: Unmanaged, Address: address, Kind: sec.Kind.Name, Object: o}
		if sec.Kind.NamesNotUnique && sec.Kind.Ident != "" {
			f.Message = sec.Kind.Ident + " " + o.id()
		}
		if sec.Prune != nil {
			f.Message = "not pruned: " + sec.Kind.Keep.Why
		}
		if given {
			f.Message = "not as Atlas makes it"
		}
		p.find(f)
		p.plan.Summary.Unmanaged++
		return
	}
	key := map[string]any{}
	for _, name := range sec.Kind.KeyFields() {
		key[name] = values[name]
	}
	r := &spec.Resource{Kind: sec.Kind, Parent: sec.Parent, Address: address, Values: key, Absent: true,
		At: map[string]spec.Position{"": *sec.Prune}}
	if sec.Kind.Ident != "" {
		r.Ident = o.id()
	}
	p.remove(r, o, true)
}

// outside finds the live organizations and projects that no file declares,
// where that is asked for. Each stands for all that it holds.
func (p *planning) outside() {
	if !p.state.All {
		return
	}
	for _, k := range p.catalog.Documents() {
		for _, old := range p.strangers(k) {
			if !p.state.Chosen(k, p.live.Values(old.object), old.address) {
				continue
			}
			p.plan.Summary.Live++
			p.plan.Summary.Unmanaged++
			f := Finding{Class: Unmanaged, Address: old.address, Kind: k.Name, Object: old.object, Message: "no file declares it, nor what it holds"}
			if old.twin && len(k.Within) == 0 {
				f.Message += " (" + k.Ident + " " + old.object.id() + ")"
			}
			p.find(f)
		}
	}
}
