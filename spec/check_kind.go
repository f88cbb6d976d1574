package spec

import "slices"

// validateOrder checks what decides when steps run, and whether they may.
func (c *Catalog) validateOrder(k *Kind, fail func(string, ...any)) {
	if k.Lane != nil {
		for _, name := range k.Lane.By {
			if !slices.Contains(c.placeholders(k), name) {
				fail("lane names a placeholder %s that nothing fills", name)
			}
		}
		if k.Lane.Name == "" || len(k.Lane.By) == 0 {
			fail("lane needs a name and what it counts within")
		}
	}
	for _, b := range k.Blocks {
		if !slices.Contains([]string{"delete", "change", "parent"}, b.Of) || b.Why == "" {
			fail("blocks: %q is nothing that can be refused, or nothing says why", b.Of)
		}
		for _, name := range b.By {
			if by := c.Kind(name); by == nil || by.Parent != k.Parent || b.Of != "delete" {
				fail("blocks: %s is no kind beside it whose objects hold it back from its deletion", name)
			}
		}
	}
	if i := k.Irreversible; i != nil {
		if f := k.Field(i.Unless); f == nil || !f.Local || f.Type != Bool || i.Why == "" {
			fail("irreversible: %q is no flag of the file's, or nothing says why", i.Unless)
		}
	}
	if k.Given && (k.Singleton || len(k.Delete) > 0) {
		fail("given is for objects of a list that no call deletes")
	}
	if k.Unset != nil && len(k.Delete) == 0 {
		fail("unset is for what delete calls reset")
	}
	if k.Unset != nil && !k.Unset.says() {
		fail("unset names no values")
	}
	if f := k.Field(k.Expires); k.Expires != "" && (f == nil || f.Norm != Instant) {
		fail("expires names %s, which is no moment", k.Expires)
	}
	if k.Adopt != nil {
		for _, name := range k.Adopt.Same {
			if k.Field(name) == nil {
				fail("adopt names a field %s that is not there", name)
			}
		}
	}
	if k.Paired && (k.Ident == "" || k.Singleton || k.Document) {
		fail("paired is for objects with an id that can be declared")
	}
	for _, o := range k.Outside {
		if o.What == "" {
			fail("outside: nothing says what is to be done")
		}
	}
}
