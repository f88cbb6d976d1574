package export

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Document declares one organization or project.
type Document struct {
	Kind         *spec.Kind
	Organization string // the one that the scope is in, or is
	Name         string
	Text         []byte
	Resources    int
	Left         int // live objects that are not in it; its head says why
	// Declared is what declares the scope already; nil if nothing does.
	Declared *spec.Resource
}

// Export reads Atlas and returns one document for each scope, sorted.
func (e *Exporter) Export(ctx context.Context) ([]*Document, error) {
	scopes, err := e.read(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Document
	names := map[string]int{}
	for _, n := range scopes {
		if n.object.Kind.Parent == "" {
			names[fmt.Sprint(n.values[n.object.Kind.Key[0]])]++
		}
	}
	for _, n := range scopes {
		k := n.object.Kind
		d := &Document{Kind: k, Name: fmt.Sprint(n.values[k.Key[0]]), Declared: n.declared}
		d.Organization, _ = n.values[within(k)].(string)
		if k.Parent == "" {
			d.Organization = d.Name
			n.twin = names[d.Name] > 1
		}
		w := &writer{Exporter: e, doc: d}
		if d.Text, err = w.document(n); err != nil {
			return nil, err
		}
		if d.Resources == 0 && d.Left == 0 && len(e.Filter.Kinds) > 0 && !e.Filter.Names(k) {
			continue // nothing of what was asked for
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b *Document) int {
		if a.Kind != b.Kind {
			return e.Reader.Catalog.Rank(a.Kind) - e.Reader.Catalog.Rank(b.Kind)
		}
		return strings.Compare(a.Organization+"\x00"+a.Name, b.Organization+"\x00"+b.Name)
	})
	return out, nil
}

// A writer makes one document.
type writer struct {
	*Exporter
	doc  *Document
	left []string // what is not in the document, and why
	// variables counts the names of variables for what is sensitive.
	variables map[string]int
	certain   bool // nothing is written that Atlas may not have
}

func (w *writer) document(n *node) ([]byte, error) {
	k := n.object.Kind
	head := &yaml.Node{Kind: yaml.MappingNode}
	put(head, "apiVersion", text(spec.APIVersion))
	put(head, "kind", text(k.Name))
	w.fields(head, n, "")
	body := *head
	body.Content = slices.Clone(head.Content)
	w.sections(&body, n, func(section *yaml.Node) *yaml.Node {
		doc := *head
		doc.Content = slices.Concat(head.Content, section.Content)
		return &doc
	})
	var b bytes.Buffer
	if len(w.left) > 0 {
		w.doc.Left = len(w.left)
		b.WriteString(leftHead + "\n")
		for _, l := range w.left {
			fmt.Fprintf(&b, "#   %s\n", report.Clean(l))
		}
	}
	data, err := setApart(edit.Encode(&body))
	return append(edit.SpelledOut(b.Bytes()), data...), err
}

// setApart sets apart where sections begin.
func setApart(text []byte, err error) ([]byte, error) {
	return sectionStart.ReplaceAll(text, []byte("\n\n$1")), err
}

var sectionStart = regexp.MustCompile(`(?m)\n(^[A-Za-z]+:$)`)

// sections writes what stands below a node. whole wraps a section into the
// document that it would stand in alone, so that each resource can be tried.
func (w *writer) sections(into *yaml.Node, n *node, whole func(*yaml.Node) *yaml.Node) {
	for _, k := range w.Reader.Catalog.Children(n.object.Kind) {
		if _, read := n.below[k]; !read {
			continue
		}
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, c := range n.below[k] {
			alone := func(item *yaml.Node) *yaml.Node {
				section := &yaml.Node{Kind: yaml.MappingNode}
				if k.Singleton {
					put(section, k.Section, item)
				} else {
					put(section, k.Section, &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{item}})
				}
				return whole(section)
			}
			if item := w.resource(c, alone); item != nil {
				list.Content = append(list.Content, item)
			}
		}
		switch {
		case len(list.Content) == 0:
		case k.Singleton:
			put(into, k.Section, list.Content[0])
		default:
			put(into, k.Section, list)
		}
	}
}

// resource writes one resource, or notes why it stays out.
func (w *writer) resource(n *node, alone func(*yaml.Node) *yaml.Node) *yaml.Node {
	k := n.object.Kind
	item := &yaml.Node{Kind: yaml.MappingNode}
	name := w.fields(item, n, w.doc.Name+"_"+strings.Join(append([]string{k.Section}, k.AddressParts(n.values)...), "_"))
	leave := func(why string) *yaml.Node {
		w.left = append(w.left, fmt.Sprintf("%s: %s", name, why))
		return nil
	}
	if state, lapsed := k.Lapsed(n.object.Raw); lapsed {
		return leave(k.Lapse.Says(state))
	}
	if n.declared != nil {
		return leave(fmt.Sprintf("declared as %s", n.declared.Address))
	}
	if k.Untouched(n.object.Raw) {
		return nil // as Atlas makes it
	}
	if n.twin && !k.Paired { // of paired ones all that they say tells which is which
		return leave(fmt.Sprintf("Atlas has more than one of that key; declare the one that is meant with %s: %s",
			k.Ident, spec.TextAt(n.object.Raw, k.IDAt())))
	}
	if w.SkipDefaults && k.Singleton && k.Optional == nil && onlyDefaults(k.Fields, n.values) {
		return nil
	}
	if why := w.problem(alone(item)); why != "" {
		if item = w.unsecret(n, alone); item == nil {
			return leave(why)
		}
	}
	own := len(item.Content)
	w.sections(item, n, func(section *yaml.Node) *yaml.Node {
		whole := *item
		whole.Content = slices.Concat(item.Content[:own], section.Content)
		return alone(&whole)
	})
	if k.Singleton && k.Optional == nil && len(item.Content) == 0 {
		return nil
	}
	if k.Rotation != nil && !k.Rotation.Once && !w.assumes(k, k.Rotation.Unless) {
		item.Content[1].LineComment = fmt.Sprintf("# its secrets are not managed: add %s: {maxAge: …, deliverTo: …} to renew them", k.Rotation.Field)
	}
	if n.kept {
		item.HeadComment = "# " + k.Keep.Why
	}
	w.doc.Resources++
	n.written = true
	return item
}

// unsecret writes a resource without what may be set and Atlas would not show: the
// rules of its kind may refuse that. It is nil if it is not valid so either.
func (w *writer) unsecret(n *node, alone func(*yaml.Node) *yaml.Node) *yaml.Node {
	w.certain = true
	defer func() { w.certain = false }()
	item := &yaml.Node{Kind: yaml.MappingNode}
	w.fields(item, n, w.doc.Name)
	if w.problem(alone(item)) != "" {
		return nil
	}
	return item
}

// problem says why a document is not valid; "" if it is.
func (w *writer) problem(doc *yaml.Node) string {
	data, err := yaml.Marshal(doc)
	if err != nil {
		return err.Error()
	}
	_, diags := spec.LoadFiles(w.Reader.Catalog, []spec.File{{Name: "export.yaml", Text: string(data)}})
	for _, d := range diags {
		if d.Severity == spec.SeverityError {
			return d.Message
		}
	}
	return ""
}

// fields writes an object's own fields and returns what to call it.
func (w *writer) fields(into *yaml.Node, n *node, variable string) string {
	k := n.object.Kind
	fields := k.Fields
	if k.Document && len(w.Filter.Kinds) > 0 && !w.Filter.Names(k) {
		fields = slices.DeleteFunc(slices.Clone(fields), func(f spec.Field) bool { return !k.Identifies(f.Name) })
	}
	if k.Ident != "" && (w.IDs || n.twin && k.Document) { // of a scope the id settles which is meant
		put(into, k.Ident, text(spec.TextAt(n.object.Raw, k.IDAt())))
	}
	w.members(into, holderOf(fields, k.Variant, n.values, k.KeyFields(), variable))
	if k.Singleton {
		return k.Section
	}
	return strings.Join(append([]string{k.Section}, k.AddressParts(n.values)...), "/")
}

// assumes tells whether export declares a flag.
func (w *writer) assumes(k *spec.Kind, flag string) bool {
	f := k.Field(flag)
	return f != nil && f.Assumed != ""
}

var notInNames = regexp.MustCompile(`[^A-Z0-9_]+`)

func isEmpty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func put(m *yaml.Node, key string, v *yaml.Node) {
	m.Content = append(m.Content, text(key), v)
}

func text(s string) *yaml.Node {
	n := new(yaml.Node)
	n.SetString(s)
	if s == "<<" || oldBool.MatchString(s) {
		n.Style = yaml.DoubleQuotedStyle // else it would be a merge, or a boolean to others
	}
	return n
}

// oldBool is what YAML 1.1 takes for a boolean.
var oldBool = regexp.MustCompile(`^(?i:y|n|yes|no|on|off)$`)

// spell writes a value that has no members as a person would.
func spell(f *spec.Field, v any) *yaml.Node {
	switch v := v.(type) {
	case []any:
		if f.Type == spec.Document {
			break
		}
		list := &yaml.Node{Kind: yaml.SequenceNode}
		length := 0
		for _, e := range sorted(f, v) {
			length += len(fmt.Sprint(e)) + 2
			list.Content = append(list.Content, plain(e))
		}
		if length < maxFlow {
			list.Style = yaml.FlowStyle
		}
		return list
	case int64:
		if s := humanize.IBytes(uint64(max(v, 0))); f.Type == spec.Bytes && v >= 1<<10 {
			s = strings.ReplaceAll(strings.Replace(s, ".0 ", " ", 1), " ", "")
			if n, err := humanize.ParseBytes(s); err == nil && n == uint64(v) {
				return text(s)
			}
		}
	case time.Duration:
		return text(v.String())
	}
	return plain(v)
}

// maxFlow is how long a list may be to stand on one line.
const maxFlow = 70

// sorted orders a Set, so that two exports of the same are the same.
func sorted(f *spec.Field, list []any) []any {
	if f.Type != spec.Set {
		return list
	}
	return f.Ordered(slices.SortedStableFunc(slices.Values(list), func(a, b any) int { return strings.Compare(f.ElementID(a), f.ElementID(b)) }))
}

func plain(v any) *yaml.Node {
	switch v := v.(type) {
	case string:
		return text(v)
	case spec.Null:
		return plain(nil)
	case spec.Secret:
		ref := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		if v.FromEnv != "" {
			put(ref, "fromEnv", text(v.FromEnv))
		} else {
			put(ref, "fromFile", text(v.FromFile))
		}
		return ref
	case map[string]any, spec.Ordered:
		n := &yaml.Node{Kind: yaml.MappingNode}
		keys, values, _ := spec.Members(v)
		for _, key := range keys {
			put(n, key, plain(values[key]))
		}
		return inBraces(n)
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, e := range v {
			n.Content = append(n.Content, plain(e))
		}
		return inBraces(n)
	}
	n := new(yaml.Node)
	if err := n.Encode(v); err != nil {
		return text(fmt.Sprint(v))
	}
	return n
}

// inBraces lets what is empty stand as {} or [].
func inBraces(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		n.Style = yaml.FlowStyle
	}
	return n
}
