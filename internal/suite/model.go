package suite

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// fromExample draws a body that begins with what an example says: of some
// objects a description knows too little for a body out of nothing.
func (d *drawing) fromExample(schema *api.Schema, c *spec.Call) map[string]any {
	models := d.Models[d.k.Name]
	if d.models != nil {
		models = d.models
	}
	values := rapid.SampledFrom(models).Draw(d.T, "model")
	drawn := d.body(schema, c)
	body, _ := d.encoded(d.k.Fields, values, func(f *spec.Field) bool { return c.Body.Holds(f.Name) }).(map[string]any)
	if body == nil {
		return drawn
	}
	for i := range d.k.Fields {
		f := &d.k.Fields[i]
		v, ok := spec.At(drawn, f.SendPointer())
		if !ok || f.Ref != nil && f.Type != spec.String {
			continue
		}
		_, has := spec.At(body, f.SendPointer())
		isName := d.k.IsKey(f.Name) && len(f.Enum) == 0 && f.Type == spec.String
		plain := f.Type == spec.Bool || f.Type == spec.String || f.Type == spec.Int || f.Type == spec.Number
		if isName || f.Name != d.k.Variant && (plain || !has) && d.models == nil && d.int(0, 3) == 0 {
			body = put(body, f.SendPointer(), v).(map[string]any)
		}
	}
	return body
}

// encoded writes declared values as bodies have them.
func (d *drawing) encoded(fields []spec.Field, values map[string]any, wanted func(*spec.Field) bool) any {
	var out any
	for i := range fields {
		f := &fields[i]
		v, ok := values[f.Name]
		if !ok || !f.Sent() || !wanted(f) {
			continue
		}
		if v = d.encodedValue(f, v); v != nil {
			out = spec.Put(out, f.SendPointer(), v)
		}
	}
	return out
}

func (d *drawing) encodedValue(f *spec.Field, v any) any {
	all := func(*spec.Field) bool { return true }
	switch v := v.(type) {
	case spec.Null:
		return nil
	case spec.Secret:
		return d.sentinel(nil, f)
	case map[string]any:
		if f.Type == spec.Object {
			return d.encoded(f.Fields, v, all)
		}
	case []any:
		out := []any{}
		for _, e := range v {
			m, isObject := e.(map[string]any)
			switch {
			case isObject && f.Collection():
				e = d.encoded(f.Fields, m, all)
			case f.Ref != nil:
				e = d.otherThan(f, e)
			}
			if e != nil && !slices.ContainsFunc(out, func(o any) bool { return textOf(o) == textOf(e) }) {
				out = append(out, e)
			}
		}
		return out
	case string:
		switch {
		case f.Ref != nil:
			return d.otherThan(f, v)
		case f.Lookup != nil:
			return d.lookedUp(f)
		case f.Norm == spec.Instant:
			return d.text(nil, f)
		}
	}
	return f.Encode(v)
}

// otherThan refers to something that there is, in place of what an example
// refers to.
func (d *drawing) otherThan(f *spec.Field, v any) any {
	if text, ok := v.(string); ok && f.Builtin(text) {
		return v
	}
	if other, ok := d.reference(f, nil); ok {
		return other
	}
	return v
}
