package spec

import "gopkg.in/yaml.v3"

// holder is a resource of no name that holds what a baseline gives.
func (l *loader) holder(k *Kind, at Position) *Resource {
	r := &Resource{Kind: k, Values: map[string]any{}, At: map[string]Position{"": at}}
	l.holders[r] = true
	return r
}

// A gift is a section of a baseline: what all scopes share is decoded once, and what
// holds placeholders for each scope.
type gift struct {
	member  member
	kind    *Kind
	shared  *Section
	entries []gifted // of a list with placeholders in its entries
}

// gifted is one entry of a section: decoded, or to be.
type gifted struct {
	shared *Resource
	node   *yaml.Node
}

// gift takes a section of a baseline apart: what holds no placeholders is decoded
// now, once for all scopes.
func (l *loader) gift(file string, b *baseline, m member, k *Kind) {
	m.value = unalias(m.value)
	l.scan(file, b.scan, b.scope.Kind, m.value)
	l.giving = &giving{scan: b.scan}
	defer func() { l.giving = nil }()
	g := &gift{member: m, kind: k}
	b.gives = append(b.gives, g)
	switch {
	case !b.scan.holds[m.value]:
		g.shared = l.held(file, b, g)
	case !k.Singleton && m.value.Kind == yaml.SequenceNode:
		sec := &Section{Kind: k, Parent: b.scope, Source: pos(file, m.key)}
		for _, c := range m.value.Content {
			if b.scan.holds[c] {
				g.entries = append(g.entries, gifted{node: c})
				continue
			}
			sec.Resources = nil
			l.entry(file, c, sec)
			for _, r := range sec.Resources {
				g.entries = append(g.entries, gifted{shared: r})
			}
		}
	}
}

// held decodes a section as a whole.
func (l *loader) held(file string, b *baseline, g *gift) *Section {
	in := l.holder(b.scope.Kind, b.source)
	l.section(file, g.member, g.kind, in)
	return in.Sections[0]
}

// give returns the section of a baseline as it is for a scope; nil if the scope
// leaves all of it out.
func (l *loader) give(b *baseline, g *gift, scope *Resource) *Section {
	file, without := b.source.File, l.giving.without
	at := pos(file, g.member.key)
	if e, left := without.leaves("", g.kind, nil); e != nil {
		without.leave(e, left, at)
		return nil
	}
	if g.shared != nil {
		return g.shared
	}
	before, needing := len(l.diags), len(l.needing)
	missing := l.missing
	var sec *Section
	if g.entries == nil {
		sec = l.held(file, b, g)
	} else {
		sec = &Section{Kind: g.kind, Parent: b.scope, Source: at}
		for _, e := range g.entries {
			if e.shared != nil {
				sec.Resources = append(sec.Resources, e.shared)
				continue
			}
			l.entry(file, e.node, sec)
		}
	}
	l.needing = l.needing[:needing] // each is looked at where it has been merged
	l.relate(scope, before)
	if l.missing > missing {
		l.lacking[scope] = true
	}
	return sec
}

// leftOut tells whether the scope that something is decoded for leaves it out.
func (l *loader) leftOut(r *Resource) bool {
	if l.giving == nil || l.giving.without == nil {
		return false
	}
	below := r.Parent.inScope()
	section, _ := l.giving.without.leaves(below, r.Kind, nil)
	entry, _ := l.giving.without.leaves(below, r.Kind, addressKey(r))
	return section != nil || entry != nil
}

// inScope returns the address of a resource of a baseline in the scope that it is given to.
func (r *Resource) inScope() Address {
	if r.Parent == nil {
		return ""
	}
	return r.Parent.inScope().Child(r.Kind.Section, addressKey(r)...)
}

// plainMatch refuses placeholders in what says which scopes a baseline is for.
func (l *loader) plainMatch(file string, n *yaml.Node) {
	if n = unalias(n); n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
		parts := partsOf(n.Value)
		l.locate(file, n, parts)
		l.noPlaceholder(parts, "match says which documents the baseline is for, and takes no placeholders", "")
	}
	for _, c := range n.Content {
		l.plainMatch(file, c)
	}
}

// gives notes that a baseline is for a scope, and so for its organization's variables.
func (l *loader) gives(b *baseline, scope *Resource) {
	for _, r := range []*Resource{scope, scope.vars.owner} {
		if r == nil {
			continue
		}
		if l.givers[r] == nil {
			l.givers[r] = map[*baseline]bool{}
		}
		l.givers[r][b] = true
	}
}
