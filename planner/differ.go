package planner

import "github.com/atlasctl/atlasctl-sync/spec"

// A Difference is one resource that Atlas has otherwise than the files say.
type Difference struct {
	Class   Class // Changed, Missing, Present or Unmanaged
	Address spec.Address
	Kind    *spec.Kind
	// Resource is what is declared; nil of what no file declares.
	Resource *spec.Resource
	// Parent is what it stands in; nil of an organization or project.
	Parent *spec.Resource
	// Object is what is live, with Values as files say them; nil of what is missing.
	Object *Object
	Values map[string]any
	// Changes are the fields that differ, as far as they can be compared; Before is
	// what is live.
	Changes []Change
	// Absent says that files say state: absent.
	Absent bool
}

// Differences compares what is declared with what is live, without judging whether
// one can be made of the other. What was not read, or could mean several objects,
// is left out: a plan tells of it. So is what stands in something that is missing.
func Differences(c *spec.Catalog, s *spec.State, l *Live, opts Options) []Difference {
	p := &planning{catalog: c, state: s, live: l, opts: opts, plan: &Plan{Time: opts.Now}, leftovers: map[*spec.Kind][]stranger{}}
	var out []Difference
	s.Resources(func(r *spec.Resource) {
		if d := p.difference(r); d != nil {
			out = append(out, *d)
		}
	})
	s.Walk(p.unmanaged)
	for _, k := range c.Kinds() {
		for _, old := range p.leftovers[k] {
			out = append(out, Difference{Class: Unmanaged, Address: old.address, Kind: k, Parent: old.parent, Object: old.object, Values: l.Values(old.object)})
		}
	}
	return out
}

func (p *planning) difference(r *spec.Resource) *Difference {
	found := p.live.Find(r)
	if r.Context || found.Unread || found.Unborn || len(found.Candidates) > 1 {
		return nil
	}
	d := &Difference{Address: r.Address, Kind: r.Kind, Resource: r, Parent: r.Parent, Object: found.Object, Absent: r.Absent}
	if d.Object != nil {
		if _, lapsed := r.Kind.Lapsed(d.Object.Raw); lapsed || r.Absent && r.Kind.Untouched(d.Object.Raw) {
			d.Object = nil
		}
	}
	switch {
	case d.Object == nil:
		if d.Class = Missing; r.Absent || p.expired(r) || found.Object != nil {
			return nil
		}
		return d
	case r.Absent:
		d.Class, d.Values = Present, p.live.Values(d.Object)
		return d
	}
	d.Class, d.Values = Changed, p.live.Values(d.Object)
	declared := unmoved(r.Kind.Fields, p.effective(r), d.Values)
	comparable, _ := verifiable(r, r.Kind.Fields, declared, d.Values, "")
	if d.Changes = Diff(r.Kind.Fields, comparable, d.Values); len(d.Changes) == 0 {
		return nil
	}
	return d
}
