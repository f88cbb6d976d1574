package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A role is what an object grants, and where.
type role struct {
	name  string
	scope *spec.Resource // the organization or project; nil: one that no file declares
	at    spec.Address   // the scope or what stands in it; "" where no file declares it
}

// roles lists what an object grants.
func (w *world) roles(g *grant) []role {
	f := g.kind.Field(g.kind.Grant.Roles)
	list, isList := g.values[f.Name].([]any)
	if text, ok := g.values[f.Name].(string); ok && !isList {
		list = []any{text}
	}
	var out []role
	for _, e := range list {
		r := role{scope: g.scope, name: f.ElementID(e)}
		if m, ok := e.(map[string]any); ok && g.kind.Grant.Role != "" {
			r.name, _ = m[g.kind.Grant.Role].(string)
			var elsewhere bool
			if r.scope, elsewhere = w.counts(f, m); !elsewhere {
				r.scope = g.scope
			}
		}
		for _, at := range w.reach(g, r.scope) {
			r.at = at
			out = append(out, r)
		}
	}
	return out
}

// counts returns the organization or project that an element names, nil if no
// file declares it, and whether it names one.
func (w *world) counts(f *spec.Field, element map[string]any) (*spec.Resource, bool) {
	for i := range f.Fields {
		sub := &f.Fields[i]
		text, _ := element[sub.Name].(string)
		if sub.Ref == nil || text == "" {
			continue
		}
		k := w.catalog.Kind(sub.Ref.Kind)
		if k == nil || !k.Document {
			continue
		}
		at := slices.IndexFunc(w.scopes, func(s *spec.Resource) bool {
			return s.Kind == k && (w.live.ID(s) == text || s.Ident == text || strings.Join(s.KeyParts(), "/") == text)
		})
		if at < 0 {
			return nil, true
		}
		return w.scopes[at], true
	}
	return nil, false
}

// reach returns the addresses in which a grant counts: the scope, or what it is
// narrowed to.
func (w *world) reach(g *grant, scope *spec.Resource) []spec.Address {
	if scope == nil {
		return []spec.Address{""}
	}
	n := g.kind.Grant.Reach
	if n == nil {
		return []spec.Address{scope.Address}
	}
	list, _ := g.values[n.Field].([]any)
	if len(list) == 0 {
		return []spec.Address{scope.Address}
	}
	var out []spec.Address
	for _, e := range list {
		m, _ := e.(map[string]any)
		sort := fmt.Sprint(m[n.Type])
		section := sort
		if k := w.catalog.Kind(n.Kinds[sort]); k != nil {
			section = k.Section
		}
		out = append(out, scope.Address.Child(section, fmt.Sprint(m[n.Name])))
	}
	return out
}
