package schema

import (
	"regexp"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

const (
	placeholderDef = "placeholder"
	// inBaseline ends the names of the definitions whose values may be placeholders.
	inBaseline = "InBaseline"
)

// placeholder is a text with a placeholder in it: what it becomes is not known here.
func placeholder(k *spec.Kind) object {
	names := []string{`vars\.[A-Za-z][A-Za-z0-9_-]*`}
	for i := range k.Fields {
		switch f := &k.Fields[i]; {
		case k.IsKey(f.Name):
			names = append(names, regexp.QuoteMeta(f.Name))
		case f.Type == spec.Map:
			names = append(names, regexp.QuoteMeta(f.Name+".")+`[^{}]+`)
		}
	}
	return object{"type": "string", "pattern": `\$\{(` + strings.Join(names, "|") + `)\}`,
		"description": "A value of the project's: ${vars.NAME}, or of its name or tags."}
}

// opened returns the schema of a value that may be a placeholder instead, in a
// baseline, and so may the values in it.
func (s schemas) opened(schema any) any {
	in, ok := schema.(object)
	if !ok {
		return schema
	}
	out := s.inside(in)
	if takesAnyText(out) {
		return out
	}
	both := object{"anyOf": []any{out, object{"$ref": "#/$defs/" + placeholderDef}}}
	if doc, ok := out["description"]; ok {
		delete(out, "description")
		both["description"] = doc
	}
	return both
}

// takesAnyText tells whether a schema lets every placeholder through.
func takesAnyText(schema object) bool {
	for key, v := range schema {
		if key != "description" && (key != "type" || v != "string") {
			return false
		}
	}
	return true
}

// inside opens what stands in a value.
func (s schemas) inside(in object) object {
	out := object{}
	for key, v := range in {
		switch v := v.(type) {
		case object:
			switch key {
			case "properties":
				members := object{}
				for name, of := range v {
					members[name] = s.opened(of)
				}
				out[key] = members
			case "items", "additionalProperties":
				out[key] = s.opened(v)
			case "if":
				out[key] = undecided(v)
			default:
				out[key] = v // of then only what is not to be there, or has to be
			}
		case []any:
			all := make([]any, len(v))
			for i, one := range v {
				if all[i] = one; key == "anyOf" || key == "allOf" {
					all[i] = s.inside(one.(object))
				}
			}
			out[key] = all
		case string:
			if key == "$ref" {
				v = s.openedDef(strings.TrimPrefix(v, "#/$defs/"))
			}
			out[key] = v
		default:
			out[key] = v
		}
	}
	return out
}

// openedDef opens a definition, once, and returns what refers to it.
func (s schemas) openedDef(name string) string {
	opened := name + inBaseline
	if _, done := s.defs[opened]; !done {
		s.defs[opened] = object{}
		s.defs[opened] = s.inside(s.defs[name].(object))
	}
	return "#/$defs/" + opened
}

// undecided returns a condition on the variant that does not hold where that is a
// placeholder.
func undecided(condition object) object {
	members := object{}
	for name, like := range condition["properties"].(object) {
		members[name] = object{"allOf": []any{like, object{"not": object{"$ref": "#/$defs/" + placeholderDef}}}}
	}
	return object{"properties": members, "required": condition["required"]}
}
