package spec

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// BaselineKind is the kind of documents that give sections to many projects.
const BaselineKind = "Baseline"

// A baseline gives its sections to every declared scope that it matches. What
// a scope declares itself wins, field by field.
type baseline struct {
	source  Position
	scope   *Resource           // of no name: holds the sections
	match   map[string][]string // of the key field: globs
	entries map[string]map[string]string
	scan    *scan
	gives   []*gift
	used    bool
}

// baselineScope is the kind of document that baselines are for.
func (l *loader) baselineScope() *Kind {
	for _, k := range l.catalog.Documents() {
		if k.Parent != "" {
			return k
		}
	}
	return nil
}

// baseline decodes a document of kind Baseline.
func (l *loader) baseline(file string, n *yaml.Node, in []member) {
	k := l.baselineScope()
	if k == nil {
		return
	}
	b := &baseline{source: pos(file, n), match: map[string][]string{}, entries: map[string]map[string]string{},
		scan: newScan(), scope: l.holder(k, pos(file, n))}
	known := []string{"apiVersion", "kind", "match"}
	known = append(known, l.catalog.sections(k)...)
	matched := false
	for _, m := range in {
		section := l.catalog.Section(k, m.name)
		switch {
		case m.name == "apiVersion" || m.name == "kind":
		case m.name == "match":
			matched = true
			l.plainMatch(file, m.value)
			l.matches(file, b, m)
		case m.name == "prune":
			l.diags.Errorf(pos(file, m.key), "prune in the project's own document", "a baseline cannot prune")
		case m.name == "protect":
			l.diags.Errorf(pos(file, m.key), "protect in the project's own document", "a baseline cannot protect")
		case m.name == varsName || m.name == withoutName:
			l.diags.Errorf(pos(file, m.key), "say so in the documents that the baseline is for", "a baseline has no %s", m.name)
		case m.name == "complete":
			l.diags.Errorf(pos(file, m.key), "say so in the project's own document", "a baseline cannot call a project complete")
		case section != nil:
			l.gift(file, b, m, section)
		case k.Field(m.name) != nil:
			l.diags.Errorf(pos(file, m.key), "declare it in the project's own document", "a baseline gives sections, and %s is a field of the %s", m.name, strings.ToLower(k.Name))
		default:
			l.unknown(file, m, fmt.Sprintf("section %s", m.name), known)
		}
	}
	if !matched {
		b.used = true // told already
		l.diags.Errorf(pos(file, n), `match: {name: "*-prod"}`, "match is missing: say which %ss the baseline is for", strings.ToLower(k.Name))
	}
	l.baselines = append(l.baselines, b)
}

// matches decodes what a baseline is for: globs of the name, and entries that
// a mapping such as tags has to hold.
func (l *loader) matches(file string, b *baseline, m member) {
	k := b.scope.Kind
	known := k.KeyFields()
	for _, f := range k.Fields {
		if f.Type == Map {
			known = append(known, f.Name)
		}
	}
	in := l.members(file, m.value, "match")
	if in != nil && len(in) == 0 {
		l.diags.Errorf(pos(file, m.value), `to match all, write {name: "*"}`, "match is empty")
	}
	for _, c := range in {
		f := k.Field(c.name)
		value := unalias(c.value)
		switch {
		case f != nil && k.IsKey(c.name):
			globs := []*yaml.Node{value}
			if value.Kind == yaml.SequenceNode {
				globs = value.Content
			}
			for _, g := range globs {
				if _, err := path.Match(g.Value, ""); g.Kind != yaml.ScalarNode || err != nil {
					l.diags.Errorf(pos(file, g), `such as "*-prod"`, "this is not a pattern")
					continue
				}
				b.match[c.name] = append(b.match[c.name], g.Value)
			}
		case f != nil && f.Type == Map:
			if entries, ok := l.stringMap(file, "match."+c.name, f, value); ok {
				b.entries[c.name] = map[string]string{}
				for key, v := range entries.(map[string]any) {
					b.entries[c.name][key] = fmt.Sprint(v)
				}
			}
		default:
			l.unknown(file, c, fmt.Sprintf("field match.%s", c.name), known)
		}
	}
}

func (b *baseline) covers(scope *Resource) bool {
	for name, globs := range b.match {
		value, _ := scope.Values[name].(string)
		if !slices.ContainsFunc(globs, func(g string) bool { ok, _ := path.Match(g, value); return ok }) {
			return false
		}
	}
	for name, entries := range b.entries {
		has, _ := scope.Values[name].(map[string]any)
		for key, want := range entries {
			if has[key] != want {
				return false
			}
		}
	}
	return len(b.match)+len(b.entries) > 0
}

// applyBaselines adds to a scope what its baselines give.
func (l *loader) applyBaselines(scope *Resource, docs []*document) {
	l.declareVars(scope, docs)
	without := l.declareWithout(scope, docs)
	defer func() { l.unknownExceptions(without, len(l.givers[scope]) > 0) }()
	for _, b := range l.baselines {
		if scope.Kind != b.scope.Kind || scope.Absent || !b.covers(scope) {
			continue
		}
		b.used = true
		l.gives(b, scope)
		l.giving = &giving{scan: b.scan, vars: scope.vars, without: without}
		for _, g := range b.gives {
			before := len(l.diags)
			sec := l.give(b, g, scope)
			if sec == nil {
				continue
			}
			for _, doc := range docs {
				for _, e := range doc.prune {
					if e.text == sec.Kind.Section {
						l.diags.Errorf(sec.Source, fmt.Sprintf("pruned at %s", e.source),
							"a pruned section stands wholly in one document, and this baseline adds %s to %s", e.text, scope.Address)
					}
				}
			}
			l.mergeSection(scope, "", sec)
			l.relate(scope, before)
		}
		l.giving = nil
	}
}

func (l *loader) unusedBaselines() {
	for _, b := range l.baselines {
		if !b.used {
			l.diags.Warnf(b.source, "check its match", "this baseline is for none of the declared %ss", strings.ToLower(b.scope.Kind.Name))
		}
	}
}

// mergeSection adds the resources of a baseline's section to those that a
// resource has: by their keys, and then field by field. What the scope leaves out
// is not added. below is the address of the resource within its scope.
func (l *loader) mergeSection(into *Resource, below Address, from *Section) {
	without := l.giving.without
	sec := into.Section(from.Kind)
	if sec == nil {
		sec = &Section{Kind: from.Kind, Source: from.Source}
		into.Sections = append(into.Sections, sec)
	}
	owned := make(map[string]*Resource, len(sec.Resources)+len(from.Resources))
	for _, r := range sec.Resources {
		owned[strings.Join(addressKey(r), "\x00")] = r
	}
	for _, given := range from.Resources {
		parts := addressKey(given)
		if e, at := without.leaves(below, from.Kind, parts); e != nil {
			without.leave(e, at, given.Source(from.Kind.KeyFields()...))
			continue
		}
		key := strings.Join(parts, "\x00")
		own := owned[key]
		if own == nil {
			own = &Resource{Kind: given.Kind, Ident: given.Ident, Absent: given.Absent, Replace: given.Replace,
				Values: map[string]any{}, At: map[string]Position{"": given.At[""]}, given: given.At[""]}
			if at, ok := given.At["state"]; ok {
				own.At["state"] = at
			}
			sec.Resources = append(sec.Resources, own)
			owned[key] = own
			l.needs(own)
		}
		if own.given.Line > 0 && own.Absent != given.Absent {
			l.disagree(given.Source("state"), own, "whether it is to be absent", own.Source("state"))
		}
		l.mergeUntil(own, given)
		l.mergeValues(own, given, own.Kind.Fields, own.Values, given.Values, "")
		if len(l.diags) > 0 {
			own.refused(given)
		}
		for _, child := range given.Sections {
			at := below.Child(from.Kind.Section, parts...)
			if e, left := without.leaves(at, child.Kind, nil); e != nil {
				without.leave(e, left, child.Source)
				continue
			}
			l.mergeSection(own, at, child)
		}
	}
}

func (l *loader) mergeValues(own, given *Resource, fields []Field, has, gives map[string]any, prefix string) {
	for _, name := range sortedKeys(gives) {
		field, v := join(prefix, name), gives[name]
		f := fieldNamed(fields, name)
		was, there := has[name]
		below, isMap := v.(map[string]any)
		hasBelow, wasMap := was.(map[string]any)
		switch {
		case !there && isMap && f != nil && f.Type == Object:
			hasBelow = map[string]any{}
			has[name] = hasBelow
			own.from(field, given)
			l.mergeValues(own, given, f.Fields, hasBelow, below, field)
		case !there:
			has[name] = copied(v)
			own.from(field, given)
		case isMap && wasMap && f != nil && (f.Type == Object || f.Type == Map):
			l.mergeValues(own, given, f.Fields, hasBelow, below, field)
		case own.Given[field].Line > 0 && !reflect.DeepEqual(was, v):
			l.disagree(given.Source(field), own, field, own.Given[field])
		}
	}
}

// disagree reports two baselines that want different things of one project.
func (l *loader) disagree(at Position, r *Resource, what string, other Position) {
	l.diags.Errorf(at, "let one of the two say it, or the project's own document",
		"two baselines set %s of %s differently: the other is at %s", what, strings.Join(append([]string{r.Kind.Section}, addressKey(r)...), "/"), other)
}

// refused notes the fields that a baseline's resource has and whose values are
// wrong: they are not missing.
func (r *Resource) refused(given *Resource) {
	for i := range r.Kind.Fields {
		name := r.Kind.Fields[i].Name
		if at := given.At[name]; at.Line > 0 && r.At[name].Line == 0 && given.Values[name] == nil {
			r.At[name] = at
		}
	}
}

// from notes that a field's value comes from a baseline's resource.
func (r *Resource) from(field string, given *Resource) {
	if r.Given == nil {
		r.Given = map[string]Position{}
	}
	r.Given[field] = given.Source(field)
	for at, p := range given.At {
		if PathWithin(at, field) {
			r.At[at] = p
		}
	}
}

func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		for k, e := range out {
			out[k] = copied(e)
		}
		return out
	case []any:
		out := slices.Clone(v)
		for i, e := range out {
			out[i] = copied(e)
		}
		return out
	}
	return v
}
