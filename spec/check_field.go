package spec

import "slices"

// validateElements checks what tells the elements of a collection apart.
func (c *Catalog) validateElements(f *Field, fail func(string, ...any)) {
	if f.Type == Set && len(f.Fields) > 0 && len(f.ElemKey) == 0 {
		fail("field %s: a set of objects needs an elemKey", f.Name)
	}
	if len(f.ElemKey) > 0 && (f.Type != Set || len(f.Fields) == 0) {
		fail("field %s: elemKey is for sets of objects", f.Name)
		return
	}
	for _, name := range f.ElemKey {
		key := f.Sub(name)
		switch {
		case key == nil:
			fail("field %s: elemKey names %s, which is not there", f.Name, name)
		case key.Sensitive || key.NotReturned || !key.Compared() || key.ReadOnly || key.Nullable || key.Type > Set || len(key.Fields) > 0:
			fail("field %s: its elemKey %s is not a plain value that Atlas returns", f.Name, name)
		}
	}
}

// validateWords refuses what the engine would ignore.
func (c *Catalog) validateWords(f *Field, fail func(string, ...any)) {
	is := func(types ...Type) bool { return slices.Contains(types, f.Type) }
	if f.Ref != nil {
		if !is(String, Set, List) || len(f.Fields) > 0 {
			fail("field %s: ref is for strings", f.Name)
		}
	}
	if f.Ref != nil && f.Ref.At != "" && (!f.Ref.ByID || f.Ref.At[0] != '/') {
		fail("field %s: ref.at is the place of an id, for byID", f.Name)
	}
	if f.Lookup != nil && (f.Ref != nil || !is(String) && !(is(Map) && f.Lookup.Answers)) {
		fail("field %s: lookup is for strings without a ref, or mappings of which only answers have ids", f.Name)
	}
	if f.Take != nil && (!is(Set) || len(f.Fields) > 0) {
		fail("field %s: take makes a set of strings", f.Name)
	}
	if f.Norm != Exact && !is(String, Set, List) {
		fail("field %s: a norm is for strings", f.Name)
	}
	if by := f.Sub(f.Descending); f.Descending != "" && (f.Type != Set || by == nil || by.Type != Int) {
		fail("field %s: descending names %s, which is no number in the elements of a set", f.Name, f.Descending)
	}
	if f.Derive != "" && (f.Type != String || f.Sensitive || f.ReadOnly) {
		fail("field %s: derive is for strings that can be declared", f.Name)
	}
	if f.True != "" && (!is(Bool) || f.Local || f.Default != nil) {
		fail("field %s: true is for booleans that Atlas tells by a word", f.Name)
	}
	if f.InOrder && !is(Document) {
		fail("field %s: inOrder is for documents", f.Name)
	}
	if f.Carry && !f.ReadOnly {
		fail("field %s: carry is for what Atlas sets", f.Name)
	}
	if f.Partial && !is(Object) {
		fail("field %s: partial is for blocks", f.Name)
	}
	if f.NullAs != nil && !f.Nullable {
		fail("field %s: nullAs goes with nullable", f.Name)
	}
	if f.Output && (!f.ReadOnly || f.Sensitive) {
		fail("field %s: an output is what Atlas sets, and is shown", f.Name)
	}
	if f.Becomes != nil && (!f.Immutable || !is(String)) {
		fail("field %s: becomes is for immutable strings", f.Name)
	}
	if f.Destructive && is(Object, Document, Map) {
		fail("field %s: destructive is for values and lists", f.Name)
	}
	if f.Variant != "" {
		c.validateVariant(f.Name, f.Variant, f.Fields, fail)
	} else {
		for i := range f.Fields {
			if len(f.Fields[i].For) > 0 {
				fail("field %s.%s: for needs a variant", f.Name, f.Fields[i].Name)
			}
		}
	}
	for _, m := range f.Moves {
		for _, path := range m.Members {
			if FieldAt(f.Fields, SplitPath(path)) == nil {
				fail("field %s: moves names %s, which is not there", f.Name, path)
			}
		}
		if len(f.Fields) == 0 {
			fail("field %s: moves is for blocks and elements", f.Name)
		}
	}
	if f.ReadOnly && (f.Required || f.Sensitive || f.Immutable || f.Nullable || f.CreateOnly || f.Steer || f.Local) {
		fail("field %s: what Atlas sets has no such attribute", f.Name)
	}
}

// validateVariant checks the member that says which of the others there are.
func (c *Catalog) validateVariant(what, variant string, fields []Field, fail func(string, ...any)) {
	v := fieldNamed(fields, variant)
	if v == nil || v.Type != String || len(v.For) > 0 {
		fail("%s: its variant %s is no string member", what, variant)
		return
	}
	for i := range fields {
		for _, value := range fields[i].For {
			if len(v.Enum) > 0 && !slices.Contains(v.Enum, value) {
				fail("field %s: there is no %s %q", fields[i].Name, variant, value)
			}
		}
	}
}
