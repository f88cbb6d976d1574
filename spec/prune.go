package spec

import (
	"fmt"
	"slices"
	"strings"
)

// headers applies a document's prune and protect entries.
func (l *loader) headers(scope *Resource, doc *document, all []*document) {
	for _, e := range doc.prune {
		l.prune(scope, doc, all, e)
	}
	for _, e := range doc.protect {
		l.protection(scope, e)
	}
}

// prune applies one entry: a section of the scope, or one that stands in
// resources of it, "clusters/*/searchIndexes" or "clusters/ledger/searchIndexes".
func (l *loader) prune(scope *Resource, doc *document, all []*document, e headerEntry) {
	parents, kind, rest := []*Resource{scope}, scope.Kind, Address(e.text).parts()
	every := false // whether a parent without the section is no mistake
	for {
		k := l.childKind(kind, headerEntry{rest[0], e.source})
		if k == nil {
			return
		}
		if kind, rest = k, rest[1:]; len(rest) == 0 {
			break
		}
		n := len(k.Key)
		if k.Singleton {
			n = 0
		}
		if len(rest) <= n {
			l.diags.Errorf(e.source, fmt.Sprintf("%s/*/SECTION, for all of them", k.Section), "%s: an entry of %s is told by %s, and a section of it follows", e.text, k.Section, strings.Join(k.Key, "/"))
			return
		}
		every = every || slices.Contains(rest[:n], anyPart)
		parents = l.named(parents, k, rest[:n])
		rest = rest[n:]
		if len(parents) == 0 {
			l.diags.Errorf(e.source, "", "%s: this document declares none that it means", e.text)
			return
		}
	}
	if why := kind.Prunable(); why != "" {
		hint := ""
		if len(kind.Delete) > 0 {
			hint = "remove them one by one with state: absent"
		}
		l.diags.Errorf(e.source, hint, "%s cannot be pruned: %s", e.text, why)
		return
	}
	for _, parent := range parents {
		l.pruneIn(parent, kind, doc, all, e, every)
	}
}

// named returns the declared resources of a kind below some parents whose key
// an entry spells.
func (l *loader) named(parents []*Resource, k *Kind, key []string) []*Resource {
	var out []*Resource
	for _, p := range parents {
		sec := p.Section(k)
		if sec == nil {
			continue
		}
		for _, r := range sec.Resources {
			parts := k.AddressParts(r.Values)
			fits := !r.Absent && (k.Singleton || len(parts) == len(key))
			for i := range key {
				fits = fits && (key[i] == anyPart || key[i] == parts[i])
			}
			if fits {
				out = append(out, r)
			}
		}
	}
	return out
}

// pruneIn prunes a section of one parent. It has to stand wholly in the
// document, with nothing from a baseline.
func (l *loader) pruneIn(parent *Resource, k *Kind, doc *document, all []*document, e headerEntry, every bool) {
	sec := parent.Section(k)
	if parent.Parent == nil {
		sec = doc.resource.Section(k)
	}
	if sec == nil && every {
		return
	}
	if sec == nil {
		l.diags.Errorf(e.source, fmt.Sprintf("write %s: [] to prune all of them", k.Section), "this document declares no %s to prune against", e.text)
		return
	}
	at := e.source
	if parent.Parent != nil {
		if i := slices.IndexFunc(sec.Resources, func(r *Resource) bool { return r.given.Line > 0 }); i >= 0 || sec.Source.File != e.source.File {
			l.diags.Errorf(e.source, "", "a pruned section stands wholly in one document, and %s is given by %s", parent.Address.Child(k.Section), sec.Source)
			return
		}
		sec.Prune = &at
		return
	}
	for _, other := range all {
		if other != doc && other.resource.Section(k) != nil {
			l.diags.Errorf(e.source, "", "a pruned section stands wholly in one document, and %s has %s too", other.resource.Section(k).Source, e.text)
		}
	}
	parent.Section(k).Prune = &at
}
