package export

import (
	"context"
	"fmt"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Coverage reads Atlas as Export does and counts what the declared state governs:
// every object that a file declares, of those and the ones that an export would
// declare. What no call can write never counts; what Atlas makes by itself and nobody
// is known to have changed, and what no file can declare, only if one declares it.
func (e *Exporter) Coverage(ctx context.Context) (*report.Coverage, error) {
	e.SkipDefaults = true
	r, scopes, err := e.reading(ctx)
	if err != nil {
		return nil, err
	}
	c := &counting{reading: r, governed: map[*planner.Object]bool{}}
	r.Declared.Resources(func(res *spec.Resource) {
		found := r.live.Find(res)
		for _, o := range append(found.Candidates, found.Object) {
			c.governed[o] = true
		}
	})
	twins := r.namesakes()
	out := &report.Coverage{}
	for _, n := range scopes {
		w := &writer{Exporter: e, doc: &Document{Kind: n.object.Kind, Name: fmt.Sprint(n.values[n.object.Kind.Key[0]])}}
		if _, err := w.document(n); err != nil { // marks what it writes
			return nil, err
		}
		s := report.ScopeCoverage{ID: spec.TextAt(n.object.Raw, n.object.Kind.IDAt()), Declared: n.declared != nil, Kinds: []report.KindCoverage{}}
		if n.declared != nil {
			s.Address = n.declared.Address
		} else {
			s.Address = e.Declared.Outside(n.object.Kind, n.values, twins[n.object])
			if twins[n.object] && len(n.object.Kind.Within) == 0 {
				s.Address += spec.Address("/" + s.ID) // nothing else tells them apart
			}
		}
		n.written = true
		c.scope = &s
		c.count(n, s.Address)
		if s.Live > 0 || len(e.Filter.Kinds) == 0 {
			out.Add(s)
		}
	}
	return out, nil
}

// namesakes finds the organizations and projects that have the name of another.
func (r *reading) namesakes() map[*planner.Object]bool {
	twins := map[*planner.Object]bool{}
	for _, k := range r.Reader.Catalog.Documents() {
		first := map[any]*planner.Object{}
		for _, n := range r.nodes(k, planner.Params{}) {
			name := n.values[k.Key[0]]
			if other := first[name]; other != nil {
				twins[other], twins[n.object] = true, true
				continue
			}
			first[name] = n.object
		}
	}
	return twins
}

// A counting goes through what is live of one scope after another.
type counting struct {
	*reading
	governed map[*planner.Object]bool
	scope    *report.ScopeCoverage
}

func (c *counting) count(n *node, a spec.Address) {
	k := n.object.Kind
	if governed := c.governed[n.object]; c.counts(n, governed) {
		c.scope.Count(k.Name, a, governed)
	}
	for below, children := range n.below {
		for _, child := range children {
			parts := below.AddressParts(child.values)
			if id := spec.TextAt(child.object.Raw, below.IDAt()); child.twin && !below.Singleton && id != "" {
				parts = append(parts, id)
			}
			c.count(child, a.Child(below.Section, parts...))
		}
	}
}

// counts tells whether an object is one to govern.
func (c *counting) counts(n *node, governed bool) bool {
	k := n.object.Kind
	if _, lapsed := k.Lapsed(n.object.Raw); lapsed || len(c.Filter.Kinds) > 0 && !c.Filter.Names(k) {
		return false
	}
	switch {
	case len(k.Create)+len(k.Update)+len(k.Delete) == 0:
		return false
	case governed:
		return true
	case n.declared != nil, k.Untouched(n.object.Raw):
		return false
	}
	if given := k.Given || k.Singleton && k.Optional == nil; given && !k.Departs(n.values) {
		return false
	}
	return n.written || n.twin
}
