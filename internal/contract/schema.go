package contract

import "github.com/atlasctl/atlasctl-sync/internal/api"

// A direction is the way a body travels. Read-only properties belong to
// answers, write-only ones to requests.
type direction string

const (
	toAtlas   direction = "request"
	fromAtlas direction = "answer"
)

// marked says whether the schema, or one that it is made of, is for the other
// direction only.
func marked(s *api.Schema, dir direction) bool {
	if dir == toAtlas && s.ReadOnly || dir == fromAtlas && s.WriteOnly {
		return true
	}
	if s.Ref != "" {
		return marked(s.Resolve(), dir)
	}
	return len(s.AllOf) == 1 && len(s.Properties) == 0 && marked(s.AllOf[0], dir)
}

// A shape is a schema, or only the part of it that its children inherit.
//
// Parents name their children in oneOf or in a discriminator, and the children
// name their parent in allOf. Taken literally that never ends; what the child
// inherits is the parent without its choice of children.
type shape struct {
	schema *api.Schema
	base   bool
}

// inherited are the shapes in the schema's allOf.
func inherited(s *api.Schema) []shape {
	shapes := make([]shape, len(s.AllOf))
	for i, parent := range s.AllOf {
		shapes[i] = shape{parent, chooses(parent.Resolve(), s, map[*api.Schema]bool{})}
	}
	return shapes
}

// chooses says whether child is among the schema's children or theirs.
func chooses(s, child *api.Schema, seen map[*api.Schema]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	for _, c := range s.Children() {
		if c == child || chooses(c, child, seen) {
			return true
		}
	}
	return false
}
