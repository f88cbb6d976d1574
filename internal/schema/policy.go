package schema

import "github.com/atlasctl/atlasctl-sync/spec"

// policy describes the documents that hold rules of the user's own.
func (s schemas) policy() any {
	kinds := []string{}
	for _, k := range s.catalog.Kinds() {
		kinds = append(kinds, k.Name)
	}
	text := func(doc string) object { return object{"type": "string", "minLength": 1, "description": doc} }
	oneOrMore := func(one object, doc string) object {
		return object{"anyOf": []any{one, object{"type": "array", "items": one, "minItems": 1}}, "description": doc}
	}
	closed := func(doc string, required []string, p object) object {
		return object{"type": "object", "description": doc, "properties": p, "required": required, "additionalProperties": false}
	}
	pattern := object{"type": "string", "minLength": 1}
	s.defs[spec.PolicyKind] = closed("Rules that declared resources and the steps of plans are held to.", []string{"apiVersion", "kind", "rules"}, object{
		"apiVersion": object{"const": spec.APIVersion, "description": "The version of this format."},
		"kind":       object{"const": spec.PolicyKind, "description": "What the document declares."},
		"rules": object{"type": "array", "minItems": 1, "description": "The rules, each with a name of its own.", "items": closed("A rule.", []string{"name", "cel", "message"}, object{
			"name":     text("What reports call the rule."),
			"severity": object{"enum": []string{"error", "warning"}, "default": "error", "description": "error: what breaks it is refused (exit code 5)."},
			"on":       object{"enum": []string{spec.OnResource, spec.OnStep}, "default": spec.OnResource, "description": "What it looks at: declared resources, or the steps of a plan."},
			"match": closed("Where it holds: all that is said has to fit.", []string{}, object{
				"kind":          oneOrMore(object{"enum": kinds}, "A kind, or several."),
				"organizations": oneOrMore(pattern, "A pattern of organizations' names, or several."),
				"projects":      oneOrMore(pattern, "A pattern of projects' names such as prod-*, or several."),
				"tags":          object{"type": "object", "additionalProperties": object{"type": "string"}, "minProperties": 1, "description": "Tags that the organization or project declares."},
			}),
			"cel":     text("An expression of CEL that is true where all is well."),
			"at":      text("The member to point at where it is broken: a dotted path."),
			"message": text("What is wrong where it is broken."),
			"exempt": object{"type": "array", "description": "Resources for which it does not hold.", "items": closed("An exemption.", []string{"address", "reason"}, object{
				"address": text("The address of a resource; a part of it may be a pattern."),
				"reason":  text("Why."),
				"until":   object{"type": "string", "pattern": `^\d{4}-\d\d-\d\d$`, "description": "The last day on which it counts."},
			})},
		})},
	})
	return object{"$ref": "#/$defs/" + spec.PolicyKind}
}
