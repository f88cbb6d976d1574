package edit

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"
)

// errRange says that the text of a node was not found where it is said to be.
var errRange = errors.New("its place in the text cannot be told")

// endOf returns the offset at which the text of a node ends.
func (f *File) endOf(n *yaml.Node) (int, error) {
	at := f.afterProperties(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return at + len("*") + len(n.Value), nil
	case n.Kind == yaml.ScalarNode:
		return f.endOfScalar(n, at)
	case n.Style&yaml.FlowStyle != 0:
		return f.endOfFlow(at)
	case len(n.Content) == 0:
		return 0, errRange
	}
	return f.endOf(n.Content[len(n.Content)-1])
}

// afterProperties returns where the value of a node begins, after anchor and tag.
func (f *File) afterProperties(n *yaml.Node) int {
	at := f.startOf(n)
	for at < len(f.text) && (f.text[at] == '&' && n.Anchor != "" || f.text[at] == '!') {
		at += strings.IndexAny(f.text[at:]+" ", " \t\r\n")
		at += len(f.text[at:]) - len(strings.TrimLeft(f.text[at:], " \t\r\n"))
	}
	return at
}

func (f *File) endOfScalar(n *yaml.Node, at int) (int, error) {
	rest := f.text[at:]
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(rest); i++ {
			switch rest[i] {
			case '\\':
				i++
			case '"':
				return at + i + 1, nil
			}
		}
		return 0, errRange
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\'' {
				if i+1 < len(rest) && rest[i+1] == '\'' {
					i++
					continue
				}
				return at + i + 1, nil
			}
		}
		return 0, errRange
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return f.endOfBlock(at), nil
	case n.Value == "" && n.Tag == "!!null":
		return at, nil // it has no text
	}
	return endOfPlain(n, f.text, at)
}

// endOfPlain finds the end of text without quotes: as far as what it says goes. It
// may go on over several lines.
func endOfPlain(n *yaml.Node, text string, at int) (int, error) {
	want := strings.Join(strings.Fields(n.Value), " ")
	got, end := "", at
	for i := at; i < len(text); i++ {
		if strings.IndexByte(" \t\r\n", text[i]) < 0 {
			if end < i && got != "" {
				got += " "
			}
			got += text[i : i+1]
			end = i + 1
		}
		if got == want {
			return end, nil
		}
		if !strings.HasPrefix(want, got) {
			break
		}
	}
	return 0, errRange
}

// endOfBlock finds the end of the last line of a block of text (| or >).
func (f *File) endOfBlock(at int) int {
	line := f.lineOf(at)
	end, indent := f.endOfLine(line), -1
	for i := line + 1; i < len(f.lines); i++ {
		text := f.text[f.lines[i]:f.endOfLine(i)]
		blank := strings.TrimLeft(text, " ") == ""
		depth := len(text) - len(strings.TrimLeft(text, " "))
		if indent < 0 && !blank {
			if indent = depth; depth <= f.indentOf(line) && depth == 0 {
				break
			}
		}
		if !blank && depth < indent {
			break
		}
		if !blank {
			end = f.endOfLine(i)
		}
	}
	return end
}

func (f *File) indentOf(line int) int {
	text := f.text[f.lines[line]:f.endOfLine(line)]
	return len(text) - len(strings.TrimLeft(text, " "))
}

// endOfFlow finds the bracket that closes the one at an offset.
func (f *File) endOfFlow(at int) (int, error) {
	depth := 0
	for i := at; i < len(f.text); i++ {
		before := byte(' ')
		if i > at {
			before = f.text[i-1]
		}
		switch c := f.text[i]; {
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		case (c == '"' || c == '\'') && strings.IndexByte(" \t\r\n[{,:", before) >= 0:
			style := yaml.SingleQuotedStyle
			if c == '"' {
				style = yaml.DoubleQuotedStyle
			}
			end, err := f.endOfScalar(&yaml.Node{Kind: yaml.ScalarNode, Style: style}, i)
			if err != nil {
				return 0, err
			}
			i = end - 1
		case c == '#' && strings.IndexByte(" \t\r\n", before) >= 0:
			i = f.endOfLine(f.lineOf(i)) - 1
		}
	}
	return 0, errRange
}

// endOfLine returns the offset of the end of a line, its break left out.
func (f *File) endOfLine(line int) int {
	if line+1 >= len(f.lines) {
		return len(f.text)
	}
	return f.lines[line] + len(strings.TrimRight(f.text[f.lines[line]:f.lines[line+1]], "\r\n"))
}

// colonOf returns the offset after the colon of a key.
func (f *File) colonOf(key *yaml.Node) (int, error) {
	at, err := f.endOf(key)
	if err != nil {
		return 0, err
	}
	at += len(f.text[at:]) - len(strings.TrimLeft(f.text[at:], " \t"))
	if at >= len(f.text) || f.text[at] != ':' {
		return 0, errRange
	}
	return at + 1, nil
}

// dashOf returns the offset of the dash of an item.
func (f *File) dashOf(item *yaml.Node) (int, error) {
	at := f.startOf(item)
	if i := strings.LastIndexByte(f.text[:at], '-'); i >= 0 && strings.TrimSpace(f.text[i+1:at]) == "" {
		return i, nil
	}
	return 0, errRange
}

// columnOf returns how many bytes there are before an offset in its line, and whether
// they are all blank.
func (f *File) columnOf(offset int) (int, bool) {
	start := f.lines[f.lineOf(offset)]
	return offset - start, strings.TrimSpace(f.text[start:offset]) == ""
}
