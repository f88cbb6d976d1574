package spec

import (
	"fmt"
	"slices"
	"strings"
)

// A Watch says how far live objects that no file declares are looked for.
type Watch string

// The watches.
const (
	WatchDeclared Watch = "declared" // in the declared sections
	WatchScopes   Watch = "scopes"   // in every section of the declared organizations and projects
	WatchAll      Watch = "all"      // and the organizations and projects that no file declares
)

// Watches are the watches that there are, narrow to wide.
var Watches = []string{string(WatchDeclared), string(WatchScopes), string(WatchAll)}

// ParseWatch reads what --unmanaged takes.
func ParseWatch(s string) (Watch, error) {
	if !slices.Contains(Watches, s) {
		return "", fmt.Errorf("--unmanaged takes %s, not %q", strings.Join(Watches, ", "), s)
	}
	return Watch(s), nil
}

// Watch has unmanaged objects looked for beyond the declared sections: they
// are told of, and nothing else comes of it.
func (s *State) Watch(c *Catalog, w Watch) {
	if w != WatchScopes && w != WatchAll {
		return
	}
	for _, scope := range s.Scopes {
		c.imply(scope, scope.Source(), true)
	}
	s.All = w == WatchAll
}

// imply adds to a resource, and to those in it, the sections that no file
// declares. wide has declared ones read as widely as the others.
func (c *Catalog) imply(r *Resource, at Position, wide bool) {
	if r.Absent {
		return
	}
	for _, k := range c.Children(r.Kind) {
		sec := r.Section(k)
		if sec == nil {
			sec = &Section{Kind: k, Parent: r, Source: at, Implied: true, Wide: true}
			r.Sections = append(r.Sections, sec)
		}
		sec.Wide = sec.Wide || wide
		for _, child := range sec.Resources {
			c.imply(child, at, wide)
		}
	}
}

// Outside returns the address of a live organization or project that no file
// declares. twins says that others that are live have the same name.
func (s *State) Outside(k *Kind, values map[string]any, twins bool) Address {
	r := &Resource{Kind: k, Values: values}
	name := strings.Join(r.KeyParts(), "/")
	a := ScopeAddress(k.addressPrefix(), name)
	if org := within(r); org != "" && (twins || s.byAddress[a] != nil) {
		a = ScopeAddress("org", org).Child(k.addressPrefix(), name)
	}
	return a
}

// Chosen tells whether the filter lets such an organization or project through.
func (s *State) Chosen(k *Kind, values map[string]any, a Address) bool {
	return s.filter.Empty() || s.filter.matches(&Resource{Kind: k, Values: values, Address: a})
}

// Departs tells whether a live object is known to be other than Atlas makes it
// without being told. A value whose default is not known tells nothing.
func (k *Kind) Departs(values map[string]any) bool { return departs(k.Fields, values) }

func departs(fields []Field, values map[string]any) bool {
	return slices.ContainsFunc(fields, func(f Field) bool {
		v, there := values[f.Name]
		block, isBlock := v.(map[string]any)
		switch {
		case !there || f.ReadOnly || f.Sensitive:
			return false
		case f.Switch != nil:
			return block[f.Switch.Field] == true
		case isBlock && f.Type == Object:
			return departs(f.Fields, block)
		}
		return f.Default != nil && v != f.Default
	})
}
