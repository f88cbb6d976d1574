package spec

import (
	"strconv"
	"strings"
)

var pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")

// At returns the value at a JSON pointer (RFC 6901) in decoded JSON. Of several
// pointers with | between them the first counts that leads to a value.
func At(doc any, pointer string) (any, bool) {
	if first, others, several := strings.Cut(pointer, "|"); several {
		if v, ok := At(doc, first); ok && v != nil {
			return v, true
		}
		return At(doc, others)
	}
	if pointer == "" {
		return doc, true
	}
	for _, part := range strings.Split(pointer[1:], "/") {
		part = pointerUnescaper.Replace(part)
		switch v := doc.(type) {
		case map[string]any:
			var ok bool
			if doc, ok = v[part]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			doc = v[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// TextAt returns the string at a JSON pointer, or "" if there is none.
func TextAt(doc any, pointer string) string {
	v, _ := At(doc, pointer)
	s, _ := v.(string)
	return s
}

// maxIndex bounds the arrays that Put makes.
const maxIndex = 16

// Put sets the value at a JSON pointer, making objects on the way, and arrays
// where a part of it is an index, and returns the document. The empty pointer replaces the document itself.
func Put(doc any, pointer string, value any) any {
	if pointer == "" {
		return value
	}
	head, rest, more := strings.Cut(pointer[1:], "/")
	head = pointerUnescaper.Replace(head)
	if i, err := strconv.Atoi(head); err == nil && i >= 0 && i < maxIndex {
		list, _ := doc.([]any)
		for len(list) <= i {
			list = append(list, nil)
		}
		if more {
			value = Put(list[i], "/"+rest, value)
		}
		list[i] = value
		return list
	}
	m, ok := doc.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	if more {
		m[head] = Put(m[head], "/"+rest, value)
	} else {
		m[head] = value
	}
	return m
}
