package suite

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A drawing draws bodies of one kind below one place. The schemas say what
// they are like; what these do not know (references, formats, which fields go
// with which variant) the literal says.
type drawing struct {
	*world
	k  *spec.Kind
	at *place
}

// A guide leads from the members of a body to the fields of the literal.
type guide struct {
	f       *spec.Field  // at this place, or nil
	fields  []spec.Field // below it
	prefix  string       // of their pointers
	variant string       // the field that says which of them there are
}

func guideOf(f *spec.Field) guide { return guide{f: f, fields: f.Fields, variant: f.Variant} }

// down returns the guide of a member; not ok if no field is there.
func (g guide) down(name string) (guide, bool) {
	pointer := g.prefix + "/" + name
	for i := range g.fields {
		if f := &g.fields[i]; !f.Local && f.Backref == nil && f.SendPointer() == pointer {
			return guideOf(f), true
		}
	}
	for i := range g.fields {
		if f := &g.fields[i]; strings.HasPrefix(f.SendPointer(), pointer+"/") {
			return guide{fields: g.fields, prefix: pointer, variant: g.variant}, true
		}
	}
	return guide{}, false
}

func (d *drawing) int(least, most int) int { return rapid.IntRange(least, most).Draw(d.T, "n") }
func (d *drawing) coin() bool              { return rapid.Bool().Draw(d.T, "yes") }

// body draws what a call takes.
func (d *drawing) body(schema *api.Schema, call *spec.Call) map[string]any {
	m, _ := d.object([]*api.Schema{schema}, guide{fields: d.k.Fields, variant: d.k.Variant}, call).(map[string]any)
	return m
}

// value draws a value that all schemas allow.
func (d *drawing) value(schemas []*api.Schema, g guide) any {
	f := g.f
	if f != nil && f.Ref != nil && f.Ref.If == "" && f.Type != spec.Set && f.Type != spec.List {
		if v, ok := d.reference(f, schemas); ok {
			return v
		}
	}
	switch t := typeOf(schemas); {
	case f != nil && f.Type == spec.Document && t != "array":
		return d.document()
	case t == "array":
		return d.array(schemas, g)
	case f != nil && f.Type == spec.Map:
		return d.entries(f)
	case t == "object":
		return d.object(schemas, g, nil)
	case t == "boolean":
		if f != nil && f.Default != nil && d.coin() {
			return f.Default
		}
		return d.coin()
	case t == "integer":
		return d.number(schemas, f, false)
	case t == "number":
		return d.number(schemas, f, true)
	}
	return d.scalar(schemas, f)
}

func (d *drawing) scalar(schemas []*api.Schema, f *spec.Field) any {
	if f != nil && f.Preexisting {
		return d.existing(f)
	}
	if f != nil && f.Lookup != nil {
		return d.lookedUp(f)
	}
	enum := enumOf(schemas)
	switch {
	case f != nil && f.Default != nil && fmt.Sprint(f.Default) != "" && d.int(0, 2) == 0:
		return f.Default
	case len(enum) == 0 && f != nil && len(f.Enum) > 0:
		enum = f.Enum
	case f != nil && len(f.Enum) > 0 && d.int(0, 9) > 0: // the literal may know that some are refused
		if both := slices.DeleteFunc(slices.Clone(enum), func(v string) bool { return !slices.Contains(f.Enum, v) }); len(both) > 0 {
			enum = both
		}
	}
	if len(enum) > 0 {
		return rapid.SampledFrom(enum).Draw(d.T, "enum")
	}
	if f != nil && f.Sensitive {
		return d.sentinel(schemas, f)
	}
	return d.text(schemas, f)
}

func (d *drawing) number(schemas []*api.Schema, f *spec.Field, decimals bool) any {
	if enum := enumOf(schemas); len(enum) > 0 {
		return json.Number(rapid.SampledFrom(enum).Draw(d.T, "enum"))
	}
	least, bounded := said(schemas, func(s *api.Schema) *float64 { return s.Minimum })
	most, limited := said(schemas, func(s *api.Schema) *float64 { return s.Maximum })
	if f != nil && f.Max > f.Min {
		least, most, bounded, limited = float64(f.Min), float64(f.Max), true, true
	}
	switch {
	case !bounded && limited:
		least = min(1, most)
	case !bounded:
		least = 1
	}
	if !limited || most > least+1000 {
		most = least + 1000
	}
	n := rapid.Int64Range(int64(least), int64(most)).Draw(d.T, "number")
	if decimals && float64(n)+0.5 <= most && d.coin() {
		return json.Number(fmt.Sprintf("%d.5", n))
	}
	return json.Number(fmt.Sprint(n))
}

// array draws a list. No two of its elements are equal.
func (d *drawing) array(schemas []*api.Schema, g guide) any {
	f := g.f
	if f != nil && f.Pairs[0] != "" {
		list := []any{}
		for key, v := range d.entries(f) {
			list = append(list, map[string]any{f.Pairs[0]: key, f.Pairs[1]: v})
		}
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(textOf(a), textOf(b)) })
		return list
	}
	least, _ := said(schemas, func(s *api.Schema) *int { return s.MinItems })
	most, bounded := said(schemas, func(s *api.Schema) *int { return s.MaxItems })
	if f != nil {
		least = max(least, f.MinItems)
	}
	if !bounded || most > least+3 {
		most = least + 3
	}
	var items []*api.Schema
	for _, s := range schemas {
		for _, part := range append([]*api.Schema{s.Resolve()}, s.Resolve().AllOf...) {
			if part.Resolve().Items != nil {
				items = append(items, part.Resolve().Items.Resolve())
			}
		}
	}
	out := []any{}
	seen := map[string]bool{}
	for range d.int(least, most) {
		var e any
		switch {
		case f != nil && f.Ref != nil && len(f.Fields) == 0:
			var ok bool
			if e, ok = d.reference(f, items); !ok {
				e = d.scalar(items, f)
			}
		case f != nil && len(f.Fields) > 0, typeOf(items) == "object":
			e = d.object(items, g, nil)
		default:
			e = d.scalar(items, f)
		}
		text := textOf(e)
		if f != nil && len(f.ElemKey) > 0 && d.k.Untested[f.Name] != "" {
			text = f.ElementID(decoded(f.Fields, wire(e)))
		}
		if !seen[text] {
			seen[text] = true
			out = append(out, e)
		}
	}
	return out
}

// object draws the members of an object: those that have to be there, and some
// of the others that a field is for.
func (d *drawing) object(schemas []*api.Schema, g guide, call *spec.Call) any {
	sh := shapeOf(schemas, func(property string, values []string) string {
		if call != nil && call.When != nil && call.When.Is != nil && d.k.Field(call.When.Field).SendPointer() == "/"+property {
			return fmt.Sprint(call.When.Is)
		}
		if call != nil && d.at != nil {
			if given := d.at.params[call.Body.Set["/"+property].Param]; slices.Contains(values, given) {
				return given
			}
		}
		if below, ok := g.down(property); ok && below.f != nil && len(below.f.Enum) > 0 {
			if known := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !slices.Contains(below.f.Enum, v) }); len(known) > 0 {
				values = known
			}
		}
		return rapid.SampledFrom(values).Draw(d.T, property)
	}, func(n int) int { return d.int(0, n-1) })
	out := map[string]any{}
	for name, v := range sh.forced {
		out[name] = v
	}
	first := ""
	if v := fieldNamed(g.fields, g.variant); v != nil {
		first = strings.TrimPrefix(v.SendPointer(), g.prefix+"/")
	}
	slices.SortStableFunc(sh.order, func(a, b string) int {
		return rank(a == first) - rank(b == first)
	})
	for _, name := range sh.order {
		below, known := g.down(name)
		f := below.f
		if _, done := out[name]; done || name == "links" || isReadOnly(sh.members[name]) && !(f != nil && f.Required) {
			continue
		}
		variant := any(nil)
		if v := fieldNamed(g.fields, g.variant); v != nil {
			variant, _ = spec.At(out, strings.TrimPrefix(v.SendPointer(), g.prefix))
		}
		switch {
		case f != nil && (f.ReadOnly || f.Carry || f.Sent() && !f.Fits(variant) && d.int(0, 3) > 0):
			if !sh.required[name] || !f.Fits(variant) {
				continue
			}
		case call != nil && call.When != nil && f != nil && f.Name == call.When.Field:
		case !known && !sh.required[name]:
			continue
		case sh.required[name] || name == first || f != nil && d.keyed(f) || f != nil && (f.Required && len(f.For) == 0 || f.Required && f.Fits(variant)):
		case f != nil && f.Default != nil && len(f.Enum) > 0 && d.int(0, 4) > 0: // mostly as it is by itself
			continue
		case !d.coin():
			continue
		}
		if call != nil && f != nil && !call.Body.Holds(f.Name) && !sh.required[name] {
			continue
		}
		if call != nil && call.When != nil && call.When.Is != nil && f != nil && f.Name == call.When.Field {
			out[name] = call.When.Is
			continue
		}
		v := d.value(sh.members[name], below)
		if f != nil && len(f.Fields) > 0 && f.Type == spec.Object {
			if m, ok := v.(map[string]any); ok && len(m) == 0 && !sh.required[name] {
				continue
			}
		}
		out[name] = v
	}
	return d.switched(schemas, sh, g, out)
}

// keyed tells whether an object of the kind cannot be told without a field.
func (d *drawing) keyed(f *spec.Field) bool {
	return d.k.Field(f.Name) == f && slices.Contains(d.k.Key, f.Name)
}

// switched completes a block that is switched on with what that takes.
func (d *drawing) switched(schemas []*api.Schema, sh shape, g guide, out map[string]any) any {
	if g.f == nil || g.f.Switch == nil || out[g.f.Switch.Field] != true {
		return out
	}
	for _, group := range g.f.Switch.Needs {
		if slices.ContainsFunc(group, func(n string) bool { return out[n] != nil }) {
			continue
		}
		name := group[len(group)-1]
		below, _ := g.down(name)
		out[name] = d.value(sh.members[name], below)
	}
	return out
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// entries draws those of a mapping.
func (d *drawing) entries(f *spec.Field) map[string]any {
	out := map[string]any{}
	for range d.int(min(f.MinItems, 2), 2) {
		out[d.word()] = d.entry(f)
	}
	return out
}

func (d *drawing) entry(f *spec.Field) any {
	switch {
	case f.Sensitive:
		return d.sentinel(nil, f)
	case f.Lookup == nil:
		return d.word()
	}
	return f.Lookup.Swap(d.at.object.raw, f.Lookup.ID, fmt.Sprint(d.lookedUp(f)), f.Lookup.Name)
}

// document draws a tree of any shape.
func (d *drawing) document() any {
	out := map[string]any{"dynamic": d.coin()}
	if d.coin() {
		out["fields"] = map[string]any{d.word(): map[string]any{"type": "string", "ignoreAbove": json.Number(fmt.Sprint(d.int(1, 99)))}}
	}
	return out
}

func fieldNamed(fields []spec.Field, name string) *spec.Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

func textOf(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
