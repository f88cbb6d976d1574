package contract

import (
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

// A direction is the way a body travels. Read-only properties belong to
// answers, write-only ones to requests.
type direction string

const (
	toAtlas   direction = "request"
	fromAtlas direction = "answer"
)

// A schema is an OpenAPI 3.0 schema as the description has it.
type schema struct {
	Ref           string             `yaml:"$ref"`
	Type          string             `yaml:"type"`
	Format        string             `yaml:"format"`
	Pattern       string             `yaml:"pattern"`
	Enum          []any              `yaml:"enum"`
	Nullable      bool               `yaml:"nullable"`
	ReadOnly      bool               `yaml:"readOnly"`
	WriteOnly     bool               `yaml:"writeOnly"`
	Properties    map[string]*schema `yaml:"properties"`
	Required      []string           `yaml:"required"`
	Additional    *additional        `yaml:"additionalProperties"`
	Items         *schema            `yaml:"items"`
	AllOf         []*schema          `yaml:"allOf"`
	OneOf         []*schema          `yaml:"oneOf"`
	AnyOf         []*schema          `yaml:"anyOf"`
	Discriminator *discriminator     `yaml:"discriminator"`
	Limits        limits             `yaml:",inline"`

	name   string  // among the components; empty for a schema written in place
	target *schema // what Ref refers to
}

// limits are the bounds that JSON Schema has under the same names.
type limits struct {
	Minimum          *float64 `yaml:"minimum"`
	Maximum          *float64 `yaml:"maximum"`
	ExclusiveMinimum bool     `yaml:"exclusiveMinimum"`
	ExclusiveMaximum bool     `yaml:"exclusiveMaximum"`
	MinLength        *int     `yaml:"minLength"`
	MaxLength        *int     `yaml:"maxLength"`
	MinItems         *int     `yaml:"minItems"`
	MaxItems         *int     `yaml:"maxItems"`
	UniqueItems      bool     `yaml:"uniqueItems"`
	MinProperties    *int     `yaml:"minProperties"`
	MaxProperties    *int     `yaml:"maxProperties"`
}

// A discriminator names the property whose value picks one of several child
// schemas. Some parents list their children only here and not in oneOf.
type discriminator struct {
	Property string            `yaml:"propertyName"`
	Mapping  map[string]string `yaml:"mapping"`

	children map[string]*schema
}

// additional is additionalProperties: true, false, or a schema.
type additional struct {
	Allowed bool
	Schema  *schema
}

func (a *additional) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&a.Allowed)
	}
	a.Allowed = true
	return n.Decode(&a.Schema)
}

// parts are the schemas written inside this one; those it refers to are not
// among them.
func (s *schema) parts() []*schema {
	parts := slices.Concat(slices.Collect(maps.Values(s.Properties)), s.AllOf, s.OneOf, s.AnyOf)
	if s.Items != nil {
		parts = append(parts, s.Items)
	}
	if s.Additional != nil && s.Additional.Schema != nil {
		parts = append(parts, s.Additional.Schema)
	}
	return parts
}

func (s *schema) resolve() *schema {
	for s.target != nil {
		s = s.target
	}
	return s
}

// marked says whether the schema, or one that it is made of, is for the other
// direction only.
func (s *schema) marked(dir direction) bool {
	if dir == toAtlas && s.ReadOnly || dir == fromAtlas && s.WriteOnly {
		return true
	}
	if s.target != nil {
		return s.target.marked(dir)
	}
	return len(s.AllOf) == 1 && len(s.Properties) == 0 && s.AllOf[0].marked(dir)
}

// A shape is a schema, or only the part of it that its children inherit.
//
// Parents name their children in oneOf or in a discriminator, and the children
// name their parent in allOf. Taken literally that never ends; what the child
// inherits is the parent without its choice of children.
type shape struct {
	schema *schema
	base   bool
}

// inherited are the shapes in the schema's allOf.
func (s *schema) inherited() []shape {
	shapes := make([]shape, len(s.AllOf))
	for i, parent := range s.AllOf {
		shapes[i] = shape{parent, parent.resolve().chooses(s, map[*schema]bool{})}
	}
	return shapes
}

// chooses says whether child is among the schema's children or theirs.
func (s *schema) chooses(child *schema, seen map[*schema]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	for _, c := range s.children() {
		if c == child || c.chooses(child, seen) {
			return true
		}
	}
	return false
}

func (s *schema) children() []*schema {
	var all []*schema
	for _, c := range slices.Concat(s.OneOf, s.AnyOf) {
		all = append(all, c.resolve())
	}
	if s.Discriminator != nil {
		for _, value := range slices.Sorted(maps.Keys(s.Discriminator.children)) {
			if c := s.Discriminator.children[value].resolve(); !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}
