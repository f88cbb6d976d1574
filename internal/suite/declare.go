package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// values returns what a file would say of an object in full: all fields that
// can be declared, as Atlas has them, and those that it does not tell as they were sent.
func (w *world) values(o *object) map[string]any {
	o.refs = nil
	values := w.valuesOf(o, &spec.Field{Fields: o.kind.Fields, Variant: o.kind.Variant}, o.raw, o.sent)
	for name, v := range o.path {
		if f := o.kind.Field(name); values[name] == nil && f != nil {
			values[name] = w.spelled(o, f, v, nil)
		}
	}
	return values
}

func (w *world) valuesOf(o *object, in *spec.Field, raw, sent any) map[string]any {
	fields, variant := in.Fields, in.Variant
	out := map[string]any{}
	var chosen any
	if v := fieldNamed(fields, variant); v != nil {
		chosen, _ = spec.At(raw, v.WireAt())
	}
	for i := range fields {
		f := &fields[i]
		switch {
		case f.ReadOnly || f.Local || !f.Fits(chosen):
			continue
		case f.Backref != nil:
			out[f.Name] = w.members(o, f)
			continue
		}
		v, live := spec.At(raw, f.WireAt())
		was, given := spec.At(sent, f.SendPointer())
		if f.Sensitive {
			if text, ok := was.(string); given && ok {
				out[f.Name] = w.secretFile(text)
			}
			if all, ok := was.(map[string]any); given && ok {
				files := map[string]any{}
				for name, v := range all {
					files[name] = w.secretFile(fmt.Sprint(v))
				}
				out[f.Name] = files
			}
			continue
		}
		if plain := was != nil && f.Type < spec.Set; plain && given && o.fresh && (!live || v == nil) {
			v, live = was, true // what Atlas leaves out is as it was sent
		}
		if f.CreateOnly || f.Steer || f.NotReturned && (!live || v == nil) {
			v, live = was, given
		}
		if !live || v == nil || f.Void != nil && f.Void.Holds(v) || masked(v) || v == "" && !given && !slices.Contains(in.ElemKey, f.Name) {
			continue
		}
		if text, ok := was.(string); ok && o.fresh && f.Type == spec.String && f.Ref == nil && f.Lookup == nil {
			v = text // as people write it: however Atlas spells it is the same
		}
		if v = w.spelled(o, f, v, was); v != nil {
			out[f.Name] = v
		}
	}
	return out
}

// spelled is a value of Atlas's as a file says it.
func (w *world) spelled(o *object, f *spec.Field, v, sent any) any {
	switch list, isList := v.([]any); {
	case f.Type == spec.Object:
		if f.Switch != nil {
			if on, ok := spec.At(v, f.Sub(f.Switch.Field).WireAt()); ok && on != true {
				return map[string]any{f.Switch.Field: false}
			}
		}
		if m := w.valuesOf(o, f, v, sent); len(m) > 0 {
			return m
		}
		return nil
	case isList && f.Take != nil:
		return f.Take.From(list, o.at.params[f.Take.Is])
	case isList && f.Collection():
		out := []any{}
		for i, e := range list {
			out = append(out, w.valuesOf(o, f, e, partner(f, e, sent, i)))
		}
		return out
	case isList && (f.Type == spec.Set || f.Type == spec.List):
		out := []any{}
		for _, e := range list {
			out = append(out, w.referred(o, f, e))
		}
		return out
	case f.Lookup != nil && f.Type == spec.Map:
		out := map[string]any{}
		entries, _ := f.Decode(v).(map[string]any)
		for key, id := range entries {
			out[key] = f.Lookup.Swap(o.at.object.raw, f.Lookup.ID, fmt.Sprint(id), f.Lookup.Name)
		}
		return out
	case f.Lookup != nil:
		return f.Lookup.Swap(o.at.object.raw, f.Lookup.ID, fmt.Sprint(v), f.Lookup.Name)
	}
	return w.referred(o, f, f.Decode(v))
}

// partner finds what was sent for an element.
func partner(f *spec.Field, e, sent any, i int) any {
	list, _ := sent.([]any)
	if f.Type == spec.Set {
		want := f.ElementID(decoded(f.Fields, e))
		for _, s := range list {
			if f.ElementID(decoded(f.Fields, s)) == want {
				return s
			}
		}
		return nil
	}
	if i < len(list) {
		return list[i]
	}
	return nil
}

func decoded(fields []spec.Field, raw any) map[string]any {
	k := spec.Kind{Fields: fields}
	return k.DecodeObject(raw)
}

// referred spells a reference by the other's key, and remembers the other.
func (w *world) referred(o *object, f *spec.Field, v any) any {
	text, ok := v.(string)
	if !ok || text == "" || f.Ref == nil || f.Ref.If != "" || f.Builtin(text) || o.at == nil {
		return v
	}
	k := w.Catalog.Kind(f.Ref.Kind)
	if k.Document {
		for p := o.at; p != nil; p = p.up {
			if p.kind == k && spec.TextAt(p.object.raw, f.Ref.IDAt(k)) == text {
				return k.NameOf(p.object.raw)
			}
		}
	}
	for p := o.at; p != nil; p = p.up {
		if p.kind.Name != k.Parent {
			continue
		}
		for _, raw := range w.list(k, p) {
			if !f.Ref.ByID && !sameKey(k, raw, text) && spec.TextAt(raw, k.IDAt()) == text {
				w.fail("%s.%s: Atlas has the id of a %s there, and the kind takes it for its key", o.kind.Name, f.Name, k.Name)
			}
			if f.Ref.ByID && spec.TextAt(raw, f.Ref.IDAt(k)) == text || !f.Ref.ByID && sameKey(k, raw, text) {
				o.refs = append(o.refs, w.seen(k, p, raw))
				return k.NameOf(raw)
			}
		}
	}
	return v
}

func sameKey(k *spec.Kind, raw any, text string) bool {
	return slices.Equal(k.AddressParts(k.DecodeObject(raw)), k.AddressParts(k.Called(text)))
}

// members lists who points back at an object.
func (w *world) members(o *object, f *spec.Field) []any {
	k := w.Catalog.Kind(f.Backref.Kind)
	out := []any{}
	for p := o.at; p != nil; p = p.up {
		if p.kind.Name != k.Parent {
			continue
		}
		for _, raw := range w.list(k, p) {
			ids, _ := spec.At(raw, f.Backref.At)
			list, _ := ids.([]any)
			if slices.Contains(list, any(spec.TextAt(o.raw, f.Backref.ID))) {
				o.refs = append(o.refs, w.seen(k, p, raw))
				out = append(out, k.NameOf(raw))
			}
		}
	}
	return out
}

func masked(v any) bool {
	s, ok := v.(string)
	return ok && strings.Contains(s, "***")
}

// secretFile keeps a sensitive value in a file, and says where.
func (w *world) secretFile(value string) any {
	w.files++
	path := filepath.Join(w.dir, fmt.Sprintf("secret%d", w.files))
	if err := os.WriteFile(path, []byte(value+"\n"), 0o600); err != nil {
		w.Fatal(err)
	}
	return map[string]any{"fromFile": path}
}

// A declaration is an object with what a file says of it.
type declaration struct {
	o      *object
	at     *place // where it is declared, which may be another place than its own
	values map[string]any
}

// file writes a file that declares objects, each with the parents that it
// stands in, and returns its path.
func (w *world) file(all ...declaration) string {
	path := w.quietFile(all...)
	if text, err := os.ReadFile(path); err == nil {
		fmt.Fprintf(w.said, "%s:\n%s", path, text)
	}
	return path
}

func (w *world) quietFile(all ...declaration) string {
	docs := map[string]map[string]any{}
	var order []string
	for _, d := range all {
		w.put(docs, &order, d)
	}
	var out strings.Builder
	for _, name := range order {
		data, err := yaml.Marshal(docs[name])
		if err != nil {
			w.Fatal(err)
		}
		fmt.Fprintf(&out, "---\n%s", data)
	}
	w.files++
	path := filepath.Join(w.dir, fmt.Sprintf("files%d.yaml", w.files))
	if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// put adds a declaration to its document, and returns the mapping that it is.
func (w *world) put(docs map[string]map[string]any, order *[]string, d declaration) map[string]any {
	k := d.o.kind
	if k.Irreversible != nil && d.values["state"] == nil {
		d.values[k.Irreversible.Unless] = true
	}
	if k.Document {
		name := k.Name + " " + fmt.Sprint(d.values[k.Key[0]])
		if docs[name] == nil {
			docs[name] = map[string]any{"apiVersion": spec.APIVersion, "kind": k.Name}
			*order = append(*order, name)
		}
		for field, v := range d.values {
			docs[name][field] = v
		}
		return docs[name]
	}
	in := w.put(docs, order, declaration{o: d.at.object, at: d.at.up, values: w.parentValues(d.at)})
	if k.Singleton {
		in[k.Section] = d.values
		return d.values
	}
	list, _ := in[k.Section].([]any)
	address := fmt.Sprint(k.AddressParts(d.values))
	for _, other := range list {
		if m, ok := other.(map[string]any); ok && fmt.Sprint(k.AddressParts(m)) == address {
			return m
		}
	}
	in[k.Section] = append(list, d.values)
	return d.values
}

// parentValues is what a file says of a place, so that others can stand in it.
func (w *world) parentValues(p *place) map[string]any {
	if !p.kind.Document {
		return w.local(p.kind, w.values(p.object))
	}
	values := map[string]any{}
	for i := range p.kind.Fields {
		f := &p.kind.Fields[i]
		if v, ok := spec.At(p.object.raw, f.WireAt()); ok && p.kind.Identifies(f.Name) {
			values[f.Name] = w.referred(p.object, f, v)
		}
	}
	return values
}

// address returns the address of an object that a file declares in a place.
func (w *world) address(k *spec.Kind, in *place, values map[string]any) spec.Address {
	prefix := func(k *spec.Kind) string {
		if k.Parent == "" {
			return "org"
		}
		return strings.ToLower(k.Name)
	}
	if k.Document {
		return spec.ScopeAddress(prefix(k), fmt.Sprint(values[k.Key[0]]))
	}
	return w.address(in.kind, in.up, w.parentValues(in)).Child(k.Section, k.AddressParts(values)...)
}
