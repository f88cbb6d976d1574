package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Format writes a document for one sort of reader.
type Format struct {
	Name  string
	Write func(io.Writer, *Document) error
	// Only names the one command that the format is for; "" is any that plans.
	Only string
	// Shares says that the format can hold what coverage counts.
	Shares bool
}

// Formats are what -o and --report take, text apart.
var Formats = []Format{
	{Name: "json", Write: func(w io.Writer, d *Document) error { return d.Write(w) }, Shares: true},
	{Name: "markdown", Write: Markdown, Shares: true},
	{Name: "github", Write: GitHub},
	{Name: "junit", Write: JUnit},
	{Name: "html", Write: HTML, Shares: true},
	{Name: "prometheus", Write: Prometheus, Only: "drift"},
}

// FormatNames lists what a command can write, text apart; of merge, which writes for
// the command whose reports it has, all.
func FormatNames(command string) []string {
	var names []string
	for _, f := range Formats {
		if (f.Only == "" || f.Only == command || command == "merge") && (f.Shares || command != "coverage") {
			names = append(names, f.Name)
		}
	}
	return names
}

// FormatFor returns the format of that name for a command.
func FormatFor(command, name string) (Format, error) {
	names := FormatNames(command)
	if !slices.Contains(names, name) {
		return Format{}, fmt.Errorf("%q is not a format of %s: it takes %s", name, command, strings.Join(names, ", "))
	}
	return Formats[slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })], nil
}

// Title says in one line how a run came out.
func (d *Document) Title() string {
	switch {
	case len(d.Violations) > 0:
		return fmt.Sprintf("%s refused by a guard", d.Command)
	case d.failed() && d.ran():
		return fmt.Sprintf("apply failed: %s", outcome(d.Steps))
	case d.failed():
		return fmt.Sprintf("%s failed", d.Command)
	case d.Command == "drift":
		if n := d.failing(); n > 0 {
			return fmt.Sprintf("drift: %s", Count(n, "difference"))
		}
		return "no drift"
	case d.Coverage != nil:
		return fmt.Sprintf("%s: %s", d.Command, d.Coverage.Summary.Percent())
	case d.ran():
		return d.Command + ": " + outcome(d.Steps)
	case len(d.Steps) == 0:
		return fmt.Sprintf("%s: no changes", d.Command)
	}
	return d.Command + ": " + counts(d.Summary)
}

// ran tells whether the document is of an apply that has run its steps.
func (d *Document) ran() bool {
	return d.Command == "apply" && slices.ContainsFunc(d.Steps, func(s *planner.Step) bool { return s.Status != planner.Planned })
}

// outcome says how many steps ended in which way.
func outcome(steps []*planner.Step) string {
	number := map[planner.Status]int{}
	for _, s := range steps {
		number[s.Status]++
	}
	parts := []string{fmt.Sprintf("%d verified", number[planner.Verified])}
	for _, st := range []planner.Status{planner.Applied, planner.Waiting, planner.Failed, planner.Skipped} {
		if number[st] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", number[st], st))
		}
	}
	return strings.Join(parts, ", ")
}

// counts says how many steps of each sort a plan has.
func counts(s planner.Summary) string {
	out := fmt.Sprintf("%d to create, %d to update, %d to delete", s.Create, s.Update, s.Delete)
	if s.Replace > 0 {
		out += fmt.Sprintf(", %d to replace", s.Replace)
	}
	return out
}

// actions is the order in which steps are counted.
var actions = []planner.Action{planner.Create, planner.Update, planner.Delete, planner.Replace}

func (d *Document) failed() bool { return len(d.Errors) > 0 || d.Diagnostics.HasErrors() }

// failing counts the findings that make a drift report fail.
func (d *Document) failing() int {
	n := 0
	for _, f := range d.Findings {
		if d.fails(f) {
			n++
		}
	}
	return n
}

func (d *Document) fails(f planner.Finding) bool { return d.Fails != nil && d.Fails(f) }

// Count says how many there are of something: 1 step, 2 steps.
func Count(n int, what string) string {
	return spec.Counted(n, what)
}

// Times says how often something happened.
func Times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// stepLines tells all of a step: its head, then what it does.
func stepLines(s *planner.Step) []string {
	return Text{}.lines(func(t Text) { t.fold(single(s)) })
}

func findingLines(f planner.Finding) []string {
	return Text{}.lines(func(t Text) { t.finding(f); t.whoBelow(f) })
}

// Order sorts findings by how much a reader must not miss them, the same for
// every format: what fails comes first, and of that what would be taken away;
// what is accepted comes last.
func Order(findings []planner.Finding, fails func(planner.Finding) bool) {
	of := func(f planner.Finding) int {
		r := slices.Index(classes, f.Class)
		switch {
		case f.Accepted != nil:
			return r + 2*len(classes)
		case fails == nil || !fails(f):
			return r + len(classes)
		case f.Class == planner.Unmanaged:
			return slices.Index(classes, planner.Present) // it would be deleted, too
		}
		return r
	}
	slices.SortStableFunc(findings, func(a, b planner.Finding) int { return of(a) - of(b) })
}

// weight orders steps by how much a reader must not miss them.
func weight(s *planner.Step) int {
	destructive := slices.ContainsFunc(s.Changes, func(c planner.Change) bool {
		e, isElement := elementOf(c.Path, c.Before, c.After)
		return c.Destructive || len(c.Removed()) > 0 || isElement && e.goes
	})
	switch {
	case s.Action == planner.Delete, s.Action == planner.Replace, s.Status == planner.Failed:
		return 0
	case destructive:
		return 1
	case s.Action == planner.Update:
		return 2
	}
	return 3
}
