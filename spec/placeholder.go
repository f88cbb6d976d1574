package spec

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// varsName begins the placeholders of what a document declares under vars.
const varsName = "vars"

// A part is a piece of a baseline's text: literal, or a placeholder.
type part struct {
	text string   // as it is sent; of a placeholder as it is written
	name string   // what a placeholder stands for: name, vars.size, tags.env; "" in a literal
	at   Position // where the placeholder stands
}

// placeholder finds the escape $${ and what begins like a placeholder, closed or not.
var placeholder = regexp.MustCompile(`\$\$\{|\$\{([^{}\n]*)\}|\$\{`)

var varName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// partsOf takes a text apart. What begins like a placeholder and is none has a name
// that nothing fits.
func partsOf(text string) []part {
	var out []part
	literal := func(s string) {
		switch last := len(out) - 1; {
		case s == "":
		case last >= 0 && out[last].name == "":
			out[last].text += s
		default:
			out = append(out, part{text: s})
		}
	}
	from := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		literal(text[from:m[0]])
		from = m[1]
		switch {
		case text[m[0]:m[1]] == "$${":
			literal("${")
		case m[2] < 0:
			out = append(out, part{text: "${", name: "${"})
		default:
			out = append(out, part{text: text[m[0]:m[1]], name: cmp.Or(text[m[2]:m[3]], "${")})
		}
	}
	literal(text[from:])
	return out
}

// filledIn returns a text with a letter in the place of each placeholder.
func filledIn(text string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	var b strings.Builder
	for _, p := range partsOf(text) {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		b.WriteString("x")
	}
	return b.String()
}

// isPlaceholder tells whether a text is one placeholder and nothing else, so that
// there is nothing to hide in it.
func isPlaceholder(text string) bool {
	root, name, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(text, "${"), "}"), ".")
	return strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}") && ok && root == varsName && varName.MatchString(name)
}

// A scan is what is known of the placeholders of one baseline.
type scan struct {
	parts map[*yaml.Node][]part // of the texts that hold some
	holds map[*yaml.Node]bool   // what has such texts in it, itself included
	names map[string]bool       // what they stand for, all together
}

func newScan() *scan {
	return &scan{parts: map[*yaml.Node][]part{}, holds: map[*yaml.Node]bool{}, names: map[string]bool{}}
}

// A place is where a baseline has placeholders: a text, or what texts stand in.
type place struct {
	names []string
	text  bool
}

// scan finds the placeholders below a node, reports those that can stand for
// nothing and takes the escapes out of what has no others. It returns the names
// found. What an alias means stands before it, so it is known already.
func (l *loader) scan(file string, s *scan, k *Kind, n *yaml.Node) []string {
	var names []string
	switch n.Kind {
	case yaml.AliasNode:
		names, s.holds[n] = l.places[pos(file, n.Alias)].names, s.holds[n.Alias]
		return names
	case yaml.ScalarNode:
		names = l.scanText(file, s, k, n)
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			l.scanKey(file, s, n.Content[i])
			names = append(names, l.scan(file, s, k, n.Content[i+1])...)
			s.holds[n] = s.holds[n] || s.holds[n.Content[i+1]]
		}
	default:
		for _, c := range n.Content {
			names = append(names, l.scan(file, s, k, c)...)
			s.holds[n] = s.holds[n] || s.holds[c]
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		names = slices.Compact(names)
		l.places[pos(file, n)] = place{names, n.Kind == yaml.ScalarNode}
	}
	return names
}

func (l *loader) scanText(file string, s *scan, k *Kind, n *yaml.Node) []string {
	if n.Tag != "!!str" || !strings.Contains(n.Value, "${") {
		return nil
	}
	parts := partsOf(n.Value)
	if len(parts) == 1 && parts[0].name == "" {
		n.Value = parts[0].text
		return nil
	}
	l.locate(file, n, parts)
	var names []string
	for _, p := range parts {
		if p.name == "" {
			continue
		}
		if hint := notFilled(k, p.name); hint != "" {
			l.diags.Errorf(p.at, hint, "%s is no placeholder", p.text)
			s.parts[n] = nil // it is told, and has no value
			return nil
		}
		names, s.names[p.name] = append(names, p.name), true
	}
	s.parts[n], s.holds[n] = parts, true
	return names
}

// scanKey refuses placeholders in a key: those name fields, which no variable does.
func (l *loader) scanKey(file string, s *scan, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || !strings.Contains(n.Value, "${") {
		return
	}
	parts := partsOf(n.Value)
	if len(parts) == 1 && parts[0].name == "" {
		n.Value = parts[0].text
		return
	}
	l.locate(file, n, parts)
	l.noPlaceholder(parts, "placeholders stand in values, and this is a key", "a literal ${ is written $${")
	s.parts[n] = nil // told
}

func (l *loader) noPlaceholder(parts []part, why, hint string) {
	for _, p := range parts {
		if p.name != "" {
			l.diags.Errorf(p.at, hint, "%s: %s", p.text, why)
		}
	}
}

// notFilled returns advice where nothing can be called so; else "".
func notFilled(k *Kind, name string) string {
	known := []string{varsName + ".NAME"}
	root, key, dotted := strings.Cut(name, ".")
	if dotted && root == varsName && varName.MatchString(key) {
		return ""
	}
	roots := []string{varsName}
	for i := range k.Fields {
		f := &k.Fields[i]
		switch {
		case k.IsKey(f.Name):
			if name == f.Name {
				return ""
			}
			known, roots = append(known, f.Name), append(roots, f.Name)
		case f.Type == Map:
			if dotted && root == f.Name && key != "" {
				return ""
			}
			known, roots = append(known, f.Name+".KEY"), append(roots, f.Name)
		}
	}
	hint := "placeholders are ${" + strings.Join(known, "}, ${") + "}; a literal ${ is written $${"
	if near := Nearest(root, roots); near != "" && near != root && dotted {
		hint = "did you mean ${" + near + "." + key + "}?"
	} else if near != "" && near != root {
		hint = "did you mean ${" + near + "}?"
	}
	return hint
}

// locate fills in where the placeholders of a text stand: the text is looked
// through again as the file has it.
func (l *loader) locate(file string, n *yaml.Node, parts []part) {
	lines := l.state.Sources.lines[file]
	line, column := n.Line, n.Column // of what was not looked through yet
	next := func() (string, Position) {
		for ; line <= len(lines); line, column = line+1, 1 {
			text := []rune(lines[line-1])
			rest := string(text[min(max(column-1, 0), len(text)):])
			m := placeholder.FindStringIndex(rest)
			if m == nil {
				continue
			}
			at := Position{file, line, column + len([]rune(rest[:m[0]]))}
			column += len([]rune(rest[:m[1]]))
			return rest[m[0]:m[1]], at
		}
		return "", pos(file, n)
	}
	for i := range parts {
		if parts[i].name == "" {
			continue
		}
		text, at := next()
		for text == "$${" {
			text, at = next()
		}
		if text != parts[i].text { // written with escapes of YAML's
			at = pos(file, n)
		}
		parts[i].at = at
	}
}
