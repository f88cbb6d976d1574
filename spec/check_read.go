package spec

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// validateReads checks where a kind's objects are read.
func (c *Catalog) validateReads(k *Kind, fail func(string, ...any)) {
	c.validateRead(k, "list", k.List, fail)
	c.validateRead(k, "get", k.Get, fail)
	if parent := c.byName[k.Parent]; parent != nil && len(parent.Params) > 0 && !k.Document {
		named := slices.AppendSeq(Placeholders(k.List.Route), maps.Values(k.List.Ask))
		if !slices.ContainsFunc(named, func(name string) bool { return parent.Params[name] != "" }) {
			fail("list: %s names none of what tells one %s from another (%s): each of them would have all there is", k.List.Route, k.Parent, strings.Join(sortedKeys(parent.Params), ", "))
		}
	}
	if k.Keep != nil {
		c.validateRead(k, "keep", k.Keep.Read, fail)
	}
	if k.Where != nil && (k.Document || k.Across != nil || len(k.Where.Values)+len(k.Where.NotIn) == 0) {
		fail("where is for what stands in another object, whose list no more is asked by, and names values")
	}
	if len(k.Get.Items) > 0 {
		fail("get: items are for lists")
	}
	if k.Get.Only != nil || k.Get.Paged {
		fail("get: only is for lists, as pages are")
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		for what, read := range map[string]Read{"list": k.List, "get": k.Get} {
			if f.InOrder && read.Route != "" && !slices.Contains(read.Ordered, path.Base(f.WireAt())) {
				fail("%s: the order in %s is not kept: ordered", what, f.Name)
			}
		}
	}
	if k.Singleton && (len(k.List.Items) > 0 || k.List.Only != nil || k.List.Paged) {
		fail("list: items are for kinds of several objects, as pages and only are")
	}
}

func (c *Catalog) validateRead(k *Kind, what string, read Read, fail func(string, ...any)) {
	if read.Route == "" {
		return
	}
	var over []string
	if o := read.Over; o != nil {
		over = []string{o.Param}
		if len(o.Values) == 0 || what != "list" || k.Across != nil || k.Singleton {
			fail("%s: over is for the list of several objects, and has values", what)
		}
	}
	c.validateRoute(k, what, read.Route, read.Version, over, fail)
	for _, name := range read.Ask {
		if what != "list" || !slices.Contains(c.placeholders(k), name) {
			fail("%s: ask names a placeholder %s that nothing fills, or is for the list", what, name)
		}
	}
	if read.IDs != "" && (what != "list" || read.Paged || !slices.Contains(Placeholders(k.Get.Route), read.IDs)) {
		fail("%s: ids is a placeholder of get, for a list that has no pages", what)
	}
	if len(read.Items) > 0 && read.Paged {
		fail("%s: items are for answers that have no pages", what)
	}
	for _, pointer := range read.Items {
		if pointer == "" || pointer[0] != '/' {
			fail("%s: items names %q, which is no place in an object", what, pointer)
		}
	}
	if o := read.Only; o != nil && !o.says() {
		fail("%s: only names no values", what)
	}
}

// validateBatch checks what can go out together.
func (c *Catalog) validateBatch(k *Kind, what string, call Call, fail func(string, ...any)) {
	if call.Batch && (!call.Body.Array || call.Each != nil || k.Rotation != nil) {
		fail("%s: batch is for bodies that are arrays, of which each resource sends one", what)
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
			fail("%s: wait: a list is read with all, and has no items", what)
		}
	case k.Get.Route == "":
		fail("%s: wait: nothing to read", what)
	case w.All:
		fail("%s: wait: all is for a list, and get answers one object", what)
	}
	if w.All && w.Gone {
		fail("%s: wait: all and gone exclude each other", what)
	}
	if w.Settle > w.Max {
		fail("%s: wait: it settles after its bound", what)
	}
	if !w.Gone && len(w.Until) == 0 {
		fail("%s: wait: nothing to wait for", what)
	}
	if w.Max <= 0 {
		fail("%s: wait: no bound", what)
	}
}
