package report

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Refused tells of the guards that refuse a plan.
func (t Text) Refused(p *planner.Plan) {
	for _, v := range p.Violations {
		t.printf("Refused: %s\n", Clean(v.Message))
	}
}

// Rules lists the rules of the declared policies, one line each.
func (t Text) Rules(rules []planner.RuleCount) {
	if len(rules) == 0 {
		t.printf("No file declares a policy.\n")
		return
	}
	w := tabwriter.NewWriter(t.W, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RULE\tSEVERITY\tMET\tAT")
	for _, c := range rules {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s:%d\n", Clean(c.Rule), c.Severity, met(c), Clean(c.Source.File), c.Source.Line)
	}
	_ = w.Flush() // a writer that fails is noticed by who gave it
	t.printf("\n")
}

func met(c planner.RuleCount) string {
	switch {
	case c.Unseen:
		return "steps: plan tells"
	case c.Met == 0:
		return "nothing"
	}
	parts := []string{spec.Counted(c.Met, c.On)}
	if c.Broken > 0 {
		parts = append(parts, fmt.Sprintf("%d broken", c.Broken))
	}
	if c.Exempt > 0 {
		parts = append(parts, fmt.Sprintf("%d exempt", c.Exempt))
	}
	return strings.Join(parts, ", ")
}
