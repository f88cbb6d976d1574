package contract

import (
	"fmt"
	"maps"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// undeclared finds the properties in a value that do not belong there: those
// that no schema declares, and those that are for the other direction only. The
// description never says additionalProperties: false, so that validation alone
// lets every misspelt name pass.
func undeclared(value any, dir direction, at string, shapes ...shape) []string {
	var applying []*api.Schema
	for _, s := range shapes {
		applying = append(applying, facets(s, value)...)
	}
	var found []string
	switch value := value.(type) {
	case []any:
		var items []shape
		for _, s := range applying {
			if s.Items != nil {
				items = append(items, shape{schema: s.Items})
			}
		}
		for i, item := range value {
			found = append(found, undeclared(item, dir, fmt.Sprintf("%s[%d]", at, i), items...)...)
		}
	case map[string]any:
		if !slices.ContainsFunc(applying, declares) {
			return nil // an object of any form
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			at := at + "." + name
			declared, wrongWay := declarations(applying, name, dir)
			switch {
			case len(declared) == 0 && wrongWay:
				found = append(found, at+": "+misplaced[dir])
			case len(declared) == 0 && !slices.ContainsFunc(applying, open):
				found = append(found, at+": the description does not declare this property")
			default:
				found = append(found, undeclared(value[name], dir, at, declared...)...)
			}
		}
	}
	return found
}

var misplaced = map[direction]string{
	toAtlas:   "a read-only property in a request",
	fromAtlas: "a write-only property in an answer",
}

// declarations are the schemas of a property, without those marked for the
// other direction.
func declarations(applying []*api.Schema, name string, dir direction) (declared []shape, misplaced bool) {
	for _, s := range applying {
		p, ok := s.Properties[name]
		switch {
		case !ok && s.Additional != nil:
			declared = append(declared, shape{schema: s.Additional})
		case !ok:
		case marked(p, dir):
			misplaced = true
		default:
			declared = append(declared, shape{schema: p})
		}
	}
	return declared, misplaced
}

func declares(s *api.Schema) bool { return len(s.Properties) > 0 || s.Open || s.Additional != nil }
func open(s *api.Schema) bool     { return s.Open }

// facets are all schemas that together describe a value: the shape's own, those
// it inherits, and the children that its discriminator picks for the value; all
// children where there is nothing to pick by.
func facets(s shape, value any) []*api.Schema {
	f := facetsOf{value: value, seen: map[*api.Schema]bool{}}
	f.add(s)
	return f.found
}

type facetsOf struct {
	value any
	seen  map[*api.Schema]bool
	found []*api.Schema
}

func (f *facetsOf) add(s shape) {
	in := s.schema.Resolve()
	if f.seen[in] {
		return
	}
	f.seen[in] = true
	f.found = append(f.found, in)
	for _, parent := range inherited(in) {
		f.add(parent)
	}
	if s.base {
		return
	}
	if child, ok := pick(in, f.value); ok {
		if child != nil {
			f.add(shape{schema: child})
		}
		return
	}
	for _, child := range in.Children() {
		f.add(shape{schema: child})
	}
}

// pick is the child that the value names, nil if it names none of them; not ok
// where the value names nothing.
func pick(s *api.Schema, value any) (child *api.Schema, ok bool) {
	object, isObject := value.(map[string]any)
	if s.Discriminator == nil || len(s.Discriminator.Mapping) == 0 || !isObject {
		return nil, false
	}
	name, ok := object[s.Discriminator.Property].(string)
	return s.Pick(name), ok
}
