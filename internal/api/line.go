package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A line is "PATH: words name=value …"; values are JSON.
type line struct {
	words  []string
	values map[string]any
}

// parse reads what a line says after its path. What cannot be read is a mistake
// in the embedded text, which Check finds.
func parse(text, path string) line {
	rest := strings.TrimPrefix(text[len(path):], ":")
	out := line{values: map[string]any{}}
	for rest = strings.TrimLeft(rest, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		end := strings.IndexAny(rest, " =")
		if end < 0 {
			end = len(rest)
		}
		if end == len(rest) || rest[end] == ' ' {
			out.words, rest = append(out.words, rest[:end]), rest[end:]
			continue
		}
		v, size, err := value(rest[end+1:])
		if err != nil {
			panic(fmt.Sprintf("%s: %v in %q", path, err, rest))
		}
		out.values[rest[:end]], rest = v, rest[end+1+size:]
	}
	return out
}

// value reads the JSON value that a text begins with, and how long it is. Most are
// plain strings or lists of them, which take no decoder: every command reads hundreds.
func value(text string) (v any, size int, err error) {
	if s, size := plainText(text); size > 0 {
		return s, size, nil
	}
	if list, size := plainTexts(text); size > 0 {
		return list, size, nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	err = dec.Decode(&v)
	return v, int(dec.InputOffset()), err
}

// plainText reads a string without escapes; what is none has the size 0.
func plainText(text string) (string, int) {
	if text == "" || text[0] != '"' {
		return "", 0
	}
	end := 1 + strings.IndexByte(text[1:], '"')
	if end == 0 || strings.IndexByte(text[:end], '\\') >= 0 {
		return "", 0
	}
	return text[1:end], end + 1
}

func plainTexts(text string) ([]any, int) {
	list := []any{}
	for at := 0; at < len(text) && (text[at] == '[' && at == 0 || text[at] == ',' && at > 0); {
		s, size := plainText(text[at+1:])
		if size == 0 {
			break
		}
		list, at = append(list, s), at+1+size
		if at < len(text) && text[at] == ']' {
			return list, at + 1
		}
	}
	return nil, 0
}

func (l line) has(word string) bool { return slices.Contains(l.words, word) }

func (l line) text(name string) string { s, _ := l.values[name].(string); return s }

func (l line) texts(name string) []string {
	list, _ := l.values[name].([]any)
	var out []string
	for _, e := range list {
		out = append(out, fmt.Sprint(e))
	}
	return out
}

func (l line) number(name string) *float64 {
	if n, ok := l.values[name].(float64); ok {
		return &n
	}
	return nil
}

func (l line) whole(name string) *int {
	if n, ok := l.values[name].(float64); ok {
		i := int(n)
		return &i
	}
	return nil
}

// find returns what is said of a path among lines, if anything is.
func find(lines []string, path string) (line, bool) {
	for _, l := range lines {
		if strings.HasPrefix(l, path) && strings.HasPrefix(l[len(path):], ":") {
			return parse(l, path), true
		}
	}
	return line{}, false
}

// types are the words that are a schema's type.
var types = []string{"string", "boolean", "integer", "number", "array", "object"}

// node reads the schema at a path, with what stands in it.
func (f *Facts) node(lines []string, path string) *Schema {
	l, ok := find(lines, path)
	if !ok {
		return nil
	}
	s := f.plain(l)
	for _, text := range lines {
		if !strings.HasPrefix(text, path) {
			continue
		}
		rest, _, _ := strings.Cut(text[len(path):], ":")
		if name, isProperty := strings.CutPrefix(rest, "."); isProperty && !strings.ContainsAny(name, ".[{&|?") && name != "" {
			if s.Properties == nil {
				s.Properties = map[string]*Schema{}
			}
			s.Properties[name] = f.node(lines, path+rest)
		}
	}
	s.Items, s.Additional = f.node(lines, path+"[]"), f.node(lines, path+"{}")
	for mark, list := range map[string]*[]*Schema{"&": &s.AllOf, "|": &s.OneOf, "?": &s.AnyOf} {
		for i := 'a'; ; i++ {
			p := f.node(lines, path+mark+string(i))
			if p == nil {
				break
			}
			*list = append(*list, p)
		}
	}
	return s
}

// plain reads what one line says of a schema.
func (f *Facts) plain(l line) *Schema {
	s := &Schema{facts: f, Ref: l.text("ref"), Format: l.text("format"), Pattern: l.text("pattern"), Default: l.values["default"],
		Nullable: l.has("nullable"), ReadOnly: l.has("read-only"), WriteOnly: l.has("write-only"), Deprecated: l.has("deprecated"),
		Required: l.texts("required"), Open: l.has("open"), UniqueItems: l.has("unique"),
		Minimum: l.number("min"), Maximum: l.number("max"), ExclusiveMinimum: l.has("above-min"), ExclusiveMaximum: l.has("below-max"),
		MinLength: l.whole("min-length"), MaxLength: l.whole("max-length"), MinItems: l.whole("min-items"), MaxItems: l.whole("max-items"),
		MinProperties: l.whole("min-properties"), MaxProperties: l.whole("max-properties")}
	for _, w := range l.words {
		if slices.Contains(types, w) {
			s.Type = w
		}
	}
	s.Enum, _ = l.values["enum"].([]any)
	if by := l.text("by"); by != "" {
		s.Discriminator = &Discriminator{Property: by, Mapping: map[string]string{}}
		picks, _ := l.values["picks"].(map[string]any)
		for value, name := range picks {
			s.Discriminator.Mapping[value], _ = name.(string)
		}
	}
	return s
}
