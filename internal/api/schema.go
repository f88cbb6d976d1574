package api

import (
	"maps"
	"slices"
)

// A Schema is the shape of a JSON value, in OpenAPI 3.0's words: everything
// that is a fact of it, and none of its prose.
type Schema struct {
	Name string // among the description's schemas; "" for one written in place
	Ref  string // the schema that stands here

	Type       string // string, boolean, integer, number, array, object or ""
	Format     string
	Pattern    string
	Enum       []any
	Default    any
	Nullable   bool
	ReadOnly   bool
	WriteOnly  bool
	Deprecated bool

	Properties map[string]*Schema
	Required   []string
	// Open says that other properties may be there, Additional how they look.
	Open       bool
	Additional *Schema
	Items      *Schema

	AllOf, OneOf, AnyOf []*Schema
	Discriminator       *Discriminator

	Minimum, Maximum                   *float64
	ExclusiveMinimum, ExclusiveMaximum bool
	MinLength, MaxLength               *int
	MinItems, MaxItems                 *int
	MinProperties, MaxProperties       *int
	UniqueItems                        bool

	facts *Facts
}

// A Discriminator names the property whose value picks one of several schemas.
// Some parents name their children here only, and not in OneOf.
type Discriminator struct {
	Property string
	Mapping  map[string]string // value to the schema's name
}

// Demands tells whether an object of the schema has to have a member: because the
// schema says so, a part of it, or each of its alternatives.
func (s *Schema) Demands(name string) bool { return s.demands(name, map[*Schema]bool{}) }

func (s *Schema) demands(name string, seen map[*Schema]bool) bool {
	s = s.Resolve()
	if s == nil || seen[s] {
		return false
	}
	seen[s] = true
	if slices.Contains(s.Required, name) || slices.ContainsFunc(s.AllOf, func(part *Schema) bool { return part.demands(name, seen) }) {
		return true
	}
	all := slices.Concat(s.OneOf, s.AnyOf)
	if s.Discriminator != nil {
		for _, child := range s.Discriminator.Mapping {
			all = append(all, s.facts.Schema(child))
		}
	}
	return len(all) > 0 && !slices.ContainsFunc(all, func(other *Schema) bool { return !other.demands(name, maps.Clone(seen)) })
}

// Resolve follows references.
func (s *Schema) Resolve() *Schema {
	for s != nil && s.Ref != "" {
		s = s.facts.Schema(s.Ref)
	}
	return s
}

// Pick returns the schema that a value of the discriminator's property means,
// or nil.
func (s *Schema) Pick(value string) *Schema {
	if s.Discriminator == nil || s.Discriminator.Mapping[value] == "" {
		return nil
	}
	return s.facts.Schema(s.Discriminator.Mapping[value])
}

// Children returns the schemas that this one is one of: the alternatives that
// it lists, and those that only its discriminator names.
func (s *Schema) Children() []*Schema {
	var all []*Schema
	for _, c := range slices.Concat(s.OneOf, s.AnyOf) {
		all = append(all, c.Resolve())
	}
	if s.Discriminator != nil {
		for _, value := range slices.Sorted(maps.Keys(s.Discriminator.Mapping)) {
			if c := s.Pick(value); c != nil && !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// Whole lists the schema with all that it is made of and all its alternatives. Of
// what it is made of, of which it is an alternative itself, the others are none.
func (s *Schema) Whole() []*Schema {
	var out []*Schema
	var add func(s, of *Schema)
	add = func(s, of *Schema) {
		if s = s.Resolve(); s == nil || slices.Contains(out, s) {
			return
		}
		out = append(out, s)
		for _, part := range s.AllOf {
			add(part, s)
		}
		if children := s.Children(); !slices.Contains(children, of) {
			for _, child := range children {
				add(child, nil)
			}
		}
	}
	add(s, nil)
	return out
}

// Elements returns what schemas say of a value that is no array: of arrays, what
// their elements are like.
func Elements(schemas []*Schema) []*Schema {
	var out []*Schema
	for _, s := range schemas {
		for s = s.Resolve(); s != nil && s.Type == "array" && s.Items != nil; {
			s = s.Items.Resolve()
		}
		if s != nil {
			out = append(out, s)
		}
	}
	return out
}

// parts lists the schemas written inside this one, by how a path goes on to them.
func (s *Schema) parts() map[string]*Schema {
	out := map[string]*Schema{}
	for name, p := range s.Properties {
		out["."+name] = p
	}
	if s.Items != nil {
		out["[]"] = s.Items
	}
	if s.Additional != nil {
		out["{}"] = s.Additional
	}
	for mark, list := range map[string][]*Schema{"&": s.AllOf, "|": s.OneOf, "?": s.AnyOf} {
		for i, p := range list {
			out[mark+string(rune('a'+i))] = p
		}
	}
	return out
}
