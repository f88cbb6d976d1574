package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// indirect finds what the deletions take away besides their own objects: what
// exists only with them (a person's roles in projects) and their places in
// collections (teams). It is shown, counts, and is refused where a file
// declares or protects it.
func (p *planning) indirect() {
	p.steps = map[*Object]*Step{}
	p.links = map[*Listing]map[string][]*Object{}
	for _, s := range p.plan.Steps {
		if s.object != nil {
			p.steps[s.object] = s
		}
	}
	for _, s := range p.plan.Steps {
		if s.object == nil || s.Action != Delete && s.Action != Replace {
			continue
		}
		for _, k := range p.catalog.Kinds() {
			if f := k.Link(); f != nil && f.Ref.Kind == s.Kind {
				p.linked(s, k, f)
			}
			for i := range k.Fields {
				if f := &k.Fields[i]; f.Backref != nil && f.Backref.Kind == s.Kind {
					p.memberships(s, k, f)
				}
			}
		}
		for i := range s.Resource.Kind.Fields {
			if f := &s.Resource.Kind.Fields[i]; f.Backref != nil {
				p.leftBehind(s, f)
			}
		}
		p.stillNeeded(s)
		p.tellTaken(s)
	}
}

// A need is a declared resource that names another by its key.
type need struct {
	by *spec.Resource
	at spec.Position
}

// needs lists, by kind and key of what is named, the declared resources that
// name it: whatever of them is live yet.
func (p *planning) declaredNeeds() map[string][]need {
	if p.needs != nil {
		return p.needs
	}
	p.needs = map[string][]need{}
	p.state.Every(func(r *spec.Resource) {
		if r.Absent {
			return
		}
		r.EachRef(func(f *spec.Field) string {
			switch {
			case f.CreateOnly && p.live.Find(r).Object != nil:
				return ""
			case f.Ref != nil && f.Ref.Same && f.Ref.If == "":
				return f.Ref.Kind // invited or not, it is the same person
			}
			return f.RefFor(r)
		}, func(f *spec.Field, kind, name, path string) {
			target := p.catalog.Kind(kind)
			key := kind + "\x00" + joinKey(target.AddressParts(target.Called(name)))
			p.needs[key] = append(p.needs[key], need{r, r.Source(path, f.Name)})
		})
	})
	return p.needs
}

// stillNeeded refuses to delete what a file needs, though it is not there yet:
// whom a project is about to let in, or a team to take.
func (p *planning) stillNeeded(s *Step) {
	key := s.Kind + "\x00" + joinKey(s.Resource.Kind.AddressParts(p.live.Values(s.object)))
	own := s.Resource.Root()
	for _, n := range p.declaredNeeds()[key] {
		scope := n.by.Root()
		told := slices.ContainsFunc(s.Takes, func(t Taken) bool { return t.Address == n.by.Address })
		if told || n.by == s.Resource || scope != own && !p.mayBeBelow(scope, own) {
			continue
		}
		p.plan.Violations = append(p.plan.Violations, Violation{Guard: "declared", Address: s.Address, Source: s.Source,
			Message: fmt.Sprintf("%s is to be deleted, and %s needs it, declared at %s: remove one of the two from the files", s.Address, n.by.Address, n.at)})
	}
}

// mayBeBelow tells whether a scope lies in another, or will once it exists.
func (p *planning) mayBeBelow(scope, parent *spec.Resource) bool {
	if p.live.Find(scope).Object != nil {
		return p.isBelow(scope, parent, p.live.Params(parent))
	}
	return scope.Kind.Parent == parent.Kind.Name && p.state.Owner(scope) == parent
}

// leftBehind counts the members of what a step deletes, and names them.
func (p *planning) leftBehind(s *Step, f *spec.Field) {
	if _, ok := p.listing(p.catalog.Kind(f.Backref.Kind), s.object.Params); !ok {
		return
	}
	members, _ := p.live.Values(s.object)[f.Name].([]any)
	if len(members) == 0 {
		return
	}
	s.deletes += len(members)
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = fmt.Sprint(m)
	}
	slices.Sort(names)
	s.Notes = append(s.Notes, fmt.Sprintf("%s %s it: %s.", spec.Counted(len(names), f.Name), map[bool]string{true: "loses", false: "lose"}[len(names) == 1], strings.Join(names, ", ")))
}

// listing returns what was read of a kind; what was not is wanted.
func (p *planning) listing(k *spec.Kind, params Params) (*Listing, bool) {
	listing, ok := p.live.Listing(k, params)
	if ok {
		return listing, true
	}
	key, err := ListKey(k, params)
	wanted := slices.ContainsFunc(p.plan.Wants, func(w Want) bool {
		other, _ := ListKey(w.Kind, w.Params)
		return other == key
	})
	if err == nil && !wanted {
		p.plan.Wants = append(p.plan.Wants, Want{k, params})
	}
	return nil, false
}

// linked finds the objects of a kind that exist only with the one that a step
// deletes, in every scope that the files declare.
func (p *planning) linked(s *Step, k *spec.Kind, f *spec.Field) {
	for _, scope := range p.scopesBelow(s, k) {
		listing, ok := p.listing(k, p.live.Params(scope))
		if !ok {
			continue
		}
		for _, o := range p.linksOf(listing, k, f)[s.object.id()] {
			if own := p.steps[o]; own != nil && own.Action == Delete {
				continue // goes by itself
			}
			a := p.live.address(scope, o)
			if f.Ref.Holds {
				p.errorf(s.Resource.Source(append([]string{"state"}, s.Resource.Kind.KeyFields()...)...), fmt.Sprintf("remove %s first: declare it with state: absent, or prune its section", a),
					"%s cannot be deleted: Atlas refuses that while %s is there", s.Address, a)
				continue
			}
			p.taken(s, Taken{Address: a}, p.state.Lookup(a))
		}
	}
}

// linksOf returns the objects of a listing by the id of what each exists with.
func (p *planning) linksOf(listing *Listing, k *spec.Kind, f *spec.Field) map[string][]*Object {
	if p.links[listing] == nil {
		byID := map[string][]*Object{}
		for _, o := range listing.Objects {
			id := o.id()
			if f.Ref.ByID {
				id = spec.TextAt(o.Raw, f.WireAt())
			}
			if _, lapsed := k.Lapsed(o.Raw); !lapsed && id != "" {
				byID[id] = append(byID[id], o)
			}
		}
		p.links[listing] = byID
	}
	return p.links[listing]
}

// scopesBelow returns the live scopes in which objects of a kind can depend on
// what a step deletes: its own, or those of the organization that it is in.
func (p *planning) scopesBelow(s *Step, k *spec.Kind) []*spec.Resource {
	own := s.Resource.Root()
	params := p.live.Params(own)
	var out []*spec.Resource
	for _, scope := range p.state.Scopes {
		if scope.Kind.Name == k.Parent && p.live.Find(scope).Object != nil && (scope == own || p.isBelow(scope, own, params)) {
			out = append(out, scope)
		}
	}
	return out
}

// isBelow tells whether a scope lies in another, by the ids that both give to
// their routes.
func (p *planning) isBelow(scope, parent *spec.Resource, params Params) bool {
	below := p.live.Params(scope)
	for name := range parent.Kind.Params {
		if below[name] != params[name] {
			return false
		}
	}
	return scope.Kind.Parent == parent.Kind.Name
}

// memberships finds the collections that the deleted object is a member of.
func (p *planning) memberships(s *Step, k *spec.Kind, f *spec.Field) {
	ids, _ := spec.At(s.object.Raw, f.Backref.At)
	in, _ := ids.([]any)
	if len(in) == 0 {
		return
	}
	listing, ok := p.listing(k, p.live.Params(s.Resource.Parent))
	if !ok {
		return
	}
	member := fmt.Sprint(s.object.Kind.AddressParts(p.live.Values(s.object))[0])
	for _, o := range listing.Objects {
		id, _ := spec.At(o.Raw, f.Backref.ID)
		own := p.steps[o]
		if !slices.Contains(in, id) || own != nil && (own.Action == Delete || removesMember(own, f, member)) {
			continue
		}
		t := Taken{Address: p.live.address(s.Resource.Parent, o), Path: f.Name, Member: member}
		declared := p.state.Lookup(t.Address)
		if declared != nil {
			if list, _ := declared.Values[f.Name].([]any); !holds(f, list, member) {
				declared = nil
			}
		}
		p.taken(s, t, declared)
	}
}

func removesMember(s *Step, f *spec.Field, member string) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Path == f.Name && holds(f, c.removed, member) })
}

// taken adds to a step what goes with it, and refuses what a file declares or
// protects.
func (p *planning) taken(s *Step, t Taken, declared *spec.Resource) {
	s.Takes = append(s.Takes, t)
	s.deletes++
	if declared != nil && !declared.Absent {
		at := declared.Source(declared.Kind.KeyFields()...)
		p.plan.Violations = append(p.plan.Violations, Violation{Guard: "declared", Address: s.Address, Source: s.Source,
			Message: fmt.Sprintf("%s is to be deleted, which takes away %s, declared at %s: remove one of the two from the files", s.Address, t, at)})
	}
	for _, pr := range p.state.Protects {
		if pr.Covers(t.Address) {
			at := pr.Source
			p.plan.Violations = append(p.plan.Violations, Violation{Guard: "protect", Address: s.Address, Source: &at,
				Message: fmt.Sprintf("%s is to be deleted, which takes away %s, and %s is protected at %s", s.Address, t, pr.Entry, pr.Source)})
			return
		}
	}
}

// String names what goes.
func (t Taken) String() string {
	if t.Path == "" {
		return string(t.Address)
	}
	return fmt.Sprintf("%s from the %s of %s", t.Member, t.Path, t.Address)
}

func (p *planning) tellTaken(s *Step) {
	if len(s.Takes) == 0 {
		return
	}
	parts := make([]string, len(s.Takes))
	for i, t := range s.Takes {
		parts[i] = t.String()
	}
	s.Notes = append(s.Notes, "It takes away "+strings.Join(parts, ", ")+".")
}
