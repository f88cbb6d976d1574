package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// How long a message is at most: chat tools cut off or refuse what is longer.
const (
	mostLines   = 10   // of a sort
	longestLine = 300  // characters
	longestWho  = 160  // characters of it that say who it was
	longestText = 3500 // characters
)

// Message tells people in a chat how a run came out: the title, the first
// findings, failed steps and errors, and where to read more. gone says that
// what was told before is no more.
func (d *Document) Message(link string, gone bool) string {
	title := d.Title()
	if gone {
		title += ": Atlas matches the files again"
	}
	lines := []string{"atlasctl-sync " + title}
	add := func(all []string) {
		for i, line := range all {
			if i == mostLines {
				lines = append(lines, fmt.Sprintf("and %d more", len(all)-mostLines))
				return
			}
			lines = append(lines, shortened(plain(line), longestLine))
		}
	}
	var findings, steps, problems []string
	for _, f := range d.Findings {
		if d.fails(f) {
			class := string(f.Class) // without the column that text has
			line := class + " " + strings.TrimLeft(findingLines(f)[0][len(class):], " ")
			if who := whoLine(f.Who); who != "" {
				who = " [" + shortened(who, longestWho) + "]"
				line = shortened(line, longestLine-1-utf8.RuneCountInString(who)) + who
			}
			findings = append(findings, line)
		}
	}
	if d.Command == "apply" {
		for _, s := range d.Steps {
			if s.Status != planner.Planned && s.Status != planner.Failed { // failures are among the errors
				steps = append(steps, fmt.Sprintf("%s %s %s", s.Status, s.Action, s.Address))
			}
		}
	}
	for _, x := range d.Diagnostics {
		if x.Severity == "error" {
			problems = append(problems, "error: "+x.Error())
		}
	}
	for _, v := range d.Violations {
		problems = append(problems, "refused: "+v.Message)
	}
	for _, e := range d.Errors {
		problems = append(problems, "error: "+e)
	}
	add(problems)
	add(findings)
	add(steps)
	text := shortened(strings.Join(lines, "\n"), longestText)
	if link != "" {
		text += "\n" + link
	}
	return text
}

// plain takes from a line what chat tools read as a mention or a link.
func plain(s string) string {
	words := strings.Split(Clean(strings.ReplaceAll(s, "<", "<\u200b")), " ")
	for i, w := range words {
		if at := strings.IndexByte(w, '@'); at >= 0 && strings.Trim(w[:at], "([{\"'") == "" {
			words[i] = w[:at+1] + "\u200b" + w[at+1:]
		}
	}
	return strings.Join(words, " ")
}
