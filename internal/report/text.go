// Package report prints plans and drift: as text for people, as JSON for
// scripts. The two tell the same story.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Text prints for people.
type Text struct {
	W       io.Writer
	Color   bool
	Full    bool // long values are not shortened
	Summary bool // steps are counted, and only those that take something away are shown
	Verbose bool // what is only counted otherwise is listed

	several bool // what is told happens in several organizations or projects
}

func (t Text) paint(a planner.Action, s string) string {
	if !t.Color {
		return s
	}
	p := color.New(colors[a]...)
	p.EnableColor()
	return p.Sprint(s)
}

// colors can be read on light and dark grounds; the symbol carries the
// meaning, the colour only repeats it.
var colors = map[planner.Action][]color.Attribute{planner.Create: {color.FgGreen}, planner.Update: {color.FgCyan},
	planner.Delete: {color.FgRed, color.Bold}, planner.Replace: {color.FgMagenta, color.Bold}}

func (t Text) printf(format string, args ...any) { fmt.Fprintf(t.W, format, args...) }

// Plan prints the steps, one block each, and the count.
func (t Text) Plan(p *planner.Plan) {
	for _, f := range p.Findings {
		if f.Class == planner.Missing {
			t.printf("! %s: %s\n\n", Clean(string(f.Address)), Clean(f.Message))
		}
	}
	gather := folds
	if t.Full {
		gather = unfolded
	}
	for _, f := range gather(p.Steps) {
		if !t.Summary || f.takes() {
			t.fold(f)
		}
	}
	if t.Summary || len(p.Steps) > manySteps {
		t.scopes(p.Steps)
	}
	t.access(p.Access, p.AccessUnread)
	for _, w := range p.Diagnostics.Warnings() {
		t.printf("Warning: %s\n", Clean(w.Error()))
	}
	t.Refused(p)
	if len(p.Steps) == 0 {
		t.printf("No changes. Atlas matches the files.%s\n", t.rest(p.Summary))
	} else {
		t.printf("Plan: %s.%s\n", counts(p.Summary), t.rest(p.Summary))
	}
	t.leftOut(p.LeftOut)
	t.done(p.Done)
}

// done tells of entries that can be dropped from the files.
func (t Text) done(all []planner.Done) {
	if len(all) == 0 {
		return
	}
	list := t.Verbose || t.Summary
	end := ", and can be dropped from the files (-v lists them)."
	if list {
		end = ", and can be dropped from the files:"
	}
	t.printf("%s%s\n", doneWith(all), end)
	for _, d := range all {
		if list {
			at := ""
			if d.Source != nil {
				at = fmt.Sprintf("  (%s:%d)", Clean(d.Source.File), d.Source.Line)
			}
			t.printf("  %s%s\n", Clean(string(d.Address)), at)
		}
	}
}

func doneWith(all []planner.Done) string {
	what := "state: absent"
	if slices.ContainsFunc(all, func(d planner.Done) bool { return d.Until != "" }) {
		what = "state: absent or an until that is over"
	}
	if len(all) == 1 {
		return fmt.Sprintf("1 entry with %s has done its work", what)
	}
	return fmt.Sprintf("%d entries with %s have done their work", len(all), what)
}

// manySteps is how many steps are told again by organization and project.
const manySteps = 50

// scopes counts the steps of each organization and project.
func (t Text) scopes(steps []*planner.Step) {
	table := newTally(actions, func(n int, a planner.Action) string { return fmt.Sprintf("%d to %s", n, a) })
	for _, s := range steps {
		table.add(s.Address.Scope(), s.Action)
	}
	table.print(t)
}

// findingScopes counts the findings of each organization and project.
func (t Text) findingScopes(findings []planner.Finding) {
	table := newTally(append(slices.Clone(classes), accepted), func(n int, c planner.Class) string { return fmt.Sprintf("%d %s", n, c) })
	for _, f := range findings {
		class := f.Class
		if f.Accepted != nil {
			class = accepted
		}
		table.add(f.Address.Scope(), class)
	}
	table.print(t)
}

func (t Text) rest(s planner.Summary) string {
	if s.Unverifiable+s.Unmanaged == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d unverifiable, %d unmanaged)", s.Unverifiable, s.Unmanaged)
}

func (t Text) fold(f *fold) {
	a := f.steps[0].Action
	t.printf("%s %s\n", t.paint(a, a.Symbol()), f.head())
	for _, line := range slices.Concat(t.body(f), f.where()) {
		t.printf("%s\n", line)
	}
	t.printf("\n")
}

// body tells what the steps of a fold do, line by line.
func (t Text) body(f *fold) []string {
	s := f.steps[0]
	t.several = f.several()
	out := t.changes(s)
	if s.Unchanged > 0 && !f.several() {
		out = append(out, fmt.Sprintf("    (%d unchanged)", s.Unchanged))
	}
	for _, o := range outputs(s) {
		out = append(out, "    output "+o)
	}
	return out
}

// changes tells what a step changes, and its notes.
func (t Text) changes(s *planner.Step) []string {
	return t.lines(func(t Text) {
		for _, c := range s.Changes {
			if !c.Key || s.Action != planner.Create { // the address says it
				t.change(s, c)
			}
		}
		for _, n := range s.Notes {
			t.printf("    note: %s\n", Clean(n))
		}
	})
}

// lines returns what is printed, line by line.
func (t Text) lines(print func(Text)) []string {
	var b strings.Builder
	t.W = &b
	print(t)
	if b.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

func (t Text) change(s *planner.Step, c planner.Change) {
	reason := ""
	if c.Reason != "" {
		reason = "  (" + c.Reason + ")"
	}
	if c.Destructive {
		reason += "  (destructive)"
	}
	reason += t.from(s, c)
	before := t.value(c.Before)
	switch {
	case c.Unknown && c.Sensitive:
		before = spec.Masked
	case c.Unknown:
		before = "(not known)"
	}
	if e, ok := elementOf(c.Path, c.Before, c.After); ok && !c.Unknown {
		t.printf("    %s%s\n", t.element(s, e), reason)
		return
	}
	if s.Action == planner.Create && c.Before == nil && !c.Unknown {
		t.printf("    %s: %s%s\n", Clean(c.Path), t.value(c.After), reason)
		return
	}
	if inside := len(c.Changed()) + len(c.Added()) + len(c.Removed()); inside > 0 && isMapping(c.After) {
		t.printf("    %s:%s\n", Clean(c.Path), reason)
	} else {
		t.printf("    %s: %s -> %s%s\n", Clean(c.Path), before, t.value(c.After), reason)
	}
	for _, m := range c.Changed() {
		t.printf("      %s %s\n", t.paint(planner.Update, "~"), t.shortened(Clean(fmt.Sprint(m))))
	}
	if len(c.Added()) == len(asList(c.After)) && len(c.Removed()) == len(asList(c.Before)) && !t.shortens(c.Before) && !t.shortens(c.After) {
		return // nothing in common: the line above says it all
	}
	for _, m := range c.Added() {
		t.printf("      %s %s\n", t.paint(planner.Create, "+"), t.member(c, m))
	}
	for _, m := range c.Removed() {
		t.printf("      %s %s\n", t.paint(planner.Delete, "-"), t.member(c, m))
	}
}

// member spells one that a set gains or loses; of a document with its path.
func (t Text) member(c planner.Change, m any) string {
	if told, ok := m.(string); ok && isMapping(c.After) {
		return t.shortened(Clean(told))
	}
	return Value(m)
}

func isMapping(v any) bool { _, ok := v.(map[string]any); return ok }

// element tells of one that comes or goes; in a creation all come.
func (t Text) element(s *planner.Step, e element) string {
	line := Clean(e.path)
	switch {
	case e.goes:
		line = t.paint(planner.Delete, "-") + " " + line
	case s.Action != planner.Create:
		line = t.paint(planner.Create, "+") + " " + line
	}
	if rest := e.members(); rest != "" {
		line += ": " + t.shortened(rest)
	}
	return line
}

// longest is how many characters of a value are shown, unless all are.
const longest = 200

func (t Text) shortens(v any) bool { return !t.Full && len([]rune(Value(v))) > longest }

// value spells a value, shortened if it is long.
func (t Text) value(v any) string {
	return t.shortened(Value(v))
}

func (t Text) shortened(text string) string {
	s := []rune(text)
	if t.Full || len(s) <= longest {
		return string(s)
	}
	return fmt.Sprintf("%s… (%d characters, --full shows them)", string(s[:longest/2]), len(s))
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// Step prints one line on how a step went and how long it took. Failures are
// told whole at the end.
func (t Text) Step(s *planner.Step, took time.Duration) {
	line := fmt.Sprintf("%-8s %s %s", s.Status, s.Action.Symbol(), Clean(string(s.Address)))
	switch {
	case s.Error == nil:
	case s.Status == planner.Failed && s.Error.Status > 0:
		line += fmt.Sprintf(": %d %s", s.Error.Status, Clean(s.Error.ErrorCode))
	case s.Status != planner.Failed:
		line += ": " + Clean(s.Error.Detail)
	}
	if took > 0 {
		line += fmt.Sprintf(" (%.1fs)", took.Seconds())
	}
	t.printf("%s\n", line)
}

// Outcome counts how the steps of an apply went.
func (t Text) Outcome(p *planner.Plan) {
	for _, s := range p.Steps {
		for _, n := range s.Notes {
			if s.Status == planner.Waiting {
				t.printf("%s waits: %s\n", Clean(string(s.Address)), Clean(n))
			}
		}
	}
	t.printf("Apply: %s.\n", outcome(p.Steps))
	t.outputs(p.Steps)
}

// classes is the order in which findings are told: what differs comes first,
// and of that what would be taken away.
var classes = []planner.Class{planner.Present, planner.Changed, planner.Missing, planner.Outside, planner.Due, planner.Released, planner.Unverifiable, planner.Unmanaged}

// Diagnostics prints each with its place, the offending line and a caret.
func (t Text) Diagnostics(ds spec.Diagnostics) {
	const most = 200
	for i, d := range ds {
		if i == most {
			t.printf("… and %d more\n", len(ds)-most)
			break
		}
		t.printf("%s: %s: %s\n", d.Severity, Clean(d.Source.String()), Clean(d.Message))
		if d.Excerpt != "" {
			t.printf("%s\n", d.Excerpt)
		}
		if d.Hint != "" {
			t.printf("      = %s\n", Clean(d.Hint))
		}
		for _, r := range d.Related {
			t.printf("      = %s\n", Clean(r.String()))
		}
	}
}
