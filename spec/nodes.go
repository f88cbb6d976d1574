package spec

import (
	"slices"

	"github.com/agnivade/levenshtein"
	"gopkg.in/yaml.v3"
)

// maxVisits bounds how many nodes are looked at, so that aliases of aliases
// cannot unfold without end; 10,000 resources take well under a million.
const maxVisits = 5_000_000

// maxMerges bounds how deep "<<" may nest.
const maxMerges = 16

// A member is one key of a mapping with its value.
type member struct {
	name       string
	key, value *yaml.Node
}

// at is the place of a member's value; of its key where nothing filled the value.
func (l *loader) at(file string, m member) Position {
	if m.value == unfilled {
		return pos(file, m.key)
	}
	return pos(file, m.value)
}

func pos(file string, n *yaml.Node) Position {
	return Position{File: file, Line: n.Line, Column: n.Column}
}

// unalias follows an alias to its anchor.
func unalias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// circular reports an alias to what it stands in: that would unfold without end.
func (l *loader) circular(file string, n *yaml.Node, around map[*yaml.Node]bool) bool {
	if n.Kind == yaml.AliasNode {
		if around[n.Alias] {
			l.diags.Errorf(pos(file, n), "write it out", "this alias stands in what it is an alias of")
		}
		return around[n.Alias]
	}
	if n.Anchor != "" {
		around[n] = true
		defer delete(around, n)
	}
	found := false
	for _, c := range n.Content {
		found = l.circular(file, c, around) || found
	}
	return found
}

// members lists the keys of a mapping, "<<" merged in, and reports what is
// wrong with it. what names the mapping in messages.
func (l *loader) members(file string, n *yaml.Node, what string) []member {
	n = unalias(n)
	if n.Kind != yaml.MappingNode {
		hint := ""
		if what == "a document" && n.Kind == yaml.SequenceNode {
			hint = "if this is a file of accepted findings (drift --accept), keep it outside this directory, or begin its name with a dot"
		}
		l.diags.Errorf(pos(file, n), hint, "%s is to be a mapping, not %s", what, describe(n))
		return nil
	}
	out := []member{}
	seen := map[string]*yaml.Node{}
	l.gather(file, n, 0, seen, &out)
	return out
}

func (l *loader) gather(file string, n *yaml.Node, depth int, seen map[string]*yaml.Node, out *[]member) {
	if depth > maxMerges {
		l.diags.Errorf(pos(file, n), "", "merges (<<) nest too deep")
		return
	}
	here := map[string]bool{}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !l.visit(file, n) {
			return
		}
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			l.diags.Errorf(pos(file, key), "", "a key is to be a plain word")
			continue
		}
		if l.refusedKey(key) {
			continue
		}
		if key.Tag == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if here[key.Value] {
			l.diags.Errorf(pos(file, key), "", "%q is there already, at line %d", key.Value, seen[key.Value].Line)
			continue
		}
		here[key.Value] = true
		if seen[key.Value] == nil { // what stands nearer wins over what is merged in
			seen[key.Value] = key
			*out = append(*out, member{key.Value, key, l.node(value)})
		}
	}
	for _, m := range merged {
		m = unalias(m)
		sources := []*yaml.Node{m}
		if m.Kind == yaml.SequenceNode {
			sources = m.Content
		}
		for _, s := range sources {
			if s = unalias(s); s.Kind == yaml.MappingNode {
				l.gather(file, s, depth+1, seen, out)
			} else {
				l.diags.Errorf(pos(file, s), "", "<< takes a mapping, not %s", describe(s))
			}
		}
	}
}

// visit counts a node and tells whether to go on.
func (l *loader) visit(file string, n *yaml.Node) bool {
	l.visited++
	if l.visited == maxVisits {
		l.diags.Errorf(pos(file, n), "write it out, or split the files", "aliases unfold to more than %d values", maxVisits)
	}
	return l.visited < maxVisits
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	}
	return "text"
}

// Nearest returns the known word closest to a wrong one, or "" if none is close.
func Nearest(wrong string, known []string) string {
	for i := 1; i < len(wrong); i++ { // two letters swapped are one slip, not two
		if swapped := wrong[:i-1] + wrong[i:i+1] + wrong[i-1:i] + wrong[i+1:]; slices.Contains(known, swapped) {
			return swapped
		}
	}
	best, distance := "", max(1, len(wrong)/3)+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := levenshtein.ComputeDistance(wrong, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// didYouMean is advice that names the known word closest to a wrong one.
func didYouMean(wrong string, known []string) string {
	if best := Nearest(wrong, known); best != "" {
		return "did you mean " + best + "?"
	}
	return ""
}
