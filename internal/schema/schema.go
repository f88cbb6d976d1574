// Package schema writes the JSON Schema of the file format from the catalogue.
package schema

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

type object = map[string]any

// Write prints the JSON Schema (draft 2020-12) of the file format, for
// editors: one document is one Organization or one Project, a Baseline or a Policy.
func Write(w io.Writer, c *spec.Catalog) error {
	s := schemas{c, object{}}
	var documents []any
	for _, k := range c.Documents() {
		documents = append(documents, s.document(k))
	}
	for _, k := range c.Documents() {
		if k.Parent != "" {
			documents = append(documents, s.baseline(k))
		}
	}
	documents = append(documents, s.policy())
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(object{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "atlasctl-sync",
		"description": "Desired state of MongoDB Atlas organizations and projects.",
		"oneOf":       documents,
		"$defs":       s.defs,
	})
}

type schemas struct {
	catalog *spec.Catalog
	defs    object
}

func (s schemas) document(k *spec.Kind) any {
	r := s.resource(k)
	p := r["properties"].(object)
	p["apiVersion"] = object{"const": spec.APIVersion, "description": "The version of this format."}
	p["kind"] = object{"const": k.Name, "description": "What the document declares."}
	sections := []string{}
	for _, child := range s.catalog.Children(k) {
		sections = append(sections, child.Section)
	}
	p["prune"] = object{"type": "array", "items": object{"enum": sections}, "uniqueItems": true,
		"description": "Sections in which live resources that no file declares are deleted."}
	p["protect"] = object{"type": "array", "items": object{"type": "string"}, "uniqueItems": true,
		"description": "Sections, or section/key, that are never deleted."}
	p["vars"] = object{"type": "object", "propertyNames": object{"pattern": "^[A-Za-z][A-Za-z0-9_-]*$"},
		"description": "Values for the placeholders of baselines: vars.size is what ${vars.size} stands for."}
	if k.Parent != "" {
		p["without"] = object{"type": "object", "additionalProperties": object{"type": "string", "pattern": `\S`},
			"description": "Sections, or section/key, that are not taken from baselines, each with the reason."}
	}
	p["complete"] = object{"type": "boolean",
		"description": "Live resources in sections that no file declares count as unmanaged too."}
	r["required"] = append(r["required"].([]string), "apiVersion", "kind")
	s.defs[k.Name] = r
	return object{"$ref": "#/$defs/" + k.Name}
}

// baseline describes the documents that give sections to many others.
func (s schemas) baseline(k *spec.Kind) any {
	match, p := object{}, object{}
	s.defs[placeholderDef] = placeholder(k)
	for i := range k.Fields {
		switch f := &k.Fields[i]; {
		case k.IsKey(f.Name):
			one := object{"type": "string"}
			match[f.Name] = object{"anyOf": []any{one, object{"type": "array", "items": one}}, "description": "A pattern such as *-prod, or several."}
		case f.Type == spec.Map:
			match[f.Name] = object{"type": "object", "additionalProperties": object{"type": "string"}, "description": "Entries that there have to be."}
		}
	}
	p["apiVersion"] = object{"const": spec.APIVersion, "description": "The version of this format."}
	p["kind"] = object{"const": spec.BaselineKind, "description": "What the document declares."}
	p["match"] = object{"type": "object", "properties": match, "additionalProperties": false, "minProperties": 1, "description": "Which declared projects it is for."}
	for _, child := range s.catalog.Children(k) {
		p[child.Section] = s.opened(s.defs[k.Name].(object)["properties"].(object)[child.Section])
	}
	s.defs[spec.BaselineKind] = object{"type": "object", "properties": p, "required": []string{"apiVersion", "kind", "match"}, "additionalProperties": false,
		"description": "Sections for every declared project that matches. What a project declares itself wins, field by field."}
	return object{"$ref": "#/$defs/" + spec.BaselineKind}
}

// resource describes a resource of a kind. What is required only of resources
// that are to be present is left to validate.
func (s schemas) resource(k *spec.Kind) object {
	p := object{}
	for i := range k.Fields {
		if f := &k.Fields[i]; !f.ReadOnly {
			p[f.Name] = field(f)
		}
	}
	if k.Ident != "" {
		pattern := k.IdentPattern
		if pattern == "" {
			pattern = "^[a-f0-9]{24}$"
		}
		p[k.Ident] = object{"type": "string", "pattern": pattern, "description": "Atlas's id; settles which object is meant, and lets the name change."}
	}
	if len(k.Delete) > 0 {
		p["state"] = object{"enum": []string{"present", "absent"}, "description": "absent: the resource is to be " + k.Ending() + "."}
	}
	if k.Grants() {
		p["until"] = object{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2}))?$`,
			"description": "The last day on which it holds (UTC), or the instant at which it ends; apply then removes it."}
	}
	if k.Replaceable {
		p["replace"] = object{"type": "boolean", "description": "Allows deleting it and creating it anew where a field cannot change."}
	}
	for _, child := range s.catalog.Children(k) {
		s.defs[child.Name] = s.resource(child)
		ref := object{"$ref": "#/$defs/" + child.Name}
		if child.Singleton {
			p[child.Section] = ref
			continue
		}
		p[child.Section] = object{"type": "array", "items": ref, "description": child.Doc}
	}
	out := object{"type": "object", "description": k.Doc, "properties": p, "additionalProperties": false}
	if k.Ident == "" {
		with(out, key(k))
	} else {
		out["required"] = []string{}
		out["anyOf"] = []any{key(k), object{"required": []string{k.Ident}}}
	}
	return also(out, absences(k.Variant, k.Fields))
}

// key says which fields a resource cannot do without, by any of their alternatives.
func key(k *spec.Kind) object {
	out, required := object{}, []string{}
	var either []any
	for i, part := range k.Key {
		if k.Paired && i > 0 {
			break // any of what else tells one from another may be missing
		}
		alternatives := strings.Split(part, "|")
		if len(alternatives) == 1 {
			if k.KeyField(i).Derive == "" { // else it follows from others
				required = append(required, spec.HeadOf(part))
			}
			continue
		}
		var one []any
		for _, name := range alternatives {
			one = append(one, object{"required": []string{spec.HeadOf(name)}})
		}
		either = append(either, object{"anyOf": one})
	}
	out["required"] = required
	return also(out, either)
}

// also adds to what has to hold all the same.
func also(out object, more []any) object {
	if len(more) > 0 {
		before, _ := out["allOf"].([]any)
		out["allOf"] = append(before, more...)
	}
	return out
}

func field(f *spec.Field) object {
	if f.Nullable {
		value := *f
		value.Nullable = false
		one := field(&value)
		doc := one["description"]
		delete(one, "description")
		return object{"description": doc, "anyOf": []any{one, object{"type": "null"}}}
	}
	out := object{"description": f.Doc}
	if len(f.For) > 0 {
		out["description"] = f.Doc + " For " + strings.Join(f.For, ", ") + "."
	}
	if f.Sensitive && f.Type == spec.Map {
		out["type"], out["additionalProperties"] = "object", reference()
		return out
	}
	if f.Sensitive {
		return with(out, reference())
	}
	switch f.Type {
	case spec.Bool:
		out["type"] = "boolean"
	case spec.Document:
		return out
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
		if f.MinItems > 0 {
			out["minProperties"] = f.MinItems
		}
	case spec.Object:
		return with(out, members(f))
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
		return with(out, text(f))
	}
	return out
}

func members(of *spec.Field) object {
	p, required := object{}, []string{}
	for i := range of.Fields {
		f := &of.Fields[i]
		if f.ReadOnly {
			continue
		}
		p[f.Name] = field(f)
		if f.Required && f.Default == nil && len(f.For) == 0 {
			required = append(required, f.Name)
		}
	}
	out := object{"type": "object", "properties": p, "required": required, "additionalProperties": false}
	return also(also(out, absences(of.Variant, of.Fields)), presences(of.Variant, of.Fields))
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

func with(a, b object) object {
	for k, v := range b {
		a[k] = v
	}
	return a
}

// reference is where a sensitive value is kept.
func reference() object {
	return object{"type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
		"properties": object{"fromEnv": object{"type": "string"}, "fromFile": object{"type": "string"}}}
}
