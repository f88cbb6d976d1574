package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// An AccessChange says that somebody will have other roles once a plan is applied,
// in one place or, with the same change, in several.
type AccessChange struct {
	Principal     string         `json:"principal"`
	PrincipalKind string         `json:"principalKind"`
	Before        []string       `json:"before"` // roles, from wherever they come
	After         []string       `json:"after"`
	Targets       []spec.Address `json:"targets"`
	Ways          []Way          `json:"ways"`              // of the roles that come and go
	Pending       bool           `json:"pending,omitempty"` // an invitation is to be accepted first
}

// accessChanges compares who may do what before and after the plan. It is made
// only where a step touches what grants something, of what was read in any case,
// and names the lists that would tell more.
func (p *planning) accessChanges() ([]AccessChange, []string) {
	if !p.opts.Access {
		return nil, nil
	}
	a := &access{planning: p}
	helps := a.helps()
	touched := slices.ContainsFunc(p.plan.Steps, func(s *Step) bool {
		k := s.Resource.Kind
		return slices.Contains(helps, k) || k.Document && (s.Action == Delete || s.Action == Create)
	})
	if !touched {
		return nil, nil
	}
	before := a.now()
	changes := compareRights(before.rights(), before.then().rights())
	return changes, distinct(append(a.lacking(changes), a.elsewhere(before)...))
}

// elsewhere names where the plan gives or takes more than it can tell: where who is
// taken out of an organization, or in and out of its teams, may have something too.
func (a *access) elsewhere(w *world) (out []string) {
	for _, s := range a.plan.Steps {
		for _, via := range a.passedOnBy(s) {
			for _, u := range a.unread {
				if u.kind == via {
					out = append(out, u.String())
				}
			}
			root := s.Resource.Root()
			if below := a.catalog.Kind(via.Parent); below.Document && below != root.Kind && !a.whole(below, root, w.scopes) {
				out = append(out, strings.ToLower(below.Name)+"s of "+string(root.Address)+" that no file here declares")
			}
		}
	}
	return out
}

// passedOnBy lists the kinds by whose objects a step changes access in places of its own:
// what refers to the object that it deletes, or whose members are those that it changes.
func (a *access) passedOnBy(s *Step) (out []*spec.Kind) {
	if s.object == nil {
		return nil // nothing refers to it yet
	}
	for _, via := range a.catalog.Kinds() {
		if via.Grant == nil || via.Link() == nil {
			continue
		}
		of := a.catalog.Kind(via.Link().Ref.Kind)
		members := of.Field(via.Grant.Members)
		switch {
		case of == s.Resource.Kind:
			changed := members != nil && slices.ContainsFunc(s.Changes, func(c Change) bool { return spec.HeadOf(c.Path) == members.Name })
			if changed || s.Action == Delete || s.Action == Replace {
				out = append(out, via)
			}
		case members != nil && members.Backref != nil && members.Backref.Kind == s.Resource.Kind.Name && s.Action == Delete:
			out = append(out, via)
		}
	}
	return out
}

// whole tells whether all live objects of a kind of documents below one of another are
// known, and among some scopes.
func (a *access) whole(k *spec.Kind, parent *spec.Resource, scopes []*spec.Resource) bool {
	listing, ok := a.live.Listing(k, nil)
	if !ok {
		return false
	}
	in := a.live.Params(parent)
	return !slices.ContainsFunc(listing.Objects, func(o *Object) bool {
		for name := range parent.Kind.Params {
			if o.Params[name] != in[name] {
				return false
			}
		}
		return !slices.ContainsFunc(scopes, func(s *spec.Resource) bool { return a.live.Find(s).Object == o })
	})
}

func distinct(in []string) []string {
	slices.Sort(in)
	return slices.Compact(in)
}

// lacking names the lists that were not read and that may tell more of a change:
// of such principals, in such places.
func (a *access) lacking(changes []AccessChange) []string {
	whom, where := map[string]bool{}, map[spec.Address]bool{}
	for _, c := range changes {
		whom[c.PrincipalKind] = true
		for _, t := range c.Targets {
			where[t.Scope()] = true
		}
	}
	var out []string
	for _, u := range a.unread {
		if (where[u.scope] || u.scope.Project() == "") && a.tells(u.kind, whom) {
			out = append(out, u.String())
		}
	}
	return out
}

// tells whether a kind's objects say something of such principals.
func (a *access) tells(k *spec.Kind, whom map[string]bool) bool {
	if k.Grant != nil && whom[k.Grant.To] {
		return true
	}
	for _, via := range a.catalog.Kinds() {
		if via.Grant == nil || via.Grant.Members == "" {
			continue
		}
		of := a.catalog.Kind(via.Link().Ref.Kind)
		f := of.Field(via.Grant.Members)
		if f.Backref == nil {
			continue
		}
		person := a.catalog.Kind(f.Backref.Kind)
		switch {
		case whom[via.Grant.To] && (k == person || k == of), // who is in the team has it too
			(via == k || of == k) && person.Grant != nil && whom[person.Grant.To]:
			return true
		}
	}
	return false
}

// then returns the world as the plan will have it.
func (w *world) then() *world {
	next := &world{access: w.access}
	var gone []spec.Address
	deleted := map[string]bool{} // by kind and id
	for _, s := range w.plan.Steps {
		if s.Action != Delete {
			continue
		}
		gone = append(gone, s.Address)
		if s.object != nil {
			deleted[s.Kind+" "+s.object.id()] = true
		}
	}
	for _, scope := range w.state.Scopes {
		made := slices.ContainsFunc(w.plan.Steps, func(s *Step) bool { return s.Resource == scope && s.Action == Create })
		if !slices.Contains(gone, scope.Address) && (made || slices.Contains(w.scopes, scope)) {
			next.scopes = append(next.scopes, scope)
		}
	}
	for _, g := range w.grants {
		id, kind := g.linkID()
		own := w.steps[g.object]
		switch {
		case own != nil && own.Action == Delete, deleted[kind+" "+id] && id != "":
		case slices.ContainsFunc(gone, func(a spec.Address) bool { return g.scope != nil && g.address.Within(a) }):
		case own == nil:
			same := *g
			next.grants = append(next.grants, &same)
		default:
			next.grants = append(next.grants, changed(g, own))
		}
	}
	helps := w.helps()
	for _, s := range w.plan.Steps {
		if s.object == nil && s.Action == Create && slices.Contains(helps, s.Resource.Kind) {
			next.grants = append(next.grants, w.made(s))
		}
	}
	next.settle()
	return next
}

// changed returns what a step makes of an object.
func changed(g *grant, s *Step) *grant {
	next := *g
	next.declared = s.Resource
	next.values = maps.Clone(g.values)
	maps.Copy(next.values, s.Resource.Values)
	if parts := s.Resource.KeyParts(); !g.kind.Singleton && strings.Join(parts, "") != "" {
		next.who = strings.Join(g.kind.AddressParts(next.values), "/")
	}
	return &next
}

// made returns what a step creates.
func (w *world) made(s *Step) *grant {
	r := s.Resource
	g := &grant{kind: r.Kind, scope: r.Root(), address: s.Address, declared: r, values: r.Values, who: r.Kind.Name, pending: r.Kind.Active != nil}
	g.params = w.live.Params(g.scope)
	if !r.Kind.Singleton {
		g.who = strings.Join(r.Kind.AddressParts(r.Values), "/")
	}
	g.self = g.who
	return g
}

// compareRights lists for whom the roles differ, with equal changes as one.
func compareRights(before, after []Right) []AccessChange {
	type place struct {
		self, kind string
		target     spec.Address
	}
	gather := func(rights []Right) map[place][]Right {
		out := map[place][]Right{}
		for _, r := range rights {
			at := place{r.self, r.PrincipalKind, r.Target}
			out[at] = append(out[at], r)
		}
		return out
	}
	was, is := gather(before), gather(after)
	places := maps.Clone(was)
	maps.Copy(places, is)
	folded := map[string]*AccessChange{}
	for at := range places {
		all := slices.Concat(is[at], was[at]) // by the new name, where it gets one
		c := AccessChange{Principal: all[0].Principal, PrincipalKind: at.kind, Before: rolesOf(was[at]), After: rolesOf(is[at])}
		if slices.Equal(c.Before, c.After) {
			continue
		}
		c.Ways = waysOf(slices.Concat(beyond(was[at], c.After), beyond(is[at], c.Before)))
		c.Pending = len(is[at]) > 0 && is[at][0].Pending
		key := fmt.Sprintf("%q", []any{c, kindOfPlace(at.target)})
		if folded[key] == nil {
			folded[key] = &c
		}
		folded[key].Targets = append(folded[key].Targets, at.target)
	}
	var out []AccessChange
	for _, c := range folded {
		slices.Sort(c.Targets)
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y AccessChange) int {
		return cmp.Or(strings.Compare(x.Principal, y.Principal), strings.Compare(x.PrincipalKind, y.PrincipalKind), strings.Compare(string(x.Targets[0]), string(y.Targets[0])))
	})
	return out
}

// kindOfPlace tells organizations, projects and what stands in them apart.
func kindOfPlace(a spec.Address) string {
	switch {
	case a != a.Scope():
		return "below"
	case a.Project() != "":
		return "project"
	}
	return "organization"
}

func rolesOf(rights []Right) []string {
	out := []string{}
	for _, r := range rights {
		out = append(out, r.Role)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// beyond leaves out the rights whose roles are named.
func beyond(rights []Right, roles []string) []Right {
	return slices.DeleteFunc(slices.Clone(rights), func(r Right) bool { return slices.Contains(roles, r.Role) })
}

func waysOf(rights []Right) []Way {
	out := []Way{}
	for _, r := range rights {
		out = append(out, r.Way)
	}
	slices.SortFunc(out, func(x, y Way) int {
		return cmp.Or(strings.Compare(x.By, y.By), strings.Compare(x.Name, y.Name), strings.Compare(x.Role, y.Role))
	})
	return slices.Compact(out)
}
