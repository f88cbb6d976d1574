package spec

import (
	"fmt"
	"slices"
	"strings"
)

// A Protection is one entry of a header's protect list.
type Protection struct {
	Scope  *Resource
	Entry  string // as written: "encryptionAtRest", "users/ana@example.com", "users/*"
	Source Position
	Kind   *Kind // of what is protected

	pattern []string // the parts of the addresses that it covers; "*" is any
}

// any stands for every value of a key part.
const anyPart = "*"

// Covers tells whether the entry protects a resource at that address: itself,
// or what it stands in.
func (p Protection) Covers(a Address) bool {
	parts := a.parts()
	return len(parts) >= len(p.pattern) && p.agrees(parts[:len(p.pattern)])
}

// Below tells whether what the entry protects stands in the resource at that
// address, and goes with it.
func (p Protection) Below(a Address) bool {
	parts := a.parts()
	return len(parts) < len(p.pattern) && p.agrees(parts)
}

// agrees compares the beginning of the pattern.
func (p Protection) agrees(parts []string) bool {
	for i, part := range parts {
		if p.pattern[i] != part && p.pattern[i] != anyPart {
			return false
		}
	}
	return true
}

// Key returns the key of the one resource that the entry means, as addresses
// spell it; nil if it may mean several.
func (p Protection) Key() []string {
	n := len(p.Kind.Key)
	if len(p.pattern) < n+1 || slices.Contains(p.pattern, anyPart) || p.pattern[len(p.pattern)-n-1] != p.Kind.Section {
		return nil
	}
	return p.pattern[len(p.pattern)-n:]
}

// protection reads an entry: a section, a resource of it by its key as
// addresses spell it, and so on downwards. One that can match nothing is an
// error: it would look like protection and be none.
func (l *loader) protection(scope *Resource, e headerEntry) {
	p := Protection{Scope: scope, Entry: e.text, Source: e.source, pattern: scope.Address.parts()}
	parent, rest := scope.Kind, Address(e.text).parts()
	for len(rest) > 0 {
		k := l.childKind(parent, headerEntry{rest[0], e.source})
		if k == nil {
			return
		}
		p.Kind, p.pattern, rest = k, append(p.pattern, k.Section), rest[1:]
		if k.Singleton && len(rest) > 0 {
			l.diags.Errorf(e.source, "write "+k.Section, "%s: %s is one object, which has no entries", e.text, k.Section)
			return
		}
		if len(rest) == 0 || k.Singleton {
			break
		}
		if len(rest) < len(k.Key) {
			l.diags.Errorf(e.source, "", "%s: an entry of %s is told by %s", e.text, k.Section, strings.Join(k.Key, "/"))
			return
		}
		for i, name := range k.Key {
			name = alternatives(name)[0]
			part, why := l.keyPart(k.KeyField(i), rest[i])
			if why != "" {
				l.diags.Errorf(e.source, "all of them: "+k.Section, "%s: no %s is %q: %s", e.text, name, rest[i], why)
				return
			}
			p.pattern = append(p.pattern, part)
		}
		rest = rest[len(k.Key):]
		if len(rest) == 1 && k.Ident != "" && l.catalog.pattern(k.identPattern()).MatchString(rest[0]) {
			p.pattern, rest = append(p.pattern, rest[0]), nil // one of several of that name
		}
		parent = k
	}
	l.state.Protects = append(l.state.Protects, p)
}

// keyPart returns a key's value in the form that addresses have, and why there
// can be no such value.
func (l *loader) keyPart(f *Field, v string) (part, why string) {
	if v == anyPart {
		return v, ""
	}
	switch {
	case v == "":
		return "", "it is empty"
	case strings.Contains(v, anyPart):
		return "", "* stands for a whole part"
	case len(f.Enum) > 0 && !f.OpenEnum && !slices.Contains(f.Enum, v):
		return "", "there are " + strings.Join(f.Enum, ", ")
	case f.Pattern != "" && !l.catalog.pattern(f.Pattern).MatchString(v):
		return "", "it is to match " + f.Pattern
	}
	return fmt.Sprint(f.Canon(v)), ""
}
