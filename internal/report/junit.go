package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Line    int          `xml:"line,attr,omitempty"`
	Failure *junitResult `xml:"failure,omitempty"`
	Error   *junitResult `xml:"error,omitempty"`
	Skipped *junitResult `xml:"skipped,omitempty"`
	Out     string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes a test report: a case for each error and warning about the files
// and for each step or finding, and one for the run itself. What drifted, failed or was refused is a failure.
func JUnit(w io.Writer, d *Document) error {
	suite := junitSuite{Name: "atlasctl-sync " + d.Command, Time: fmt.Sprintf("%.3f", float64(d.Stats.WallMs)/1000)}
	add := func(c junitCase) {
		suite.Tests++
		switch {
		case c.Error != nil:
			suite.Errors++
		case c.Failure != nil:
			suite.Failures++
		case c.Skipped != nil:
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	add(d.runCase())
	for _, x := range d.Diagnostics {
		at := x.Source
		c := located(junitCase{Class: "file", Name: Clean(fmt.Sprintf("%s: %s", x.Source, x.Message))}, &at)
		said := &junitResult{Message: Clean(x.Message), Text: strings.Join(Text{}.lines(func(t Text) { t.Diagnostics(spec.Diagnostics{x}) }), "\n")}
		if x.Severity == spec.SeverityError {
			c.Failure = said
		} else {
			c.Skipped = said
		}
		add(c)
	}
	for _, s := range d.Steps {
		c := located(junitCase{Class: s.Kind, Name: fmt.Sprintf("%s %s", s.Action, Clean(string(s.Address)))}, s.Source)
		c.Out = strings.Join(stepLines(s), "\n")
		if s.Error != nil {
			c.Failure = &junitResult{Message: Clean(s.Error.Detail)}
		}
		if s.Status == planner.Skipped {
			c.Failure, c.Skipped = nil, c.Failure
		}
		add(c)
	}
	for _, f := range d.Findings {
		if d.Command != "drift" {
			break // counted in the run's own case
		}
		text := strings.Join(findingLines(f), "\n")
		c := located(junitCase{Class: f.Kind, Name: strings.TrimSpace(fmt.Sprintf("%s %s", Clean(string(f.Address)), Clean(f.Path)))}, f.Source)
		if d.fails(f) {
			c.Failure = &junitResult{Message: string(f.Class), Text: text}
		} else {
			c.Skipped = &junitResult{Message: string(f.Class), Text: text}
		}
		add(c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// runCase says whether the run itself went well.
func (d *Document) runCase() junitCase {
	c := junitCase{Class: "run", Name: d.Command, Out: d.Title()}
	var problems []string
	for _, e := range d.Errors {
		problems = append(problems, Clean(e))
	}
	if len(problems) > 0 {
		c.Error = &junitResult{Message: problems[0], Text: strings.Join(problems, "\n")}
		return c
	}
	for _, v := range d.Violations {
		problems = append(problems, Clean(v.Message))
	}
	if len(problems) > 0 {
		c.Failure = &junitResult{Message: "refused: " + problems[0], Text: strings.Join(problems, "\n")}
	}
	return c
}

func located(c junitCase, at *spec.Position) junitCase {
	if at != nil {
		c.File, c.Line = Clean(at.File), at.Line
	}
	return c
}
