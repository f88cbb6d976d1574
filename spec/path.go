package spec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A path leads from a resource to one of its values: members are joined by
// dots, elements stand in brackets, a list's by their index and a set's by
// their key: replicationSpecs[0].regionConfigs[AWS/US_EAST_1].priority. As a
// slice of strings it is its tokens: "replicationSpecs", "[0]", …

var (
	elementEscaper = strings.NewReplacer("%", "%25", "/", "%2F", "[", "%5B", "]", "%5D", "#", "%23")
)

// JoinPath spells a path.
func JoinPath(tokens []string) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && !strings.HasPrefix(t, "[") {
			b.WriteByte('.')
		}
		b.WriteString(t)
	}
	return b.String()
}

// SplitPath takes a path apart.
func SplitPath(path string) []string {
	var tokens []string
	for path != "" {
		end := strings.IndexAny(path, ".[")
		if path[0] == '[' {
			end = strings.IndexByte(path, ']') + 1
		}
		if end <= 0 {
			end = len(path)
		}
		tokens = append(tokens, path[:end])
		path = strings.TrimPrefix(path[end:], ".")
	}
	return tokens
}

// HeadOf returns the field that a path begins with.
func HeadOf(path string) string {
	if end := strings.IndexAny(path, ".["); end >= 0 {
		return path[:end]
	}
	return path
}

// PathWithin tells whether a path is another one, or leads on from it.
func PathWithin(path, of string) bool {
	rest, ok := strings.CutPrefix(path, of)
	return ok && of != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Tokens returns the token of each element of a list: its key, with #2 and so on
// for another of the same key, or its index.
func (f *Field) Tokens(list []any) []string {
	out := make([]string, len(list))
	seen := map[string]int{}
	for i, e := range list {
		token := f.Element(e, i)
		if seen[token]++; seen[token] > 1 {
			token = fmt.Sprintf("%s#%d]", strings.TrimSuffix(token, "]"), seen[token])
		}
		out[i] = token
	}
	return out
}

// Element returns the token of the only element of its key, or its index.
func (f *Field) Element(e any, i int) string {
	if f.Type != Set {
		return fmt.Sprintf("[%d]", i)
	}
	return "[" + f.ElementID(e) + "]"
}

// ElementID tells the members of a Set apart: by the element key of objects,
// its parts joined by slashes, else by the value.
func (f *Field) ElementID(v any) string {
	m, ok := v.(map[string]any)
	if !ok || len(f.ElemKey) == 0 {
		return fmt.Sprint(f.Canon(v))
	}
	var parts []string
	for _, name := range f.ElemKey {
		key := f.Sub(name)
		if !key.Fits(m[f.Variant]) {
			continue
		}
		part, there := m[name]
		if !there || part == nil {
			part = key.Default
		}
		text := ""
		if part != nil && part != false {
			text = keyText(key, key.Canon(part))
		}
		parts = append(parts, elementEscaper.Replace(text))
	}
	return strings.TrimRight(strings.Join(parts, "/"), "/")
}

// Untold returns the members of an element that its token does not tell.
func (f *Field) Untold(e any) map[string]any {
	m, _ := e.(map[string]any)
	rest := maps.Clone(m)
	maps.DeleteFunc(rest, func(name string, _ any) bool { return slices.Contains(f.ElemKey, name) })
	return rest
}

// Ordered returns the elements of a Set in the order in which they are to stand,
// if there is one.
func (f *Field) Ordered(list []any) []any {
	if f.Descending == "" {
		return list
	}
	number := func(e any) int64 {
		m, _ := e.(map[string]any)
		n, _ := m[f.Descending].(int64)
		return n
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b any) int { return cmp.Compare(number(b), number(a)) })
	return out
}

// Find returns the element that a token means, and its index.
func (f *Field) Find(list []any, token string) (any, int) {
	if f.Type == Set {
		id, nth := strings.TrimSuffix(strings.TrimPrefix(token, "["), "]"), 1
		if at := strings.LastIndexByte(id, '#'); at >= 0 && len(f.ElemKey) > 0 { // which escapes its own
			if n, err := strconv.Atoi(id[at+1:]); err == nil {
				id, nth = id[:at], n
			}
		}
		for i, e := range list {
			if f.ElementID(e) != id {
				continue
			}
			if nth--; nth == 0 {
				return e, i
			}
		}
		return nil, -1
	}
	i, err := strconv.Atoi(strings.Trim(token, "[]"))
	if err != nil || i < 0 || i >= len(list) {
		return nil, -1
	}
	return list[i], i
}

// FieldAt returns the field at a path: for an element its collection, for a key
// of a Map the Map, for what is inside a Document the Document.
func FieldAt(fields []Field, tokens []string) *Field {
	var f *Field
	for _, t := range tokens {
		if strings.HasPrefix(t, "[") {
			continue
		}
		next := fieldNamed(fields, t)
		if next == nil {
			return f
		}
		f, fields = next, next.Fields
	}
	return f
}

// ValueAt returns the value at a path.
func ValueAt(fields []Field, values map[string]any, tokens []string) (any, bool) {
	var v any = values
	var f *Field
	for i, t := range tokens {
		if m, ok := v.(map[string]any); ok && f != nil && f.Type == Map { // keys may hold dots and brackets
			v, ok := m[JoinPath(tokens[i:])]
			return v, ok
		}
		if strings.HasPrefix(t, "[") {
			list, _ := v.([]any)
			if f == nil {
				return nil, false
			}
			e, i := f.Find(list, t)
			if i < 0 {
				return nil, false
			}
			v = e
			continue
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[t]; !ok {
			return nil, false
		}
		if next := fieldNamed(fields, t); next != nil {
			f, fields = next, next.Fields
		}
	}
	return v, true
}

// Place returns where a file declares the value at a path, or what it stands in.
func (r *Resource) Place(path string) Position {
	tokens := SplitPath(path)
	var f *Field
	fields := r.Kind.Fields
	var v any = r.Values
	place := r.At[""]
	at := ""
	for _, t := range tokens {
		if strings.HasPrefix(t, "[") {
			list, _ := v.([]any)
			if f == nil {
				return place
			}
			e, i := f.Find(list, t)
			if i < 0 {
				return place
			}
			at, v = fmt.Sprintf("%s[%d]", at, i), e
		} else {
			at = join(at, t)
			m, _ := v.(map[string]any)
			v = m[t]
			if next := fieldNamed(fields, t); next != nil {
				f, fields = next, next.Fields
			}
		}
		p, ok := r.At[at]
		if !ok {
			return place
		}
		place = p
	}
	return place
}

// Leaves visits the declared values of fields, those in blocks and elements
// too, with the path at which a file declares them, which has indexes for
// elements, and with what stands beside it. A value that is a list of scalars is
// visited as one.
func Leaves(fields []Field, values map[string]any, visit func(f *Field, path string, v any, beside map[string]any)) {
	leaves(fields, values, "", visit)
}

func leaves(fields []Field, values map[string]any, prefix string, visit func(*Field, string, any, map[string]any)) {
	for i := range fields {
		f := &fields[i]
		v, ok := values[f.Name]
		if !ok {
			continue
		}
		path := join(prefix, f.Name)
		switch v := v.(type) {
		case map[string]any:
			if f.Type == Object {
				leaves(f.Fields, v, path, visit)
				continue
			}
		case []any:
			if f.Collection() {
				for i, e := range v {
					if m, ok := e.(map[string]any); ok {
						leaves(f.Fields, m, fmt.Sprintf("%s[%d]", path, i), visit)
					}
				}
				continue
			}
		}
		visit(f, path, v, values)
	}
}

// EachRef visits every declared value by which a resource means another: the
// kind that it means, its key, and its path in the file.
func (r *Resource) EachRef(kindOf func(*Field) string, visit func(f *Field, kind, key, path string)) {
	Leaves(r.Kind.Fields, r.Values, func(f *Field, path string, v any, beside map[string]any) {
		kind := kindOf(f)
		if kind == "" || f.Ref != nil && f.Ref.Where != "" && beside[f.Ref.Where] != f.Ref.Is {
			return
		}
		one := func(v any, at string) {
			if key, ok := v.(string); ok && !f.Builtin(key) {
				visit(f, kind, key, at)
			}
		}
		if list, ok := v.([]any); ok {
			for i, e := range list {
				one(e, fmt.Sprintf("%s[%d]", path, i))
			}
			return
		}
		one(v, path)
	})
}
