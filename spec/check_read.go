package spec

import (
	"path"
	"slices"
)

// validateReads checks where a kind's objects are read.
func (c *Catalog) validateReads(k *Kind, fail func(string, ...any)) {
	c.validateRead(k, "List", k.List, fail)
	c.validateRead(k, "Get", k.Get, fail)
	if k.Keep != nil {
		c.validateRead(k, "Keep", k.Keep.Read, fail)
	}
	if k.Where != nil && (k.Document || k.Across != nil || len(k.Where.Values)+len(k.Where.NotIn) == 0) {
		fail("Where is for what stands in another object, whose list no more is asked by, and names values")
	}
	if len(k.Get.Items) > 0 {
		fail("Get: Items are for lists")
	}
	if k.Get.Only != nil || k.Get.Paged {
		fail("Get: Only is for lists, as pages are")
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		for what, read := range map[string]Read{"List": k.List, "Get": k.Get} {
			if f.InOrder && read.Route != "" && !slices.Contains(read.Ordered, path.Base(f.WireAt())) {
				fail("%s: the order in %s is not kept: Ordered", what, f.Name)
			}
		}
	}
	if k.Singleton && (len(k.List.Items) > 0 || k.List.Only != nil || k.List.Paged) {
		fail("List: Items are for kinds of several objects, as pages and Only are")
	}
}

func (c *Catalog) validateRead(k *Kind, what string, read Read, fail func(string, ...any)) {
	if read.Route == "" {
		return
	}
	var over []string
	if o := read.Over; o != nil {
		over = []string{o.Param}
		if len(o.Values) == 0 || what != "List" || k.Across != nil || k.Singleton {
			fail("%s: Over is for the list of several objects, and has values", what)
		}
	}
	c.validateRoute(k, what, read.Route, read.Version, over, fail)
	for _, name := range read.Ask {
		if what != "List" || !slices.Contains(c.placeholders(k), name) {
			fail("%s: Ask names a placeholder %s that nothing fills, or is for the list", what, name)
		}
	}
	if read.IDs != "" && (what != "List" || read.Paged || !slices.Contains(Placeholders(k.Get.Route), read.IDs)) {
		fail("%s: IDs is a placeholder of Get, for a list that has no pages", what)
	}
	if len(read.Items) > 0 && read.Paged {
		fail("%s: Items are for answers that have no pages", what)
	}
	for _, pointer := range read.Items {
		if pointer == "" || pointer[0] != '/' {
			fail("%s: Items names %q, which is no place in an object", what, pointer)
		}
	}
	if o := read.Only; o != nil && !o.says() {
		fail("%s: Only names no values", what)
	}
}

// validateBatch checks what can go out together.
func (c *Catalog) validateBatch(k *Kind, what string, call Call, fail func(string, ...any)) {
	if call.Batch && (!call.Body.Array || call.Each != nil || k.Rotation != nil) {
		fail("%s: Batch is for bodies that are arrays, of which each resource sends one", what)
	}
}

// validateWait checks what a call is followed by.
func (c *Catalog) validateWait(k *Kind, what string, call Call, extra []string, fail func(string, ...any)) {
	w := call.Wait
	if w == nil {
		return
	}
	switch {
	case w.Read != nil:
		c.validateRoute(k, what+": Wait", w.Read.Route, w.Read.Version, extra, fail)
		if len(w.Read.Items) > 0 || !w.All && (w.Read.Paged || w.Read.Only != nil) {
			fail("%s: Wait: a list is read with All, and has no Items", what)
		}
	case k.Get.Route == "":
		fail("%s: Wait: nothing to read", what)
	case w.All:
		fail("%s: Wait: All is for a list, and Get answers one object", what)
	}
	if w.All && w.Gone {
		fail("%s: Wait: All and Gone exclude each other", what)
	}
	if w.Settle > w.Max {
		fail("%s: Wait: it settles after its bound", what)
	}
	if !w.Gone && len(w.Until) == 0 {
		fail("%s: Wait: nothing to wait for", what)
	}
	if w.Max <= 0 {
		fail("%s: Wait: no bound", what)
	}
}
