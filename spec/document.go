package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A document is one YAML document: a scope with what it declares of it.
type document struct {
	file     string
	source   Position
	resource *Resource
	prune    []headerEntry
	protect  []headerEntry
	vars     map[string]*variable
	without  []*exception
	complete *Position // of the header by which what its scope holds besides counts as unmanaged
}

type headerEntry struct {
	text   string
	source Position
}

// document decodes one document.
func (l *loader) document(file string, n *yaml.Node) {
	in := l.members(file, n, "a document")
	if in == nil {
		return
	}
	head := map[string]member{}
	for _, m := range in {
		head[m.name] = m
	}
	if v, ok := head["apiVersion"]; !ok {
		l.diags.Errorf(pos(file, n), "start the document with apiVersion: "+APIVersion, "apiVersion is missing")
	} else if v.value.Value != APIVersion {
		l.diags.Errorf(pos(file, v.value), "this version reads "+APIVersion+"; if a newer one wrote the file, use that", "unknown apiVersion %q", v.value.Value)
		return
	}
	if v, ok := head["kind"]; ok && v.value.Value == BaselineKind {
		l.baseline(file, n, in)
		return
	}
	if v, ok := head["kind"]; ok && v.value.Value == PolicyKind {
		l.policy(file, n, in)
		return
	}
	if v, ok := head["kind"]; ok && v.value.Value == DefinitionKind && l.catalog.Define != nil {
		return // see extended
	}
	kind := l.documentKind(file, n, head)
	if kind == nil {
		return
	}
	doc := &document{file: file, source: pos(file, n)}
	rest := slices.DeleteFunc(in, func(m member) bool {
		switch m.name {
		case "prune":
			doc.prune = l.header(file, m)
		case "protect":
			doc.protect = l.header(file, m)
		case varsName:
			doc.vars = l.variables(file, m)
			return true
		case withoutName:
			if kind.Parent == "" {
				return false // baselines are for what stands in it
			}
			doc.without = l.exceptions(file, m)
			return true
		case "complete":
			if on, _ := l.flag(file, m); on {
				at := pos(file, m.key)
				doc.complete = &at
			}
		}
		return slices.Contains([]string{"apiVersion", "kind", "prune", "protect", "complete"}, m.name)
	})
	doc.resource = l.resource(file, n, rest, kind, nil)
	l.docs = append(l.docs, doc)
}

func (l *loader) documentKind(file string, n *yaml.Node, head map[string]member) *Kind {
	var known []string
	for _, k := range l.catalog.Documents() {
		known = append(known, k.Name)
	}
	known = append(known, BaselineKind, PolicyKind)
	m, ok := head["kind"]
	if !ok {
		l.diags.Errorf(pos(file, n), "one of "+strings.Join(known, ", "), "kind is missing")
		return nil
	}
	k := l.catalog.Kind(m.value.Value)
	if k != nil && k.Document {
		return k
	}
	hint := didYouMean(m.value.Value, known)
	if k != nil {
		hint = fmt.Sprintf("declare it under %s: in a document of kind %s", k.Section, k.Parent)
	}
	if meant := l.catalog.Called(m.value.Value); hint == "" && meant != nil && !meant.Document {
		hint = fmt.Sprintf("declare it under %s: in a document of kind %s", meant.Section, meant.Parent)
	}
	if l.catalog.NotYet(m.value.Value) {
		hint = noKindYet(m.value.Value)
	}
	l.diags.Errorf(pos(file, m.value), hint, "there are no documents of kind %q", m.value.Value)
	return nil
}

func (l *loader) header(file string, m member) []headerEntry {
	if m.value.Kind != yaml.SequenceNode {
		l.diags.Errorf(pos(file, m.value), "write it as a list of sections: [users]", "%s is to be a list, not %s", m.name, describe(m.value))
		return nil
	}
	var out []headerEntry
	for _, c := range m.value.Content {
		c = unalias(c)
		if c.Kind != yaml.ScalarNode {
			l.diags.Errorf(pos(file, c), "", "%s takes words, not %s", m.name, describe(c))
			continue
		}
		out = append(out, headerEntry{c.Value, pos(file, c)})
	}
	return out
}

// resource decodes a mapping that declares a resource, with the sections below it.
func (l *loader) resource(file string, n *yaml.Node, in []member, k *Kind, parent *Resource) *Resource {
	r := &Resource{Kind: k, Parent: parent, Values: map[string]any{}, At: map[string]Position{"": pos(file, n)}}
	known := fieldNames(k.Fields)
	if len(k.Delete) > 0 {
		known = append(known, "state")
	}
	if k.Grants() {
		known = append(known, "until")
	}
	known = append(known, l.catalog.sections(k)...)
	if k.Ident != "" {
		known = append(known, k.Ident)
	}
	for _, m := range l.fieldsIn(r, file, "", k.Fields, in, r.Values) {
		section := l.catalog.Section(k, m.name)
		switch {
		case m.value == unfilled:
		case section != nil:
			l.section(file, m, section, r)
		case m.name == "state" && len(k.Delete) > 0:
			l.presence(file, m, r)
		case m.name == "until" && k.Grants():
			l.until(file, m, r)
		case m.name == "replace" && !k.Singleton:
			r.Replace, _ = l.flag(file, m)
			r.At["replace"] = pos(file, m.value)
			if r.Replace && !k.Replaceable {
				l.diags.Errorf(pos(file, m.value), "remove it with state: absent first, if that is meant", "a %s cannot be replaced", k.Name)
			}
		case m.name == k.Ident && k.Ident != "":
			l.ident(file, m, r)
		case l.badlyDefined(m.name) || l.omitted(file, m, r, m.name):
		default:
			meant := l.catalog.Called(m.name)
			switch {
			case l.catalog.NotYet(m.name) && k.Document:
				l.unknown(file, m, noKindYet("section "+m.name), nil) // no other name is meant
			case meant != nil && meant.Parent == k.Name && meant.Section != m.name:
				l.diags.Errorf(pos(file, m.key), "did you mean "+meant.Section+"?", "unknown section or field %s", m.name)
			default:
				l.unknown(file, m, l.unknownWhat(k, m.name), known)
			}
		}
	}
	l.derive(r)
	l.needs(r)
	return r
}

// needs has a resource's required fields looked at when it is whole. What a
// baseline declares is looked at where it has been given.
func (l *loader) needs(r *Resource) { l.needing = append(l.needing, r) }

func (l *loader) inBaseline(r *Resource) bool { return l.holders[r.Root()] }

// unknownWhat names what an unknown key could have been, and tells of a
// section that belongs in another kind of document.
func (l *loader) unknownWhat(k *Kind, name string) string {
	what := fmt.Sprintf("field %s", name)
	if k.Document {
		what = fmt.Sprintf("section or field %s", name)
	}
	for _, other := range l.catalog.Kinds() {
		if other.Section == name && !other.Document {
			return fmt.Sprintf("%s in kind %s: it stands in kind %s", what, k.Name, other.Parent)
		}
	}
	return what
}

func (l *loader) presence(file string, m member, r *Resource) {
	r.At["state"] = pos(file, m.value)
	switch m.value.Value {
	case "absent":
		r.Absent = true
		if len(r.Kind.Delete) == 0 {
			l.diags.Errorf(pos(file, m.value), "", "a %s cannot be deleted by this tool", r.Kind.Name)
		}
	case "present":
	default:
		l.diags.Errorf(pos(file, m.value), "write absent, or leave it out", "state: %q is not allowed", m.value.Value)
	}
}

func (l *loader) flag(file string, m member) (bool, bool) {
	if m.value.Kind != yaml.ScalarNode || m.value.Tag != "!!bool" {
		l.diags.Errorf(pos(file, m.value), "write true or false", "%s is to be true or false, not %s", m.name, describe(m.value))
		return false, false
	}
	return strings.EqualFold(m.value.Value, "true"), true
}

const hex24 = `^[a-f0-9]{24}$`

func (k *Kind) identPattern() string {
	if k.IdentPattern == "" {
		return hex24
	}
	return k.IdentPattern
}

func (l *loader) ident(file string, m member, r *Resource) {
	pattern := r.Kind.identPattern()
	r.At[m.name] = pos(file, m.value)
	if m.value.Kind != yaml.ScalarNode || !l.catalog.pattern(pattern).MatchString(m.value.Value) {
		l.diags.Errorf(pos(file, m.value), "it is to match "+pattern, "%s is not an id of Atlas's", m.name)
		return
	}
	r.Ident = m.value.Value
}

// required reports missing fields. A resource that is to be absent needs no
// more than its key; one with an id does without the key.
func (l *loader) required(r *Resource) {
	partial := l.inBaseline(r) || l.lacking[r.Root()]
	for i, part := range r.Kind.Key {
		if r.Kind.Paired && i > 0 {
			break // of what else tells one from another, any may be missing
		}
		if r.Ident == "" && !slices.ContainsFunc(alternatives(part), func(name string) bool { return r.Values[name] != nil || r.At[name].Line > 0 }) {
			l.diags.Errorf(r.At[""], "", "%s is missing", strings.ReplaceAll(part, "|", " or "))
		}
	}
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		_, there := r.Values[f.Name]
		declared := r.At[f.Name].Line > 0
		switch {
		case f.Unless != "" && r.Flag(f.Unless):
			if declared {
				l.diags.Errorf(r.At[f.Name], fmt.Sprintf("leave one of the two out: %s is true", f.Unless), "%s is not for this resource", f.Name)
			}
		case there || declared:
			l.variant(r, r.Kind.Variant, f, r.Values, "")
		case r.Kind.IsKey(f.Name) || !f.Fits(r.Values[r.Kind.Variant]):
		case f.Required && !r.Absent && !r.Kind.IsKey(f.Name) && !partial:
			l.diags.Errorf(r.At[""], "", "%s is missing", f.Name)
		}
	}
}

// section decodes the resources of one kind in a document.
func (l *loader) section(file string, m member, k *Kind, parent *Resource) {
	sec := &Section{Kind: k, Parent: parent, Source: pos(file, m.key)}
	parent.Sections = append(parent.Sections, sec)
	if m.value = l.node(m.value); m.value == unfilled {
		return
	}
	if k.Singleton {
		if in := l.members(file, m.value, k.Section); in != nil {
			sec.Resources = []*Resource{l.resource(file, m.value, in, k, parent)}
		}
		return
	}
	if m.value.Kind != yaml.SequenceNode {
		l.diags.Errorf(pos(file, m.value), "start each entry with a dash; an empty list is []", "%s is to be a list, not %s", k.Section, describe(m.value))
		return
	}
	for _, c := range m.value.Content {
		l.entry(file, c, sec)
	}
}

// entry decodes one entry of a section. Of what the scope leaves out nothing is
// reported: it may ask for values that the scope does not have.
func (l *loader) entry(file string, n *yaml.Node, sec *Section) {
	before, missing := len(l.diags), l.missing
	if n = l.node(n); n == unfilled {
		return
	}
	in := l.members(file, n, "an entry of "+sec.Kind.Section)
	if in == nil {
		return
	}
	r := l.resource(file, n, in, sec.Kind, sec.Parent)
	switch {
	case l.leftOut(r):
		l.diags, l.missing = l.diags[:before], missing
	case l.missing > missing:
		return // not known to be this one
	}
	sec.Resources = append(sec.Resources, r)
}
