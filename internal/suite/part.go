package suite

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// partDeclared: what is declared of an object becomes so, and what is not stays.
func (w *world) partDeclared(k *spec.Kind) {
	o := w.live(k, w.here)
	target := w.changedCopy(o)
	if target == nil {
		return
	}
	whole := w.values(o)
	d := &drawing{world: w, k: k, at: o.at}
	declared := d.part(k.Fields, k.Variant, k.IsKey, whole, w.values(target))
	before := w.kept(o, true)
	file := w.file(declaration{o, o.at, declared})
	if code, _ := w.apply(file); code != 0 {
		for _, c := range target.changes {
			if err := w.byHand(o, c); err != nil {
				return // Atlas lets nobody do it now
			}
		}
		w.fail("apply: exit code %d", code)
	}
	w.settled(file, "after apply")
	w.again(o)
	w.sameIDs(before, w.kept(o, true))
	if diff := differences(elsewhere(w.kept(target, false)), elsewhere(w.kept(o, false))); len(diff) > 0 {
		w.fail("what should be, and what is: %q", diff)
	}
}

// changedCopy changes some leaves of an object by hand, remembers how it is
// then, and changes them back: what is left is the way there. Nil if nothing
// can be changed.
func (w *world) changedCopy(o *object) *object {
	d := &drawing{world: w, k: o.kind, at: o.at}
	raw := wire(o.raw)
	start := w.kept(o, false)
	target := &object{kind: o.kind, at: o.at, sent: o.sent, path: o.path, params: o.params}
	var done []change
	for _, l := range w.someLeaves(w.leaves(o), 4) {
		if l.f.Backref != nil || len(done) > 0 && overlaps(done, l) {
			continue
		}
		c, ok := d.redraw(o, l)
		if !ok {
			continue
		}
		if err := w.byHand(o, c); err != nil {
			w.again(o)
			continue
		}
		done = append(done, c)
		target.sent = c.sentBefore(target.sent)
	}
	target.raw, target.changes = wire(o.raw), done
	for _, c := range slices.Backward(done) {
		v, ok := spec.At(raw, c.read)
		if !ok {
			v = c.value
		}
		back := change{leaf: c.leaf, to: v, add: c.remove, remove: c.add}
		if err := w.byHand(o, back); err != nil {
			fmt.Fprintf(w.said, "%s cannot be changed back: %v\n", c.path, err)
			return nil
		}
	}
	if diff := differences(start, w.kept(o, false)); len(done) == 0 || len(diff) > 0 {
		fmt.Fprintf(w.said, "no way to change it and back: %q\n", diff)
		return nil
	}
	w.tell(o.kind.Name + " part changed")
	return target
}

func overlaps(done []change, l leaf) bool {
	return slices.ContainsFunc(done, func(c change) bool {
		return strings.HasPrefix(c.sent+"/", l.sent+"/") || strings.HasPrefix(l.sent+"/", c.sent+"/")
	})
}

// part draws a part of what is to be: all that differs from what is, what
// identifies, what has to be said, and some of the rest.
func (d *drawing) part(fields []spec.Field, variant string, key func(string) bool, is, be map[string]any) map[string]any {
	out := map[string]any{}
	for i := range fields {
		f := &fields[i]
		v, ok := be[f.Name]
		if !ok {
			continue
		}
		was, had := is[f.Name]
		same := had && textOf(v) == textOf(was)
		needed := !same || key(f.Name) || f.Required || f.Name == variant || f.Derive != ""
		if (f.Sensitive || f.NotReturned && same) && !f.Required && !key(f.Name) { // it is as it was, and cannot be compared
			needed = false
		}
		if !needed && d.coin() {
			continue
		}
		m, isObject := v.(map[string]any)
		list, isList := v.([]any)
		switch {
		case isObject && f.Type == spec.Object:
			below, _ := was.(map[string]any)
			nokey := func(name string) bool { return f.Switch != nil && f.Switch.Field == name }
			if part := d.part(f.Fields, f.Variant, nokey, below, m); len(part) > 0 {
				out[f.Name] = part
			}
		case isList && f.Collection():
			old, _ := was.([]any)
			elements := []any{}
			tokens := f.Tokens(list)
			for i, e := range list {
				m, _ := e.(map[string]any)
				other, _ := f.Find(old, tokens[i])
				partner, _ := other.(map[string]any)
				if partner == nil {
					elements = append(elements, m) // a new one is declared whole
					continue
				}
				elements = append(elements, d.part(f.Fields, f.Variant, func(name string) bool { return slices.Contains(f.ElemKey, name) }, partner, m))
			}
			if f.Type == spec.Set && len(elements) > 1 {
				elements = rapid.Permutation(elements).Draw(d.T, "order")
			}
			out[f.Name] = elements
		case isList && f.Type == spec.Set && len(list) > 1:
			out[f.Name] = rapid.Permutation(list).Draw(d.T, "order")
		default:
			out[f.Name] = v
		}
	}
	return out
}
