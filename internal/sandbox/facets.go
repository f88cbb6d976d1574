package sandbox

import (
	"maps"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// A facet is one of the schemas that together describe a value.
type facet struct {
	schema *api.Schema
	base   bool // only what its children inherit, without the choice of a child
	maybe  bool // one of several children, and nothing says which
}

// facetsOf finds all schemas that together describe a value: the given ones,
// those that they inherit, and the child that a discriminator picks for the
// value; all children where there is nothing to pick by.
func facetsOf(value any, roots ...facet) []facet {
	w := facetWalk{value: value, seen: map[*api.Schema]bool{}}
	for _, f := range roots {
		w.add(f)
	}
	return w.found
}

type facetWalk struct {
	value any
	seen  map[*api.Schema]bool
	found []facet
}

func (w *facetWalk) add(f facet) {
	s := f.schema.Resolve()
	if s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	w.found = append(w.found, facet{schema: s, maybe: f.maybe})
	for _, parent := range s.AllOf {
		w.add(facet{schema: parent, base: f.base || leadsTo(parent.Resolve(), s, nil), maybe: f.maybe})
	}
	if f.base {
		return
	}
	if child, picked := pickedBy(s, w.value); picked {
		if child != nil {
			w.add(facet{schema: child, maybe: f.maybe})
		}
		return
	}
	if child := settledBy(s, w.value); child != nil {
		w.add(facet{schema: child, maybe: f.maybe})
		return
	}
	for _, child := range s.Children() {
		w.add(facet{schema: child, maybe: true})
	}
}

// settledBy is the child that the enumerations of its members single out: of
// those that admit the value the one with the fewest others in them, without those
// that lack a member which another one has. Nil if they single out none.
func settledBy(s *api.Schema, value any) *api.Schema {
	fields, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	admit := map[*api.Schema]int{} // how many values are in the enumerations that admitted it
	for _, c := range s.Children() {
		if n := admits(c, fields); n >= 0 {
			admit[c] = n
		}
	}
	var child *api.Schema
	tied := false
	for c, n := range admit {
		lacks := func(name string) bool {
			return !hasMember(c, name) && slices.ContainsFunc(slices.Collect(maps.Keys(admit)), func(other *api.Schema) bool { return hasMember(other, name) })
		}
		switch {
		case slices.ContainsFunc(slices.Collect(maps.Keys(fields)), lacks):
		case child == nil || n < admit[child]:
			child, tied = c, false
		case n == admit[child]:
			tied = true
		}
	}
	if tied || child == nil || admit[child] == 0 {
		return nil
	}
	return child
}

// admits counts the values in the enumerations of a schema that have those of
// the fields, -1 if one has not.
func admits(s *api.Schema, fields map[string]any) int {
	n := 0
	for name, v := range fields {
		if p := s.Properties[name]; p != nil {
			enum := valuesOf(p)
			if enum != nil && !slices.Contains(enum, v) {
				return -1
			}
			n += len(enum)
		}
	}
	return n
}

// hasMember says whether a schema, or one that it inherits, names a member.
func hasMember(s *api.Schema, name string) bool {
	s = s.Resolve()
	return s.Properties[name] != nil || slices.ContainsFunc(s.AllOf, func(parent *api.Schema) bool { return hasMember(parent, name) })
}

// valuesOf are all values that a text may have, those of alternatives
// together. Nil for any.
func valuesOf(s *api.Schema) []any {
	if s = s.Resolve(); s.Enum != nil {
		return s.Enum
	}
	var all []any
	for _, c := range s.Children() {
		enum := valuesOf(c)
		if enum == nil {
			return nil
		}
		all = append(all, enum...)
	}
	return all
}

// leadsTo says whether child is among the children of a schema, or theirs:
// children name their parent as what they inherit, parents their children.
func leadsTo(s, child *api.Schema, seen []*api.Schema) bool {
	if slices.Contains(seen, s) {
		return false
	}
	return slices.ContainsFunc(s.Children(), func(c *api.Schema) bool {
		return c == child || leadsTo(c, child, append(seen, s))
	})
}

// pickedBy is the child that a value names, nil if it names none of them; not
// picked where there is no name.
func pickedBy(s *api.Schema, value any) (child *api.Schema, picked bool) {
	fields, ok := value.(map[string]any)
	if !ok || s.Discriminator == nil || len(s.Discriminator.Mapping) == 0 {
		return nil, false
	}
	name, ok := fields[s.Discriminator.Property].(string)
	return s.Pick(name), ok
}

// isReadOnly and isWriteOnly look through references.
func isReadOnly(s *api.Schema) bool {
	return is(s, func(s *api.Schema) bool { return s.ReadOnly })
}

func isWriteOnly(s *api.Schema) bool {
	return is(s, func(s *api.Schema) bool { return s.WriteOnly })
}

func isNullable(s *api.Schema) bool {
	return is(s, func(s *api.Schema) bool { return s.Nullable })
}

func is(s *api.Schema, marked func(*api.Schema) bool) bool {
	switch {
	case s == nil:
		return false
	case marked(s):
		return true
	case s.Ref != "":
		return is(s.Resolve(), marked)
	}
	return len(s.AllOf) == 1 && len(s.Properties) == 0 && is(s.AllOf[0], marked)
}

// shown leaves of a value what an answer of this form has: newer members are
// not in older versions, and write-only ones in none.
func shown(value any, roots ...facet) any {
	all := facetsOf(value, roots...)
	switch value := value.(type) {
	case []any:
		var items []facet
		for _, f := range all {
			if f.schema.Items != nil {
				items = append(items, facet{schema: f.schema.Items})
			}
		}
		kept := []any{}
		for _, item := range value {
			kept = append(kept, shown(item, items...))
		}
		return kept
	case map[string]any:
		if !slices.ContainsFunc(all, declares) {
			return value // an object of any form
		}
		kept := map[string]any{}
		for name, v := range value {
			declared, open := membersNamed(all, name)
			declared = slices.DeleteFunc(declared, func(f facet) bool { return isWriteOnly(f.schema) })
			if len(declared) > 0 || open {
				kept[name] = shown(v, declared...)
			}
		}
		return kept
	}
	return value
}

func declares(f facet) bool {
	return len(f.schema.Properties) > 0 || f.schema.Open || f.schema.Additional != nil
}

// membersNamed finds what the schemas say of a member. Open says that one of
// them lets in members that it does not name.
func membersNamed(all []facet, name string) (declared []facet, open bool) {
	for _, f := range all {
		if p, ok := f.schema.Properties[name]; ok {
			declared = append(declared, facet{schema: p, maybe: f.maybe})
		}
	}
	if len(declared) > 0 {
		return declared, false
	}
	for _, f := range all {
		if f.schema.Additional != nil {
			declared = append(declared, facet{schema: f.schema.Additional, maybe: f.maybe})
		}
		open = open || f.schema.Open
	}
	return declared, open
}
