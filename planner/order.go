package planner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// order sorts the steps and says which need which: creates and updates
// first, parents before children and the referenced before those that refer;
// deletes last and in reverse, after every create and update of their scope.
func (p *planning) order() {
	rank := map[string]int{}
	for i, k := range p.catalog.Kinds() {
		rank[k.Name] = i
	}
	depth := map[spec.Address]int{}
	for i, s := range p.state.Scopes {
		depth[s.Address] = i
	}
	slices.SortStableFunc(p.plan.Findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(string(a.Address), string(b.Address)), strings.Compare(a.Path, b.Path))
	})
	slices.SortStableFunc(p.plan.Steps, func(a, b *Step) int {
		if d := boolCompare(a.Action == Delete, b.Action == Delete); d != 0 {
			return d
		}
		d := cmp.Or(
			cmp.Compare(depth[a.Resource.Root().Address], depth[b.Resource.Root().Address]),
			cmp.Compare(rank[a.Kind], rank[b.Kind]),
			strings.Compare(string(a.Address), string(b.Address)),
		)
		if a.Action == Delete {
			return -d
		}
		return d
	})
	steps := map[spec.Address]*Step{}
	writes := map[spec.Address]bool{} // the scopes with creates or updates
	for _, s := range p.plan.Steps {
		steps[s.Address] = s
		if s.Action != Delete {
			writes[s.Resource.Root().Address] = true
		}
		p.count(s)
	}
	for _, s := range p.plan.Steps {
		if s.Action == Delete {
			s.Needs = p.beforeDelete(s, writes)
		} else {
			s.Needs = p.beforeWrite(s, steps)
		}
	}
}

func (p *planning) count(s *Step) {
	switch s.Action {
	case Create:
		p.plan.Summary.Create++
	case Update:
		p.plan.Summary.Update++
	case Delete:
		p.plan.Summary.Delete++
	case Replace:
		p.plan.Summary.Replace++
	}
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// beforeWrite lists what a create or update waits for: its parent, and what
// it refers to, where the same plan changes that.
func (p *planning) beforeWrite(s *Step, steps map[spec.Address]*Step) []spec.Address {
	needs := map[spec.Address]bool{}
	add := func(r *spec.Resource) {
		if r != nil && r.Address != s.Address && steps[r.Address] != nil && steps[r.Address].Action != Delete {
			needs[r.Address] = true
		}
	}
	r := s.Resource
	for parent := r.Parent; parent != nil; parent = parent.Parent {
		if step := steps[parent.Address]; step != nil && (step.Action == Create || !parent.Kind.Document) {
			add(parent) // a change of the parent counts too: what stands in it depends on it
		}
	}
	for _, other := range p.plan.Steps {
		if other.Action != Delete && slices.Contains(r.Kind.After, other.Kind) && other.Resource.Root() == r.Root() {
			add(other.Resource)
		}
	}
	for _, other := range p.state.References(p.catalog, r) {
		add(other)
	}
	out := make([]spec.Address, 0, len(needs))
	for a := range needs {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}

// beforeDelete lists what a deletion waits for: every create and update of
// its scope, those of the projects too where an organization loses something,
// and the deletions of what stands below it or refers to it.
func (p *planning) beforeDelete(s *Step, writes map[spec.Address]bool) []spec.Address {
	scope := s.Resource.Root()
	needs := []spec.Address{}
	for _, other := range p.state.Scopes {
		if writes[other.Address] && (other == scope || scope.Kind.Parent == "") {
			needs = append(needs, other.Address+All)
		}
	}
	for _, other := range p.plan.Steps {
		if other.Action == Delete && other != s && p.goesBefore(other, s) {
			needs = append(needs, other.Address)
		}
	}
	return needs
}

// All at the end of an address in Needs stands for every create and update
// in that scope.
const All = spec.Address("/**")

// goesBefore tells whether deletion a has to come before deletion b: a is of
// a kind that stands below b's, or refers to it.
func (p *planning) goesBefore(a, b *Step) bool {
	if a.Address.Within(b.Address) || slices.Contains(a.Resource.Kind.After, b.Kind) && a.Resource.Root() == b.Resource.Root() {
		return true
	}
	refers := false
	target := b.Resource.Kind
	look := func(values map[string]any) {
		r := &spec.Resource{Kind: a.Resource.Kind, Values: values}
		r.EachRef(func(f *spec.Field) string {
			if f.Ref == nil {
				return ""
			}
			return f.Ref.Kind
		}, func(_ *spec.Field, kind, key, _ string) {
			refers = refers || kind == b.Kind && slices.Equal(target.AddressParts(target.Called(key)), target.AddressParts(b.Resource.Values))
		})
	}
	look(a.Resource.Values)
	if a.object != nil {
		look(p.live.Values(a.object)) // of what is pruned only the key is known otherwise
	}
	return refers
}
