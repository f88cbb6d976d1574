package suite

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A leaf is a declared value that a client can change: a value, a list of
// values, or the elements of a collection.
type leaf struct {
	path  []string // as the tool spells it
	f     *spec.Field
	read  string // the pointer into what Atlas answers
	sent  string // the pointer into bodies
	value any    // as Atlas has it
	head  string // the top-level field
	mark  string // where it is in what is kept of an object
	taken string // of a Take: whose values count
}

// leaves lists the leaves of an object that can be compared and changed.
func (w *world) leaves(o *object) []leaf {
	var out []leaf
	w.leavesIn(&out, o, o.kind.Fields, o.kind.Variant, o.raw, leaf{}, func(f *spec.Field) bool { return o.kind.Identifies(f.Name) })
	return out
}

func (w *world) leavesIn(out *[]leaf, o *object, fields []spec.Field, variant string, raw any, up leaf, skip func(*spec.Field) bool) {
	var chosen any
	if v := fieldNamed(fields, variant); v != nil {
		chosen, _ = spec.At(raw, v.WireAt())
	}
	for i := range fields {
		f := &fields[i]
		if f.ReadOnly || f.Local || f.Sensitive || f.Immutable || f.OneWay || !f.Compared() || f.Name == variant || !f.Fits(chosen) || skip(f) {
			continue
		}
		l := leaf{path: append(slices.Clone(up.path), f.Name), f: f, read: up.read + f.WireAt(), sent: up.sent + f.SendPointer(), head: up.head, mark: up.mark + f.WireAt()}
		if l.head == "" {
			l.head = f.Name
		}
		if f.Backref != nil {
			*out = append(*out, l)
			continue
		}
		v, ok := spec.At(raw, f.WireAt())
		if !ok || v == nil || masked(v) || f.Void != nil && f.Void.Holds(v) {
			continue
		}
		l.value = v
		if list, ok := v.([]any); ok && f.Take != nil {
			l.taken = o.params[f.Take.Is]
			l.value = f.Take.From(list, l.taken)
		}
		if f.Type == spec.Object {
			if f.Switch != nil {
				if on, ok := spec.At(v, f.Sub(f.Switch.Field).WireAt()); ok && on != true {
					continue
				}
			}
			w.leavesIn(out, o, f.Fields, f.Variant, v, l, moves(f, v))
			continue
		}
		*out = append(*out, l)
		list, _ := v.([]any)
		if !f.Collection() {
			continue
		}
		for i, e := range list {
			below := l
			below.path = append(slices.Clone(l.path), f.Element(w.valuesOf(o, f, e, nil), i))
			below.read, below.sent = fmt.Sprintf("%s/%d", l.read, i), fmt.Sprintf("%s/%d", l.sent, i)
			below.mark = fmt.Sprintf("%s/%d", l.mark, i)
			if f.Type == spec.Set {
				below.mark = l.mark + "/" + elementID(f, e)
			}
			moving := moves(f, e)
			w.leavesIn(out, o, f.Fields, f.Variant, e, below, func(sub *spec.Field) bool { return slices.Contains(f.ElemKey, sub.Name) || moving(sub) })
		}
	}
}

// moves tells which members of a block Atlas changes by itself, as it is.
func moves(f *spec.Field, raw any) func(*spec.Field) bool {
	return func(sub *spec.Field) bool {
		return slices.ContainsFunc(f.Moves, func(m spec.Move) bool {
			return m.While.Holds(raw) && slices.ContainsFunc(m.Members, func(path string) bool { return spec.HeadOf(path) == sub.Name })
		})
	}
}

// A change is another value for a leaf, and the path that tells of it.
type change struct {
	leaf
	to   any
	path string
	// add and remove are members of a collection that calls change one by one.
	add, remove []any
}

// redraw draws another value for a leaf; false if there is none.
func (d *drawing) redraw(o *object, l leaf) (change, bool) {
	c := change{leaf: l, path: spec.JoinPath(l.path)}
	var schemas []*api.Schema
	for _, s := range d.settable(o.kind) {
		schemas = append(schemas, at([]*api.Schema{s}, l.sent)...)
	}
	if !slices.ContainsFunc(schemas, func(s *api.Schema) bool { return !s.ReadOnly }) && l.f.Backref == nil && len(schemas) > 0 {
		return c, false
	}
	list, _ := l.value.([]any)
	switch {
	case l.f.Backref != nil:
		return c, d.redrawMembers(o, &c)
	case l.f.Collection():
		return c, d.redrawElements(o, schemas, &c, list)
	case l.f.Type == spec.Map:
		d.redrawKey(o, &c)
		return c, true
	}
	for range 10 {
		c.to = wire(d.value(schemas, guideOf(l.f)))
		if c.to == nil || l.f.Type == spec.String && c.to == "" && l.f.MinLen > 0 {
			continue
		}
		if l.f.Type == spec.Set {
			c.add, c.remove = without(l.f, c.to, l.value), without(l.f, l.value, c.to)
			if len(c.add)+len(c.remove) > 0 {
				return c, true
			}
			continue
		}
		if textOf(l.f.Canon(l.f.Decode(c.to))) != textOf(l.f.Canon(l.f.Decode(l.value))) {
			return c, true
		}
	}
	return c, false
}

func without(f *spec.Field, of, others any) []any {
	list, _ := of.([]any)
	not, _ := others.([]any)
	return slices.DeleteFunc(slices.Clone(list), func(v any) bool {
		return slices.ContainsFunc(not, func(o any) bool { return f.ElementID(o) == f.ElementID(v) })
	})
}

// redrawElements adds an element, or takes one away.
func (d *drawing) redrawElements(o *object, schemas []*api.Schema, c *change, list []any) bool {
	f := c.f
	if len(list) > f.MinItems && (len(list) > 0 && d.coin()) {
		i := len(list) - 1
		if f.Type == spec.Set {
			i = d.int(0, len(list)-1)
		}
		c.path += f.Element(d.valuesOf(o, f, list[i], nil), i)
		c.to = slices.Delete(slices.Clone(list), i, i+1)
		return true
	}
	for range 10 {
		e := wire(d.object(api.Elements(schemas), guideOf(f), nil))
		id := f.ElementID(decoded(f.Fields, e))
		if f.Type == spec.Set && slices.ContainsFunc(list, func(o any) bool { return f.ElementID(decoded(f.Fields, o)) == id }) {
			continue
		}
		c.path += f.Element(d.valuesOf(o, f, e, nil), len(list))
		c.to = append(slices.Clone(list), e)
		return true
	}
	return false
}

// redrawKey changes, adds or takes away a key of a mapping.
func (d *drawing) redrawKey(o *object, c *change) {
	was, _ := d.spelled(o, c.f, c.value, nil).(map[string]any)
	now := maps.Clone(was)
	key := d.word()
	if len(was) > 0 && d.coin() {
		key = rapid.SampledFrom(slices.Sorted(maps.Keys(was))).Draw(d.T, "key")
	}
	if _, there := was[key]; there && d.coin() {
		delete(now, key)
	} else if c.f.Lookup != nil {
		now[key] = d.entry(c.f)
	} else {
		now[key] = d.word() + "!"
	}
	c.path += "." + key
	c.to = wire(c.f.Encode(now))
}

// redrawMembers adds somebody who points back, or takes one away.
func (d *drawing) redrawMembers(o *object, c *change) bool {
	v, ok := d.member(c.f)
	if !ok {
		return false
	}
	k := d.Catalog.Kind(c.f.Backref.Kind)
	var ids []any
	for _, raw := range d.list(k, d.home(k, o.at)) {
		at, _ := spec.At(raw, c.f.Backref.At)
		list, _ := at.([]any)
		if slices.Contains(list, any(spec.TextAt(o.raw, c.f.Backref.ID))) {
			ids = append(ids, spec.TextAt(raw, c.f.Backref.ID))
		}
	}
	if slices.Contains(ids, v) {
		c.remove = []any{v}
	} else {
		c.add = []any{v}
	}
	return true
}

// someLeaves draws which leaves a case looks at.
func (w *world) someLeaves(all []leaf, most int) []leaf {
	if len(all) == 0 {
		return nil
	}
	mixed := rapid.Permutation(all).Draw(w.T, "leaves")
	return mixed[:min(most, len(mixed))]
}
