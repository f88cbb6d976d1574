package report

import (
	"fmt"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// from tells which baseline a change's value comes from, if the step does not tell
// that already, and what fills the placeholders there: in several projects what it is
// called in each of them.
func (t Text) from(s *planner.Step, c planner.Change) string {
	var places []string
	if c.Source != nil && (s.Source == nil || c.Source.File != s.Source.File || c.Source.Line != s.Source.Line) {
		places = append(places, fmt.Sprintf("%s:%d", Clean(c.Source.File), c.Source.Line))
	}
	for _, o := range c.Origins {
		if t.several {
			places = append(places, Clean(o.Name))
			continue
		}
		places = append(places, Clean(o.String()))
	}
	if places == nil {
		return ""
	}
	return "  (from " + strings.Join(places, ", ") + ")"
}

// leftOut tells what projects do not take from their baselines.
func (t Text) leftOut(all []spec.LeftOut) {
	const most = 10
	for i, o := range all {
		if i == most && !t.Verbose {
			t.printf("… and %d more (-v lists them)\n", len(all)-most)
			return
		}
		t.printf("Left out: %s\n", LeftOut(o))
	}
}

// LeftOut tells what a project does not take from its baselines, why, and where it
// says so.
func LeftOut(o spec.LeftOut) string {
	return fmt.Sprintf("%s, which %s:%d gives: %s  (%s:%d)", Clean(string(o.Address)), Clean(o.Given.File), o.Given.Line,
		Clean(o.Reason), Clean(o.Source.File), o.Source.Line)
}
