package kinds

import (
	"fmt"
	"maps"
	"reflect"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// itemsOf returns the schemas of the items of an answer that is one object.
func itemsOf(answer *api.Schema, read spec.Read) ([]*api.Schema, error) {
	var out []*api.Schema
	for _, pointer := range read.Items {
		lists := every([]*api.Schema{answer}, pointer)
		if len(lists) == 0 {
			return nil, fmt.Errorf("%s answers no %s in version %s", read.Route, pointer, read.Version)
		}
		out = append(out, api.Elements(lists)...)
	}
	return out, nil
}

// vary says for which values of the variant a member is there, and whether
// it has to be, as far as the literal leaves it open.
func vary(f *spec.Field, of map[string][]*api.Schema) {
	if f.For != nil || f.Local || f.Backref != nil || strings.Count(f.WireAt(), "/") != 1 {
		return
	}
	name := strings.TrimPrefix(f.WireAt(), "/")
	needed := true
	var there []string
	for _, value := range slices.Sorted(maps.Keys(of)) {
		for _, s := range of[value] {
			parts := partsOf(s)
			if !slices.ContainsFunc(parts, func(part *api.Schema) bool { return part.Properties[name] != nil }) {
				continue
			}
			there = append(there, value)
			needed = needed && slices.ContainsFunc(parts, func(part *api.Schema) bool { return slices.Contains(part.Required, name) })
			break
		}
	}
	if len(there) == 0 {
		return
	}
	if len(there) < len(of) {
		f.For = there
	}
	f.Required = f.Required || needed && !f.ReadOnly
}

// follow fills in what the facts say of a kind's fields and the literal does not.
func follow(facts *api.Facts, k *spec.Kind) error {
	d, err := describe(facts, k)
	if err != nil {
		return fmt.Errorf("kind %s: %w", k.Name, err)
	}
	var byValue map[string][]*api.Schema
	if k.Variant != "" {
		byValue = variants(d.created, strings.TrimPrefix(k.Field(k.Variant).WireAt(), "/"))
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if err := d.field(f, "", ""); err != nil {
			return fmt.Errorf("kind %s: %w", k.Name, err)
		}
		if k.Variant != "" {
			vary(f, byValue)
		}
		switch {
		case f.Local || f.Backref != nil || f.Ref != nil || f.True != "" || k.Identifies(f.Name):
		case setBy(k, f.Name):
		case !slices.ContainsFunc(every(d.sent(), f.SendPointer()), func(s *api.Schema) bool { return !s.ReadOnly }):
			f.ReadOnly = f.ReadOnly || len(d.sent()) > 0
			f.Nullable = f.Nullable && !f.ReadOnly
		case needed(d.created, f.SendPointer()) && f.For == nil:
			f.Required = true
		}
	}
	return nil
}

// setBy tells whether a call sends a field's value under another name, or in its
// query.
func setBy(k *spec.Kind, name string) bool {
	return slices.ContainsFunc(slices.Concat(k.Create, k.Update), func(c spec.Call) bool {
		for _, field := range c.Query {
			if field == name {
				return true
			}
		}
		for _, e := range c.Body.Set {
			if e.Field == name {
				return true
			}
		}
		return false
	})
}

func (d described) sent() []*api.Schema { return slices.Concat(d.created, d.updated) }

// field fills in one field and what stands in it; base is where its block stands
// in answers, sendBase where in bodies.
func (d described) field(f *spec.Field, base, sendBase string) error {
	if f.Local || f.Backref != nil {
		return nil
	}
	pointer, send := base+f.WireAt(), sendBase+f.SendPointer()
	sent, answered := every(d.sent(), send), every(d.answered, pointer)
	said := sent
	if len(said) == 0 {
		said = answered
	}
	returned := slices.ContainsFunc(answered, func(s *api.Schema) bool { return !s.WriteOnly })
	f.NotReturned = f.NotReturned || len(sent) > 0 && !returned && !f.CreateOnly
	f.ReadOnly = f.ReadOnly || base != "" && len(said) > 0 && !slices.ContainsFunc(said, func(s *api.Schema) bool { return !s.ReadOnly })
	if len(said) == 0 && f.Type == spec.Untyped {
		return fmt.Errorf("no call tells what %s is", f.Name)
	}
	if len(said) > 0 {
		fill(f, said)
	}
	var byValue map[string][]*api.Schema
	if f.Variant != "" {
		byValue = variants(api.Elements(every(d.sent(), send)), strings.TrimPrefix(f.Sub(f.Variant).WireAt(), "/"))
	}
	for i := range f.Fields {
		sub := &f.Fields[i]
		if err := d.field(sub, pointer, send); err != nil {
			return err
		}
		if f.Variant != "" {
			vary(sub, byValue)
		}
		if slices.Contains(f.ElemKey, sub.Name) && sub.Required {
			sub.Nullable = false // it tells elements apart
		}
		if f.Collection() && sub.For == nil && !sub.ReadOnly && needed(d.sent(), send+sub.SendPointer()) {
			sub.Required = true
		}
	}
	return nil
}

// typeOf is the type of field that a schema is by itself.
var typeOf = map[string]spec.Type{"string": spec.String, "boolean": spec.Bool, "integer": spec.Int, "array": spec.Set, "object": spec.Object, "number": spec.Number}

// fill takes over from what is said of a field what its literal leaves open.
// Where alternatives say different things, none of them is taken.
func fill(f *spec.Field, said []*api.Schema) {
	first := said[0]
	if f.Type == spec.Untyped {
		f.Type = typeOf[first.Type]
		if len(f.Enum) == 0 && f.Type == spec.Object && len(f.Fields) == 0 && enumOf(said) != nil {
			f.Type = spec.String // one of several lists of words
		}
	}
	if f.Norm == spec.Exact && f.Type == spec.String && agreed(said, func(s *api.Schema) any { return s.Format }) == "date-time" {
		f.Norm = spec.Instant
	}
	// What the literal needs, such as a part of a key, is never left to Atlas.
	f.Nullable = f.Nullable || f.Type != spec.Object && !f.ReadOnly && !f.Required && agreed(said, func(s *api.Schema) any { return s.Nullable }) == true
	if f.Default == nil && !f.CreateOnly && (f.Type == spec.Bool || f.Type == spec.String) {
		f.Default = agreed(said, func(s *api.Schema) any { return s.Default })
	}
	if f.Type == spec.Set || f.Type == spec.List {
		if n, ok := agreed(said, func(s *api.Schema) any { return whole0(s.MinItems) }).(int); ok && f.MinItems == 0 {
			f.MinItems = n
		}
		items := []*api.Schema{}
		for _, s := range said {
			if s.Items != nil {
				items = append(items, s.Items.Resolve())
			}
		}
		if len(items) == 0 {
			return
		}
		said = items
	}
	bounds(f, said)
}

// uuid is what a value of the format of that name looks like (RFC 9562).
const uuid = `^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`

// bounds takes over what a single value has to be like.
func bounds(f *spec.Field, said []*api.Schema) {
	number := func(of func(*api.Schema) any) int { n, _ := agreed(said, of).(int); return n }
	if f.Enum == nil {
		f.Enum = enumOf(said)
	}
	if pattern, ok := agreed(said, func(s *api.Schema) any { return s.Pattern }).(string); ok && f.Pattern == "" && len(f.Enum) == 0 && f.Ref == nil {
		if _, err := syntax.Parse(pattern, syntax.Perl); err == nil { // some look ahead, as Java's can
			f.Pattern = pattern
		}
	}
	if f.Pattern == "" && agreed(said, func(s *api.Schema) any { return s.Format }) == "uuid" {
		f.Pattern = uuid
	}
	if f.MinLen == 0 {
		f.MinLen = number(func(s *api.Schema) any { return whole0(s.MinLength) })
	}
	if f.MaxLen == 0 {
		f.MaxLen = number(func(s *api.Schema) any { return whole0(s.MaxLength) })
	}
	if f.Max == 0 && (f.Type == spec.Int || f.Type == spec.Bytes) {
		least, _ := agreed(said, func(s *api.Schema) any { return float0(s.Minimum) }).(float64)
		most, bounded := agreed(said, func(s *api.Schema) any { return float0(s.Maximum) }).(float64)
		if bounded && most > 0 {
			f.Min, f.Max = int64(least), int64(most)
		}
	}
}

// enumOf returns the values that a field can have: those of all alternatives,
// if each of them lists its own.
func enumOf(said []*api.Schema) []string {
	var out []string
	for _, s := range said {
		if parts := s.Children(); len(s.Enum) == 0 && len(parts) > 0 {
			below := enumOf(parts)
			if below == nil {
				return nil
			}
			out = append(out, below...)
			continue
		}
		if len(s.Enum) == 0 {
			return nil
		}
		for _, v := range s.Enum {
			out = append(out, fmt.Sprint(v))
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(v string) bool {
		twice := seen[v]
		seen[v] = true
		return twice
	})
}

// agreed returns what all schemas say the same of, or nil.
func agreed(said []*api.Schema, of func(*api.Schema) any) any {
	v := of(said[0])
	for _, s := range said[1:] {
		if !reflect.DeepEqual(of(s), v) {
			return nil
		}
	}
	return v
}

func whole0(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func float0(n *float64) any {
	if n == nil {
		return nil
	}
	return *n
}
