package contract

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// jsonSchema is the shape in JSON Schema's words, for bodies that travel in the
// given direction. ref gives the address of another shape.
//
// oneOf becomes anyOf: the alternatives overlap, since none of them excludes
// unknown properties. Those are found by [undeclared] instead.
func (s shape) jsonSchema(dir direction, ref func(shape) string) map[string]any {
	in := s.schema
	if in.Ref != "" {
		return map[string]any{"$ref": ref(shape{in.Resolve(), s.base})}
	}
	// Only components get an address of their own: it is they that are shared,
	// and that may contain themselves.
	inner := func(s shape) any {
		if s.schema.Name != "" {
			return map[string]any{"$ref": ref(s)}
		}
		return s.jsonSchema(dir, ref)
	}
	out := map[string]any{}
	if in.Type != "" {
		out["type"] = in.Type
	}
	if in.Format != "" {
		out["format"] = in.Format
	}
	if in.Pattern != "" {
		out["pattern"] = repaired(in.Pattern)
	}
	if in.Enum != nil {
		out["enum"] = slices.Clone(in.Enum)
	}
	if in.Items != nil {
		out["items"] = inner(shape{schema: in.Items})
	}
	limits(in, out)

	properties := map[string]any{}
	for name, p := range in.Properties {
		if !marked(p, dir) {
			properties[name] = inner(shape{schema: p})
		} else {
			properties[name] = true // undeclared reports that it is there at all
		}
	}
	if len(properties) > 0 {
		out["properties"] = properties
	}
	if required := s.required(dir); len(required) > 0 {
		out["required"] = required
	}
	if in.Additional != nil {
		out["additionalProperties"] = inner(shape{schema: in.Additional})
	}

	var all []any
	for _, parent := range inherited(in) {
		all = append(all, inner(parent))
	}
	if !s.base {
		all = append(all, choices(in, inner)...)
	}
	if len(all) > 0 {
		out["allOf"] = all
	}
	if in.Nullable {
		return map[string]any{"anyOf": []any{map[string]any{"type": "null"}, out}}
	}
	return out
}

// choices are the conditions that the schema's children put on a value: the
// child that the discriminator picks, or else any of the listed ones.
func choices(s *api.Schema, inner func(shape) any) []any {
	var listed []any
	for _, c := range slices.Concat(s.OneOf, s.AnyOf) {
		listed = append(listed, inner(shape{schema: c}))
	}
	d := s.Discriminator
	if d == nil || len(d.Mapping) == 0 {
		if listed == nil {
			return nil
		}
		return []any{map[string]any{"anyOf": listed}}
	}
	picks := func(values ...string) map[string]any {
		return map[string]any{
			"type":       "object",
			"required":   []any{d.Property},
			"properties": map[string]any{d.Property: map[string]any{"enum": anys(values)}},
		}
	}
	var conditions []any
	values := slices.Sorted(maps.Keys(d.Mapping))
	for _, value := range values {
		conditions = append(conditions, map[string]any{
			"if":   picks(value),
			"then": inner(shape{schema: s.Pick(value)}),
		})
	}
	if listed != nil {
		conditions = append(conditions, map[string]any{
			"if":   picks(values...),
			"else": map[string]any{"anyOf": listed},
		})
	}
	return conditions
}

// required are the properties that must be there in this direction. A required
// property may be declared, and marked, in a parent or a child.
func (s shape) required(dir direction) []any {
	var names []any
	for _, name := range s.schema.Required {
		optional := false
		for _, f := range facets(s, nil) {
			if p, ok := f.Properties[name]; ok && marked(p, dir) {
				optional = true
			}
		}
		if !optional {
			names = append(names, name)
		}
	}
	return names
}

// limits are the bounds that JSON Schema has under the same names.
func limits(l *api.Schema, out map[string]any) {
	minimum, maximum := "minimum", "maximum"
	if l.ExclusiveMinimum {
		minimum = "exclusiveMinimum"
	}
	if l.ExclusiveMaximum {
		maximum = "exclusiveMaximum"
	}
	for keyword, bound := range map[string]*float64{minimum: l.Minimum, maximum: l.Maximum} {
		if bound != nil {
			out[keyword] = *bound
		}
	}
	for keyword, bound := range map[string]*int{
		"minLength": l.MinLength, "maxLength": l.MaxLength,
		"minItems": l.MinItems, "maxItems": l.MaxItems,
		"minProperties": l.MinProperties, "maxProperties": l.MaxProperties,
	} {
		if bound != nil {
			out[keyword] = *bound
		}
	}
	if l.UniqueItems {
		out["uniqueItems"] = true
	}
}

// repaired undoes the double escaping of a few patterns (telephone numbers,
// timestamps), which no value could match as they stand.
func repaired(pattern string) string {
	return strings.ReplaceAll(pattern, `\\`, `\`)
}

func anys(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
