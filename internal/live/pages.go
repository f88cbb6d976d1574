package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const (
	// maxPages and maxObjects bound a list that never ends; Atlas allows far
	// fewer of anything.
	maxPages, maxObjects = 1000, 100_000
	// estimate is the part of what came, 1/100, by which Atlas's count may be
	// higher: Atlas calls it an estimate.
	estimate = 100
	// fruitless is how many pages in a row may bring nothing new although more
	// was promised.
	fruitless = 2
	// settle is how long a list that is not whole is left alone before it is
	// read once more.
	settle = 300 * time.Millisecond
)

// List reads the list of a kind to its end. A singleton that is not there is
// an empty list.
func (r *Reader) List(ctx context.Context, k *spec.Kind, params planner.Params) ([]any, error) {
	items, err := r.items(ctx, k, params)
	if err != nil {
		if k.Optional.Missing(nil, err) {
			err = nil
		}
		return nil, err
	}
	return slices.DeleteFunc(items, func(raw any) bool { return k.Optional.Missing(raw, nil) }), nil
}

// items reads the objects of a list: where it has ids instead, those that they
// stand for. One that went meanwhile is not there.
func (r *Reader) items(ctx context.Context, k *spec.Kind, params planner.Params) ([]any, error) {
	if k.List.IDs == "" {
		return r.ListBelow(ctx, k.List, params, k.Identity)
	}
	ids, err := r.ListBelow(ctx, k.List, params, whole)
	var out []any
	for _, id := range ids {
		raw, failed := r.one(ctx, k.Get, planner.With(params, k.List.IDs, id))
		switch {
		case failed == nil:
			out = append(out, raw)
		case !Gone(failed):
			return nil, failed
		}
	}
	return out, err
}

// ListBelow reads a list to its end: all pages, a bare array, or the one
// object of a singleton. What identity takes for the same object comes once.
func (r *Reader) ListBelow(ctx context.Context, read spec.Read, params planner.Params, identity func(any) string) ([]any, error) {
	over := read.Over
	if over == nil {
		return r.listOnce(ctx, read, params, identity)
	}
	var out []any
	for _, value := range over.Values {
		once := read
		if !slices.Contains(spec.Placeholders(read.Route), over.Param) {
			once = read.With(over.Param, value)
		}
		items, err := r.listOnce(ctx, once, planner.With(params, over.Param, value), identity)
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
	}
	return out, nil
}

// listOnce reads a list for one of the values that it is asked for.
func (r *Reader) listOnce(ctx context.Context, read spec.Read, params planner.Params, identity func(any) string) ([]any, error) {
	path, err := planner.Fill(read.Route, params)
	if err != nil {
		return nil, err
	}
	for name, placeholder := range read.Ask {
		v, ok := params[placeholder].(string)
		if !ok {
			return nil, planner.ErrUnknown
		}
		read = read.With(name, v)
	}
	if !read.Paged {
		doc, err := r.get(ctx, read, path, nil)
		if err != nil {
			return nil, err
		}
		p := newPages(path, identity)
		list, err := itemsOf(doc, read.Items)
		if err != nil {
			return nil, fmt.Errorf("GET %s: %w", path, err)
		}
		p.add(list)
		return ours(read, p.objects), nil
	}
	p, err := r.pages(ctx, read, path, identity)
	if err != nil || p.lacks() == "" {
		return ours(read, p.objects), err
	}
	// It may have changed between two pages: once more, from the start.
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-time.After(settle):
	}
	p, err = r.pages(context.WithValue(ctx, anewKey{}, true), read, path, identity)
	if err == nil && p.lacks() != "" {
		err = fmt.Errorf("GET %s: the list is not whole: %s; it was read twice", path, p.lacks())
	}
	return ours(read, p.objects), err
}

// itemsOf returns the items of an answer that has no pages: of an array its
// elements, else what stands in the arrays at the pointers, or the one object.
func itemsOf(doc any, pointers []string) ([]any, error) {
	if len(pointers) == 0 {
		if list, ok := doc.([]any); ok {
			return list, nil
		}
		return []any{doc}, nil
	}
	if _, ok := doc.(map[string]any); !ok {
		return nil, errors.New("the answer is no object with lists in it: check MONGODB_ATLAS_BASE_URL")
	}
	var out []any
	for _, pointer := range pointers {
		v, _ := spec.At(doc, pointer)
		list, ok := v.([]any)
		if !ok && v != nil {
			return nil, fmt.Errorf("its %s is no list", pointer)
		}
		out = append(out, list...)
	}
	return out, nil
}

// ours leaves out the rows that are none of ours.
func ours(read spec.Read, items []any) []any {
	return slices.DeleteFunc(items, func(raw any) bool { return !read.Only.Holds(raw) })
}

// pages reads page after page, for as long as there is reason to.
func (r *Reader) pages(ctx context.Context, read spec.Read, path string, identity func(any) string) (*pages, error) {
	p := newPages(path, identity)
	for p.goesOn() {
		if p.read == maxPages || len(p.objects) > maxObjects {
			return p, fmt.Errorf("GET %s: the list does not end: %d objects on %d pages so far", path, len(p.objects), p.read)
		}
		doc, err := r.get(ctx, read, path, map[string]any{"itemsPerPage": strconv.Itoa(planner.PageSize), "pageNum": strconv.Itoa(p.read + 1)})
		if err != nil {
			return p, err
		}
		if err := p.page(doc); err != nil {
			return p, err
		}
	}
	return p, nil
}

// pages is what was read of a list so far.
type pages struct {
	path     string
	identity func(any) string
	objects  []any
	at       map[string]int // where each object is in objects

	read  int // pages
	size  int // entries of the last page
	fresh int // those of them that were new
	idle  int // pages in a row without a new one
	next  bool
	total int // what Atlas counts, as it said last; -1: it did not say
}

func newPages(path string, identity func(any) string) *pages {
	return &pages{path: path, identity: identity, at: map[string]int{}, total: -1}
}

// page takes in one answer.
func (p *pages) page(doc any) error {
	v, _ := spec.At(doc, "/results")
	list, ok := v.([]any)
	if !ok {
		return fmt.Errorf("GET %s: the answer has no results: check MONGODB_ATLAS_BASE_URL", p.path)
	}
	p.read++
	p.add(list)
	p.next = false
	links, _ := spec.At(doc, "/links")
	if list, ok := links.([]any); ok {
		p.next = slices.ContainsFunc(list, func(l any) bool { return spec.TextAt(l, "/rel") == "next" })
	}
	if v, _ := spec.At(doc, "/totalCount"); v != nil {
		if n, ok := v.(json.Number); ok {
			if total, err := n.Int64(); err == nil {
				p.total = int(total)
			}
		}
	}
	return nil
}

// add takes in the entries of a page. What was there already takes the place
// of what it was: it was read later.
func (p *pages) add(list []any) {
	p.size, p.fresh = len(list), 0
	for _, raw := range list {
		id := p.identity(raw)
		if i, again := p.at[id]; again && id != "" {
			p.objects[i] = raw
			continue
		}
		p.at[id] = len(p.objects)
		p.objects = append(p.objects, raw)
		p.fresh++
	}
	p.idle++
	if p.fresh > 0 {
		p.idle = 0
	}
}

// promised tells whether Atlas says that there is more than came.
func (p *pages) promised() bool { return p.next || p.total > len(p.objects)+len(p.objects)/estimate }

// goesOn tells whether to ask for another page.
func (p *pages) goesOn() bool {
	switch {
	case p.read == 0:
		return true
	case p.fresh > 0:
		return p.size >= planner.PageSize || p.promised()
	}
	return p.promised() && p.idle < fruitless
}

// lacks says why what was read cannot be all; "" if it can.
func (p *pages) lacks() string {
	switch {
	case p.next:
		return fmt.Sprintf("page %d names a next one, and %d in a row brought nothing new", p.read, p.idle)
	case p.promised():
		return fmt.Sprintf("Atlas counts %d, and %d came", p.total, len(p.objects))
	case p.fresh == 0 && p.size > 0 && p.total < 0:
		return fmt.Sprintf("page %d shows what the pages before it showed", p.read)
	}
	return ""
}
