package suite

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// live makes an object in a place, as a stranger does.
func (w *world) live(k *spec.Kind, from map[string]*place) *object {
	var in *place
	var o *object
	err := errors.New("there is nothing that it could stand in")
	for n := range 6 { // parents: not any will do
		if in = w.placeFor(k, from); n%2 == 1 && len(w.Parents[k.Name]) > 0 {
			in = w.likelyParent(k, from)
		}
		if in == nil && k.Parent != "" {
			continue
		}
		if o, err = w.make(k, in); err == nil || k.Parent == "" || in.kind.Document {
			break
		}
	}
	if err != nil {
		w.Fatal(err)
	}
	fmt.Fprintf(w.said, "%s, made by hand in %s: %s\n  as Atlas has it: %s\n", k.Name, in.kind.Name, textOf(o.sent), textOf(o.raw))
	w.telling(o)
	spec.Leaves(k.Fields, w.values(o), func(f *spec.Field, path string, v any, _ map[string]any) {
		if id, ok := v.(string); ok && anyID.MatchString(id) && o.at != nil && !k.Identifies(f.Name) && strings.Contains(textOf(o.at.object.raw), id) {
			w.fail("%s.%s: a file would hold an id of Atlas's, %s", k.Name, path, id)
		}
	})
	return o
}

// likelyParent makes a parent like those in which examples have such objects.
func (w *world) likelyParent(k *spec.Kind, from map[string]*place) *place {
	parent := w.Catalog.Kind(k.Parent)
	w.models = w.Parents[k.Name]
	defer func() { w.models = nil }()
	o, err := w.make(parent, w.home(parent, from["Project"]))
	if err != nil {
		return nil
	}
	return &place{kind: parent, params: o.params, up: o.at, object: o}
}

func (w *world) placeFor(k *spec.Kind, from map[string]*place) *place {
	if k.Parent == "" {
		return nil
	}
	if p := from[k.Parent]; p != nil {
		return p
	}
	return w.home(k, from["Project"])
}

// steps lists what a result does, without what stays as it is.
func (w *world) steps(r result) []string {
	var out []string
	for _, s := range r.Steps {
		if s.Action == "none" {
			continue
		}
		var paths []string
		for _, c := range s.Changes {
			paths = append(paths, c.Path)
		}
		out = append(out, fmt.Sprintf("%s %s: %s", s.Action, s.Address, strings.Join(paths, ", ")))
	}
	return out
}

// settled fails unless the files are what there is.
func (w *world) settled(file, when string) {
	code, r := w.json("plan", "--detailed-exitcode", file)
	if code != 0 || len(w.steps(r)) > 0 {
		w.fail("%s: the plan is not empty: exit code %d: %q", when, code, w.steps(r))
	}
}

// exported: what is live is exported, wholly, and then there is nothing to do.
func (w *world) exported(k *spec.Kind) {
	o := w.live(k, w.here)
	want := w.values(o)
	address := w.address(k, o.at, want)
	for _, defaults := range []string{"--skip-defaults=false", "--skip-defaults"} {
		out := filepath.Join(w.dir, defaults)
		args := []string{"export", "-q", "--out", out, defaults}
		if !k.Document {
			args = append(args, "--kind", k.Name)
		}
		switch code, _, errs := w.run(args...); {
		case code != 0 && k.Singleton && strings.Contains(errs, "there is nothing to export"): // it is as Atlas makes it
			continue
		case code != 0:
			w.fail("export: exit code %d: %s", code, errs)
		}
		state, diags := spec.Load(w.Catalog, []string{out}, nil)
		if diags.HasErrors() {
			w.fail("what was exported is not valid: %v", diags.Err())
		}
		for _, f := range state.Sources.Files() {
			fmt.Fprintf(w.said, "%s:\n%s", f.Name, f.Text)
		}
		got := state.Lookup(address)
		switch {
		case got == nil && defaults == "--skip-defaults" && k.Singleton:
		case got == nil && k.Singleton && len(want) == 0:
		case got == nil:
			w.fail("%s was not exported", address)
		case defaults != "--skip-defaults":
			for _, path := range lacking(k, k.Fields, want, got.Values) {
				w.fail("%s: export leaves out %s", address, path)
			}
		}
		w.settled(out, "after export "+defaults)
	}
}

// lacking lists what a file says of an object and another does not.
func lacking(k *spec.Kind, fields []spec.Field, want, got map[string]any) []string {
	var out []string
	for i := range fields {
		f := &fields[i]
		v, ok := want[f.Name]
		has, there := got[f.Name]
		switch {
		case !ok || f.Sensitive || f.Local || f.CreateOnly || f.Steer || f.NotReturned || v == "":
		case f.IgnoredFor != nil && want[f.IgnoredFor.Field] == f.IgnoredFor.Is, isEmpty(v):
		case f.Unless != "", f.Switch != nil && v.(map[string]any)[f.Switch.Field] != true:
		case f.Type == spec.Object: // one that holds nothing need not be there
			below, _ := has.(map[string]any)
			for _, path := range lacking(k, f.Fields, v.(map[string]any), below) {
				out = append(out, f.Name+"."+path)
			}
		case !there:
			out = append(out, f.Name)
		}
	}
	return out
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// leavesChanged: a change by hand is told, and mended, as what it is; and so is
// one in the file.
func (w *world) leavesChanged(k *spec.Kind) {
	o := w.live(k, w.here)
	d := &drawing{world: w, k: k, at: o.at}
	values := w.values(o)
	file := w.file(declaration{o, o.at, values})
	w.settled(file, "as it is")
	address := w.address(k, o.at, values)
	changed := 0
	w.reordered(d, o, file)
	for range 8 {
		some := w.someLeaves(w.leaves(o), 1) // anew: what was changed has others
		if len(some) == 0 || changed == 3 {
			break
		}
		l := some[0]
		before := w.kept(o, false)
		c, ok := d.redraw(o, l)
		if !ok {
			continue
		}
		if err := w.byHand(o, c); err != nil { // it does not go with the rest, or cannot be changed
			fmt.Fprintf(w.said, "%s by hand to %s: %v\n", c.path, textOf(c.to), err)
			w.again(o)
			if len(differences(before, w.kept(o, false))) > 0 {
				return // half of it was done
			}
			continue
		}
		after := w.kept(o, false)
		if slices.ContainsFunc(differences(before, after), func(d string) bool { return !strings.HasPrefix(d, c.mark) }) {
			fmt.Fprintf(w.said, "%s by hand to %s led to more: %q\n", c.path, textOf(c.to), differences(before, after))
			w.tell(k.Name + " leaf leads to more")
			return
		}
		if len(differences(before, after)) == 0 {
			continue // Atlas had its own mind
		}
		fmt.Fprintf(w.said, "%s was changed by hand to %s: %q\n", c.path, textOf(c.to), differences(before, after))
		changed++
		w.tell(k.Name + " leaf changed")
		w.told(file, address, c.path)
		w.adopts(k, file, address, c.path)
		w.mends(file, address, c.path)
		w.again(o)
		if diff := differences(before, w.kept(o, false)); len(diff) > 0 {
			w.fail("%s was mended, and it is not as before: %q", c.path, diff)
		}
		was := w.kept(o, true)
		next := w.edited(o, c)
		file = w.file(declaration{o, o.at, next})
		if r := w.becomes(file, address, c.path); r != "" {
			if err := w.byHand(o, c); err == nil {
				w.fail("a change in the file of what can be changed by hand: %s", r)
			}
			return // Atlas lets nobody do it now
		}
		w.again(o)
		if diff := differences(after, w.kept(o, false)); len(diff) > 0 {
			w.fail("%s was changed in the file, and more has changed in Atlas: %q", c.path, diff)
		}
		w.sameIDs(was, w.kept(o, true))
		if d.int(0, 2) == 0 {
			w.undoes(o, c.path, before)
			return
		}
		file = w.file(declaration{o, o.at, w.values(o)}) // with what Atlas has added
	}
}

// sentBefore is what was sent for an object, with the secrets of what a change adds.
func (c change) sentBefore(sent any) any {
	if !c.f.Collection() {
		return sent
	}
	had, _ := spec.At(sent, c.sent)
	list, _ := had.([]any)
	for i, e := range c.to.([]any) {
		if partner(c.f, e, list, i) == nil {
			list = append(slices.Clone(list), e)
		}
	}
	return put(sent, c.sent, list)
}

// reordered: where the description says that a list is a set, another order is
// no drift.
func (w *world) reordered(d *drawing, o *object, file string) {
	done := map[string]bool{}
	next := func() *leaf {
		for _, l := range w.leaves(o) { // anew: pointers have the order in them
			list, _ := l.value.([]any)
			isSet := slices.ContainsFunc(w.settable(o.kind), func(s *api.Schema) bool {
				return slices.ContainsFunc(at([]*api.Schema{s}, l.sent), func(s *api.Schema) bool { return s.Resolve().UniqueItems })
			})
			if len(list) > 1 && (l.f.Type == spec.Set || isSet) && l.taken == "" && !done[spec.JoinPath(l.path)] {
				return &l
			}
		}
		return nil
	}
	for l := next(); l != nil; l = next() {
		done[spec.JoinPath(l.path)] = true
		to := slices.Clone(l.value.([]any))
		slices.Reverse(to)
		if err := w.byHand(o, change{leaf: *l, to: to}); err != nil {
			w.again(o)
			continue
		}
		w.tell(o.kind.Name + " reordered " + l.f.Name)
		fmt.Fprintf(w.said, "%s was put into another order by hand\n", spec.JoinPath(l.path))
		w.settled(file, "in another order")
	}
}

// edited is what a file says of an object after a change in it.
func (w *world) edited(o *object, c change) map[string]any {
	was := o.raw
	defer func() { o.raw = was }()
	for _, l := range w.leaves(o) { // elements may stand in another order by now
		if slices.Equal(l.path, c.leaf.path) {
			c.read, c.sent = l.read, l.sent
		}
	}
	if c.f.Backref == nil {
		o.sent = c.sentBefore(o.sent)
		o.raw = put(wire(was), c.read, wire(c.live()))
		return w.values(o)
	}
	values := w.values(o)
	k := w.Catalog.Kind(c.f.Backref.Kind)
	names := slices.Clone(values[c.f.Name].([]any))
	for _, raw := range w.list(k, w.home(k, o.at)) {
		id := any(spec.TextAt(raw, c.f.Backref.ID))
		if slices.Contains(c.add, id) {
			names = append(names, k.NameOf(raw))
		}
		if slices.Contains(c.remove, id) {
			names = slices.DeleteFunc(names, func(n any) bool { return n == k.NameOf(raw) })
		}
	}
	values[c.f.Name] = names
	return values
}

// sameIDs fails if an element is still there under another id.
func (w *world) sameIDs(before, after map[string]string) {
	for p, id := range before {
		if now, ok := after[p]; ok && now != id && (strings.HasSuffix(p, "/id") || strings.HasSuffix(p, "/_id")) {
			w.fail("%s was %s and is %s: the element is another one", p, id, now)
		}
	}
}

// told fails unless drift finds one path changed, and nothing else.
func (w *world) told(file string, address spec.Address, path string) {
	_, r := w.json("drift", file)
	var found []string
	for _, f := range r.Findings {
		if f.Class != "unverifiable" && f.Class != "unmanaged" && f.Class != "waiting" && f.Class != "pending" {
			found = append(found, string(f.Address)+" "+f.Class+" "+f.Path)
		}
	}
	if want := []string{string(address) + " changed " + path}; !slices.Equal(found, want) {
		w.fail("drift found %q, not %q", found, want)
	}
}

// mends fails unless apply changes one path, and nothing else.
func (w *world) mends(file string, address spec.Address, path string) {
	if r := w.becomes(file, address, path); r != "" {
		w.fail("%s", r)
	}
}

// becomes is mends for a change that Atlas may refuse; it tells if it has.
func (w *world) becomes(file string, address spec.Address, path string) string {
	code, r := w.apply(file)
	var paths []string
	for _, s := range r.Steps {
		if s.Action == "none" {
			continue
		}
		for _, c := range s.Changes {
			if c.Reason == "" { // it goes along, for a reason of the tool's own
				paths = append(paths, string(s.Address)+" "+s.Action+" "+c.Path)
			}
		}
	}
	if want := []string{string(address) + " update " + path}; !slices.Equal(paths, want) {
		w.fail("apply changed %q, not %q", paths, want)
	}
	if code != 0 {
		return fmt.Sprintf("apply: exit code %d", code)
	}
	w.settled(file, "after apply")
	return ""
}
