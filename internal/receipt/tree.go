package receipt

import (
	"bytes"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A tree is a version of the files: a document for each organization and project.
type tree struct {
	docs    []*yaml.Node
	entries map[spec.Address]*yaml.Node
}

func newTree() *tree { return &tree{entries: map[spec.Address]*yaml.Node{}} }

// entry returns the mapping of a resource, with what tells which one is meant, and
// those that it stands in.
func (t *tree) entry(w *Writer, r *spec.Resource) *yaml.Node {
	if n := t.entries[r.Address]; n != nil {
		return n
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	t.entries[r.Address] = n
	if r.Parent == nil {
		setKey(n, "apiVersion", export.Text(spec.APIVersion))
		setKey(n, "kind", export.Text(r.Kind.Name))
		t.docs = append(t.docs, n)
	} else {
		_, known := t.entries[r.Parent.Address]
		parent := t.entry(w, r.Parent)
		if !known && r.Parent.Parent != nil { // it is only looked at, and has to be whole
			w.whole(parent, r.Parent)
		}
		t.put(parent, r, n)
	}
	if r.Ident != "" {
		setKey(n, r.Kind.Ident, export.Text(r.Ident))
	}
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if v, ok := r.Values[f.Name]; ok && r.Kind.Identifies(f.Name) {
			setKey(n, f.Name, export.DeclaredValue(f, v))
		}
	}
	return n
}

// whole lets an entry say what the kind requires, as it is declared.
func (w *Writer) whole(entry *yaml.Node, r *spec.Resource) {
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if v, ok := r.Values[f.Name]; ok && (f.Required || f.Name == r.Kind.Variant) {
			setKey(entry, f.Name, export.DeclaredValue(f, v))
		}
	}
	if r.Absent {
		setKey(entry, "state", export.Text("absent"))
	}
}

// put adds an entry to the section that it belongs to.
func (t *tree) put(parent *yaml.Node, r *spec.Resource, n *yaml.Node) {
	if r.Kind.Singleton {
		setKey(parent, r.Kind.Section, n)
		return
	}
	list, _ := edit.Member(parent, r.Kind.Section)
	if list == nil {
		list = &yaml.Node{Kind: yaml.SequenceNode}
		export.Put(parent, r.Kind.Section, list)
	}
	list.Content = append(list.Content, n)
}

// unsetKey takes a key out of a mapping.
func unsetKey(m *yaml.Node, key string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i], m.Content[i+2:]...)
			return
		}
	}
}

// setKey gives a key of a mapping a value; nil is none.
func setKey(m *yaml.Node, key string, v *yaml.Node) {
	if v == nil {
		return
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = v
			return
		}
	}
	export.Put(m, key, v)
}

// files writes the documents, as one file.
func (t *tree) files(name string) ([]spec.File, error) {
	if len(t.docs) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	for i, doc := range t.docs {
		text, err := edit.Encode(doc)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString("---\n")
		}
		b.Write(text)
	}
	return []spec.File{{Name: name, Text: b.String()}}, nil
}
