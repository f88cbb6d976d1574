// Package format lays declared files out in one way: two spaces of
// indentation, and the members of every resource in the order of its kind.
// Comments and blank lines stay.
package format

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// blank stands for a blank line while the YAML library, which forgets blank
// lines and keeps comments, has the text.
const blank = "#atlasctl-sync-blank-line#"

// File returns the text of a declared file in its usual layout, with the ends of
// lines that it has. It fails, and so leaves the file alone, where the layout would
// change what the file says.
func File(c *spec.Catalog, text []byte) ([]byte, error) {
	if unix := bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")); len(unix) < len(text) {
		out, err := file(c, unix)
		return bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n")), err
	}
	return file(c, text)
}

func file(c *spec.Catalog, text []byte) ([]byte, error) {
	if bytes.Contains(text, []byte(blank)) {
		return nil, errors.New("the file holds the mark that stands for blank lines")
	}
	if onlyComments(text) {
		return text, nil
	}
	before, err := values(text)
	if err != nil {
		return nil, err
	}
	// The library moves some comments only the second time.
	out, again := text, []byte(nil)
	for n := 0; !bytes.Equal(out, again); n++ {
		if n == 4 {
			return nil, errors.New("its layout does not settle; it is left as it is")
		}
		if n > 0 {
			out = again
		}
		if again, err = lay(c, out); err != nil {
			return nil, err
		}
	}
	after, err := values(out)
	if err != nil || !reflect.DeepEqual(before, after) || comments(text) != comments(out) {
		return nil, errors.New("its layout cannot be changed without changing more; it is left as it is")
	}
	return out, nil
}

func lay(c *spec.Catalog, text []byte) ([]byte, error) {
	dec := yaml.NewDecoder(bytes.NewReader(marked(text)))
	var b bytes.Buffer
	for n := 0; ; n++ {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(doc.Content) == 0 {
			continue
		}
		order(c, doc.Content[0])
		plainMerges(&doc)
		if n > 0 {
			b.WriteString("---\n")
		}
		enc := yaml.NewEncoder(&b)
		enc.SetIndent(2)
		if err := enc.Encode(&doc); err != nil {
			return nil, err
		}
		if err := enc.Close(); err != nil {
			return nil, err
		}
	}
	return unmarked(b.Bytes()), nil
}

// marked puts the mark into blank lines, indented as what follows them. Lines
// of block scalars are left alone.
func marked(text []byte) []byte {
	lines := strings.Split(string(text), "\n")
	inBlock, blockIndent := false, 0
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if inBlock && (trimmed == "" || indent > blockIndent) {
			continue
		}
		inBlock = false
		if trimmed != "" {
			head, _, _ := strings.Cut(trimmed, " #")
			head = strings.TrimRight(head, "0123456789+- ")
			inBlock, blockIndent = strings.HasSuffix(head, "|") || strings.HasSuffix(head, ">"), indent
			continue
		}
		next := ""
		for _, after := range lines[i+1:] {
			if strings.TrimSpace(after) != "" {
				next = after
				break
			}
		}
		if next == "" || i > 0 && strings.Contains(lines[i-1], blank) {
			continue // at the end, and one of several
		}
		lines[i] = strings.Repeat(" ", len(next)-len(strings.TrimLeft(next, " "))) + blank
	}
	return []byte(strings.Join(lines, "\n"))
}

func unmarked(text []byte) []byte {
	var out []string
	for _, line := range strings.Split(string(text), "\n") {
		if strings.TrimSpace(line) == blank {
			line = ""
		}
		if line == "" && len(out) > 0 && out[len(out)-1] == "" {
			continue
		}
		out = append(out, line)
	}
	return []byte(strings.TrimLeft(strings.Join(out, "\n"), "\n"))
}

// order sorts the members of a document and of the resources in it.
func order(c *spec.Catalog, doc *yaml.Node) {
	if textOf(doc, "kind") == spec.PolicyKind {
		policy(doc)
		return
	}
	kind := c.Kind(textOf(doc, "kind"))
	if textOf(doc, "kind") == spec.BaselineKind {
		for _, k := range c.Documents() {
			if k.Parent != "" {
				kind = k
			}
		}
	}
	if kind != nil && kind.Document {
		members(c, doc, kind)
	}
}

func members(c *spec.Catalog, n *yaml.Node, k *spec.Kind) {
	if n.Kind != yaml.MappingNode {
		return
	}
	names := []string{"apiVersion", "kind", "match"}
	if k.Ident != "" {
		names = append(names, k.Ident)
	}
	fields := k.Fields
	for len(fields) > 0 && (k.Identifies(fields[0].Name) || slices.Contains(k.Within, fields[0].Name)) { // what says which one it is comes first
		names, fields = append(names, fields[0].Name), fields[1:]
	}
	names = append(names, "state", "replace", "complete", "prune", "protect", "vars", "without")
	for i := range fields {
		names = append(names, fields[i].Name)
	}
	if k.Grants() {
		names = append(names, "until")
	}
	children := c.Children(k)
	for _, child := range children {
		names = append(names, child.Section)
	}
	sortMembers(n, names)
	for i := 0; i+1 < len(n.Content); i += 2 {
		for _, child := range children {
			if n.Content[i].Value != child.Section {
				continue
			}
			if child.Singleton {
				members(c, n.Content[i+1], child)
				continue
			}
			for _, item := range n.Content[i+1].Content {
				members(c, item, child)
			}
		}
	}
}

// sortMembers puts the members of a mapping into an order; what the order does
// not name stays behind it. A mapping with merges or the like is left alone.
func sortMembers(n *yaml.Node, names []string) {
	rank := func(key string) int {
		if i := slices.Index(names, key); i >= 0 {
			return i
		}
		return len(names)
	}
	type pair struct{ key, value *yaml.Node }
	var pairs []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		if hasFoot(n.Content[i]) || hasFoot(n.Content[i+1]) {
			return // a comment below a member would come to stand above another
		}
		if n.Content[i].Kind != yaml.ScalarNode || n.Content[i].Value == "<<" || n.Content[i].Anchor != "" || hasAnchor(n.Content[i+1]) {
			return // an anchor has to stand before what refers to it
		}
		pairs = append(pairs, pair{n.Content[i], n.Content[i+1]})
	}
	head := ""
	if len(pairs) > 0 {
		head, pairs[0].key.HeadComment = pairs[0].key.HeadComment, ""
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return rank(a.key.Value) - rank(b.key.Value) })
	n.Content = n.Content[:0]
	for i, p := range pairs {
		if i == 0 && head != "" {
			p.key.HeadComment = strings.TrimPrefix(head+"\n"+p.key.HeadComment, "\n")
			p.key.HeadComment = strings.TrimRight(p.key.HeadComment, "\n")
		}
		n.Content = append(n.Content, p.key, p.value)
	}
}

func hasFoot(n *yaml.Node) bool {
	return n.FootComment != "" && n.FootComment != blank || slices.ContainsFunc(n.Content, hasFoot)
}

// plainMerges spells merges as people do.
func plainMerges(n *yaml.Node) {
	if n.Tag == "!!merge" {
		n.Tag = ""
	}
	for _, c := range n.Content {
		plainMerges(c)
	}
}

func hasAnchor(n *yaml.Node) bool {
	return n.Anchor != "" || n.Kind == yaml.AliasNode || slices.ContainsFunc(n.Content, hasAnchor)
}

func textOf(n *yaml.Node, key string) string {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// values returns what a file says, without its layout.
func values(text []byte) ([]any, error) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var out []any
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		// The library's words quote the file, which may hold a secret.
		if err != nil {
			return nil, errors.New("it is no YAML: validate tells where")
		}
		var v any
		if doc.Decode(&v) != nil {
			return nil, errors.New("a key is there twice, or an alias stands in itself: validate tells where")
		}
		if v != nil {
			out = append(out, v)
		}
	}
}

func onlyComments(text []byte) bool {
	for _, line := range strings.Split(string(text), "\n") {
		if t := strings.TrimSpace(line); t != "" && !strings.HasPrefix(t, "#") {
			return false
		}
	}
	return true
}

// comments counts the comment marks, to notice a comment that got lost.
func comments(text []byte) int {
	n := 0
	for _, line := range strings.Split(string(text), "\n") {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "#") || strings.Contains(t, " #") {
			n++
		}
	}
	return n
}
