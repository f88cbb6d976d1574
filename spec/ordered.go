package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// An Ordered is a mapping whose members stand in another order than that of the
// alphabet, where the order says something. Any other mapping is a map.
type Ordered struct {
	Keys   []string
	Values map[string]any
}

// Mapping is a mapping with its members in an order.
func Mapping(keys []string, values map[string]any) any {
	if slices.IsSorted(keys) {
		return values
	}
	return Ordered{keys, values}
}

// Members returns the members of a mapping, and their names in order.
func Members(v any) (keys []string, values map[string]any, ok bool) {
	switch v := v.(type) {
	case map[string]any:
		return slices.Sorted(maps.Keys(v)), v, true
	case Ordered:
		return v.Keys, v.Values, true
	}
	return nil, nil, false
}

// MarshalJSON writes the members in their order.
func (o Ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, key := range o.Keys {
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(o.Values[key])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(append(append(name, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// String is the mapping as JSON.
func (o Ordered) String() string {
	data, err := o.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// DecodeJSON decodes one JSON value. Below members of the given names the order of
// mappings is kept.
func DecodeJSON(data []byte, ordered []string) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var doc any
	var err error
	if len(ordered) == 0 {
		err = dec.Decode(&doc)
	} else {
		doc, err = next(dec, ordered, false)
	}
	if err != nil {
		return nil, fmt.Errorf("the answer is not whole JSON: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the JSON in the answer")
	}
	return doc, nil
}

func next(dec *json.Decoder, ordered []string, keep bool) (any, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			e, err := next(dec, ordered, keep)
			if err != nil {
				return nil, err
			}
			list = append(list, e)
		}
		_, err = dec.Token()
		return list, err
	case json.Delim('{'):
		var keys []string
		values := map[string]any{}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			name, _ := key.(string)
			v, err := next(dec, ordered, keep || slices.Contains(ordered, name))
			if err != nil {
				return nil, err
			}
			if _, twice := values[name]; !twice {
				keys = append(keys, name)
			}
			values[name] = v
		}
		if _, err = dec.Token(); keep {
			return Mapping(keys, values), err
		}
		return values, err
	}
	return t, nil
}
