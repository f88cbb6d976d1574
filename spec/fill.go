package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A giving is one baseline being given to one scope.
type giving struct {
	scan    *scan
	vars    *variables // nil while what all scopes share is decoded
	without *leaving   // what the scope leaves out; nil if nothing
}

// unfilled stands where a placeholder has no value: that is told already.
var unfilled = &yaml.Node{}

// node follows an alias, and puts values in the place of placeholders.
func (l *loader) node(n *yaml.Node) *yaml.Node {
	n = unalias(n)
	if l.giving == nil || n.Kind != yaml.ScalarNode {
		return n
	}
	parts, ok := l.giving.scan.parts[n]
	switch {
	case !ok:
		return n
	case parts == nil || l.giving.vars == nil:
		return unfilled
	}
	return l.fill(n, parts)
}

// refusedKey tells whether a key holds a placeholder, which is told already.
func (l *loader) refusedKey(key *yaml.Node) bool {
	if l.giving == nil {
		return false
	}
	_, refused := l.giving.scan.parts[key]
	return refused
}

// fill returns what a text with placeholders stands for, at its own place: the
// value itself where the text is one placeholder, else a text.
func (l *loader) fill(n *yaml.Node, parts []part) *yaml.Node {
	var text strings.Builder
	good := true
	for _, p := range parts {
		if p.name == "" {
			text.WriteString(p.text)
			continue
		}
		v := l.giving.vars.values[p.name]
		switch {
		case v == nil:
			l.noValue(p)
			good = false
			continue
		case len(parts) == 1:
			return l.placed(v, v.node, n)
		}
		value := unalias(v.node)
		if value.Kind != yaml.ScalarNode || value.Tag == "!!null" {
			l.diags.Errorf(p.at, "a text takes text, a number, true or false", "%s: %s is %s, and %s stands within a text",
				l.giving.vars.scope.Address, p.name, describe(value), p.text)
			l.related(l.giving.vars, p.name)
			good = false
			continue
		}
		text.WriteString(v.text(value))
	}
	if !good {
		l.missing++
		return unfilled
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: text.String(), Line: n.Line, Column: n.Column}
}

// noValue reports a placeholder that the scope has nothing for.
func (l *loader) noValue(p part) {
	v := l.giving.vars
	known := sortedKeys(v.values)
	hint := didYouMean(p.name, known)
	if hint == "" {
		root, name, dotted := strings.Cut(p.name, ".")
		hint = "give it in the document of " + string(v.scope.Address)
		if dotted {
			hint += ": " + root + ": {" + name + ": …}"
		}
	}
	l.diags.Errorf(p.at, hint, "%s has no %s", v.scope.Address, p.name)
	last := &l.diags[len(l.diags)-1]
	last.Related = append(last.Related, Related{string(v.scope.Address) + " is declared", v.scope.Source()})
}

// placed copies the value of a variable to where a placeholder stands.
func (l *loader) placed(v *variable, value, n *yaml.Node) *yaml.Node {
	value = unalias(value)
	if !l.visit(v.file, value) {
		return unfilled
	}
	out := &yaml.Node{Kind: value.Kind, Tag: value.Tag, Style: value.Style, Value: v.text(value), Line: n.Line, Column: n.Column}
	for _, c := range value.Content {
		below := l.placed(v, c, n)
		if below == unfilled {
			return unfilled
		}
		out.Content = append(out.Content, below)
	}
	if out.Kind == yaml.ScalarNode {
		l.written[out] = v.file
	}
	return out
}

// writtenIn returns the file that a text stands in: paths are relative to that.
func (l *loader) writtenIn(file string, n *yaml.Node) string {
	if of, ok := l.written[n]; ok {
		return of
	}
	return file
}

// conceal hides what the variables hold that a sensitive field at that place was
// to take.
func (l *loader) conceal(at Position) {
	if l.giving == nil || l.giving.vars == nil {
		return
	}
	for _, name := range l.places[at].names {
		if v := l.giving.vars.values[name]; v != nil && !v.name {
			l.state.Sources.conceal(v.file, v.node)
		}
	}
}

// related adds to the last diagnostic where a placeholder's value is declared.
func (l *loader) related(v *variables, name string) {
	last := &l.diags[len(l.diags)-1]
	of := v.values[name]
	if of == nil || slices.ContainsFunc(last.Related, func(r Related) bool { return r.Source == of.at }) {
		return
	}
	last.Related = append(last.Related, Related{name + " of " + string(of.of), of.at})
}

// relate adds to what was reported of a scope since then, at the place of a text
// with placeholders, which scope it is and where the values are declared.
func (l *loader) relate(scope *Resource, since int) {
	if scope.vars == nil {
		return
	}
	for i := since; i < len(l.diags); i++ {
		d := &l.diags[i]
		at, ok := l.places[d.Source]
		if !ok || !at.text || len(d.Related) > 0 {
			continue
		}
		if !strings.Contains(d.Message, string(scope.Address)) {
			d.Message = string(scope.Address) + ": " + d.Message
		}
		for _, name := range at.names {
			if of := scope.vars.values[name]; of != nil {
				d.Related = append(d.Related, Related{name + " of " + string(of.of), of.at})
			}
		}
	}
}
