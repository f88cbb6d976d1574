package adopt

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A writing edits the files of one side.
type writing struct {
	catalog *spec.Catalog
	side    Side
	speller *export.Speller
	files   map[string]*edit.File
	added   map[place]*added
	whyNot  map[string]string // by address, or by address and path
}

// A place is where a section is to be that is not there yet.
type place struct {
	in      *yaml.Node
	section string
}

// added are the entries of such a section.
type added struct{ list *yaml.Node }

func (w *writing) not(a spec.Address, path, why string) {
	w.whyNot[strings.TrimSpace(string(a)+" "+path)] = why
}

// file returns the file of that name, to be edited.
func (w *writing) file(name string) *edit.File {
	if f, known := w.files[name]; known {
		return f
	}
	var f *edit.File
	for _, file := range w.side.Files {
		if file.Name == name {
			f, _ = edit.Parse(file.Text) // it was read before
		}
	}
	w.files[name] = f
	return f
}

// texts returns all files as they are then, and the names of those that could not be
// changed: they stay as they are.
func (w *writing) texts() (out []spec.File, broken []string) {
	out = slices.Clone(w.side.Files)
	for i := range out {
		f := w.files[out[i].Name]
		if f == nil {
			continue
		}
		text, err := f.Text()
		if err != nil {
			broken = append(broken, out[i].Name)
			continue
		}
		out[i].Text = text
	}
	return out, broken
}

// adopt writes one difference into its file.
func (w *writing) adopt(d planner.Difference, e effort) {
	switch {
	case d.Class == planner.Unmanaged:
		w.add(d)
	case d.Resource.FromBaseline():
		w.not(d.Address, "", "a baseline declares it: change it there, for all that it is for")
	default:
		f, m, why := w.mapping(d.Resource)
		if why != "" {
			w.not(d.Address, "", why)
			return
		}
		switch d.Class {
		case planner.Missing:
			w.drop(d, f, m)
		case planner.Present:
			w.revive(d, f, m, e)
		default:
			w.change(d, f, m, e)
		}
	}
}

// mapping returns the node that declares a resource, and its file.
func (w *writing) mapping(r *spec.Resource) (*edit.File, *yaml.Node, string) {
	at := r.At[""]
	f := w.file(at.File)
	if f == nil {
		return nil, nil, "its file cannot be written to"
	}
	n := f.At(at.Line, at.Column)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil, "its place in the file cannot be told"
	}
	if line := f.Shared(n); line > 0 {
		return nil, nil, sharedAt(line)
	}
	return f, n, ""
}

// home returns where a section that a resource has nowhere yet goes: of the documents of
// an organization or project, the one that says most of it.
func (w *writing) home(r *spec.Resource) (*edit.File, *yaml.Node, string) {
	f, m, why := w.mapping(r)
	if !r.Kind.Document || why != "" {
		return f, m, why
	}
	said := slices.Collect(maps.Values(r.At))
	for _, sec := range r.Sections {
		said = append(said, sec.Source)
	}
	slices.SortFunc(said, func(a, b spec.Position) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	for _, at := range said {
		other := w.file(at.File)
		if other == nil {
			continue
		}
		n := cmp.Or(other.Under(at.Line, at.Column), other.At(at.Line, at.Column))
		if n == nil {
			continue
		}
		if root := other.Root(n); len(root.Content) > len(m.Content) && !ofBaseline(other, n) {
			f, m = other, root
		}
	}
	return f, m, ""
}

// drop takes an entry away that is not in Atlas.
func (w *writing) drop(d planner.Difference, f *edit.File, m *yaml.Node) {
	in := f.In(m)
	if d.Parent == nil || in == nil || in.Kind == yaml.DocumentNode {
		w.not(d.Address, "", "the document stands for all of it: remove it, if it is not to come back")
		return
	}
	f.Remove(in, m)
}

// revive declares what the files call absent.
func (w *writing) revive(d planner.Difference, f *edit.File, m *yaml.Node, e effort) {
	if d.Parent == nil {
		w.not(d.Address, "", "it is to be absent as a whole: take state: absent out, and let export write what it holds")
		return
	}
	f.Unset(m, "state")
	node := w.speller.Resource(d.Kind, d.Values, "", export.Prefix(d.Resource))
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i].Value
		if declared, _ := edit.Member(m, key); declared == nil || e > values && !d.Kind.IsKey(key) {
			f.Set(m, key, node.Content[i+1])
		}
	}
}

// add declares an object that no file declares, in the section that it belongs to.
func (w *writing) add(d planner.Difference) {
	id := ""
	if d.Address != d.Parent.Address.Child(d.Kind.Section, d.Kind.AddressParts(d.Values)...) {
		id = spec.TextAt(d.Object.Raw, d.Kind.IDAt()) // another has its name
	}
	if id != "" && d.Kind.Ident == "" {
		w.not(d.Address, "", "Atlas has several of its name, and files cannot tell them apart")
		return
	}
	node := w.speller.Resource(d.Kind, d.Values, id, export.Prefix(d.Parent))
	if sec := d.Parent.Section(d.Kind); sec != nil && !sec.Implied && !d.Kind.Singleton {
		f := w.file(sec.Source.File)
		if f == nil {
			w.not(d.Address, "", "its file cannot be written to")
			return
		}
		list := f.Under(sec.Source.Line, sec.Source.Column)
		if list != nil && list.Kind == yaml.SequenceNode && !ofBaseline(f, list) {
			if line := f.Shared(list); line > 0 {
				w.not(d.Address, "", sharedAt(line))
				return
			}
			f.Append(list, node)
			return
		}
	}
	if d.Parent.FromBaseline() {
		w.not(d.Address, "", "a baseline declares what it stands in")
		return
	}
	f, m, why := w.home(d.Parent)
	if why != "" {
		w.not(d.Address, "", why)
		return
	}
	if d.Kind.Singleton {
		f.Set(m, d.Kind.Section, node)
		return
	}
	at := place{m, d.Kind.Section}
	if w.added[at] == nil {
		w.added[at] = &added{&yaml.Node{Kind: yaml.SequenceNode}}
		f.Set(m, d.Kind.Section, w.added[at].list)
	}
	w.added[at].list.Content = append(w.added[at].list.Content, node)
}

// ofBaseline tells whether a node stands in a document that is for many.
func ofBaseline(f *edit.File, n *yaml.Node) bool {
	kind, _ := edit.Member(f.Root(n), "kind")
	return kind != nil && kind.Value == spec.BaselineKind
}
