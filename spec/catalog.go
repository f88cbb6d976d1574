package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Catalog is the set of kinds that the program knows.
type Catalog struct {
	kinds    []*Kind // parents before children, referenced before referring
	byName   map[string]*Kind
	patterns map[string]*regexp.Regexp
	rules    map[*Kind]*rules // compiled so far
}

// NewCatalog sorts the kinds by what stands below and refers to what, and
// checks them. A mistake in a description is an error here, not a surprise later.
func NewCatalog(kinds ...*Kind) (*Catalog, error) {
	c := &Catalog{byName: map[string]*Kind{}, patterns: map[string]*regexp.Regexp{}, rules: map[*Kind]*rules{}}
	for _, k := range kinds {
		if c.byName[k.Name] != nil {
			return nil, fmt.Errorf("kind %s is there twice", k.Name)
		}
		c.byName[k.Name] = k
	}
	if err := c.sort(kinds); err != nil {
		return nil, err
	}
	return c, errors.Join(c.validate()...)
}

// Kinds returns all kinds: parents before children, referenced kinds before
// those that refer to them. Creation follows this order, deletion its reverse.
func (c *Catalog) Kinds() []*Kind { return c.kinds }

// Kind returns the kind of that name, or nil.
func (c *Catalog) Kind(name string) *Kind { return c.byName[name] }

// Children returns the kinds whose sections stand in the given one.
func (c *Catalog) Children(parent *Kind) []*Kind {
	var out []*Kind
	for _, k := range c.kinds {
		if k.Parent == parent.Name && !k.Document {
			out = append(out, k)
		}
	}
	return out
}

// Documents returns the kinds that have documents of their own.
func (c *Catalog) Documents() []*Kind {
	return slices.DeleteFunc(slices.Clone(c.kinds), func(k *Kind) bool { return !k.Document })
}

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
	sorted := slices.Clone(kinds)
	slices.SortFunc(sorted, func(a, b *Kind) int { return strings.Compare(a.Name, b.Name) })
	for _, k := range sorted {
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
