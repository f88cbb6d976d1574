package edit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// A span is a part of the text and what comes in its place.
type span struct {
	from, to int
	text     string
}

// A writing turns changes of nodes into spans.
type writing struct {
	*File
	edits []span
}

func (w *writing) put(from, to int, text string) { w.edits = append(w.edits, span{from, to, text}) }

// node writes what becomes of a node and of what stands in it.
func (w *writing) node(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode && w.changes[n] == nil {
		return nil
	}
	c := w.changes[n]
	if c != nil && c.with != nil {
		return w.replace(n, c.with)
	}
	for i, below := range n.Content {
		if c != nil && n.Kind == yaml.MappingNode && c.without[i/2] || c != nil && n.Kind == yaml.SequenceNode && c.without[i] {
			continue
		}
		if err := w.node(below); err != nil {
			return err
		}
	}
	if c != nil && (len(c.without) > 0 || len(c.appended) > 0) { // after what comes inside, at the same place
		return w.collection(n, c)
	}
	return nil
}

// replace writes another value in place of a node.
func (w *writing) replace(n, with *yaml.Node) error {
	from := w.startOf(n)
	to, err := w.endOf(n)
	if err != nil {
		return err
	}
	in := w.up[n]
	if in == nil || in.Kind == yaml.DocumentNode {
		return errRange
	}
	if w.inFlow(in) {
		text, err := flow(like(n, with))
		if to == from {
			text = " " + text
		}
		w.put(from, to, text)
		return err
	}
	with = like(n, with)
	if in.Kind == yaml.SequenceNode {
		dash, err := w.dashOf(n)
		if err != nil {
			return err
		}
		column, _ := w.columnOf(dash)
		text, err := block(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{with}}, column)
		w.put(dash, to, strings.TrimLeft(text, " "))
		return err
	}
	key := keyOf(in, n)
	column, _ := w.columnOf(w.startOf(key))
	colon, err := w.colonOf(key)
	if err != nil {
		return err
	}
	text, err := block(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "k"}, with}}, column)
	if err != nil {
		return err
	}
	text = strings.TrimPrefix(strings.TrimLeft(text, " "), "k:")
	first, last := w.lineOf(from), w.lineOf(to)
	switch {
	case first == w.lineOf(colon):
		w.put(colon, to, text)
	case strings.HasPrefix(text, "\n"): // from line to line
		w.put(w.lines[first], to, strings.TrimPrefix(text, "\n"))
	default:
		w.put(colon, colon, text)
		w.put(w.endOfLine(first-1), w.endOfLine(last), "")
	}
	return nil
}

// keyOf returns the key of a value.
func keyOf(mapping, value *yaml.Node) *yaml.Node {
	for i := 1; i < len(mapping.Content); i += 2 {
		if mapping.Content[i] == value {
			return mapping.Content[i-1]
		}
	}
	return nil
}

// inFlow tells whether a collection, or what it stands in, is in brackets.
func (w *writing) inFlow(n *yaml.Node) bool {
	for ; n != nil; n = w.up[n] {
		if n.Kind != yaml.DocumentNode && n.Style&yaml.FlowStyle != 0 {
			return true
		}
	}
	return false
}

// An entry is an item of a sequence, or a key with its value.
type entry struct{ from, to int }

func (w *writing) entries(n *yaml.Node) ([]entry, error) {
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	var out []entry
	for i := 0; i+step <= len(n.Content); i += step {
		from := w.startOf(n.Content[i])
		if n.Kind == yaml.SequenceNode && !w.inFlow(n) {
			dash, err := w.dashOf(n.Content[i])
			if err != nil {
				return nil, err
			}
			from = dash
		}
		to, err := w.endOf(n.Content[i+step-1])
		if err != nil {
			return nil, err
		}
		if step == 2 { // a key may stand alone
			if colon, err := w.colonOf(n.Content[i]); err == nil {
				to = max(to, colon)
			}
		}
		out = append(out, entry{from, to})
	}
	return out, nil
}

// collection writes what a collection loses and gains.
func (w *writing) collection(n *yaml.Node, c *change) error {
	all, err := w.entries(n)
	if err != nil {
		return err
	}
	if w.inFlow(n) {
		return w.flow(n, c, all)
	}
	kept := -1 // the last entry that stays
	first := len(all)
	for i := range all {
		if !c.without[i] {
			kept, first = i, min(first, i)
		}
	}
	column, alone := w.columnOf(all[0].from)
	gained := &yaml.Node{Kind: n.Kind, Content: c.appended}
	if kept < 0 && len(c.appended) == 0 {
		gained.Style = yaml.FlowStyle
		return w.replace(n, gained)
	}
	text := ""
	if len(c.appended) > 0 {
		if text, err = block(gained, column); err != nil {
			return err
		}
	}
	if kept < 0 {
		w.put(all[0].from, all[len(all)-1].to, strings.TrimLeft(text, " "))
		return nil
	}
	if !alone && first > 0 { // the first one shares its line with what comes before
		w.put(all[0].from, all[first].from, "")
	}
	for i := range all {
		if c.without[i] && (alone || i > first) {
			w.lineless(all[i])
		}
	}
	if text != "" {
		at := w.endOfLine(w.lineOf(max(all[kept].from, all[kept].to-1)))
		w.put(at, at, "\n"+text)
	}
	return nil
}

// lineless takes the lines of an entry away.
func (w *writing) lineless(e entry) {
	first, last := w.lineOf(e.from), w.lineOf(max(e.from, e.to-1))
	if first == 0 {
		to := len(w.text)
		if last+1 < len(w.lines) {
			to = w.lines[last+1]
		}
		w.put(0, to, "")
		return
	}
	w.put(w.endOfLine(first-1), w.endOfLine(last), "")
}

// flow writes what a collection in brackets loses and gains.
func (w *writing) flow(n *yaml.Node, c *change, all []entry) error {
	open := w.afterProperties(n) + 1
	end, err := w.endOf(n)
	if err != nil {
		return err
	}
	var gained []string
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i+step <= len(c.appended); i += step {
		text, err := flow(&yaml.Node{Kind: n.Kind, Content: c.appended[i : i+step]})
		if err != nil {
			return err
		}
		gained = append(gained, text[1:len(text)-1])
	}
	first, kept := -1, -1
	for i := range all {
		if c.without[i] {
			continue
		}
		if first < 0 && i > 0 {
			w.put(all[0].from, all[i].from, "")
		} else if kept >= 0 && i > kept+1 {
			w.put(all[kept].to, all[i-1].to, "")
		}
		if first < 0 {
			first = i
		}
		kept = i
	}
	if kept < 0 {
		w.put(open, end-1, strings.Join(gained, ", "))
		return nil
	}
	if last := len(all) - 1; kept < last {
		w.put(all[kept].to, all[last].to, "")
	}
	for _, text := range gained {
		w.put(all[kept].to, all[kept].to, ", "+text)
	}
	return nil
}

// like writes a value as the one before it was written, where it can be.
func like(old, with *yaml.Node) *yaml.Node {
	copied := *with
	const quotes = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle
	switch {
	case old.Kind == yaml.ScalarNode && with.Kind == yaml.ScalarNode && with.ShortTag() == "!!str" && old.Style&quotes != 0:
		copied.Style = old.Style & quotes
	case old.Kind == with.Kind && with.Kind != yaml.ScalarNode && len(with.Content) > 0:
		copied.Style = old.Style & yaml.FlowStyle
	}
	return &copied
}

// block encodes a collection as lines, all but the last with their break, each
// indented by so many columns.
func block(n *yaml.Node, indent int) (string, error) {
	text, err := Encode(n)
	if err != nil {
		return "", err
	}
	pad := strings.Repeat(" ", indent)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := range lines {
		if lines[i] != "" {
			lines[i] = pad + lines[i]
		}
	}
	return strings.Join(lines, "\n"), nil
}

// flow encodes a value in one line.
func flow(n *yaml.Node) (string, error) {
	text, err := Encode(inline(n))
	return strings.TrimSuffix(string(text), "\n"), err
}

func inline(n *yaml.Node) *yaml.Node {
	copied := *n
	copied.HeadComment, copied.LineComment, copied.FootComment = "", "", ""
	if n.Kind == yaml.ScalarNode {
		if copied.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || strings.Contains(n.Value, "\n") {
			copied.Style = yaml.DoubleQuotedStyle
		}
		return &copied
	}
	copied.Style = yaml.FlowStyle
	copied.Content = nil
	for _, c := range n.Content {
		copied.Content = append(copied.Content, inline(c))
	}
	return &copied
}
