package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/dustin/go-humanize"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Value spells a value on one line.
func Value(v any) string {
	switch v := v.(type) {
	case nil, spec.Null: // which is nothing of the file's own
		return "(none)"
	case string:
		if v == "" || strings.ContainsAny(v, "\n\t\"") {
			data, _ := json.Marshal(v)
			return Clean(string(data))
		}
		return Clean(v)
	case int64:
		if v >= 1<<20 && v%(1<<20) == 0 { // else it is no size
			return fmt.Sprintf("%d (%s)", v, humanize.IBytes(uint64(v)))
		}
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = Value(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any, bool:
		data, _ := json.Marshal(v)
		return Clean(string(data))
	}
	return Clean(fmt.Sprint(v))
}

// Clean replaces characters that could steer a terminal or, as a new line
// does, begin something else: names come from Atlas and from files.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
