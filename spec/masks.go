package spec

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A point is a place in one file; lines and columns count from 1.
type point struct{ line, column int }

func (p point) before(q point) bool {
	return p.line < q.line || p.line == q.line && p.column < q.column
}

func at(n *yaml.Node) point { return point{n.Line, n.Column} }

// A masker finds in one file what is or may be a secret.
type masker struct {
	*vocabulary
	lines   []string
	masks   map[int][]span      // by line
	shared  map[*yaml.Node]bool // what aliases under sensitive keys stand for
	literal bool                // what stands before had to be hidden
	spoken  map[*yaml.Node]bool // texts of policies, which speak of secrets and hold none
}

// file hides what the file holds of secrets.
func (m *masker) file() {
	m.comments()
	dec := yaml.NewDecoder(strings.NewReader(strings.Join(m.lines, "\n")))
	for {
		var node yaml.Node
		switch err := dec.Decode(&node); {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			m.blunt()
			return
		case len(node.Content) > 0 && node.Content[0].Tag != "!!null": // else comments alone
			m.document(node.Content[0])
		}
	}
}

// mask hides what stands at a place; all the rest of the line if width is 0.
func (m *masker) mask(line, column, width int) {
	sp := span{from: column}
	if width > 0 {
		sp.to = column + width
	}
	m.masks[line] = append(m.masks[line], sp)
}

// document hides what a document holds of secrets.
func (m *masker) document(n *yaml.Node) {
	end := n.Line + 1
	for end <= len(m.lines) && !documentStart.MatchString(m.lines[end-1]) {
		end++
	}
	if n.Kind != yaml.MappingNode { // nothing of ours: it may be a secret as a whole
		m.all(n.Line, end)
		return
	}
	if isDefinition(n) {
		return // it describes what is secret, and holds none
	}
	m.spoken = spokenIn(n)
	m.aliases(n)
	m.literal = false
	m.tree(n, point{end, 1}, false)
}

// all hides the lines from one up to another.
func (m *masker) all(from, to int) {
	for line := from; line < to; line++ {
		m.mask(line, 1, 0)
	}
}

var documentStart = regexp.MustCompile(`^---(\s|$)`)

// aliases finds what aliases under sensitive keys stand for.
func (m *masker) aliases(n *yaml.Node) {
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && c.Kind == yaml.AliasNode && m.sensitiveKey(n.Content[i-1].Value) && !isReference(c.Alias) {
			m.shared[c.Alias] = true
		}
		m.aliases(c)
	}
}

// tree hides what is below a node. next is where the node after it begins,
// text whether it stands where the user may write a text.
func (m *masker) tree(n *yaml.Node, next point, text bool) {
	if m.shared[n] {
		m.region(n, next)
		return
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if m.odd(n, text) {
			m.region(n, next)
			m.literal = true
		}
	case yaml.SequenceNode, yaml.DocumentNode:
		was := m.literal
		m.literal = false
		for i, c := range n.Content {
			if m.literal { // after the name of a secret: [key, VALUE]
				m.region(c, m.after(n, i, next))
				continue
			}
			m.tree(c, m.after(n, i, next), text)
		}
		m.literal = m.literal || was
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			m.member(n.Content[i], n.Content[i+1], m.after(n, i, next), m.after(n, i+1, next))
		}
	}
}

func (m *masker) after(n *yaml.Node, i int, next point) point {
	if i+1 < len(n.Content) {
		return at(n.Content[i+1])
	}
	return next
}

// odd tells whether a scalar may hold a secret in a wrong place: "key VALUE",
// where a colon was forgotten. In a field of text only the very name of a
// sensitive field, or another line that was swallowed, is odd.
func (m *masker) odd(n *yaml.Node, text bool) bool {
	if !text {
		return m.mentions(n.Value, true)
	}
	return m.spells(n.Value) || n.Style == 0 && !strings.HasPrefix(m.from(at(n)), n.Value) && m.mentions(n.Value, true)
}

func (m *masker) member(key, value *yaml.Node, valueAt, next point) {
	switch {
	case m.spoken[value]:
		m.literal = false
	case key.Kind != yaml.ScalarNode:
		m.tree(key, valueAt, false)
		m.tree(value, next, false)
	case !m.known[key.Value] && m.literal: // perhaps a line of that value, indented too little
		m.region(key, valueAt)
		m.literally(value, next)
	case m.sensitiveKey(key.Value):
		if !plainWord().MatchString(key.Value) {
			m.region(key, valueAt)
		}
		m.literally(value, next)
	case !m.known[key.Value] && (m.mentions(key.Value, true) || looksLikeSecret(key.Value)):
		m.region(key, valueAt)
		m.literally(value, next)
	case !m.known[key.Value] && m.holdsSecret(value):
		m.literally(value, next)
	default:
		m.literal = false
		text := m.texts[key.Value] && value.Kind == yaml.ScalarNode && value.Line == key.Line // else it was swallowed
		m.tree(value, next, text || m.lists[key.Value] && value.Kind == yaml.SequenceNode)
	}
}

var plainWord = compiled(`^[\pL\pN_-]+$`)

// literally hides a value, unless it only says where the value is kept, or where those
// of its elements are, which have names: [{name: X, value: {fromEnv: NAME}}].
func (m *masker) literally(value *yaml.Node, next point) {
	m.literal = !isReference(value) && !(value.Kind == yaml.ScalarNode && value.Anchor == "" && isPlaceholder(value.Value)) && !(value.Kind == yaml.SequenceNode && len(value.Content) > 0 && !slices.ContainsFunc(value.Content, m.holds))
	if m.literal {
		m.region(value, next)
	}
}

// holds tells whether an element is anything but a name with a reference.
func (m *masker) holds(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || n.Anchor != "" || len(n.Content) != 4 {
		return true
	}
	name, value := n.Content[0], n.Content[1]
	return name.Value != "name" || value.Kind != yaml.ScalarNode || !plainWord().MatchString(value.Value) || looksLikeSecret(value.Value) ||
		!m.known[n.Content[2].Value] || !isReference(n.Content[3])
}

// holdsSecret tells whether a scalar, or one in a list, is made like a key.
func (m *masker) holdsSecret(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return looksLikeSecret(n.Value)
	}
	for _, c := range n.Content {
		if n.Kind == yaml.SequenceNode && m.holdsSecret(c) {
			return true
		}
	}
	return false
}

// from returns the rest of a line.
func (m *masker) from(p point) string {
	if p.line < 1 || p.line > len(m.lines) {
		return ""
	}
	line := []rune(m.lines[p.line-1])
	return string(line[min(max(p.column-1, 0), len(line)):])
}

// closing finds what may follow a value that ends within its line.
var closing = regexp.MustCompile(`^\s*([,}\]]|$)`)

// region hides a node: the value alone where it plainly ends within its line,
// else everything up to the next node.
func (m *masker) region(n *yaml.Node, next point) {
	rest := m.from(at(n))
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.Anchor == "" && n.Value != "" && strings.HasPrefix(rest, n.Value) && closing.MatchString(rest[len(n.Value):]) {
		m.mask(n.Line, n.Column, len([]rune(n.Value)))
		return
	}
	m.span(at(n), next)
}

// span hides everything from one point to another, but for the separators and
// indentation that the text behind it begins with.
func (m *masker) span(from, to point) {
	if !from.before(to) {
		to = point{from.line + 1, 1}
	}
	for line := from.line; line <= min(to.line, len(m.lines)); line++ {
		first := 1
		if line == from.line {
			first = from.column
		}
		if line < to.line {
			if strings.TrimSpace(m.from(point{line, first})) != "" {
				m.mask(line, first, 0)
			}
			continue
		}
		text := []rune(m.lines[line-1])
		last := min(to.column-1, len(text))
		for last >= first && strings.ContainsRune(" ,\t-{[", text[last-1]) {
			last--
		}
		if last >= first {
			m.mask(line, first, last-first+1)
		}
	}
}

// comments hides the comments that tell of secrets.
func (m *masker) comments() {
	for i, line := range m.lines {
		if at := comment.FindStringIndex(line); at != nil && m.speaks(line[at[0]:]) {
			m.masks[i+1] = append(m.masks[i+1], span{from: len([]rune(line[:at[1]])) + 1, comment: true})
		}
	}
}

var comment = regexp.MustCompile(`(^|\s)#`)

// blunt hides secrets in a file that could not be parsed, so that nobody knows
// where a value ends: from a line that names one, everything up to the next
// line that begins with another known key.
func (m *masker) blunt() {
	if !slices.ContainsFunc(m.lines, func(line string) bool { return strings.Contains(line, "apiVersion") }) {
		m.notOurs()
		return
	}
	under := false
	for i, line := range m.lines {
		first, shown := m.opening(line)
		switch {
		case m.mentions(line, false):
			under = true
		case strings.TrimRight(line, " \r") == "---", m.known[first] && !m.sensitive[first]:
			under = false
		}
		if under {
			if strings.TrimSpace(line[shown:]) != "" {
				m.mask(i+1, len([]rune(line[:shown]))+1, 0)
			}
			continue
		}
		for _, at := range fieldPattern.FindAllStringIndex(line, -1) {
			if looksLikeSecret(line[at[0]:at[1]]) {
				m.mask(i+1, len([]rune(line[:at[0]]))+1, len([]rune(line[at[0]:at[1]])))
			}
		}
	}
}

// notOurs hides a file that may be a secret as a whole, but for lines that begin with a
// known key and hold nothing odd: what somebody has just begun to write.
func (m *masker) notOurs() {
	for i, line := range m.lines {
		first, _ := m.opening(line)
		if !m.known[first] || m.sensitive[first] || m.mentions(line, false) || slices.ContainsFunc(fieldPattern.FindAllString(line, -1), looksLikeSecret) {
			m.mask(i+1, 1, 0)
		}
	}
}

var (
	openingPattern = compiled(`^([\s\-\[\{]*["']?)([A-Za-z]+)(["']?\s*:)?(["'\s]|$)`)
	fieldPattern   = regexp.MustCompile(`[^\s,\[\]{}"']+`)
)

// opening returns the known key that a line begins with, if a colon follows
// it, and how much of the line can be shown whatever the rest is.
func (m *masker) opening(line string) (key string, shown int) {
	part := openingPattern().FindStringSubmatchIndex(line)
	if part == nil {
		return "", len(line) - len(strings.TrimLeft(line, " "))
	}
	word := line[part[4]:part[5]]
	if !m.known[word] {
		return "", part[3]
	}
	if part[6] < 0 {
		return "", part[5]
	}
	return word, part[7]
}
