package spec

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"reflect"
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
			if p.IsSingleIP() {
				return p.Addr().String() // as calls name it
			}
			return p.String()
		}
	case f.Norm == JSONDoc:
		var doc any
		if json.Unmarshal([]byte(s), &doc) == nil {
			return doc
		}
	case f.Norm == Fold:
		return strings.ToLower(s)
	case f.Norm == Version && s != "" && !strings.Contains(s, "."):
		return s + ".0"
	case f.Norm == Instant:
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t.UTC().Format(time.RFC3339Nano)
		}
	case f.Norm == Text:
		return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	}
	return s
}

// number turns a number of JSON's into the one form that it has here: int64 if
// it is whole, else float64.
func number(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil {
		return n
	}
	if i := int64(f); float64(i) == f {
		return i
	}
	return f
}

// tree turns the numbers in a decoded JSON value into those of Go.
func tree(v any) any {
	switch v := v.(type) {
	case json.Number:
		return number(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = tree(e)
		}
		return out
	case map[string]any:
		return trees(v)
	case Ordered:
		return Ordered{v.Keys, trees(v.Values)}
	}
	return v
}

func trees(v map[string]any) map[string]any {
	out := make(map[string]any, len(v))
	for k, e := range v {
		out[k] = tree(e)
	}
	return out
}

func parseCIDR(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

// widened returns the block that a text means, and whether it names an address
// within it instead.
func widened(s string) (block string, wide bool) {
	p, err := netip.ParsePrefix(s)
	return p.Masked().String(), err == nil && p != p.Masked()
}

func isCIDR(s string) bool { _, err := parseCIDR(s); return err == nil }

// Decode turns a value of Atlas's into the field's canonical form. A value of
// another shape than described is kept as it is: it then shows as a
// difference instead of being hidden.
func (f *Field) Decode(v any) any {
	switch f.Type {
	case Int, Bytes, Number:
		if n, ok := v.(json.Number); ok {
			return number(n)
		}
	case Document:
		return tree(v)
	case Bool:
		if f.True != "" {
			text, _ := v.(string)
			return slices.Contains(strings.Split(f.True, "|"), text)
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
			out = append(out, tree(e))
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

// Encode turns a canonical value that has no fields into what Atlas takes.
func (f *Field) Encode(v any) any {
	switch v := v.(type) {
	case time.Duration:
		return v.String()
	case Null:
		return f.NullAs
	case map[string]any:
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

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// IsDefault tells whether a value is what Atlas has without being told.
func (f *Field) IsDefault(v any) bool { return f.Default != nil && f.Same(v, f.Default) }

// Same tells whether two values of a field are one; numbers are told by their text.
func (f *Field) Same(a, b any) bool {
	if b == nil {
		return a == nil
	}
	a, b = f.Canon(a), f.Canon(b)
	return reflect.DeepEqual(a, b) || reflect.TypeOf(a).Comparable() && reflect.TypeOf(b).Comparable() && fmt.Sprint(a) == fmt.Sprint(b)
}
