package drift

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// What the base says and the files no longer do is released where Atlas keeps it:
// not what goes from a list or mapping that is owned whole.
func TestMissingPaths(t *testing.T) {
	fields := []spec.Field{
		{Name: "name", Type: spec.String},
		{Name: "tags", Type: spec.Map},
		{Name: "words", Type: spec.Set},
		{Name: "doc", Type: spec.Document},
		{Name: "block", Type: spec.Object, Fields: []spec.Field{{Name: "a", Type: spec.Int}, {Name: "b", Type: spec.Int}}},
		{Name: "roles", Type: spec.Set, ElemKey: []string{"role", "db"}, Fields: []spec.Field{
			{Name: "role", Type: spec.String}, {Name: "db", Type: spec.String, Default: "admin"}, {Name: "note", Type: spec.String},
			{Name: "parts", Type: spec.List, Fields: []spec.Field{{Name: "n", Type: spec.Int}, {Name: "m", Type: spec.Int}}},
		}},
	}
	type m = map[string]any
	type l = []any
	base := m{"name": "x", "tags": m{"a": "1", "b": "2"}, "words": l{"p", "q"}, "block": m{"a": int64(1), "b": int64(2)},
		"doc":   m{"kept": m{"a": int64(1), "b": int64(2)}, "gone": true},
		"roles": l{m{"role": "r", "db": "admin", "note": "n", "parts": l{m{"n": int64(1), "m": int64(2)}, m{"n": int64(3)}}}, m{"role": "gone", "note": "n"}}}
	files := m{"tags": m{"a": "1"}, "words": l{"p"}, "block": m{"a": int64(1)}, "doc": m{"kept": m{"a": int64(1)}},
		"roles": l{m{"role": "new"}, m{"role": "r", "parts": l{m{"n": int64(1)}}}}}
	want := []string{"block.b", "doc.gone", "doc.kept.b", "name", "roles[r/admin].note", "roles[r/admin].parts[0].m"}
	if diff := cmp.Diff(want, missingPaths(fields, base, files, "")); diff != "" {
		t.Error(diff)
	}
}

// Two spellings of one declared value are the same, however deep a list stands.
func TestSame(t *testing.T) {
	a := map[string]any{"x": []any{map[string]any{"p": []any{"1", "2"}}, "y"}}
	b := map[string]any{"x": []any{"y", map[string]any{"p": []any{"2", "1"}}}}
	if !same(a, b) {
		t.Error("the order of a list counts")
	}
	if b["x"].([]any)[0] = "z"; same(a, b) {
		t.Error("another value is the same")
	}
}
