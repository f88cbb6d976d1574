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

// However long and odd what went wrong is, the report fits, and says what
// would be taken away.
func TestMarkdownWithEndlessErrors(t *testing.T) {
	endless := strings.Repeat("<`_[@", 600_000)
	d := report.NewDocument("apply", &planner.Plan{Findings: []planner.Finding{{Class: planner.Missing, Address: "org/A/users/a", Message: endless}}})
	for range 3 {
		d.Errors = append(d.Errors, endless)
		d.Diagnostics.Errorf(spec.Position{File: "a.yaml", Line: 1}, endless, "%s", endless)
		d.Violations = append(d.Violations, planner.Violation{Message: endless})
	}
	for range 46 {
		d.Errors = append(d.Errors, endless[:2000])
	}
	d.Steps = []*planner.Step{{Address: "org/A/users/gone", Action: planner.Delete, Status: planner.Failed, Error: &planner.StepError{Detail: endless}}}
	for _, command := range []string{"apply", "drift"} {
		d.Command = command
		var b bytes.Buffer
		if err := report.Markdown(&b, d); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if size := len([]rune(text)); size > report.MarkdownLimit || strings.Contains(text, "Cut off here") {
			t.Errorf("%s: %d characters: …%s", command, size, text[len(text)-200:])
		}
		for _, want := range []string{"- delete org/A/users/gone (failed)", "5 more problems"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: it does not say %q", command, want)
			}
		}
	}
	var b bytes.Buffer
	if err := report.GitHub(&b, d); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if len(line) > 1<<17 {
			t.Errorf("an annotation of %d bytes", len(line))
		}
	}
}
