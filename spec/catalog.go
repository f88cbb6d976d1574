package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Catalog is the set of kinds that the program knows.
type Catalog struct {
	kinds    []*Kind // parents before children, referenced before referring
	byName   map[string]*Kind
	complete map[*Kind]func() // of a lazy catalogue: called before a kind leaves it
	patterns map[string]*regexp.Regexp
	rules    map[*Kind]*rules // compiled so far
	// Define returns the catalogue with more kinds, or what is wrong with them. Nil:
	// files can describe none.
	Define func([]Definition) (*Catalog, Diagnostics)
}

// NewCatalog sorts the kinds by what stands below and refers to what, and
// checks them. A mistake in a description is an error here, not a surprise later.
func NewCatalog(kinds ...*Kind) (*Catalog, error) {
	c, err := sorted(kinds)
	if err != nil {
		return nil, err
	}
	return c, errors.Join(c.validate()...)
}

// NewLazyCatalog returns a catalogue of kinds that complete finishes, each when
// the first one asks for it: a file needs few of all there are. The kinds are
// not checked, and complete panics where one cannot be finished: a test has to
// give what Kinds returns to NewCatalog.
func NewLazyCatalog(complete func(*Kind), kinds ...*Kind) (*Catalog, error) {
	c, err := sorted(kinds)
	if err != nil {
		return nil, err
	}
	c.complete = map[*Kind]func(){}
	for _, k := range kinds {
		c.complete[k] = sync.OnceFunc(func() { complete(k) })
	}
	return c, nil
}

func sorted(kinds []*Kind) (*Catalog, error) {
	c := &Catalog{byName: map[string]*Kind{}, patterns: map[string]*regexp.Regexp{}, rules: map[*Kind]*rules{}}
	for _, k := range kinds {
		if c.byName[k.Name] != nil {
			return nil, fmt.Errorf("kind %s is there twice", k.Name)
		}
		c.byName[k.Name] = k
	}
	return c, c.sort(kinds)
}

// whole returns a kind as it may leave the catalogue.
func (c *Catalog) whole(k *Kind) *Kind {
	if complete := c.complete[k]; complete != nil {
		complete()
	}
	return k
}

// Kinds returns all kinds: parents before children, referenced kinds before
// those that refer to them. Creation follows this order, deletion its reverse.
func (c *Catalog) Kinds() []*Kind { return c.those(func(*Kind) bool { return true }) }

func (c *Catalog) those(wanted func(*Kind) bool) []*Kind {
	var out []*Kind
	for _, k := range c.kinds {
		if wanted(k) {
			out = append(out, c.whole(k))
		}
	}
	return out
}

// Kind returns the kind of that name, or nil.
func (c *Catalog) Kind(name string) *Kind { return c.whole(c.byName[name]) }

// Children returns the kinds whose sections stand in the given one.
func (c *Catalog) Children(parent *Kind) []*Kind {
	return c.those(func(k *Kind) bool { return k.under(parent) })
}

func (k *Kind) under(parent *Kind) bool { return k.Parent == parent.Name && !k.Document }

// Section returns the kind of a section that stands in the given kind, or nil.
func (c *Catalog) Section(parent *Kind, name string) *Kind {
	for _, k := range c.kinds {
		if k.Section == name && k.under(parent) {
			return c.whole(k)
		}
	}
	return nil
}

// sections are the names of those that stand in the given kind.
func (c *Catalog) sections(parent *Kind) []string {
	var names []string
	for _, k := range c.kinds {
		if k.under(parent) {
			names = append(names, k.Section)
		}
	}
	return names
}

// Documents returns the kinds that have documents of their own.
func (c *Catalog) Documents() []*Kind { return c.those(func(k *Kind) bool { return k.Document }) }

// Rank is a kind's place in the order of creation.
func (c *Catalog) Rank(k *Kind) int { return slices.Index(c.kinds, k) }

func (c *Catalog) sort(kinds []*Kind) error {
	done := map[string]bool{}
	var visit func(k *Kind, path []string) error
	visit = func(k *Kind, path []string) error {
		if done[k.Name] {
			return nil
		}
		if slices.Contains(path, k.Name) {
			return fmt.Errorf("kinds depend on each other in a circle: %s", strings.Join(append(path, k.Name), " → "))
		}
		for _, name := range slices.Concat([]string{k.Parent}, refsOf(k.Fields), k.After) {
			if name == "" || name == k.Name { // of its own kind: its steps are ordered one by one
				continue
			}
			dep := c.byName[name]
			if dep == nil {
				return fmt.Errorf("kind %s names a kind %s that is not in the catalogue", k.Name, name)
			}
			if err := visit(dep, append(path, k.Name)); err != nil {
				return err
			}
		}
		done[k.Name] = true
		c.kinds = append(c.kinds, k)
		return nil
	}
	byName := slices.SortedFunc(slices.Values(kinds), func(a, b *Kind) int { return strings.Compare(a.Name, b.Name) })
	for _, k := range byName {
		if err := visit(k, nil); err != nil {
			return err
		}
	}
	return nil
}

// Doubled tells whether resources of another kind can have their objects in
// the list of this one.
func (c *Catalog) Doubled(k *Kind) bool {
	return slices.ContainsFunc(c.kinds, func(other *Kind) bool {
		return slices.ContainsFunc(other.Fields, func(f Field) bool { return f.Ref.owns() && f.Ref.Kind == k.Name })
	})
}

func refsOf(fields []Field) []string {
	var names []string
	for _, f := range fields {
		if f.Ref != nil {
			names = append(names, f.Ref.Kind)
		}
		if f.Backref != nil {
			names = append(names, f.Backref.Kind)
		}
		names = append(names, refsOf(f.Fields)...)
	}
	return names
}

func (c *Catalog) pattern(expr string) *regexp.Regexp {
	if c.patterns[expr] == nil {
		c.patterns[expr] = regexp.MustCompile(expr)
	}
	return c.patterns[expr]
}
