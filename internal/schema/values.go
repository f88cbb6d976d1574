package schema

import (
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// keyed says what tells a resource apart: all parts of its key, but for those that
// follow from other fields, or the id. Of a part with alternatives one will do.
func keyed(out object, k *spec.Kind) {
	required, either := []string{}, []any{}
	for i, part := range k.Key {
		if names := strings.Split(part, "|"); len(names) > 1 {
			var any []any
			for _, name := range names {
				any = append(any, object{"required": []string{spec.HeadOf(name)}})
			}
			either = append(either, object{"anyOf": any})
		} else if k.KeyField(i).Derive == "" {
			required = append(required, spec.HeadOf(part))
		}
	}
	switch {
	case k.Ident != "":
		out["required"] = []string{}
		key := object{"required": required}
		if len(either) > 0 {
			key["allOf"] = either
		}
		out["anyOf"] = []any{key, object{"required": []string{k.Ident}}}
	default:
		out["required"] = required
		if len(either) > 0 {
			out["allOf"] = either
		}
	}
}

// field describes what a file can say of a field.
func field(f *spec.Field) object {
	out := value(f)
	if f.Nullable && !f.Sensitive {
		nullable(out)
	}
	out["description"] = f.Doc
	if len(f.For) > 0 {
		out["description"] = f.Doc + " For " + strings.Join(f.For, ", ") + "."
	}
	return out
}

func value(f *spec.Field) object {
	out := object{}
	if f.Sensitive {
		out["type"], out["additionalProperties"], out["minProperties"], out["maxProperties"] = "object", false, 1, 1
		out["properties"] = object{"fromEnv": object{"type": "string"}, "fromFile": object{"type": "string"}}
		return out
	}
	switch f.Type {
	case spec.Bool:
		out["type"] = "boolean"
	case spec.Int, spec.Number:
		out["type"] = map[spec.Type]string{spec.Int: "integer", spec.Number: "number"}[f.Type]
		if f.Max > f.Min {
			out["minimum"], out["maximum"] = f.Min, f.Max
		}
	case spec.Bytes:
		out["type"] = []string{"integer", "string"}
	case spec.Duration:
		out["type"], out["examples"] = "string", []string{"720h"}
	case spec.Map:
		out["type"], out["additionalProperties"] = "object", object{"type": "string"}
	case spec.Document: // anything
	case spec.Object:
		return members(f)
	case spec.Set, spec.List:
		out["type"], out["items"] = "array", text(f)
		if len(f.Fields) > 0 {
			out["items"] = members(f)
		}
		if f.Type == spec.Set {
			out["uniqueItems"] = true
		}
		if f.MinItems > 0 {
			out["minItems"] = f.MinItems
		}
	default:
		return text(f)
	}
	return out
}

// nullable lets a description take null.
func nullable(out object) {
	if one, ok := out["type"].(string); ok {
		out["type"] = []string{one, "null"}
	} else if several, ok := out["type"].([]string); ok {
		out["type"] = append(several, "null")
	}
	if words, ok := out["enum"].([]string); ok {
		values := []any{nil}
		for i := range words {
			values = append(values, words[i])
		}
		out["enum"] = append(values[1:], nil)
	}
	if any, ok := out["anyOf"].([]any); ok {
		out["anyOf"] = append(any, object{"type": "null"})
	}
}

func members(of *spec.Field) object {
	p, required := object{}, []string{}
	for i := range of.Fields {
		f := &of.Fields[i]
		if f.ReadOnly {
			continue
		}
		p[f.Name] = field(f)
		if f.Required && f.Derive == "" && f.Default == nil && len(f.For) == 0 {
			required = append(required, f.Name)
		}
	}
	out := object{"type": "object", "properties": p, "required": required, "additionalProperties": false}
	return also(also(out, absences(of.Variant, of.Fields)), presences(of.Variant, of.Fields))
}

// also adds to what has to hold all the same.
func also(out object, more []any) object {
	if len(more) > 0 {
		before, _ := out["allOf"].([]any)
		out["allOf"] = append(before, more...)
	}
	return out
}

func text(f *spec.Field) object {
	out := object{"type": "string"}
	switch {
	case len(f.Enum) > 0 && f.OpenEnum:
		out = object{"anyOf": []any{object{"enum": f.Enum}, object{"type": "string"}}}
	case len(f.Enum) > 0:
		out["enum"] = f.Enum
	}
	if f.Norm == spec.Instant {
		out["format"] = "date-time"
	}
	if f.Pattern != "" {
		out["pattern"] = f.Pattern
	}
	if f.MinLen > 0 {
		out["minLength"] = f.MinLen
	}
	if f.MaxLen > 0 {
		out["maxLength"] = f.MaxLen
	}
	return out
}
