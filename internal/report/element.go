package report

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// An element is one of a list or set that comes or goes as a whole.
type element struct {
	path  string
	goes  bool
	value map[string]any
}

// elementOf returns the element that a path leads to, where only one of two sides
// has it.
func elementOf(path string, before, after any) (element, bool) {
	e := element{path: path, goes: nothing(after)}
	e.value, _ = after.(map[string]any)
	if e.goes {
		e.value, _ = before.(map[string]any)
	}
	return e, strings.HasSuffix(path, "]") && e.value != nil && (e.goes || nothing(before))
}

// nothing tells a value that is not there, or is left to Atlas.
func nothing(v any) bool {
	_, cleared := v.(spec.Null)
	return v == nil || cleared
}

// members is what the path does not tell, in short form: {resources: [{db: shop}]};
// "" if it tells all.
func (e element) members() string {
	rest := maps.Clone(e.value)
	token := e.path[strings.LastIndexByte(e.path, '[')+1 : len(e.path)-1]
	for _, part := range strings.Split(token, "/") {
		part, err := url.PathUnescape(part)
		if err != nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(rest)) {
			if text := fmt.Sprint(rest[name]); strings.EqualFold(text, part) || part == "" && text == "false" {
				delete(rest, name)
				break
			}
		}
	}
	if len(rest) == 0 {
		return ""
	}
	return short(rest)
}

// short spells a value on one line, as YAML would in braces.
func short(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, Clean(name)+": "+short(v[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, short(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return Value(v)
}
