package planner

import (
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// helps lists the kinds that an answer takes: those that grant, what their keys
// refer to, and who is in that.
func (a *access) helps() []*spec.Kind {
	var out []*spec.Kind
	add := func(k *spec.Kind) {
		if k != nil && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, k := range a.catalog.Kinds() {
		if k.Grant == nil {
			continue
		}
		add(k)
		if f := k.Link(); f != nil {
			other := a.catalog.Kind(f.Ref.Kind)
			add(other)
			if m := other.Field(k.Grant.Members); m != nil && m.Backref != nil {
				add(a.catalog.Kind(m.Backref.Kind))
			}
		}
	}
	return out
}

// now returns what grants something as Atlas is.
func (a *access) now() *world {
	w := &world{access: a}
	seen := map[string]bool{}
	for _, scope := range a.state.Scopes {
		o := a.live.Find(scope).Object
		if o == nil {
			continue
		}
		w.scopes = append(w.scopes, scope)
		for _, k := range a.helps() {
			for _, n := range a.below(scope, o, k) {
				key := string(n.address)
				if !seen[key] {
					seen[key] = true
					w.grants = append(w.grants, a.grantOf(scope, n))
				}
			}
		}
	}
	// Organizations that no file declares still tell who is in their teams.
	for _, scope := range w.scopes {
		parent := a.catalog.Kind(scope.Kind.Parent)
		if parent == nil || slices.ContainsFunc(w.scopes, func(s *spec.Resource) bool { return s.Kind == parent && a.isBelow(scope, s, a.live.Params(s)) }) {
			continue
		}
		for _, k := range a.helps() {
			if k.Parent != parent.Name {
				continue
			}
			params := a.paramsOf(parent, scope)
			key, _ := ListKey(k, params)
			if seen[key] {
				continue
			}
			seen[key] = true
			for _, n := range a.listed(k, params, nil, "", scope.Address, "the organization of "+string(scope.Address)) {
				w.grants = append(w.grants, a.grantOf(nil, n))
			}
		}
	}
	w.settle()
	return w
}

// paramsOf returns the placeholders of a scope's parent.
func (a *access) paramsOf(parent *spec.Kind, scope *spec.Resource) Params {
	out, all := Params{}, a.live.Params(scope)
	for name := range parent.Params {
		if v, ok := all[name]; ok {
			out[name] = v
		}
	}
	return out
}

// A node is a live object with its address.
type node struct {
	*Object
	address spec.Address
	label   string
}

// below returns the live objects of a kind in a scope, at whatever depth.
func (a *access) below(scope *spec.Resource, o *Object, k *spec.Kind) []node {
	if k.Parent == scope.Kind.Name {
		return a.listed(k, a.live.Params(scope), o.Raw, scope.Address, scope.Address, string(scope.Address))
	}
	parent := a.catalog.Kind(k.Parent)
	if parent == nil || parent.Document {
		return nil
	}
	var out []node
	for _, n := range a.below(scope, o, parent) {
		out = append(out, a.listed(k, n.Params, n.Raw, n.address, scope.Address, string(n.address))...)
	}
	return out
}

// listed returns the objects of one list. One that was not read is noted.
func (a *access) listed(k *spec.Kind, params Params, parent any, at, scope spec.Address, where string) []node {
	if parent != nil && !k.Where.Holds(parent) {
		return nil
	}
	listing, ok := a.live.Listing(k, params)
	if !ok {
		a.unread = append(a.unread, unread{k, params, scope, where})
		return nil
	}
	var out []node
	for _, o := range listing.Objects {
		if _, lapsed := k.Lapsed(o.Raw); lapsed {
			continue
		}
		parts := k.AddressParts(a.live.Values(o))
		n := node{o, at.Child(k.Section, parts...), k.Name}
		if !k.Singleton {
			n.label = strings.Join(parts, "/")
		}
		if id := o.id(); id != "" && len(parts) > 0 && len(a.live.byKey(listing)[joinKey(parts)]) > 1 {
			n.address, n.label = at.Child(k.Section, append(parts, id)...), n.label+" ("+id+")"
		}
		out = append(out, n)
	}
	return out
}

func (a *access) grantOf(scope *spec.Resource, n node) *grant {
	return &grant{kind: n.Kind, scope: scope, params: n.Params, address: n.address, object: n.Object,
		values: a.live.Values(n.Object), who: n.label, self: n.label, pending: !n.Kind.Active.Holds(n.Raw)}
}
