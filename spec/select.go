package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Filter narrows a state down; every part that is given has to match.
type Filter struct {
	Organizations, Projects []string // by name
	Kinds                   []string // by name or section
	Targets, Excludes       []Address
	Shard                   *Shard `json:",omitempty"` // nil: all
}

// Empty tells whether the filter lets everything through.
func (f Filter) Empty() bool {
	return len(f.Organizations)+len(f.Projects)+len(f.Kinds)+len(f.Targets)+len(f.Excludes) == 0 && f.Shard == nil
}

// Select leaves only what a filter lets through to be planned. What stands
// around it stays as context: it is looked at, never written to. A filter
// that matches nothing is an error: a misspelt target must not look like
// "no changes". A shard of what it matches may be empty.
func (s *State) Select(c *Catalog, f Filter) error {
	if f.Empty() {
		return nil
	}
	f.Targets, f.Excludes = s.spelt(f.Targets), s.spelt(f.Excludes)
	if err := s.checkFilter(c, f); err != nil {
		return err
	}
	s.filter = f
	whole := f
	whole.Shard = nil
	selected := 0
	s.Resources(func(r *Resource) {
		r.Context = !f.matches(r)
		r.Excluded = slices.ContainsFunc(f.Excludes, r.Address.Within)
		if !r.Context || f.Shard != nil && whole.matches(r) {
			selected++
		}
	})
	s.Walk(func(sec *Section) {
		sec.Context = !f.wholly(sec)
		if !sec.Context || f.Shard != nil && whole.wholly(sec) {
			selected++
		}
	})
	tells := s.tells(c)
	for _, r := range s.Scopes {
		trim(r, tells)
	}
	if selected == 0 && !s.All {
		return fmt.Errorf("nothing that the files declare matches the filters")
	}
	return nil
}

// Spelt returns an address as the files' own has it, where only case is
// different: usernames compare without it.
func (s *State) Spelt(a Address) Address {
	if s.byAddress[a] != nil {
		return a
	}
	found := map[Address]bool{}
	s.Resources(func(r *Resource) {
		if strings.EqualFold(string(r.Address), string(a)) {
			found[r.Address] = true
		}
	})
	if len(found) != 1 {
		return a
	}
	for only := range found {
		a = only
	}
	return a
}

func (s *State) spelt(list []Address) []Address {
	out := make([]Address, len(list))
	for i, a := range list {
		out[i] = s.Spelt(a)
	}
	return out
}

func (f Filter) matches(r *Resource) bool {
	if !f.inScope(r) || !f.ofKind(r.Kind) {
		return false
	}
	if slices.ContainsFunc(f.Excludes, r.Address.Within) {
		return false
	}
	return len(f.Targets) == 0 || slices.ContainsFunc(f.Targets, r.Address.Within)
}

func (f Filter) inScope(r *Resource) bool {
	r = r.Root()
	if !f.Shard.holds(r) {
		return false
	}
	name := strings.Join(r.KeyParts(), "/")
	if r.Kind.Parent == "" {
		return len(f.Projects) == 0 && (len(f.Organizations) == 0 || slices.Contains(f.Organizations, name))
	}
	return (len(f.Projects) == 0 || slices.Contains(f.Projects, name)) &&
		(len(f.Organizations) == 0 || slices.Contains(f.Organizations, within(r)))
}

func (f Filter) ofKind(k *Kind) bool {
	return len(f.Kinds) == 0 || f.Names(k)
}

// Names tells whether the filter names a kind, by its name or section.
func (f Filter) Names(k *Kind) bool {
	return slices.Contains(f.Kinds, k.Name) || k.Section != "" && slices.Contains(f.Kinds, k.Section)
}

// wholly tells whether a section as such is selected, with what else is live
// in it, and not single resources of it only.
func (f Filter) wholly(sec *Section) bool {
	if !f.inScope(sec.Parent) || !f.ofKind(sec.Kind) {
		return false
	}
	address := sec.Parent.Address.Child(sec.Kind.Section)
	for _, x := range f.Excludes {
		if x.Within(address) || address.Within(x) {
			return false
		}
	}
	return len(f.Targets) == 0 || slices.ContainsFunc(f.Targets, address.Within)
}

// trim drops sections in which nothing is selected, so that they are not read,
// but for resources that tell of others.
func trim(r *Resource, tells func(*Resource) bool) bool {
	r.Sections = slices.DeleteFunc(r.Sections, func(sec *Section) bool {
		keep := !sec.Context
		sec.Resources = slices.DeleteFunc(sec.Resources, func(child *Resource) bool { return !trim(child, tells) })
		return !keep && len(sec.Resources) == 0
	})
	return !r.Context || len(r.Sections) > 0 || tells(r)
}

// tells returns what finds the resources that are not selected and say whose
// an object is that stands in a section that is.
func (s *State) tells(c *Catalog) func(*Resource) bool {
	selected := map[*Kind]bool{}
	s.Walk(func(sec *Section) { selected[sec.Kind] = selected[sec.Kind] || !sec.Context })
	return func(r *Resource) bool {
		kind := c.Kind(r.Doubles())
		if kind == nil || !selected[kind] {
			return false
		}
		owner := s.owner(r.Root())
		if owner == nil {
			return true
		}
		sec := owner.Section(kind)
		return sec != nil && !sec.Context
	}
}

// Partial tells whether a part is selected, so that some of it is context.
func (s *State) Partial() bool { return !s.filter.Empty() }

// Attach puts a resource that a selection has left out back as context, so
// that it is read. It tells whether it was out.
func (s *State) Attach(r *Resource) bool {
	if r.Parent == nil {
		return false // scopes are always there
	}
	out := s.Attach(r.Parent)
	sec := r.Parent.Section(r.Kind)
	if sec == nil {
		sec = &Section{Kind: r.Kind, Parent: r.Parent, Source: r.Source(), Context: true}
		r.Parent.Sections = append(r.Parent.Sections, sec)
	}
	if slices.Contains(sec.Resources, r) {
		return out
	}
	sec.Resources = append(sec.Resources, r)
	return true
}

// TakeAlong selects a resource because another one needs it.
func (s *State) TakeAlong(r, by *Resource) {
	s.Attach(r)
	r.Context = false
	if !slices.Contains(r.NeededBy, by.Address) {
		r.NeededBy = append(r.NeededBy, by.Address)
	}
}

// Referring returns the declared resources whose fields mean a resource,
// selected or not, by address.
func (s *State) Referring(c *Catalog, to *Resource) []*Resource {
	var out []*Resource
	for _, a := range slices.Sorted(maps.Keys(s.byAddress)) {
		if r := s.byAddress[a]; slices.Contains(s.References(c, r), to) {
			out = append(out, r)
		}
	}
	return out
}

// References returns the declared resources that a resource's fields mean.
func (s *State) References(c *Catalog, r *Resource) []*Resource {
	var out []*Resource
	r.EachRef(func(f *Field) string { return f.MayRefer(r) }, func(_ *Field, kind, key, _ string) {
		if other := s.Referenced(r, c.Kind(kind), key); other != nil && other != r && !slices.Contains(out, other) {
			out = append(out, other)
		}
	})
	return out
}

func (s *State) checkFilter(c *Catalog, f Filter) error {
	var kinds, addresses, orgs, projects []string
	for _, k := range c.Kinds() {
		kinds = append(kinds, k.Name)
		if k.Section != "" {
			kinds = append(kinds, k.Section)
		}
	}
	s.Resources(func(r *Resource) {
		addresses = append(addresses, string(r.Address))
		if r.Parent != nil {
			return
		}
		if name := strings.Join(r.KeyParts(), "/"); r.Kind.Parent == "" {
			orgs = append(orgs, name)
		} else {
			projects = append(projects, name)
			orgs = append(orgs, within(r))
		}
	})
	s.Walk(func(sec *Section) { addresses = append(addresses, string(sec.Parent.Address.Child(sec.Kind.Section))) })
	for _, check := range []struct {
		flag         string
		given, known []string
	}{
		{"--kind", f.Kinds, kinds}, {"--org", f.Organizations, orgs}, {"--project", f.Projects, projects},
		{"--target", texts(f.Targets), addresses}, {"--exclude", texts(f.Excludes), addresses},
	} {
		for _, g := range check.given {
			if !slices.Contains(check.known, g) {
				err := fmt.Errorf("%s %s matches nothing that the files declare", check.flag, g)
				if near := Nearest(g, check.known); near != "" {
					err = fmt.Errorf("%w; did you mean %s?", err, near)
				}
				return err
			}
		}
	}
	return nil
}

func texts(as []Address) []string {
	out := make([]string, len(as))
	for i, a := range as {
		out[i] = string(a)
	}
	return out
}
