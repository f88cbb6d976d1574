package contract

import (
	"fmt"
	"maps"
	"slices"
)

// excuses are the marked properties that travel nevertheless.
var excuses = []struct {
	dir              direction
	schema, property string
	reason           string
}{
	{fromAtlas, "AWSKMSConfiguration", "roleId", "marked write-only, yet Atlas returns it: it is no secret, and the client compares it"},
}

func excused(dir direction, schema, property string) bool {
	for _, e := range excuses {
		if e.dir == dir && e.schema == schema && e.property == property {
			return true
		}
	}
	return false
}

// undeclared finds the properties in a value that do not belong there: those
// that no schema declares, and those that are for the other direction only. The
// description never says additionalProperties: false, so that validation alone
// lets every misspelt name pass.
func undeclared(value any, dir direction, at string, shapes ...shape) []string {
	var applying []*schema
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
		if !slices.ContainsFunc(applying, (*schema).declares) {
			return nil // an object of any form
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			at := at + "." + name
			declared, marked := declarations(applying, name, dir)
			switch {
			case len(declared) == 0 && marked:
				found = append(found, at+": "+misplaced[dir])
			case len(declared) == 0 && !slices.ContainsFunc(applying, (*schema).open):
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
func declarations(applying []*schema, name string, dir direction) (declared []shape, marked bool) {
	for _, s := range applying {
		p, ok := s.Properties[name]
		switch {
		case !ok && s.Additional != nil && s.Additional.Schema != nil:
			declared = append(declared, shape{schema: s.Additional.Schema})
		case !ok:
		case p.marked(dir) && !excused(dir, s.name, name):
			marked = true
		default:
			declared = append(declared, shape{schema: p})
		}
	}
	return declared, marked
}

func (s *schema) declares() bool { return len(s.Properties) > 0 || s.Additional != nil }
func (s *schema) open() bool     { return s.Additional != nil && s.Additional.Allowed }

// facets are all schemas that together describe a value: the shape's own, those
// it inherits, and the children that its discriminator picks for the value; all
// children where there is nothing to pick by.
func facets(s shape, value any) []*schema {
	f := facetsOf{value: value, seen: map[*schema]bool{}}
	f.add(s)
	return f.found
}

type facetsOf struct {
	value any
	seen  map[*schema]bool
	found []*schema
}

func (f *facetsOf) add(s shape) {
	in := s.schema.resolve()
	if f.seen[in] {
		return
	}
	f.seen[in] = true
	f.found = append(f.found, in)
	for _, parent := range in.inherited() {
		f.add(parent)
	}
	if s.base {
		return
	}
	if child, ok := in.Discriminator.pick(f.value); ok {
		if child != nil {
			f.add(shape{schema: child})
		}
		return
	}
	for _, child := range in.children() {
		f.add(shape{schema: child})
	}
}

// pick is the child that the value names, nil if it names none of them; not ok
// where the value names nothing.
func (d *discriminator) pick(value any) (child *schema, ok bool) {
	object, isObject := value.(map[string]any)
	if d == nil || len(d.children) == 0 || !isObject {
		return nil, false
	}
	name, ok := object[d.Property].(string)
	return d.children[name], ok
}
