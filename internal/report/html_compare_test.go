package report_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
)

// anyValue makes values as a file or Atlas may have them, at most so deep.
func anyValue(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]string{"x", "yes please", "z-1"}), func(s string) any { return s }),
		rapid.Map(rapid.IntRange(0, 3), func(n int) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil))
	if depth == 0 {
		return leaf
	}
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(anyValue(depth-1), 0, 5), func(s []any) any { return s }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), anyValue(depth-1), 0, 4), func(m map[string]any) any { return m }))
}

// A row is a line of a comparison: where there is none, null.
type row struct {
	Mark        string
	Left, Right *string
}

// TestPageCompares: whatever two values are, each column of their comparison is
// that value, in YAML; rows that are marked as the same are, and no others.
func TestPageCompares(t *testing.T) {
	browser := browse(t)
	values := rapid.Map(anyValue(4), func(v any) any { return map[string]any{"top": v, "more": []any{v}} })
	d := report.NewDocument("plan", nil)
	s := &planner.Step{Address: "project/p", Kind: "Project", Action: planner.Update, Status: planner.Planned}
	const pairs = 300
	for i := range pairs {
		s.Changes = append(s.Changes, planner.Change{Path: fmt.Sprintf("v%d", i), Before: values.Example(2 * i), After: values.Example(2*i + 1 - i%10/9)}) // some are equal
	}
	d.Steps = append(d.Steps, s)
	p := open(t, browser, d)
	p.js(`document.querySelectorAll(".hidden-lines button").forEach((b) => b.click())`)
	tables := value[map[string][]row](p, `Object.fromEntries([...document.querySelectorAll("table.change")].map((t) => [t.caption.textContent.trim(), [...t.tBodies[0].rows].map((r) => {
		const line = (c) => c.querySelector("code") ? c.textContent : null;
		return {Mark: r.className, Left: line(r.cells[1]), Right: line(r.cells[2])};
	})]))`)
	if len(tables) != pairs {
		t.Fatalf("%d comparisons of %d", len(tables), pairs)
	}
	for _, c := range s.Changes {
		var left, right []string
		for _, r := range tables[c.Path] {
			if r.Left != nil {
				left = append(left, *r.Left)
			}
			if r.Right != nil {
				right = append(right, *r.Right)
			}
			want := "changed"
			switch {
			case r.Left == nil:
				want = "added"
			case r.Right == nil:
				want = "removed"
			case *r.Left == *r.Right:
				want = "same"
			}
			if r.Mark != want {
				t.Errorf("%s: a row is marked %s, want %s: %s", c.Path, r.Mark, want, told(r))
			}
		}
		holds(t, c.Path+" before", left, c.Before)
		holds(t, c.Path+" after", right, c.After)
	}
	p.quiet()
}

func told(r row) string {
	out := ""
	for _, side := range []*string{r.Left, r.Right} {
		if side != nil {
			out += fmt.Sprintf(" %q", *side)
		} else {
			out += " nothing"
		}
	}
	return out
}

// holds tells whether lines are a value, in YAML with (none) for null.
func holds(t *testing.T, what string, lines []string, want any) {
	t.Helper()
	var got any
	if err := yaml.Unmarshal([]byte(strings.Join(lines, "\n")), &got); err != nil {
		t.Errorf("%s: %v:\n%s", what, err, strings.Join(lines, "\n"))
		return
	}
	if want = withNone(want); !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %v, and is shown as\n%s", what, want, strings.Join(lines, "\n"))
	}
}

func withNone(v any) any {
	switch v := v.(type) {
	case nil:
		return "(none)"
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withNone(v[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k := range v {
			out[k] = withNone(v[k])
		}
		return out
	}
	return v
}
