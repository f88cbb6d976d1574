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

// Whatever a name, a value, a message of Atlas or a file's name holds, it
// neither steers a terminal nor makes a line of its own.
func TestNothingSteersTheTerminal(t *testing.T) {
	const evil = "a\x1b[2J\u009b31m\r\u202eb\a"
	at := &spec.Position{File: evil, Line: 1}
	s := &planner.Step{Address: evil, Action: planner.Update, Source: at, Notes: []string{evil}, Status: planner.Failed, Error: &planner.StepError{Detail: evil},
		Changes: []planner.Change{{Path: evil, Before: evil, After: []any{evil, map[string]any{evil: evil}}}}}
	f := planner.Finding{Class: planner.Missing, Address: evil, Path: evil, Message: evil, Declared: evil, Live: evil, Source: at}
	changed := f
	changed.Class = planner.Changed
	p := &planner.Plan{Steps: []*planner.Step{s}, Findings: []planner.Finding{f}, Violations: []planner.Violation{{Message: evil}}}
	waiting := *s
	waiting.Status = planner.Waiting
	var out bytes.Buffer
	text := report.Text{W: &out}
	text.Plan(p)
	text.Step(s, 0)
	text.Outcome(&planner.Plan{Steps: []*planner.Step{&waiting}})
	text.Drift([]planner.Finding{f, changed}, nil)
	text.Diagnostics(spec.Diagnostics{{Severity: spec.SeverityError, Source: *at, Message: evil, Hint: evil}})
	for _, c := range "\x1b\u009b\r\u202e\a" {
		if i := strings.IndexRune(out.String(), c); i >= 0 {
			t.Errorf("%q gets out: %q", c, out.String()[max(0, i-40):min(out.Len(), i+10)])
		}
	}
}

// Steps are told as one only where they do the same to the last character,
// also where long values are shortened.
func TestFoldedStepsAreEqual(t *testing.T) {
	long := strings.Repeat("x", 300)
	p := &planner.Plan{}
	for i, last := range "aaabccc" {
		p.Steps = append(p.Steps, &planner.Step{Address: spec.Address(fmt.Sprintf("project/p%d/settings", i)), Action: planner.Update,
			Changes: []planner.Change{{Path: "text", Before: "", After: long + string(last)}}})
	}
	p.Steps[6].Status, p.Steps[6].Error = planner.Failed, &planner.StepError{Detail: "no"}
	var out bytes.Buffer
	report.Text{W: &out}.Plan(p)
	for _, want := range []string{"~ settings in 3 of 7 projects\n", "~ project/p3/settings\n", "~ project/p4/settings\n", "~ project/p5/settings\n", "~ project/p6/settings\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
}
