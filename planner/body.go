package planner

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// body makes what a call sends.
func (b *builder) body(c *spec.Call, member any) any {
	if c.Body.Send == spec.Nothing && len(c.Body.Set) == 0 {
		return nil
	}
	var out any = map[string]any{}
	for i := range b.r.Kind.Fields {
		f := &b.r.Kind.Fields[i]
		if !f.Sent() || !c.Body.Holds(f.Name) {
			continue
		}
		if v, ok := b.sent(c.Body.Send, f); ok {
			out = spec.Put(out, f.SendPointer(), v)
		}
	}
	for pointer, e := range c.Body.Set {
		v := b.expr(e, member)
		if _, declared := b.values()[e.Field]; e.Field != "" && !declared && v == nil {
			continue // nor is anything live in its place
		}
		out = spec.Put(out, pointer, v)
	}
	if c.Body.Array {
		return []any{out}
	}
	return out
}

// sent returns what a body holds for a field, if it is to hold it.
func (b *builder) sent(send spec.Send, f *spec.Field) (any, bool) {
	v, declared := b.values()[f.Name]
	var raw any
	if b.o != nil {
		raw, _ = spec.At(b.o.Raw, f.WireAt())
	}
	switch {
	case f.Steer && declared:
		return b.wire(f, v), true
	case f.CreateOnly && !b.creating:
		return nil, false
	case send == spec.Changed && !b.creating && !b.changed(f.Name):
		return nil, false
	case declared:
		return b.overlay(f, v, b.live[f.Name], raw), true
	case send == spec.Overlay && raw != nil:
		k := b.r.Kind
		return b.kept(&spec.Field{Fields: k.Fields, Variant: k.Variant}, f, b.values()[k.Variant], b.o.Raw, f.Name)
	}
	return nil, false
}

func (b *builder) changed(name string) bool {
	return slices.ContainsFunc(b.changes, func(c Change) bool { return spec.HeadOf(c.Path) == name })
}

// overlay returns what Atlas is to get for a declared value: it, over what is live,
// at every level. Elements are paired as the comparison pairs them; of those
// that are live the members that nobody declared, and their ids, stay.
func (b *builder) overlay(f *spec.Field, v, live, raw any) any {
	switch v := v.(type) {
	case map[string]any:
		if f.Type != spec.Object {
			break
		}
		if on, said := switchOf(f, v); said && !on {
			return map[string]any{f.Switch.Field: false}
		}
		was, _ := live.(map[string]any)
		if f.Partial {
			was, raw = nil, nil
		}
		return b.object(f, v, was, raw, f.Name)
	case []any:
		if !f.Collection() {
			break
		}
		liveList, _ := live.([]any)
		rawList, _ := raw.([]any)
		out := make([]any, 0, len(v))
		ordered := f.Ordered(v)
		tokens := f.Tokens(ordered)
		for i, e := range ordered {
			m, _ := e.(map[string]any)
			var was map[string]any
			var rawElement any
			if partner, at := f.Find(liveList, tokens[i]); at >= 0 && at < len(rawList) {
				was, _ = partner.(map[string]any)
				rawElement = rawList[at]
			}
			out = append(out, b.object(f, m, was, rawElement, f.Name+tokens[i]))
		}
		return out
	}
	return b.wire(f, v)
}

// object makes a block or an element: its declared members over the live ones.
func (b *builder) object(f *spec.Field, declared, live map[string]any, raw any, at string) any {
	variant := declared[f.Variant]
	if variant == nil {
		variant = live[f.Variant]
	}
	var out any = map[string]any{}
	for i := range f.Fields {
		sub := &f.Fields[i]
		if v, ok := declared[sub.Name]; ok && sub.Sent() {
			below, _ := spec.At(raw, sub.WireAt())
			if sent := b.overlay(sub, v, live[sub.Name], below); sub.Void == nil || !sub.Void.Holds(sent) {
				out = spec.Put(out, sub.SendPointer(), sent)
			}
		} else if raw != nil {
			if v, ok := b.kept(f, sub, variant, raw, at+"."+sub.Name); ok {
				out = spec.Put(out, sub.SendPointer(), v)
			}
		}
	}
	return out
}

// kept returns what is live of a member that nobody declared and that a body
// has to hold so that it stays. A masked value is never sent back: where Atlas
// knows the element by its id it is left out, elsewhere it has to be declared.
func (b *builder) kept(in, f *spec.Field, variant, raw any, at string) (any, bool) {
	if !f.Sent() && !f.Carry || f.CreateOnly || f.Steer || !f.Fits(variant) {
		return nil, false
	}
	v, ok := spec.At(raw, f.WireAt())
	if !ok || v == nil || f.Void != nil && f.Void.Holds(v) {
		return nil, false
	}
	switch list, isList := v.([]any); {
	case f.Type == spec.Object:
		return b.object(f, nil, nil, v, at), true
	case isList && f.Collection():
		out := make([]any, 0, len(list))
		for _, e := range list {
			out = append(out, b.object(f, nil, nil, e, at))
		}
		return out, true
	case f.Sensitive || spec.IsMask(v):
		carried := slices.ContainsFunc(in.Fields, func(id spec.Field) bool {
			return id.Carry && spec.TextAt(raw, id.WireAt()) != ""
		})
		if !carried {
			b.errorf(b.r.Source(), "declare it", "%s: %s would be overwritten with its mask", b.r.Address, at)
		}
		return nil, false
	}
	return v, true
}
