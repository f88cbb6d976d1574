package suite

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/spec"
)

func cannotExport(k *spec.Kind) string {
	if k.Parent == "" {
		return "it has to exist already"
	}
	return ""
}

func cannotChange(k *spec.Kind) string {
	if len(k.Update) == 0 {
		return "nothing of it can be changed"
	}
	return ""
}

func cannotBeBorn(k *spec.Kind) string {
	if len(k.Create) == 0 && !k.Singleton {
		return "it has to exist already"
	}
	return ""
}

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
			for i, e := range list {
				m, _ := e.(map[string]any)
				other, _ := f.Find(old, f.Element(e, i))
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

// bornWithParent: an object like another one is made in a project that the
// same plan makes, once; and goes again.
func (w *world) bornWithParent(k *spec.Kind) {
	w.born(k, func(file string) bool {
		if code, r := w.apply(file); code != 0 {
			w.fail("apply: exit code %d: %q", code, append(r.Errors, w.failures(r)...))
		}
		before := w.writes()
		if code, _ := w.apply(file); code != 0 || w.writes() != before {
			w.fail("the second apply: exit code %d, %d writes", code, w.writes()-before)
		}
		return true
	})
}

func (w *world) failures(r result) []string {
	var out []string
	for _, d := range r.Diagnostics {
		out = append(out, d.Severity+": "+d.Message)
	}
	return out
}

func (w *world) born(k *spec.Kind, apply func(file string) bool) {
	t := w.target
	model := w.live(k, w.there)
	in := w.cradle(k, model)
	values := w.local(k, w.values(model))
	all := append(w.beside(model, map[string]bool{}), declaration{model, in, values})
	if k.Document {
		values["name"] = "fresh"
	}
	address := w.address(k, in, values)
	file := w.file(all...)
	if !apply(file) {
		return
	}
	t.savedPlan(file)
	t.settled(file, "after apply")
	o := t.counterpart(k, in, model, values)
	if o == nil {
		w.fail("%s is not in Atlas", address)
	}
	want, got := elsewhere(w.kept(model, false)), elsewhere(t.kept(o, false))
	if k.Document {
		delete(want, "/name")
		delete(got, "/name")
	}
	if diff := differences(want, got); len(diff) > 0 {
		w.fail("what was made is not like its model: %q", diff)
	}
	t.goes(k, in, o, values, address)
}

// savedPlan fails if a saved plan shows what may not be shown.
func (w *world) savedPlan(file string) {
	saved := filepath.Join(w.dir, "plan.json")
	if code, _, errs := w.run("plan", "--rewrite-secrets", "--out", saved, file); code != 0 {
		w.fail("plan --out: exit code %d: %s", code, errs)
	}
	text, err := os.ReadFile(saved)
	if err != nil {
		w.fail("%v", err)
	}
	w.quiet("the saved plan", string(text))
}

// cradle is where the copy of an object is to be: below a project that is not
// there yet, if nothing but what can be made stands between.
func (w *world) cradle(k *spec.Kind, model *object) *place {
	if k.Parent == "" {
		return nil
	}
	for p := model.at; p != nil; p = p.up {
		if !p.kind.Document && len(p.kind.Create) == 0 || needsMore(k) {
			return w.target.placeFor(k, w.target.here)
		}
	}
	return w.mirrored(model.at)
}

// needsMore tells whether something has to be there before an object of the kind.
func needsMore(k *spec.Kind) bool {
	return slices.ContainsFunc(k.Fields, func(f spec.Field) bool { return f.Preexisting })
}

func (w *world) mirrored(p *place) *place {
	switch {
	case p == nil:
		return nil
	case p.kind.Document && p.kind.Parent == "":
		return w.target.here[p.kind.Name]
	case p.kind.Document:
		return &place{kind: p.kind, up: w.mirrored(p.up), params: map[string]string{}, object: w.renamed(p)}
	}
	return &place{kind: p.kind, up: w.mirrored(p.up), object: p.object}
}

// renamed is the object of a scope as that of another that is not there yet.
func (w *world) renamed(p *place) *object {
	raw := wire(p.object.raw).(map[string]any)
	raw[strings.TrimPrefix(p.kind.KeyField(0).WireAt(), "/")] = "fresh"
	for i := range p.kind.Fields {
		if f := &p.kind.Fields[i]; f.Ref != nil && f.Ref.ByID && slices.Contains(p.kind.Within, f.Name) {
			spec.Put(raw, f.WireAt(), spec.TextAt(w.target.here[f.Ref.Kind].object.raw, "/id"))
		}
	}
	return &object{kind: p.kind, at: w.mirrored(p.up), raw: raw}
}

// beside declares what an object refers to.
func (w *world) beside(o *object, seen map[string]bool) []declaration {
	var out []declaration
	for _, other := range o.refs {
		id := other.kind.Name + "\x00" + other.kind.Identity(other.raw)
		if seen[id] {
			continue
		}
		seen[id] = true
		values := w.values(other)
		out = append(out, w.beside(other, seen)...)
		out = append(out, declaration{other, w.mirrored(other.at), w.local(other.kind, values)})
	}
	return out
}

// local adds what steers the tool: where a value goes that is shown once.
func (w *world) local(k *spec.Kind, values map[string]any) map[string]any {
	values = maps.Clone(values)
	if k.Rotation == nil {
		return values
	}
	f := k.Field(k.Rotation.Field)
	if v := w.localValue(f); v != nil {
		values[f.Name] = v
	}
	return values
}

func (w *world) localValue(f *spec.Field) any {
	switch f.Type {
	case spec.Object:
		out := map[string]any{}
		for i := range f.Fields {
			sub := &f.Fields[i]
			if v := w.localValue(sub); v != nil && (sub.Required || sub.Type == spec.Path || sub.Type == spec.Object) {
				out[sub.Name] = v
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case spec.Duration:
		return "720h"
	case spec.Path:
		w.files++
		return filepath.Join(w.dir, fmt.Sprintf("delivered%d", w.files))
	}
	return nil
}

// counterpart finds what a file has made.
func (w *world) counterpart(k *spec.Kind, in *place, model *object, values map[string]any) *object {
	at := w.real(in)
	if in != nil && at == nil {
		return nil
	}
	o := &object{kind: k, at: at, sent: model.sent, path: maps.Clone(model.path)}
	if at != nil {
		o.params = maps.Clone(at.params)
	}
	if k.Singleton {
		o.params = w.paramsOf(o)
		if !w.again(o) {
			return nil
		}
		return o
	}
	for _, raw := range w.list(k, at) {
		candidate := &object{kind: k, at: at, raw: raw, sent: model.sent, path: model.path}
		if fmt.Sprint(k.AddressParts(w.values(candidate))) == fmt.Sprint(k.AddressParts(values)) {
			candidate.params = w.paramsOf(candidate)
			w.again(candidate)
			return candidate
		}
	}
	return nil
}

// real finds the place that a file has made.
func (w *world) real(p *place) *place {
	if p == nil {
		return nil
	}
	if p.kind.Document {
		return w.scope(p.kind, p.kind.NameOf(p.object.raw), w.real(p.up))
	}
	up := w.real(p.up)
	o := w.counterpart(p.kind, p.up, p.object, w.values(p.object))
	if o == nil {
		return nil
	}
	return &place{kind: p.kind, params: o.params, up: up, object: o}
}

// goes: what is declared absent is gone, or as Atlas makes it.
func (w *world) goes(k *spec.Kind, in *place, o *object, values map[string]any, address spec.Address) {
	if len(k.Delete) == 0 {
		return
	}
	gone := map[string]any{"state": "absent"}
	for i := range k.Fields {
		if f := &k.Fields[i]; k.Identifies(f.Name) && values[f.Name] != nil {
			gone[f.Name] = values[f.Name]
		}
	}
	file := w.file(declaration{o, in, gone})
	for _, b := range k.Blocks {
		if b.Of == "delete" && b.While.Holds(o.raw) {
			if code, _ := w.apply(file); code != 5 {
				w.fail("%s %s, and its deletion ended in exit code %d", address, b.Why, code)
			}
			return
		}
	}
	for n := 1; ; n++ {
		code, r := w.apply(file)
		if code == 0 {
			break
		}
		if n == w.runs {
			w.fail("apply of state: absent: exit code %d: %q", code, append(r.Errors, w.failures(r)...))
		}
	}
	w.settled(file, "after state: absent")
	switch there := w.again(o); {
	case k.Singleton && k.Optional == nil:
		if !k.Unset.Holds(o.raw) {
			w.fail("%s was reset, and is %s", address, textOf(o.raw))
		}
	case there:
		w.fail("%s was deleted, and is %s", address, textOf(o.raw))
	}
	w.tell(k.Name + " deleted")
}
