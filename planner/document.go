package planner

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// ofDocument projects a live value of a Document onto what is declared of it:
// all of it counts, but for members that are empty, or that Atlas fills in with a
// default, where they are not declared.
func ofDocument(v, declared, filled any) any {
	switch d := declared.(type) {
	case map[string]any, spec.Ordered:
		keys, m, ok := spec.Members(v)
		if !ok {
			return v
		}
		_, said, _ := spec.Members(d)
		defaults, _ := filled.(map[string]any)
		out := map[string]any{}
		for key, has := range m {
			below, isDeclared := said[key]
			switch {
			case isDeclared:
				out[key] = ofDocument(has, below, defaults[key])
			case isVoid(has) || defaults[key] != nil && reflect.DeepEqual(has, defaults[key]):
			default:
				out[key] = has
			}
		}
		return spec.Mapping(those(keys, out), out)
	case []any:
		list, ok := v.([]any)
		if !ok || len(list) != len(d) {
			return v
		}
		out := make([]any, len(list))
		for i := range list {
			out[i] = ofDocument(list[i], d[i], nil)
		}
		return out
	}
	return v
}

// those keeps the names that a mapping has.
func those(keys []string, in map[string]any) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		_, there := in[key]
		return !there
	})
}

// isVoid tells whether there is nothing in a value; an empty text is something.
func isVoid(v any) bool { return v != "" && empty(v) }

// inDocument tells what a change does inside a Document: what comes, what goes,
// and what gets another value, each with its path.
func (c *Change) inDocument(path string, before, after any) {
	if order, a, ok := spec.Members(after); ok {
		if was, b, ok := spec.Members(before); ok {
			if is, was := those(order, b), those(was, a); !slices.Equal(is, was) {
				c.changed = append(c.changed, fmt.Sprintf("%s: order %s -> %s", path, strings.Join(was, ", "), strings.Join(is, ", ")))
			}
			keys := slices.Sorted(maps.Keys(a))
			for key := range b {
				if _, stays := a[key]; !stays {
					keys = append(keys, key)
				}
			}
			slices.Sort(keys)
			for _, key := range keys {
				c.inMember(strings.TrimPrefix(path+"."+key, "."), b, a, key)
			}
			return
		}
	}
	a, isList := after.([]any)
	b, wasList := before.([]any)
	if isList && wasList {
		for i := range max(len(a), len(b)) {
			at := fmt.Sprintf("%s[%d]", path, i)
			switch {
			case i >= len(b):
				c.added = append(c.added, told(at, a[i]))
			case i >= len(a):
				c.removed = append(c.removed, told(at, b[i]))
			default:
				c.inDocument(at, b[i], a[i])
			}
		}
		return
	}
	if !reflect.DeepEqual(before, after) {
		c.changed = append(c.changed, fmt.Sprintf("%s: %s -> %s", path, jsonText(before), jsonText(after)))
	}
}

func (c *Change) inMember(path string, before, after map[string]any, key string) {
	b, was := before[key]
	a, is := after[key]
	switch {
	case !was:
		c.added = append(c.added, told(path, a))
	case !is:
		c.removed = append(c.removed, told(path, b))
	default:
		c.inDocument(path, b, a)
	}
}

func told(path string, v any) any { return path + ": " + jsonText(v) }

func jsonText(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
