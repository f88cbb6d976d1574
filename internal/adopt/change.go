package adopt

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func sharedAt(line int) string {
	return fmt.Sprintf("line %d means the same text by an alias: change it by hand", line)
}

// change writes the values of a resource that differ.
func (w *writing) change(d planner.Difference, f *edit.File, m *yaml.Node, e effort) {
	if e > values {
		w.rewrite(d, f, m, e)
		return
	}
	for _, c := range d.Changes {
		if why := w.value(d, c.Path, f, m); why != "" {
			w.not(d.Address, c.Path, why)
		}
	}
}

// A spot is where a path leads to in a file.
type spot struct {
	in   *yaml.Node // the collection
	node *yaml.Node // the value; nil if there is none
	path []string   // how far it leads: what is in an alias, or merged in, is not gone into
	far  bool       // all the way
	same bool       // merged in: it is not the collection's own
}

// descend follows a path from the node of a resource.
func descend(m *yaml.Node, k *spec.Kind, declared map[string]any, path []string) spot {
	s := spot{node: m}
	var f *spec.Field
	var v any = declared
	fields := k.Fields
	for i, t := range path {
		if s.node == nil || s.node.Kind == yaml.AliasNode || s.same {
			return s
		}
		s.in = s.node
		if strings.HasPrefix(t, "[") {
			list, _ := v.([]any)
			e, at := f.Find(list, t)
			if s.node = nil; at >= 0 && at < len(s.in.Content) && s.in.Kind == yaml.SequenceNode {
				s.node = s.in.Content[at]
			}
			v = e
		} else {
			s.node, s.same = edit.Member(s.in, t)
			values, _ := v.(map[string]any)
			v = values[t]
			if f != nil && f.Type == spec.Map { // keys may hold dots
				s.node, s.same = edit.Member(s.in, spec.JoinPath(path[i:]))
				s.path, s.far = path, true
				return s
			}
			for j := range fields {
				if fields[j].Name == t {
					f = &fields[j]
				}
			}
			fields = f.Fields
		}
		s.path = path[:i+1]
	}
	s.far = len(s.path) == len(path) && (s.node == nil || s.node.Kind != yaml.AliasNode) && !s.same
	return s
}

// value writes the value at a path as it is live, or says why it does not.
func (w *writing) value(d planner.Difference, path string, f *edit.File, m *yaml.Node) string {
	tokens := spec.SplitPath(path)
	if at, given := d.Resource.GivenAt(path); given {
		return fmt.Sprintf("the baseline at %s gives it: change it there, or declare it here", at)
	}
	if len(d.Resource.Documents) > 1 { // the document that says it
		for _, at := range d.Resource.Documents {
			if g := w.file(at.File); g != nil {
				if doc := g.At(at.Line, at.Column); doc != nil && doc.Kind == yaml.MappingNode {
					if v, _ := edit.Member(doc, tokens[0]); v != nil {
						f, m = g, doc
					}
				}
			}
		}
	}
	s := descend(m, d.Kind, d.Resource.Values, tokens)
	if s.in != nil {
		if line := f.Shared(s.in); line > 0 {
			return sharedAt(line)
		}
	}
	if s.node != nil && s.node.Kind != yaml.AliasNode && !s.same {
		if line := f.Shared(s.node); line > 0 {
			return sharedAt(line)
		}
	}
	tokens = s.path
	if len(tokens) == 0 {
		return "its place in the file cannot be told"
	}
	field := spec.FieldAt(d.Kind.Fields, tokens)
	if field == nil || secretIn(field) && holdsSecret(d, tokens) {
		return "it holds a reference to something secret: change it by hand"
	}
	live, there := spec.ValueAt(d.Kind.Fields, d.Values, tokens)
	last := tokens[len(tokens)-1]
	if strings.HasPrefix(last, "[") {
		return w.element(d, field, f, s, live, there)
	}
	node := w.spell(d, field, live, there, tokens)
	switch {
	case node == nil && field.Required && field.Type != spec.Map:
		return "Atlas has none, and a file has to say one"
	case node == nil && s.same:
		return "it is merged in from elsewhere, and cannot be left out here"
	case node == nil && s.node == nil:
		return "it follows from what else is declared"
	case node == nil:
		f.Remove(s.in, s.node)
	case s.node == nil || s.same:
		f.Set(s.in, last, node)
	case field.Type == spec.Set && !field.Collection() && s.far && w.members(d, field, f, s, live):
	case field.Type == spec.Document && s.far:
		merge(f, s.node, node)
	default:
		f.Replace(s.node, node)
	}
	return ""
}

// element writes what becomes of one element of a collection.
func (w *writing) element(d planner.Difference, field *spec.Field, f *edit.File, s spot, live any, there bool) string {
	switch {
	case there && s.node == nil:
		if s.in.Kind != yaml.SequenceNode {
			return "its list is not written here"
		}
		f.Append(s.in, w.speller.Element(field, live, w.variable(d, s.path)))
	case there:
		f.Replace(s.node, w.speller.Element(field, live, w.variable(d, s.path)))
	case s.node == nil:
		return "its place in the file cannot be told"
	default:
		f.Remove(s.in, s.node)
	}
	return ""
}

// members adds and removes the plain members of a set, and lets the others stand as
// they are. It tells whether it could.
func (w *writing) members(d planner.Difference, field *spec.Field, f *edit.File, s spot, live any) bool {
	v, _ := spec.ValueAt(d.Kind.Fields, d.Resource.Values, s.path)
	declared, _ := v.([]any)
	have, _ := live.([]any)
	if s.node.Kind != yaml.SequenceNode || len(s.node.Content) != len(declared) {
		return false
	}
	in := func(list []any, e any) bool {
		return slices.ContainsFunc(list, func(o any) bool { return field.ElementID(o) == field.ElementID(e) })
	}
	for i, e := range declared {
		if !in(have, e) {
			f.Remove(s.node, s.node.Content[i])
		}
	}
	for _, e := range have {
		if !in(declared, e) {
			f.Append(s.node, export.Scalar(e))
		}
	}
	return true
}

// spell writes a live value; nil where there is nothing to say. What Atlas leaves
// out is what it has by default.
func (w *writing) spell(d planner.Difference, field *spec.Field, live any, there bool, path []string) *yaml.Node {
	if !there || live == nil {
		return w.speller.Missing(field)
	}
	if field.Type == spec.Map {
		if _, isMap := live.(map[string]any); !isMap {
			return export.Scalar(live) // one entry
		}
	}
	return w.speller.Value(field, live, w.variable(d, path))
}

func (w *writing) variable(d planner.Difference, path []string) string {
	parts := append([]string{export.Prefix(d.Resource), d.Kind.Section}, d.Resource.KeyParts()...)
	return strings.Join(append(parts, path...), "_")
}

// rewrite writes the fields that differ, or all that are declared, as a whole.
func (w *writing) rewrite(d planner.Difference, f *edit.File, m *yaml.Node, e effort) {
	done := map[string]bool{}
	for _, c := range d.Changes {
		done[spec.HeadOf(c.Path)] = true
	}
	if e == whole {
		for i := range d.Kind.Fields {
			field := &d.Kind.Fields[i]
			if _, declared := d.Resource.Values[field.Name]; declared && !field.Local && !field.ReadOnly && !field.Steer && !d.Kind.Identifies(field.Name) {
				done[field.Name] = true
			}
		}
	}
	for i := range d.Kind.Fields {
		field := &d.Kind.Fields[i]
		if !done[field.Name] {
			continue
		}
		if _, given := d.Resource.GivenAt(field.Name); given || secretIn(field) && holdsSecret(d, []string{field.Name}) {
			continue
		}
		live, there := d.Values[field.Name]
		if node := w.spell(d, field, live, there, []string{field.Name}); node != nil {
			f.Set(m, field.Name, node)
		} else if !field.Required {
			f.Unset(m, field.Name)
		}
	}
}

// secretIn tells whether a field is sensitive, or can hold what is.
func secretIn(field *spec.Field) bool {
	return field.Sensitive || slices.ContainsFunc(field.Fields, func(sub spec.Field) bool { return secretIn(&sub) })
}

// holdsSecret tells whether what is declared at a path holds a reference to
// something secret.
func holdsSecret(d planner.Difference, path []string) bool {
	v, _ := spec.ValueAt(d.Kind.Fields, d.Resource.Values, path)
	return spec.HoldsSecret(v)
}

// merge writes a document over another, and lets stand what is the same.
func merge(f *edit.File, old, with *yaml.Node) {
	switch {
	case old.Kind == yaml.MappingNode && with.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(old.Content); i += 2 {
			if v, _ := edit.Member(with, old.Content[i].Value); v == nil {
				f.Remove(old, old.Content[i+1])
			}
		}
		for i := 0; i+1 < len(with.Content); i += 2 {
			key := with.Content[i].Value
			if was, merged := edit.Member(old, key); was != nil && !merged {
				merge(f, was, with.Content[i+1])
			} else {
				f.Set(old, key, with.Content[i+1])
			}
		}
	case old.Kind == yaml.SequenceNode && with.Kind == yaml.SequenceNode && len(old.Content) == len(with.Content):
		for i := range old.Content {
			merge(f, old.Content[i], with.Content[i])
		}
	case !same(old, with):
		f.Replace(old, with)
	}
}

// same tells whether two nodes say one value.
func same(a, b *yaml.Node) bool {
	var x, y any
	return a.Kind == yaml.ScalarNode && a.Decode(&x) == nil && b.Decode(&y) == nil && fmt.Sprintf("%T %v", x, x) == fmt.Sprintf("%T %v", y, y)
}
