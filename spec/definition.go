package spec

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"gopkg.in/yaml.v3"
)

// DefinitionKind is the kind of a document that describes a kind: the words of Kind,
// with a small letter first (id, elemKey, byID).
const DefinitionKind = "KindDefinition"

// A Definition is a kind that a file describes.
type Definition struct {
	Kind *Kind
	// At is where its parts stand: "" the document, a field by its name, a call by its
	// route, any other word after a dot.
	At map[string]Position
}

// Place returns where the first of some parts stands that is there, or else the
// definition.
func (d *Definition) Place(parts ...string) Position {
	for _, part := range parts {
		if at, ok := d.At[part]; ok {
			return at
		}
	}
	return d.At[""]
}

// routes finds where the routes of calls stand.
func (d *Definition) routes(file string, n *yaml.Node) {
	for i, e := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && e.Value == "route" {
			if route := n.Content[i+1]; d.At[route.Value] == (Position{}) {
				d.At[route.Value] = pos(file, route)
			}
		}
		d.routes(file, e)
	}
}

// extended returns the catalogue with the kinds that the files describe.
func (l *loader) extended() {
	if l.catalog == nil || l.catalog.Define == nil {
		return
	}
	var defs []Definition
	for _, f := range l.state.Sources.files {
		if strings.Contains(f.Text, DefinitionKind) {
			defs = append(defs, l.definitions(f)...)
		}
	}
	for _, d := range defs {
		l.undefined = append(l.undefined, d.Kind.Section)
	}
	if len(defs) == 0 || l.diags.HasErrors() {
		return
	}
	c, diags := l.catalog.Define(defs)
	l.diags = append(l.diags, diags...)
	if !diags.HasErrors() {
		l.catalog, l.undefined = c, nil
	}
}

// Definitions returns the documents of files that describe kinds, a file each.
func Definitions(files []File) ([]File, error) {
	var out []File
	for _, f := range files {
		dec := yaml.NewDecoder(strings.NewReader(f.Text))
		for strings.Contains(f.Text, DefinitionKind) {
			var node yaml.Node
			if dec.Decode(&node) != nil {
				break // the end: the files were read before
			}
			if len(node.Content) == 0 || node.Content[0].Kind != yaml.MappingNode || !isDefinition(node.Content[0]) {
				continue
			}
			text, err := yaml.Marshal(&node)
			if err != nil {
				return nil, err
			}
			out = append(out, File{Name: f.Name, Text: string(text)})
		}
	}
	return out, nil
}

// badlyDefined tells whether a file describes the kind of a section, and wrongly: what
// is wrong with the section itself is not known then.
func (l *loader) badlyDefined(section string) bool { return slices.Contains(l.undefined, section) }

// definitions decodes those of one file. Whether it is YAML is looked at later.
func (l *loader) definitions(f File) []Definition {
	var out []Definition
	dec := yaml.NewDecoder(bytes.NewReader([]byte(f.Text)))
	for {
		var node yaml.Node
		if dec.Decode(&node) != nil {
			return out
		}
		if len(node.Content) == 0 || node.Content[0].Kind != yaml.MappingNode || !isDefinition(node.Content[0]) {
			continue
		}
		n := node.Content[0]
		d := Definition{Kind: &Kind{}, At: map[string]Position{"": pos(f.Name, n)}}
		l.structure(f.Name, n, reflect.ValueOf(d.Kind).Elem(), "a "+DefinitionKind, []string{"apiVersion", "kind"})
		for _, m := range l.members(f.Name, n, "a document") {
			if m.name != "fields" || m.value.Kind != yaml.SequenceNode {
				d.At["."+m.name] = pos(f.Name, m.value)
				continue
			}
			for i, e := range m.value.Content {
				if i < len(d.Kind.Fields) {
					d.At[d.Kind.Fields[i].Name] = pos(f.Name, e)
				}
			}
		}
		d.routes(f.Name, n)
		if d.Kind.Name == "" {
			l.diags.Errorf(d.At[""], "name: what explain and --kind call it, such as ProjectUser", "name is missing")
			continue
		}
		out = append(out, d)
	}
}

func isDefinition(n *yaml.Node) bool { return isKind(n, DefinitionKind) }

// isKind tells whether a document says that it is of a kind.
func isKind(n *yaml.Node, kind string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "kind" {
			return n.Content[i+1].Value == kind
		}
	}
	return false
}

// structure decodes a mapping into a struct, word by word.
func (l *loader) structure(file string, n *yaml.Node, v reflect.Value, what string, besides []string) {
	words := map[string]int{}
	var known []string
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() {
			words[WordOf(f.Name)] = i
			known = append(known, WordOf(f.Name))
		}
	}
	slices.Sort(known)
	for _, m := range l.members(file, n, what) {
		i, ok := words[m.name]
		switch {
		case slices.Contains(besides, m.name):
		case !ok:
			hint := didYouMean(m.name, known)
			if hint == "" {
				hint = "known here: " + strings.Join(known, ", ")
			}
			l.diags.Errorf(pos(file, m.key), hint, "unknown word %q in %s", m.name, what)
		default:
			l.word(file, m.value, v.Field(i), m.name)
		}
	}
}

// WordOf is how files spell the name of a struct's field.
func WordOf(name string) string {
	if strings.ToUpper(name) == name || name == "IDs" {
		return strings.ToLower(name)
	}
	runes := []rune(name)
	for i := range runes {
		if i > 0 && (i+1 == len(runes) || !unicode.IsUpper(runes[i+1])) && unicode.IsUpper(runes[i]) {
			break // the first letter of the next word
		}
		if !unicode.IsUpper(runes[i]) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// maxWords bounds how deep a definition may nest.
const maxWords = 64

// The words of types that Go has numbers for.
var (
	typeWords = map[string]Type{"string": String, "bool": Bool, "int": Int, "number": Number, "bytes": Bytes, "duration": Duration,
		"path": Path, "set": Set, "list": List, "map": Map, "object": Object, "document": Document}
	normWords = map[string]Norm{"exact": Exact, "email": Email, "cidr": CIDR, "jsonDoc": JSONDoc, "fold": Fold, "version": Version, "instant": Instant, "text": Text}
	sendWords = map[string]Send{"nothing": Nothing, "changed": Changed, "declared": Declared, "overlay": Overlay}
)

// word decodes one value.
func (l *loader) word(file string, n *yaml.Node, v reflect.Value, name string) {
	n = unalias(n)
	l.depth++
	defer func() { l.depth-- }()
	if !l.visit(file, n) {
		return
	}
	if l.depth > maxWords {
		l.diags.Errorf(pos(file, n), "", "%s nests too deep", name)
		return
	}
	switch v.Interface().(type) {
	case Type:
		oneOf(l, file, n, v, name, typeWords)
		return
	case Norm:
		oneOf(l, file, n, v, name, normWords)
		return
	case Send:
		oneOf(l, file, n, v, name, sendWords)
		return
	case time.Duration:
		d, err := time.ParseDuration(n.Value)
		if err != nil {
			l.diags.Errorf(pos(file, n), "such as 30s or 20m", "%s is to be a duration", name)
		}
		v.SetInt(int64(d))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		l.word(file, n, v.Elem(), name)
	case reflect.Struct:
		l.structure(file, n, v, name, nil)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			l.diags.Errorf(pos(file, n), "", "%s is to be a list, not %s", name, describe(n))
			return
		}
		for _, e := range n.Content {
			one := reflect.New(v.Type().Elem()).Elem()
			l.word(file, e, one, name)
			v.Set(reflect.Append(v, one))
		}
	case reflect.Array:
		if n.Kind != yaml.SequenceNode || len(n.Content) != v.Len() {
			l.diags.Errorf(pos(file, n), "", "%s is to be a list of %d", name, v.Len())
			return
		}
		for i, e := range n.Content {
			l.word(file, e, v.Index(i), name)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, m := range l.members(file, n, name) {
			one := reflect.New(v.Type().Elem()).Elem()
			l.word(file, m.value, one, name+"."+m.name)
			v.SetMapIndex(reflect.ValueOf(m.name), one)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(constant(n, maxWords)))
	default:
		if err := n.Decode(v.Addr().Interface()); err != nil || n.Kind != yaml.ScalarNode {
			l.diags.Errorf(pos(file, n), "", "%s is to be a %s, not %s", name, v.Kind(), describe(n))
		}
	}
}

func oneOf[T ~int](l *loader, file string, n *yaml.Node, v reflect.Value, name string, words map[string]T) {
	value, ok := words[n.Value]
	if !ok {
		l.diags.Errorf(pos(file, n), "one of "+strings.Join(sortedKeys(words), ", "), "%s: unknown word %q", name, n.Value)
	}
	v.SetInt(int64(value))
}

// constant is a value as it is compared and sent: whole numbers are int64.
func constant(n *yaml.Node, depth int) any {
	n = unalias(n)
	if depth == 0 {
		return ""
	}
	switch n.Kind {
	case yaml.SequenceNode:
		out := []any{}
		for _, e := range n.Content {
			out = append(out, constant(e, depth-1))
		}
		return out
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = constant(n.Content[i+1], depth-1)
		}
		return out
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return n.Value
	}
	switch v := v.(type) {
	case nil:
		return ""
	case int:
		return int64(v)
	case bool, float64, string:
		return v
	}
	return fmt.Sprint(v)
}
