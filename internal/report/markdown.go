package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// MarkdownLimit is the longest comment that GitHub takes, in characters.
const MarkdownLimit = 65536

// Markdown writes a report for a comment on a change. If it would be too
// long, what matters least is left out first, and it says what.
func Markdown(w io.Writer, d *Document) error {
	_, err := io.WriteString(w, clip((&markdown{Document: d, budget: MarkdownLimit - reserve}).render()))
	return err
}

// reserve is kept free for the title, what was left out, and what surrounds
// the steps of each scope.
const reserve = 1500

type markdown struct {
	*Document
	budget int // characters that are left
	left   []string
}

// fits takes room for some lines, if there is enough.
func (m *markdown) fits(content []string) bool {
	need := size(content)
	if need > m.budget {
		return false
	}
	m.budget -= need
	return true
}

// size is how many characters some lines take.
func size(content []string) int {
	n := 0
	for _, line := range content {
		n += len([]rune(line)) + 1
	}
	return n
}

func (m *markdown) render() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### atlasctl-sync %s\n", prose(m.Title()))
	m.problems(&b)
	m.budget -= len([]rune(b.String()))
	if len(m.Steps) > 0 {
		m.steps(&b)
	}
	m.access(&b)
	if m.Command == "drift" {
		m.findings(&b)
	}
	if m.Coverage != nil {
		m.coverage(&b)
	}
	s := m.Summary
	if line := Governed(s, m.Watch); m.Command == "drift" && line != "" && len(m.Errors) == 0 && !m.Diagnostics.HasErrors() {
		fmt.Fprintf(&b, "\n%s\n", line)
	}
	if m.Command != "drift" && s.Unverifiable+s.Unmanaged > 0 {
		fmt.Fprintf(&b, "\n%d unverifiable, %d unmanaged.\n", s.Unverifiable, s.Unmanaged)
	}
	if m.Command != "drift" && len(m.Done) > 0 {
		fmt.Fprintf(&b, "\n%s, and can be dropped from the files.\n", doneWith(m.Done))
	}
	if m.Command != "drift" && len(m.LeftOut) > 0 {
		fmt.Fprintf(&b, "\n%s of baselines left out, with a reason in the project's file.\n", Count(len(m.LeftOut), "entry"))
	}
	if len(m.left) > 0 {
		fmt.Fprintf(&b, "\n**Shortened to fit:** %s. Text and JSON have all of it.\n", strings.Join(m.left, "; "))
	}
	return b.String()
}

// problems come first: a plan that is refused or failed is not to be merged.
func (m *markdown) problems(b *strings.Builder) {
	var all []string
	for _, v := range m.Violations {
		all = append(all, "refused: "+v.Message)
	}
	all = append(all, m.Errors...)
	var warnings []string
	for _, d := range m.Diagnostics {
		if d.Severity != spec.SeverityError {
			warnings = append(warnings, d.Error())
			continue
		}
		all = append(all, fmt.Sprintf("%s: %s", d.Source, d.Message))
	}
	m.quote(b, "Error", "problem", all)
	m.quote(b, "Warning", "warning", warnings)
}

// quote writes each on a line of its own, the first of them.
func (m *markdown) quote(b *strings.Builder, title, what string, all []string) {
	const most, long = 50, 400 // errors and warnings leave room for the steps
	for i, p := range all {
		if i == most {
			m.left = append(m.left, Count(len(all)-most, "more "+what))
			break
		}
		fmt.Fprintf(b, "\n> **%s:** %s\n", title, shortened(prose(shortened(p, long)), long))
	}
}

// An entry is a step in a report, or equal ones: its address alone, or all of
// it. What is taken away is always named.
type entry struct {
	*fold
	place       spec.Address // the scope that it stands in; several: those of a fold
	weight      int
	short, full []string
	shown       []string // one of the two, or nothing
}

// show takes room for more of an entry, if there is enough.
func (m *markdown) show(e *entry, content []string) {
	m.budget += size(e.shown)
	if !m.fits(content) {
		content = e.shown
		m.budget -= size(content)
	}
	e.shown = content
}

// steps writes a block for each scope. What takes something away comes first
// and whole; then the updates and the creations, each first by address, then
// with their values, as long as there is room.
func (m *markdown) steps(b *strings.Builder) {
	var entries []*entry
	scopes := map[spec.Address]int{}
	gather := folds
	if m.Full {
		gather = unfolded
	}
	for _, f := range gather(m.Steps) {
		e := m.entry(f)
		entries = append(entries, e)
		scopes[e.place] += len(f.steps)
	}
	slices.SortStableFunc(entries, func(x, y *entry) int { return x.weight - y.weight })
	m.budget -= 80 * len(scopes) // a heading and a fence for each
	for _, pass := range []struct {
		from, to int
		values   bool
	}{{0, 1, true}, {0, 2, false}, {2, 2, true}, {3, 3, false}, {3, 3, true}} {
		for _, e := range entries {
			switch {
			case e.weight < pass.from || e.weight > pass.to:
			case pass.values:
				m.show(e, e.full)
			case e.shown == nil:
				m.show(e, e.short)
			}
		}
	}
	var order []spec.Address
	shown := map[spec.Address][]string{}
	short, missing := map[planner.Action]int{}, map[planner.Action]int{}
	for _, e := range entries {
		scope := e.place
		if !slices.Contains(order, scope) {
			order = append(order, scope)
		}
		shown[scope] = append(shown[scope], e.shown...)
		switch {
		case e.shown == nil:
			missing[e.steps[0].Action] += len(e.steps)
		case len(e.shown) < len(e.full):
			short[e.steps[0].Action] += len(e.steps)
		}
	}
	for _, scope := range order {
		if len(shown[scope]) > 0 {
			title := prose(string(scope))
			if scope == several {
				title = "In several organizations or projects"
			}
			fmt.Fprintf(b, "\n**%s** (%s)\n", title, Count(scopes[scope], "step"))
			fence(b, "diff", shown[scope])
		}
	}
	for _, a := range actions {
		if n := short[a]; n > 0 {
			m.left = append(m.left, fmt.Sprintf("the values of %d to %s", n, a))
		}
		if n := missing[a]; n > 0 {
			m.left = append(m.left, fmt.Sprintf("%d to %s", n, a))
		}
	}
}

// marks are what colours a line of a diff block.
var marks = map[planner.Action]string{planner.Create: "+", planner.Update: "!", planner.Delete: "-", planner.Replace: "-"}

// several is where the steps of a fold stand.
const several = spec.Address("several")

func (m *markdown) entry(f *fold) *entry {
	s := f.steps[0]
	what := Clean(string(s.Address))
	e := &entry{fold: f, place: s.Address.Scope(), weight: weight(s)}
	if f.several() {
		what, e.place = f.head(), several
	}
	head := fmt.Sprintf("%s %s %s", marks[s.Action], s.Action, what)
	if s.Status != planner.Planned && s.Status != "" {
		head += fmt.Sprintf(" (%s)", s.Status)
	}
	e.short = []string{head}
	if f.several() && f.takes() {
		e.short = append(e.short, f.where()...)
	} else if !f.several() {
		head += place(s)
	}
	e.full = slices.Concat([]string{head}, Text{Full: m.Full}.body(f), f.where())
	return e
}

func (m *markdown) findings(b *strings.Builder) {
	var bad, good, accepted []planner.Finding
	for _, f := range m.Findings {
		switch {
		case f.Accepted != nil:
			accepted = append(accepted, f)
		case m.fails(f):
			bad = append(bad, f)
		default:
			good = append(good, f)
		}
	}
	list := func(title string, findings []planner.Finding) {
		if len(findings) == 0 {
			return
		}
		var out []string
		missing := map[planner.Class]int{}
		for _, f := range findings {
			if content := findingLines(f); m.fits(content) {
				out = append(out, content...)
			} else {
				missing[f.Class]++
			}
		}
		for _, c := range classes {
			if n := missing[c]; n > 0 {
				m.left = append(m.left, fmt.Sprintf("%d %s", n, c))
			}
		}
		if len(out) > 0 {
			fmt.Fprintf(b, "\n**%s** (%d)\n", title, len(findings))
			fence(b, "", out)
		}
	}
	list("Drift", bad)
	list("No action needed", good)
	list("Accepted", accepted)
}

// fence writes a code block whose fence is longer than any run of backticks
// in it, so that no name ends it.
func fence(b *strings.Builder, language string, content []string) {
	text := strings.Join(content, "\n")
	run, longest := 0, 2
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	ticks := strings.Repeat("`", longest+1)
	fmt.Fprintf(b, "%s%s\n%s\n%s\n", ticks, language, text, ticks)
}

// shortened cuts a text off that is too long, and says so.
func shortened(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// prose takes from a text what Markdown would read as more than text.
func prose(s string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "`", "'", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "@", "@\u200b").Replace(Clean(s))
}

// clip is for a report that is too long even so, as one with 10,000 deletions.
func clip(text string) string {
	r := []rune(text)
	if len(r) <= MarkdownLimit {
		return text
	}
	const note = "\n````\n\n**Cut off here:** text and JSON have all of it.\n"
	return string(r[:MarkdownLimit-len(note)]) + note
}
