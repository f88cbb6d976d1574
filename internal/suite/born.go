package suite

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	return cannotExport(k) // the world has no other one to make
}

func cannotBeBorn(k *spec.Kind) string {
	if len(k.Create) == 0 && !k.Singleton {
		return "it has to exist already"
	}
	return ""
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

// beside declares what an object refers to, and what those do in which it stands.
func (w *world) beside(o *object, seen map[string]bool) []declaration {
	var out []declaration
	if p := o.at; p != nil && !p.kind.Document && p.object != nil {
		w.values(p.object) // which finds what it refers to
		out = w.beside(p.object, seen)
	}
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
		o.params = w.paramsOf(o) // with the ids that it tells
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
	if o.at != nil && !o.at.kind.Document {
		in = o.at // what it stands in as this world has it, with the ids that it has here
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
	case there && k.Untouched(o.raw):
	case k.Singleton && k.Optional == nil:
		w.fail("%s was reset, and is %s", address, textOf(o.raw))
	case there:
		w.fail("%s was deleted, and is %s", address, textOf(o.raw))
	}
	w.tell(k.Name + " deleted")
}
