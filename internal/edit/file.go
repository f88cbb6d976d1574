// Package edit changes values of a YAML text where they stand: what is not
// changed stays as it is to the byte, with its comments, order, quotes and anchors.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A File is a YAML text with its nodes, and what is to be changed of it.
type File struct {
	text  string
	lines []int // the offset at which each line begins
	docs  []*yaml.Node

	up     map[*yaml.Node]*yaml.Node // of each node the one that it stands in
	values map[[2]int]*yaml.Node     // nodes that are no keys, by line and column
	keys   map[[2]int]*yaml.Node     // the values of keys, by the line and column of the key
	used   map[*yaml.Node]int        // the line of an alias of a node

	changes map[*yaml.Node]*change
}

// A change is what becomes of a node.
type change struct {
	with     *yaml.Node // what replaces it
	without  map[int]bool
	appended []*yaml.Node // of a sequence its items, of a mapping keys and values
}

// Parse reads a text.
func Parse(text string) (*File, error) {
	f := &File{text: text, lines: []int{0}, up: map[*yaml.Node]*yaml.Node{}, values: map[[2]int]*yaml.Node{}, keys: map[[2]int]*yaml.Node{},
		used: map[*yaml.Node]int{}, changes: map[*yaml.Node]*change{}}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if r == '\n' || r == '\r' && !strings.HasPrefix(text[i:], "\n") || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			f.lines = append(f.lines, i)
		}
	}
	dec := yaml.NewDecoder(strings.NewReader(text))
	for {
		doc := new(yaml.Node)
		err := dec.Decode(doc)
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
		f.docs = append(f.docs, doc)
		f.index(doc, false)
	}
}

func (f *File) index(n *yaml.Node, isKey bool) {
	if at := [2]int{n.Line, n.Column}; !isKey && n.Kind != yaml.DocumentNode && f.values[at] == nil {
		f.values[at] = n
	}
	if n.Kind == yaml.AliasNode {
		f.used[n.Alias] = n.Line
		return
	}
	for i, c := range n.Content {
		f.up[c] = n
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			f.keys[[2]int{c.Line, c.Column}] = n.Content[i+1]
		}
		f.index(c, n.Kind == yaml.MappingNode && i%2 == 0)
	}
}

// At returns the value that stands at a place, or nil.
func (f *File) At(line, column int) *yaml.Node { return f.values[[2]int{line, column}] }

// Under returns the value of the key that stands at a place, or nil.
func (f *File) Under(line, column int) *yaml.Node { return f.keys[[2]int{line, column}] }

// Root returns the value of the document that a node stands in.
func (f *File) Root(n *yaml.Node) *yaml.Node {
	for f.up[n] != nil && f.up[n].Kind != yaml.DocumentNode {
		n = f.up[n]
	}
	return n
}

// Shared returns the line of an alias by which a node, or what it stands in, is used
// elsewhere too; 0 if there is none.
func (f *File) Shared(n *yaml.Node) int {
	for ; n != nil; n = f.up[n] {
		if n.Anchor != "" && f.used[n] > 0 {
			return f.used[n]
		}
	}
	return 0
}

// In returns what a node stands in.
func (f *File) In(n *yaml.Node) *yaml.Node { return f.up[n] }

// Member returns the value of a key of a mapping, and whether it is merged in
// from elsewhere: then it is what stands there.
func Member(mapping *yaml.Node, key string) (value *yaml.Node, merged bool) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key && mapping.Content[i].Tag != "!!merge" {
			return mapping.Content[i+1], false
		}
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Tag != "!!merge" {
			continue
		}
		from := []*yaml.Node{mapping.Content[i+1]}
		if from[0].Kind == yaml.SequenceNode {
			from = from[0].Content
		}
		for _, m := range from {
			for m.Kind == yaml.AliasNode {
				m = m.Alias
			}
			if m.Kind != yaml.MappingNode {
				continue
			}
			if v, _ := Member(m, key); v != nil {
				return v, true
			}
		}
	}
	return nil, false
}

func (f *File) change(n *yaml.Node) *change {
	if f.changes[n] == nil {
		f.changes[n] = &change{without: map[int]bool{}}
	}
	return f.changes[n]
}

// Replace puts another value in place of a node.
func (f *File) Replace(n, with *yaml.Node) { f.change(n).with = with }

// Set gives a key of a mapping a value: the one that stands there is replaced.
func (f *File) Set(mapping *yaml.Node, key string, value *yaml.Node) {
	if v, merged := Member(mapping, key); v != nil && !merged {
		f.Replace(v, value)
		return
	}
	name := new(yaml.Node)
	name.SetString(key)
	c := f.change(mapping)
	c.appended = append(c.appended, name, value)
}

// Unset takes a key out of a mapping.
func (f *File) Unset(mapping *yaml.Node, key string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			f.change(mapping).without[i/2] = true
		}
	}
}

// Append adds an item to a sequence.
func (f *File) Append(sequence, item *yaml.Node) {
	c := f.change(sequence)
	c.appended = append(c.appended, item)
}

// Remove takes an item out of a sequence, or a value with its key out of a mapping.
func (f *File) Remove(from, item *yaml.Node) {
	if i := slices.Index(from.Content, item); i >= 0 {
		if from.Kind == yaml.MappingNode {
			i /= 2
		}
		f.change(from).without[i] = true
	}
}

// Text returns the text with all that was changed.
func (f *File) Text() (string, error) {
	w := &writing{File: f}
	for _, doc := range f.docs {
		if err := w.node(doc); err != nil {
			return "", err
		}
	}
	slices.SortStableFunc(w.edits, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return (a.to - a.from) - (b.to - b.from) // what is put in comes before what goes
	})
	var b bytes.Buffer
	at := 0
	for _, e := range w.edits {
		if e.from < at {
			return "", fmt.Errorf("line %d is changed twice", f.lineOf(e.from)+1)
		}
		b.WriteString(f.text[at:e.from])
		b.WriteString(f.endLines(e.text))
		at = e.to
	}
	b.WriteString(f.text[at:])
	return b.String(), nil
}

// endLines gives what is written the line ends of the text.
func (f *File) endLines(written string) string {
	if first := strings.IndexByte(f.text, '\n'); first < 1 || f.text[first-1] != '\r' {
		return written
	}
	return strings.ReplaceAll(strings.ReplaceAll(written, "\r\n", "\n"), "\n", "\r\n")
}

// lineOf returns the index of the line that an offset is in.
func (f *File) lineOf(offset int) int {
	i, exact := slices.BinarySearch(f.lines, offset)
	if exact {
		return i
	}
	return i - 1
}

// startOf returns the offset at which a node begins, with its anchor and tag.
func (f *File) startOf(n *yaml.Node) int {
	at := f.lines[min(max(0, n.Line-1), len(f.lines)-1)]
	if n.Line == 1 {
		at += len(f.text) - len(strings.TrimPrefix(f.text, "\ufeff"))
	}
	for i := 1; i < n.Column && at < len(f.text); i++ { // columns count characters
		_, size := utf8.DecodeRuneInString(f.text[at:])
		at += size
	}
	return at
}
