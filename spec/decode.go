package spec

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// fieldsIn decodes the declared members of a mapping by their fields. It
// returns what it does not know, for the caller to judge.
func (l *loader) fieldsIn(r *Resource, file, prefix string, fields []Field, in []member, into map[string]any) (unknown []member) {
	for _, m := range in {
		f := fieldNamed(fields, m.name)
		if f == nil {
			unknown = append(unknown, m)
			continue
		}
		path := join(prefix, m.name)
		r.At[path] = l.at(file, m)
		if f.ReadOnly {
			l.diags.Errorf(pos(file, m.key), "leave it out", "%s is set by Atlas and cannot be declared", path)
			continue
		}
		if v, ok := l.value(r, file, path, f, m.value); ok {
			into[m.name] = v
		}
	}
	return unknown
}

func fieldNamed(fields []Field, name string) *Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// value decodes one declared value into its canonical Go form: string, bool,
// int64, time.Duration, Secret, []any or map[string]any.
func (l *loader) value(r *Resource, file, path string, f *Field, n *yaml.Node) (any, bool) {
	if n = l.node(n); n == unfilled || !l.visit(file, n) {
		return nil, false
	}
	if f.Sensitive && f.Type != Map {
		return l.secret(file, path, n)
	}
	if n.Tag == "!!null" && n.Kind == yaml.ScalarNode && f.Nullable {
		return Null{}, true
	}
	wrong := func(hint string) (any, bool) {
		l.diags.Errorf(pos(file, n), hint, "%s is to be %s %s, not %s", path, article(f.Type), f.Type, describe(n))
		return nil, false
	}
	switch f.Type {
	case Document:
		return l.tree(file, path, n, f.InOrder)
	case Set, List:
		if n.Kind != yaml.SequenceNode {
			return wrong("write it as a list: [a, b]")
		}
		return l.collection(r, file, path, f, n)
	case Map, Object:
		if n.Kind != yaml.MappingNode {
			return wrong("")
		}
		if f.Type == Map {
			return l.stringMap(file, path, f, n)
		}
		return l.object(r, file, path, f, n)
	}
	if n.Kind != yaml.ScalarNode {
		return wrong("")
	}
	switch f.Type {
	case Bool:
		if n.Tag != "!!bool" {
			return wrong("write true or false")
		}
		return strings.EqualFold(n.Value, "true"), true
	case Int, Bytes:
		v, err := integer(f, n)
		if err != nil {
			return wrong(err.Error())
		}
		if f.Max > f.Min && (v < f.Min || v > f.Max) {
			l.diags.Errorf(pos(file, n), "", "%s is to be from %d to %d, not %d", path, f.Min, f.Max, v)
			return nil, false
		}
		if len(f.Enum) > 0 && !slices.Contains(f.Enum, strconv.FormatInt(v, 10)) {
			l.diags.Errorf(pos(file, n), "allowed: "+strings.Join(f.Enum, ", "), "%s: %d is not allowed", path, v)
			return nil, false
		}
		return v, true
	case Number:
		v, err := decimal(n)
		if err != nil {
			return wrong(err.Error())
		}
		if whole, ok := v.(int64); ok && f.Max > f.Min && (whole < f.Min || whole > f.Max) {
			l.diags.Errorf(pos(file, n), "", "%s is to be from %d to %d, not %d", path, f.Min, f.Max, whole)
			return nil, false
		}
		return v, true
	case Duration:
		v, err := time.ParseDuration(n.Value)
		if err != nil || v < 0 {
			return wrong("write it as 36h or 90m")
		}
		return v, true
	}
	if n.Tag != "!!str" && n.Tag != "!!timestamp" {
		if n.Tag == "!!null" {
			return wrong("give it a value or leave the field out")
		}
		return wrong(fmt.Sprintf("put it in quotes: %q", n.Value))
	}
	if l.giving == nil && strings.Contains(n.Value, "${"+varsName+".") {
		l.diags.Warnf(pos(file, n), "only baselines have placeholders", "%s is sent as it stands here, ${%s.… included", path, varsName)
	}
	if f.Type == Path {
		return l.path(l.writtenIn(file, n), n.Value), l.checkText(file, path, f, n)
	}
	return n.Value, l.checkText(file, path, f, n)
}

// path makes a file's path relative to the file that names it.
func (l *loader) path(file, p string) string {
	if filepath.IsAbs(p) || file == "<stdin>" {
		return filepath.Clean(p)
	}
	return filepath.Join(filepath.Dir(file), p)
}

var sizeUnit = regexp.MustCompile(`^\d+(\.\d+)?\s*[kKMGTPE]?i?B$`)

// tree decodes a value of any shape.
func (l *loader) tree(file, path string, n *yaml.Node, ordered bool) (any, bool) {
	if n = l.node(n); n == unfilled || !l.visit(file, n) {
		return nil, false
	}
	switch n.Kind {
	case yaml.MappingNode:
		out, ok := map[string]any{}, true
		var keys []string
		for _, m := range l.members(file, n, path) {
			v, good := l.tree(file, join(path, m.name), m.value, ordered)
			out[m.name], ok = v, ok && good
			keys = append(keys, m.name)
		}
		if ordered {
			return Mapping(keys, out), ok
		}
		return out, ok
	case yaml.SequenceNode:
		out, ok := make([]any, 0, len(n.Content)), true
		for _, c := range n.Content {
			v, good := l.tree(file, path, c, ordered)
			out, ok = append(out, v), ok && good
		}
		return out, ok
	}
	switch n.Tag {
	case "!!null":
		return nil, true
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), true
	case "!!int", "!!float":
		v, err := decimal(n)
		if err != nil {
			l.diags.Errorf(pos(file, n), "put it in quotes", "%s: %v", path, err)
			return nil, false
		}
		return v, true
	}
	return n.Value, true
}

func (l *loader) collection(r *Resource, file, path string, f *Field, n *yaml.Node) (any, bool) {
	out, ok := make([]any, 0, len(n.Content)), true
	seen := map[string]int{}
	element := *f
	element.Type, element.MinItems = String, 0
	for i, c := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		if c = l.node(c); c == unfilled {
			ok = false
			continue
		}
		r.At[at] = pos(file, c)
		var v any
		var good bool
		if len(f.Fields) > 0 {
			v, good = l.object(r, file, at, f, c)
		} else {
			v, good = l.value(r, file, at, &element, c)
		}
		if !good {
			ok = false
			continue
		}
		if id := f.ElementID(v); f.Type == Set {
			if first, dup := seen[id]; dup && !f.Repeats {
				l.diags.Errorf(pos(file, c), "", "%s is there already, at line %d", id, first)
				ok = false
			}
			seen[id] = c.Line
		}
		out = append(out, v)
	}
	if ok && len(out) < f.MinItems {
		l.diags.Errorf(pos(file, n), "", "%s is to have at least %s", path, Counted(f.MinItems, "member"))
		return nil, false
	}
	return out, ok
}

func (l *loader) stringMap(file, path string, f *Field, n *yaml.Node) (any, bool) {
	out, ok := map[string]any{}, true
	element := *f
	element.Type = String
	for _, m := range l.members(file, n, path) {
		v, good := l.value(nil, file, join(path, m.name), &element, m.value)
		if !good {
			ok = false
			continue
		}
		out[m.name] = v
	}
	if ok && len(out) < f.MinItems {
		l.diags.Errorf(pos(file, n), "", "%s is to have at least %s", path, Counted(f.MinItems, "member"))
		return nil, false
	}
	return out, ok
}

// variant reports a member that is not there for the value that the variant has.
func (l *loader) variant(r *Resource, name string, f *Field, values map[string]any, path string) {
	at := r.At[join(path, f.Name)]
	if _, said := values[name]; !said || at.Line == 0 || f.Fits(values[name]) {
		return
	}
	l.diags.Errorf(at, "it is for "+strings.Join(f.For, ", "), "%s is not there for %s %v", join(path, f.Name), name, values[name])
}

func (l *loader) object(r *Resource, file, path string, of *Field, n *yaml.Node) (any, bool) {
	before := len(l.diags)
	out := map[string]any{}
	unknown := l.fieldsIn(r, file, path, of.Fields, l.members(file, n, path), out)
	names := fieldNames(of.Fields)
	for _, m := range unknown {
		if l.omitted(file, m, r, join(path, m.name)) {
			continue
		}
		l.unknown(file, m, "field "+join(path, m.name), names)
	}
	for i := range of.Fields {
		f := &of.Fields[i]
		l.variant(r, of.Variant, f, out, path)
		if _, said := r.At[join(path, f.Name)]; !said && f.Required && f.Default != nil && f.Fits(out[of.Variant]) {
			out[f.Name] = f.Default // Atlas wants it, and has a word for saying nothing
		}
		if _, ok := out[f.Name]; f.Required && !ok && f.Fits(out[of.Variant]) && r.At[join(path, f.Name)].Line == 0 {
			l.diags.Errorf(pos(file, n), "", "%s is missing", join(path, f.Name))
		}
	}
	return out, !l.diags[before:].HasErrors()
}

func fieldNames(fields []Field) []string {
	var names []string
	for _, f := range fields {
		if !f.ReadOnly {
			names = append(names, f.Name)
		}
	}
	return names
}

// omitted reports a key that the API has and files have not, with the reason.
func (l *loader) omitted(file string, m member, r *Resource, path string) bool {
	if r == nil {
		return false
	}
	why, ok := r.Kind.Omit["/"+strings.ReplaceAll(inElements.ReplaceAllString(path, ""), ".", "/")]
	if ok {
		l.diags.Errorf(pos(file, m.key), "the API has it, and files have not: "+why, "unknown field %s", path)
	}
	return ok
}

// inElements are the parts of a path that say which element of a list is meant.
var inElements = regexp.MustCompile(`\[[^\]]*\]`)

// unknown reports a key that nothing declares.
func (l *loader) unknown(file string, m member, what string, known []string) {
	hint := didYouMean(m.name, known)
	if hint == "" && len(known) > 0 {
		hint = "known here: " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
	}
	l.diags.Errorf(pos(file, m.key), hint, "unknown %s", what)
}

// secret decodes {fromEnv: NAME} or {fromFile: path}. A literal is refused
// and never shown.
func (l *loader) secret(file, path string, n *yaml.Node) (any, bool) {
	literal := n.Kind != yaml.MappingNode
	for i := 0; !literal && i < len(n.Content); i += 2 {
		literal = n.Content[i].Kind != yaml.ScalarNode || Nearest(n.Content[i].Value, []string{"fromEnv", "fromFile"}) == ""
	}
	if literal || len(n.Content) == 0 { // {VALUE} too: a template that nobody filled in
		l.conceal(pos(file, n))
		l.diags.Errorf(pos(file, n), "write {fromEnv: NAME} or {fromFile: path}", "%s is sensitive and cannot stand in a file", path)
		return nil, false
	}
	var s Secret
	ok := true
	in := l.members(file, n, path)
	for _, m := range in {
		switch {
		case m.value == unfilled:
			ok = false
		case m.value.Kind != yaml.ScalarNode || m.value.Value == "":
			l.diags.Errorf(pos(file, m.value), "", "%s.%s is to name where the value is kept", path, m.name)
			ok = false
		case m.name == "fromEnv" && strings.HasPrefix(m.value.Value, "MONGODB_ATLAS_"):
			l.diags.Errorf(pos(file, m.value), "keep it in a variable of another name", "%s: the tool's own credentials are not for sending", path)
			ok = false
		case m.name == "fromEnv" && !variableName.MatchString(m.value.Value):
			l.diags.Errorf(pos(file, m.value), "name the environment variable that holds the value", "%s.fromEnv is no variable's name", path)
			ok = false
		case m.name == "fromEnv":
			s.FromEnv = m.value.Value
		case m.name == "fromFile":
			s.FromFile = l.path(l.writtenIn(file, m.value), m.value.Value)
		default:
			l.unknown(file, m, "field "+join(path, m.name), []string{"fromEnv", "fromFile"})
			ok = false
		}
	}
	if ok && (len(in) != 1) {
		l.diags.Errorf(pos(file, n), "write {fromEnv: NAME} or {fromFile: path}", "%s takes one place to read from", path)
		ok = false
	}
	return s, ok
}
