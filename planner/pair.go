package planner

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// pair finds the live object of a resource whose kind has no key in Atlas: of
// those that its Key says may be meant, the one that this run has made; else one
// that is equal in all that is declared; else the only one that is left of both.
func (l *Live) pair(r *spec.Resource, listing *Listing) Found {
	if r.Parent == nil || r.Parent.Section(r.Kind) == nil {
		return Found{Candidates: l.byKey(listing)[joinKey(r.Kind.AddressParts(r.Values))]}
	}
	listing.mu.Lock()
	pairs := listing.pairs[r.Parent.Address]
	listing.mu.Unlock()
	if pairs == nil {
		pairs = l.pairAll(r.Parent.Section(r.Kind).Resources, listing)
		listing.mu.Lock()
		if listing.pairs == nil {
			listing.pairs = map[spec.Address]map[spec.Address]Found{}
		}
		listing.pairs[r.Parent.Address] = pairs
		listing.mu.Unlock()
	}
	return pairs[r.Address]
}

func (l *Live) pairAll(declared []*spec.Resource, listing *Listing) map[spec.Address]Found {
	out := map[spec.Address]Found{}
	taken := map[*Object]bool{}
	groups := map[string][]*spec.Resource{}
	var order []string
	for _, r := range declared {
		id := r.Ident
		if id == "" {
			id = l.madeAs(r.Address)
		}
		if i := slices.IndexFunc(listing.Objects, func(o *Object) bool { return id != "" && o.id() == id }); i >= 0 {
			out[r.Address] = Found{Object: listing.Objects[i]}
			taken[listing.Objects[i]] = true
			continue
		}
		if r.Ident != "" {
			continue
		}
		key := joinKey(r.Kind.AddressParts(r.Values))
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], r)
	}
	for _, key := range order {
		l.pairGroup(groups[key], l.byKey(listing)[key], taken, out)
	}
	return out
}

// pairGroup pairs what has one key.
func (l *Live) pairGroup(declared []*spec.Resource, live []*Object, taken map[*Object]bool, out map[spec.Address]Found) {
	var open []*spec.Resource
	for _, r := range declared {
		var equal *Object
		for _, o := range live {
			if equal == nil && !taken[o] && l.equal(r, o) {
				equal = o
			}
		}
		if equal == nil {
			open = append(open, r)
			continue
		}
		taken[equal] = true
		out[r.Address] = Found{Object: equal}
	}
	var left []*Object
	for _, o := range live {
		if !taken[o] {
			left = append(left, o)
		}
	}
	for _, r := range open {
		switch {
		case len(left) == 0:
			out[r.Address] = Found{}
		case len(left) == 1 && len(open) == 1:
			taken[left[0]] = true
			out[r.Address] = Found{Object: left[0]}
		default:
			out[r.Address] = Found{Candidates: append(slices.Clone(left), left[0])} // one is more than is known to be meant
		}
	}
}

// equal tells whether an object is as a resource declares it, as far as that
// can be compared.
func (l *Live) equal(r *spec.Resource, o *Object) bool {
	values := l.Values(o)
	declared := unmoved(r.Kind.Fields, r.Values, values)
	comparable, _ := verifiable(r, r.Kind.Fields, declared, values, "")
	return len(Diff(r.Kind.Fields, comparable, values)) == 0
}

// Made notes the id of an object that this run has created, or has taken over from
// one that stopped half way.
func (l *Live) Made(r *spec.Resource, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.made[r.Address] = id
}

func (l *Live) madeAs(a spec.Address) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.made[a]
}

// madeFor returns the ids of all that this run has created, of kinds without a key.
func (l *Live) madeFor() map[string]bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	ids := map[string]bool{}
	for _, id := range l.made {
		ids[id] = true
	}
	return ids
}

// adoptable returns the object that a creation which stopped half way may have left
// for a resource: the one that this run has made for it, else, of those that no file
// declares otherwise, the one in its place among the resources that have none. Where
// there are more of them than such resources, nobody knows which are meant: all.
func (l *Live) adoptable(r *spec.Resource, listing *Listing) []*Object {
	if r.Absent || r.Parent == nil {
		return nil // what is half made is nobody's: it is not deleted for somebody's
	}
	mine, others := l.madeAs(r.Address), l.madeFor()
	var halves []*Object
	for _, o := range listing.Objects {
		switch id := o.id(); {
		case !l.halfOf(r, o):
		case id != "" && id == mine:
			return []*Object{o}
		case !others[id] && l.state.Lookup(r.Parent.Address.Child(r.Kind.Section, r.Kind.AddressParts(l.Values(o))...)) == nil:
			halves = append(halves, o)
		}
	}
	var open []*spec.Resource
	for _, other := range r.Parent.Section(r.Kind).Resources {
		if !other.Absent && other.Ident == "" && l.madeAs(other.Address) == "" && l.same(r, other.Values) && len(l.byKey(listing)[joinKey(other.KeyParts())]) == 0 {
			open = append(open, other)
		}
	}
	if len(halves) > len(open) {
		return halves
	}
	i := slices.Index(open, r)
	if i < 0 || i >= len(halves) {
		return nil
	}
	l.Made(r, halves[i].id()) // for good: what is left of both gets less as they are finished
	return halves[i : i+1]
}

// halfOf tells whether an object is half made, and as a resource would have made it.
func (l *Live) halfOf(r *spec.Resource, o *Object) bool {
	return r.Kind.Adopt.While.Holds(o.Raw) && l.same(r, l.Values(o))
}

// same tells whether values are a resource's in all that is not still to come.
func (l *Live) same(r *spec.Resource, values map[string]any) bool {
	for _, name := range r.Kind.Adopt.Same {
		if f := r.Kind.Field(name); f.Canon(values[name]) != f.Canon(r.Values[name]) {
			return false
		}
	}
	return true
}
