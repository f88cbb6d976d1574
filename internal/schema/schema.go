// Package schema writes the JSON Schema of the file format from the catalogue.
package schema

import (
	"encoding/json"
	"io"

	"github.com/atlasctl/atlasctl-sync/spec"
)

type object = map[string]any

// Write prints the JSON Schema (draft 2020-12) of the file format, for
// editors: one document is one Organization or one Project.
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
	p["prune"] = object{"type": "array", "items": object{"anyOf": []any{object{"enum": sections}, object{"type": "string", "pattern": "/"}}}, "uniqueItems": true,
		"description": "Sections in which live resources that no file declares are deleted: users, or clusters/*/searchIndexes."}
	p["protect"] = object{"type": "array", "items": object{"type": "string"}, "uniqueItems": true,
		"description": "Sections, or section/key, that are never deleted."}
	p["complete"] = object{"type": "boolean",
		"description": "Live resources in sections that no file declares count as unmanaged too."}
	r["required"] = append(r["required"].([]string), "apiVersion", "kind")
	s.defs[k.Name] = r
	return object{"$ref": "#/$defs/" + k.Name}
}

// baseline describes the documents that give sections to many others.
func (s schemas) baseline(k *spec.Kind) any {
	match, p := object{}, object{}
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
		p[child.Section] = s.defs[k.Name].(object)["properties"].(object)[child.Section]
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
	keyed(out, k)
	return also(out, absences(k.Variant, k.Fields))
}
