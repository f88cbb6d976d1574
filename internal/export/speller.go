package export

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Speller writes single live objects and values as files declare them: what Atlas
// has without being told is left out, what is sensitive is a reference.
type Speller struct{ w writer }

// NewSpeller returns a Speller for the kinds of a catalogue.
func NewSpeller(c *spec.Catalog) *Speller {
	return &Speller{writer{Exporter: &Exporter{Reader: &live.Reader{Catalog: c}, SkipDefaults: true}, doc: &Document{}}}
}

// Prefix is what the names of variables begin with, for what a resource holds.
func Prefix(r *spec.Resource) string { return strings.Join(r.Root().KeyParts(), "_") }

// Missing writes what a file says of a field that Atlas leaves out: null, the default,
// or an empty list; nil if it cannot say so.
func (s *Speller) Missing(f *spec.Field) *yaml.Node {
	switch {
	case f.Nullable:
		return plain(nil)
	case f.Default != nil && f.Type != spec.Document && f.Type != spec.Object:
		return s.Value(f, f.Default, "")
	case f.Type == spec.Set || f.Type == spec.List:
		return s.Value(f, []any{}, "")
	}
	return nil
}

// Resource writes an object of a kind by its values; with its id, if that is given.
// The name is what the names of variables begin with.
func (s *Speller) Resource(k *spec.Kind, values map[string]any, id, name string) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode}
	if id != "" {
		put(out, k.Ident, text(id))
	}
	variable := strings.Join(append([]string{name, k.Section}, k.AddressParts(values)...), "_")
	s.w.members(out, holderOf(k.Fields, k.Variant, values, k.KeyFields(), variable))
	if flat(out) && !k.Singleton {
		out.Style = yaml.FlowStyle
	}
	return inBraces(out)
}

// Value writes the value of a field; nil if there is nothing to declare.
func (s *Speller) Value(f *spec.Field, v any, name string) *yaml.Node {
	in := holder{name: name}
	if f.Type != spec.Object {
		return s.w.value(f, v, in)
	}
	out := &yaml.Node{Kind: yaml.MappingNode}
	if s.w.block(out, f, v, in); len(out.Content) == 0 {
		return nil
	}
	return out.Content[1]
}

// Element writes one element of a collection.
func (s *Speller) Element(f *spec.Field, e any, name string) *yaml.Node {
	return s.w.value(f, []any{e}, holder{name: name}).Content[0]
}

// Scalar writes a plain value: a member of a list, or of a document.
func Scalar(v any) *yaml.Node { return plain(v) }

// NewWholeSpeller returns one that leaves out nothing that can be declared.
func NewWholeSpeller(c *spec.Catalog) *Speller {
	s := NewSpeller(c)
	s.w.SkipDefaults = false
	return s
}

// DeclaredValue writes a declared value as it was, references to what is sensitive too.
func DeclaredValue(f *spec.Field, v any) *yaml.Node {
	switch v := v.(type) {
	case map[string]any:
		if f.Type != spec.Object {
			break
		}
		out := &yaml.Node{Kind: yaml.MappingNode}
		for i := range f.Fields {
			if below, ok := v[f.Fields[i].Name]; ok {
				put(out, f.Fields[i].Name, DeclaredValue(&f.Fields[i], below))
			}
		}
		return inBraces(out)
	case []any:
		if !f.Collection() {
			break
		}
		out := &yaml.Node{Kind: yaml.SequenceNode}
		for _, e := range v {
			item := *f
			item.Type = spec.Object
			out.Content = append(out.Content, DeclaredValue(&item, e))
		}
		return inBraces(out)
	}
	return spell(f, v)
}

// Put adds a key to a mapping.
func Put(mapping *yaml.Node, key string, v *yaml.Node) { put(mapping, key, v) }

// Text writes a text.
func Text(s string) *yaml.Node { return text(s) }
