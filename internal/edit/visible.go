package edit

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// unseen tells of characters that a reader does not see, or that change how
// the others look: names that come from Atlas may hold them.
func unseen(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }

// Encode writes a node as lines, indented by two columns a level. Characters that a
// reader does not see are spelled out.
func Encode(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	visible(n)
	if err := enc.Encode(n); err != nil {
		return nil, err
	}
	return SpelledOut(b.Bytes()), enc.Close()
}

// visible puts text with unseen characters in double quotes, where they can be
// spelled out.
func visible(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && strings.ContainsFunc(n.Value, unseen) {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, c := range n.Content {
		visible(c)
	}
}

// SpelledOut writes the unseen characters that YAML would leave as they are by
// their numbers. They stand in double quotes: visible has seen to it.
func SpelledOut(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r != '\n' && unseen(r) }) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r == '\n' || !unseen(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	return b.Bytes()
}
