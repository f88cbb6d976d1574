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
// long, the least important is shortened first, and it says what was left out.
func Markdown(w io.Writer, d *Document) error {
	m := markdown{Document: d}
	for detail := range cuts + 1 {
		m.cut = detail
		if text := m.render(); len([]rune(text)) <= MarkdownLimit || detail == cuts {
			_, err := io.WriteString(w, clip(text))
			return err
		}
	}
	return nil
}

// The cuts, one after the other until the report fits: creations lose their
// values, updates theirs, findings that need no action go, creations are
// counted only, updates too, and at last deletions lose their values.
const cuts = 6

type markdown struct {
	*Document
	cut  int
	left []string
}

func (m *markdown) render() string {
	m.left = nil
	var b strings.Builder
	fmt.Fprintf(&b, "### atlasctl-sync %s\n", prose(m.Title()))
	m.problems(&b)
	if len(m.Steps) > 0 {
		m.steps(&b)
	}
	if m.Command == "drift" {
		m.findings(&b)
	}
	s := m.Summary
	if m.Command != "drift" && s.Unverifiable+s.Unmanaged > 0 {
		fmt.Fprintf(&b, "\n%d unverifiable, %d unmanaged.\n", s.Unverifiable, s.Unmanaged)
	}
	if len(m.left) > 0 {
		fmt.Fprintf(&b, "\n**Shortened to fit:** %s. The whole report is in the output of the run.\n", strings.Join(m.left, "; "))
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
	warnings := 0
	for _, d := range m.Diagnostics {
		if d.Severity != spec.SeverityError {
			warnings++
			continue
		}
		all = append(all, fmt.Sprintf("%s: %s", d.Source, d.Message))
	}
	const most, long = 50, 600
	for i, p := range all {
		if i == most {
			m.left = append(m.left, fmt.Sprintf("%d more problems", len(all)-most))
			break
		}
		if r := []rune(p); len(r) > long {
			p = string(r[:long]) + "…"
		}
		fmt.Fprintf(b, "\n> **Error:** %s\n", strings.ReplaceAll(prose(p), "\n", " "))
	}
	if warnings > 0 {
		fmt.Fprintf(b, "\n%s about the files; validate shows them.\n", count(warnings, "warning"))
	}
}

// steps writes a block for each scope, deletions first in each.
func (m *markdown) steps(b *strings.Builder) {
	var scopes []spec.Address
	by := map[spec.Address][]*planner.Step{}
	for _, s := range m.Steps {
		scope := s.Address.Scope()
		if by[scope] == nil {
			scopes = append(scopes, scope)
		}
		by[scope] = append(by[scope], s)
	}
	short, counted := map[planner.Action]int{}, map[planner.Action]int{}
	named := 300 // of those that are only counted, the first are named all the same
	if m.cut == cuts {
		named = 0
	}
	for _, scope := range scopes {
		steps := slices.Clone(by[scope])
		slices.SortStableFunc(steps, func(x, y *planner.Step) int { return weight(x) - weight(y) })
		var out []string
		for _, s := range steps {
			switch m.level(s) {
			case 2:
				out = append(out, m.block(s, true)...)
			case 1:
				out = append(out, m.block(s, false)...)
				short[s.Action]++
			default:
				if named > 0 {
					named--
					out = append(out, m.block(s, false)...)
					short[s.Action]++
					continue
				}
				counted[s.Action]++
			}
		}
		if len(out) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n**%s** (%s)\n", prose(string(scope)), count(len(steps), "step"))
		fence(b, "diff", out)
	}
	for _, a := range []planner.Action{planner.Create, planner.Update, planner.Delete, planner.Replace} {
		if n := short[a]; n > 0 {
			m.left = append(m.left, fmt.Sprintf("the values of %d to %s", n, a))
		}
		if n := counted[a]; n > 0 {
			m.left = append(m.left, fmt.Sprintf("%d to %s", n, a))
		}
	}
}

// level says how much of a step is shown: 2 all, 1 its address, 0 nothing.
func (m *markdown) level(s *planner.Step) int {
	at := map[int][2]int{0: {6, 7}, 1: {6, 7}, 2: {2, 5}, 3: {1, 4}}[weight(s)]
	switch {
	case m.cut < at[0]:
		return 2
	case m.cut < at[1]:
		return 1
	}
	return 0
}

// marks are what colours a line of a diff block.
var marks = map[planner.Action]string{planner.Create: "+", planner.Update: "!", planner.Delete: "-", planner.Replace: "-"}

func (m *markdown) block(s *planner.Step, values bool) []string {
	all := lines(func(t Text) { t.step(s) })
	head := fmt.Sprintf("%s %s %s", marks[s.Action], s.Action, Clean(string(s.Address)))
	if s.Status != planner.Planned && s.Status != "" {
		head += fmt.Sprintf(" (%s)", s.Status)
	}
	if !values {
		return []string{head}
	}
	if s.Source != nil {
		head += fmt.Sprintf("  (%s:%d)", Clean(s.Source.File), s.Source.Line)
	}
	return append([]string{head}, all[1:]...)
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
	list := func(title string, findings []planner.Finding, most int) {
		if len(findings) == 0 {
			return
		}
		fmt.Fprintf(b, "\n**%s** (%d)\n", title, len(findings))
		var out []string
		for i, f := range findings {
			if i == most {
				m.left = append(m.left, fmt.Sprintf("%d of %s", len(findings)-most, strings.ToLower(title)))
				break
			}
			out = append(out, lines(func(t Text) { t.finding(f) })...)
		}
		if len(out) > 0 {
			fence(b, "", out)
		}
	}
	most := []int{len(m.Findings), 300, 100, 50, 30, 20, 10}[m.cut]
	list("Drift", bad, max(most, 20))
	if m.cut < 3 {
		list("No action needed", good, most)
	} else if len(good) > 0 {
		m.left = append(m.left, fmt.Sprintf("%d that need no action", len(good)))
	}
	list("Accepted", accepted, most)
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
	const note = "\n````\n\n**Cut off here:** the whole report is in the output of the run.\n"
	return string(r[:MarkdownLimit-len(note)]) + note
}
