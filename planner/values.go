package planner

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Outputs returns what people need of an object elsewhere, by the field's path.
func (l *Live) Outputs(o *Object) map[string]any {
	out := map[string]any{}
	var look func(fields []spec.Field, values map[string]any, prefix string)
	look = func(fields []spec.Field, values map[string]any, prefix string) {
		for i := range fields {
			f := &fields[i]
			v := values[f.Name]
			if block, ok := v.(map[string]any); ok && f.Type == spec.Object {
				look(f.Fields, block, prefix+f.Name+".")
			}
			if f.Output && v != nil && v != "" {
				out[prefix+f.Name] = v
			}
		}
	}
	look(o.Kind.Fields, l.Values(o), "")
	return out
}

// Values returns the object's fields in canonical form: ids are turned into
// the keys of what they refer to, members are gathered from what points back.
func (l *Live) Values(o *Object) map[string]any {
	values := o.Kind.DecodeObject(o.Raw)
	for i := range o.Kind.Fields {
		f := &o.Kind.Fields[i]
		if f.Backref != nil {
			if members, ok := l.pointingBack(o, f.Backref); ok {
				values[f.Name] = members
			}
		}
		// What the list was asked by is part of its objects.
		for name, from := range o.Kind.Params {
			if v, ok := o.Params[name]; ok && from == f.Name && values[f.Name] == nil {
				values[f.Name] = v
			}
		}
	}
	l.translate(o, o.Kind.Fields, values)
	if f := o.Kind.Link(); f != nil && f.Ref.Same { // another view of it, which bears its name
		if r := l.called(l.catalog.Kind(f.Ref.Kind), o.id()); r != nil {
			values[f.Name] = r.KeyParts()[0]
		}
	}
	return values
}

// translate turns what Atlas has into what files say, at every depth: ids into
// keys and names, and lists of objects into the strings that are ours.
func (l *Live) translate(o *Object, fields []spec.Field, values map[string]any) {
	for i := range fields {
		f := &fields[i]
		v, ok := values[f.Name]
		if !ok || f.Backref != nil {
			continue
		}
		switch list, isList := v.([]any); {
		case f.Take != nil && isList:
			values[f.Name] = f.Take.From(list, o.Params[f.Take.Is])
		case f.Type == spec.Object:
			if block, ok := v.(map[string]any); ok {
				l.translate(o, f.Fields, block)
			}
		case isList && f.Collection():
			for _, e := range list {
				if m, ok := e.(map[string]any); ok {
					l.translate(o, f.Fields, m)
				}
			}
		case isList:
			for i, e := range list {
				list[i] = l.name(o, f, e)
			}
		case f.Type == spec.Map && f.Lookup != nil:
			names := map[string]any{}
			entries, _ := v.(map[string]any)
			for key, id := range entries {
				names[key] = l.name(o, f, id)
			}
			values[f.Name] = names
		default:
			values[f.Name] = l.name(o, f, v)
		}
	}
}

// name returns what files say for an id of Atlas's.
func (l *Live) name(o *Object, f *spec.Field, v any) any {
	id, ok := v.(string)
	switch {
	case ok && f.Lookup != nil:
		return f.Lookup.Swap(l.parentOf(o), f.Lookup.ID, id, f.Lookup.Name)
	case ok && f.Ref != nil && f.Ref.ByID:
		return l.keyOf(l.catalog.Kind(f.Ref.Kind), o.Params, id, f.Ref)
	}
	return v
}

// parentOf returns what Atlas answered of the object that another stands in, or
// nil.
func (l *Live) parentOf(o *Object) any {
	parent := l.catalog.Kind(o.Kind.Parent)
	if parent == nil {
		return nil
	}
	listing, _ := l.Listing(parent, o.Params)
	if listing == nil {
		return nil
	}
	for _, p := range listing.Objects {
		same := true
		for name, v := range p.Params {
			same = same && o.Params[name] == v
		}
		if same {
			return p.Raw
		}
	}
	return nil
}

// idOfName returns the id that the parent's object has for a name, or the name
// where it has none: what Atlas then says is clear enough.
func (l *Live) idOfName(r *spec.Resource, t *spec.Lookup, name string) any {
	if r.Parent == nil {
		return name
	}
	parent := l.Find(r.Parent).Object
	if parent == nil {
		return name // provisional: looked at again once the parent is there
	}
	return t.Swap(parent.Raw, t.Name, name, t.ID)
}

// keyOf returns the key of the object of a kind that has an id; the id itself
// if nothing is known of it.
func (l *Live) keyOf(k *spec.Kind, params Params, id string, ref *spec.Ref) string {
	if r := l.called(k, id); r != nil {
		return k.Label(r.KeyParts())
	}
	listing, ok := l.Listing(k, params)
	if !ok {
		return id
	}
	for _, o := range listing.Objects {
		if spec.TextAt(o.Raw, ref.IDAt(k)) == id {
			if r := l.called(k, o.id()); r != nil {
				return k.Label(r.KeyParts())
			}
			return o.label()
		}
	}
	return id
}

func (l *Live) pointingBack(o *Object, b *spec.Backref) ([]any, bool) {
	other := l.catalog.Kind(b.Kind)
	listing, ok := l.Listing(other, o.Params)
	if !ok {
		return nil, false
	}
	id, _ := spec.At(o.Raw, b.ID)
	members := []any{}
	for _, m := range listing.Objects {
		if _, lapsed := other.Lapsed(m.Raw); lapsed {
			continue
		}
		ids, _ := spec.At(m.Raw, b.At)
		if list, _ := ids.([]any); slices.Contains(list, id) {
			members = append(members, other.NameOf(m.Raw))
		}
	}
	return members, true
}
