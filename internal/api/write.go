package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Writer collects facts and writes them as lines.
type Writer struct{ lines []string }

// Add adds a line: what is said of a path. Values that are empty say nothing.
func (w *Writer) Add(path string, words []string, values map[string]any) {
	var b strings.Builder
	b.WriteString(path + ":")
	for _, word := range words {
		if word != "" {
			b.WriteString(" " + word)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if text, ok := encoded(values[name]); ok {
			fmt.Fprintf(&b, " %s=%s", name, text)
		}
	}
	w.lines = append(w.lines, b.String())
}

// encoded writes a value as JSON on one line; "", nil and empty lists are none.
func encoded(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		if v == "" {
			return "", false
		}
	case *int:
		if v == nil {
			return "", false
		}
	case *float64:
		if v == nil {
			return "", false
		}
	case []string:
		if len(v) == 0 {
			return "", false
		}
	case []any:
		if v == nil {
			return "", false
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // decoded YAML can be encoded
	}
	return strings.TrimSuffix(b.String(), "\n"), true
}

// Schema adds a schema at a path, with what stands in it. more are words and
// values that the path's own line says besides.
func (w *Writer) Schema(path string, s *Schema, more []string, values map[string]any) {
	flag := func(on bool, word string) string {
		if on {
			return word
		}
		return ""
	}
	words := append([]string{s.Type, flag(s.Nullable, "nullable"), flag(s.ReadOnly, "read-only"), flag(s.WriteOnly, "write-only"),
		flag(s.Deprecated, "deprecated"), flag(s.Open, "open"), flag(s.UniqueItems, "unique"),
		flag(s.ExclusiveMinimum, "above-min"), flag(s.ExclusiveMaximum, "below-max")}, more...)
	all := map[string]any{"ref": s.Ref, "format": s.Format, "pattern": s.Pattern, "enum": s.Enum, "default": s.Default,
		"required": slices.Sorted(slices.Values(s.Required)), "min": s.Minimum, "max": s.Maximum, "min-length": s.MinLength, "max-length": s.MaxLength,
		"min-items": s.MinItems, "max-items": s.MaxItems, "min-properties": s.MinProperties, "max-properties": s.MaxProperties}
	if d := s.Discriminator; d != nil {
		all["by"] = d.Property
		if len(d.Mapping) > 0 {
			all["picks"] = d.Mapping
		}
	}
	maps.Copy(all, values)
	w.Add(path, words, all)
	for step, p := range s.parts() {
		w.Schema(path+step, p, nil, nil)
	}
}

// Text returns the lines, sorted, below a head of comments.
func (w *Writer) Text(head string) string {
	slices.Sort(w.lines)
	var b strings.Builder
	for line := range strings.Lines(head) {
		b.WriteString("# " + line)
	}
	b.WriteString("\n")
	for _, l := range w.lines {
		b.WriteString(l + "\n")
	}
	return b.String()
}
