package spec

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Canon returns the form in which two values of the field are compared: two
// spellings of the same value have the same form.
func (f *Field) Canon(v any) any {
	s, isText := v.(string)
	switch {
	case !isText:
		return v
	case f.Norm == Email:
		return strings.ToLower(s)
	case f.Norm == CIDR:
		if p, err := parseCIDR(s); err == nil {
			return p.String()
		}
	case f.Norm == JSONDoc:
		var doc any
		if json.Unmarshal([]byte(s), &doc) == nil {
			return doc
		}
	}
	return s
}

func parseCIDR(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

func isCIDR(s string) bool { _, err := parseCIDR(s); return err == nil }

// ElementID tells the members of a Set apart: by the element key of objects,
// else by the value.
func (f *Field) ElementID(v any) string {
	if m, ok := v.(map[string]any); ok && f.ElemKey != "" {
		return fmt.Sprint(f.Sub(f.ElemKey).Canon(m[f.ElemKey]))
	}
	return fmt.Sprint(f.Canon(v))
}

// Decode turns a value of Atlas's into the field's canonical form. A value of
// another shape than described is kept as it is: it then shows as a
// difference instead of being hidden.
func (f *Field) Decode(v any) any {
	switch f.Type {
	case Int, Bytes:
		if n, ok := v.(json.Number); ok {
			if i, err := n.Int64(); err == nil {
				return i
			}
		}
	case Set, List:
		list, ok := v.([]any)
		if !ok {
			return v
		}
		out := make([]any, 0, len(list))
		for _, e := range list {
			if len(f.Fields) > 0 {
				e = decodeObject(f.Fields, e)
			}
			out = append(out, e)
		}
		return out
	case Map:
		return f.decodeMap(v)
	case Object:
		return decodeObject(f.Fields, v)
	}
	return v
}

func decodeObject(fields []Field, v any) any {
	if _, ok := v.(map[string]any); !ok {
		return v
	}
	out := map[string]any{}
	for i := range fields {
		if raw, ok := At(v, fields[i].WireAt()); ok && raw != nil {
			out[fields[i].Name] = fields[i].Decode(raw)
		}
	}
	return out
}

func (f *Field) decodeMap(v any) any {
	list, ok := v.([]any)
	if f.Pairs[0] == "" || !ok {
		return v
	}
	out := map[string]any{}
	for _, e := range list {
		if pair, ok := e.(map[string]any); ok {
			out[fmt.Sprint(pair[f.Pairs[0]])] = pair[f.Pairs[1]]
		}
	}
	return out
}

// DecodeObject turns an object of Atlas's into the kind's field values. Refs
// by id and back references are left to whoever can look the others up.
func (k *Kind) DecodeObject(raw any) map[string]any {
	out := map[string]any{}
	for i := range k.Fields {
		f := &k.Fields[i]
		if f.Local || f.Backref != nil {
			continue
		}
		if v, ok := At(raw, f.WireAt()); ok && v != nil {
			out[f.Name] = f.Decode(v)
		}
	}
	return out
}

// Encode turns a canonical value into what Atlas takes.
func (f *Field) Encode(v any) any {
	switch v := v.(type) {
	case time.Duration:
		return v.String()
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if m, ok := e.(map[string]any); ok && len(f.Fields) > 0 {
				out = append(out, EncodeObject(f.Fields, m))
			} else {
				out = append(out, e)
			}
		}
		return out
	case map[string]any:
		if f.Type == Object {
			return EncodeObject(f.Fields, v)
		}
		if f.Pairs[0] != "" {
			return f.encodePairs(v)
		}
	}
	return v
}

func (f *Field) encodePairs(v map[string]any) any {
	out := []any{}
	for _, key := range sortedKeys(v) {
		out = append(out, map[string]any{f.Pairs[0]: key, f.Pairs[1]: v[key]})
	}
	return out
}

// EncodeObject turns the values of fields into an object that Atlas takes.
func EncodeObject(fields []Field, values map[string]any) any {
	var out any = map[string]any{}
	for i := range fields {
		f := &fields[i]
		if v, ok := values[f.Name]; ok && f.Sent() {
			out = Put(out, f.WireAt(), f.Encode(v))
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
