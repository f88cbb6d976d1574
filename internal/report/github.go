package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// GitHub writes workflow commands, which GitHub Actions shows as annotations
// on the files and lines of a change.
func GitHub(w io.Writer, d *Document) error {
	g := github{w: w}
	for _, x := range d.Diagnostics {
		level := "warning"
		if x.Severity == spec.SeverityError {
			level = "error"
		}
		at := x.Source
		g.command(level, &at, "", x.Message)
	}
	for _, v := range d.Violations {
		g.command("error", v.Source, "refused", v.Message)
	}
	for _, e := range d.Errors {
		g.command("error", nil, "", e)
	}
	for _, s := range d.Steps {
		level := "notice"
		if weight(s) < 2 {
			level = "warning"
		}
		if s.Status == planner.Failed {
			level = "error"
		}
		all := trimmed(Text{}.body(single(s)))
		if s.Error != nil {
			all = append([]string{fmt.Sprintf("%s: %s", s.Status, s.Error.Detail)}, all...)
		}
		g.command(level, s.Source, fmt.Sprintf("%s %s", s.Action, s.Address), strings.Join(all, "\n"))
	}
	if lines := (Text{Full: d.Full}).accessLines(d.Access, d.AccessUnread); len(lines) > 0 {
		g.command("notice", nil, "access", strings.Join(lines, "\n"))
	}
	for _, f := range d.Findings {
		if d.fails(f) {
			g.command("warning", f.Source, fmt.Sprintf("%s %s", f.Class, f.Address), strings.Join(findingLines(f), "\n"))
		}
	}
	return g.err
}

func trimmed(in []string) []string {
	for i := range in {
		in[i] = strings.TrimSpace(in[i])
	}
	return in
}

// longestAnnotation is more than GitHub shows of one, in characters.
const longestAnnotation = 4096

type github struct {
	w   io.Writer
	err error
}

// command writes one workflow command. Values are escaped as the runner
// unescapes them.
func (g *github) command(level string, at *spec.Position, title, message string) {
	if g.err != nil {
		return
	}
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var properties []string
	if at != nil && at.File != "" && at.File != "-" {
		properties = append(properties, "file="+property.Replace(Clean(at.File)))
		if at.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d,col=%d", at.Line, at.Column))
		}
	}
	if title != "" {
		properties = append(properties, "title="+property.Replace(Clean(title)))
	}
	if message == "" {
		message = title
	}
	head := level
	if len(properties) > 0 {
		head += " " + strings.Join(properties, ",")
	}
	said := strings.Split(shortened(message, longestAnnotation), "\n")
	for i := range said {
		said[i] = Clean(said[i])
	}
	_, g.err = fmt.Fprintf(g.w, "::%s::%s\n", head, value.Replace(strings.Join(said, "\n")))
}
