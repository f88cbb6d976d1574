package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Whatever the number of steps, the report is shortened and never cut: the
// places of the steps take room, too.
func TestMarkdownIsNeverCut(t *testing.T) {
	for _, n := range []int{10, 500, 700, 900, 1100, 3000} {
		d := report.NewDocument("plan", &planner.Plan{})
		for i := range n {
			d.Steps = append(d.Steps, &planner.Step{Address: spec.Address(fmt.Sprintf("project/p%d/users/u%d@example.com", i%40, i)), Action: planner.Update, Status: planner.Planned,
				Source:  &spec.Position{File: "a/directory/of/some/depth/and/a/file.yaml", Line: i + 1},
				Changes: []planner.Change{{Path: "x", Before: "a", After: "b"}}})
		}
		var b bytes.Buffer
		if err := report.Markdown(&b, d); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if size := len([]rune(text)); size > report.MarkdownLimit || strings.Contains(text, "Cut off here") {
			t.Errorf("%d steps: %d characters: …%s", n, size, text[len(text)-200:])
		}
		listed := strings.Count(text, "\n! update ")
		if listed < n && !strings.Contains(text, fmt.Sprintf(" %d to update. Text and JSON have all of it.", n-listed)) {
			t.Errorf("%d steps: %d are listed, and it says …%s", n, listed, text[len(text)-200:])
		}
	}
}
