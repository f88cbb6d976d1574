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

// Made notes the id of an object that this run has created.
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

// adoptable returns the objects that a creation which stopped half way may have
// left, and that no file declares otherwise.
func (l *Live) adoptable(r *spec.Resource, listing *Listing) []*Object {
	var out []*Object
	for _, o := range listing.Objects {
		values := l.Values(o)
		same := r.Kind.Adopt.While.Holds(o.Raw)
		for _, name := range r.Kind.Adopt.Same {
			f := r.Kind.Field(name)
			same = same && f.Canon(values[name]) == f.Canon(r.Values[name])
		}
		own := r.Parent != nil && l.state.Lookup(r.Parent.Address.Child(r.Kind.Section, r.Kind.AddressParts(values)...)) != nil
		if same && !own {
			out = append(out, o)
		}
	}
	return out
}
