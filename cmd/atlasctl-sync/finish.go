package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// finish prints what is not printed yet in the chosen format, writes the
// reports and returns the exit code as an error.
func (s *session) finish(code int) error {
	d := s.document()
	s.inShard(d, code)
	if failed := s.writeReports(d); len(failed) > 0 {
		d.Errors = append(d.Errors, failed...)
		code = worse(code, s.untold())
		s.inShard(d, code)
		s.writeReports(d) // those that can be written are to tell of it
	}
	if err := s.notify(d, code); err != nil {
		d.Errors = append(d.Errors, err.Error())
		code = worse(code, s.untold())
		if s.inShard(d, code); d.Shard != nil {
			s.writeReports(d) // merge is to know
		}
	}
	s.print(d)
	if s.out.err != nil {
		if !errors.Is(s.out.err, syscall.EPIPE) { // a reader that has seen enough needs no explanation
			s.logf("error: cannot write the output: %v", s.out.err)
		}
		code = worse(code, s.untold())
	}
	if code == exitOK {
		return nil
	}
	return exit{code}
}

// untold is the exit code of a run that cannot tell how it went: an error, and after a
// write not one that says that nothing was done.
func (s *session) untold() int {
	if s.plan != nil && slices.ContainsFunc(s.plan.Steps, func(step *planner.Step) bool { return step.Wrote }) {
		return exitPartial
	}
	return exitError
}

// severity is the order in which exit codes win over one another.
var severity = []int{exitOK, exitDifference, exitError, exitPartial, exitStale, exitRefused, exitFile, exitInterrupted}

func worse(a, b int) int {
	if slices.Index(severity, a) > slices.Index(severity, b) {
		return a
	}
	return b
}

func (s *session) document() *report.Document {
	d := report.NewDocument(s.command, s.plan)
	d.Diagnostics = slices.Concat(s.diags, s.sunsets())
	d.Policies = s.rules
	for _, err := range s.errs {
		d.Errors = append(d.Errors, flatten(err)...)
	}
	d.Time, d.Fails, d.Full, d.Watch = s.env.now(), s.fails, s.full, s.watch
	d.Coverage = s.covered
	if s.adopted != nil {
		d.Adopted = s.adoptedDocument(s.adopted)
	}
	d.CommandLine, d.Tool = s.commandLine, version()
	d.Stats.WallMs = time.Since(s.started).Milliseconds()
	if s.client != nil {
		st := s.client.Stats()
		d.Stats.Requests, d.Stats.Retries, d.Stats.Throttled = st.Requests, st.Retries, st.Throttled
	}
	if s.merged != nil {
		s.asMerged(d)
	}
	return d
}

// people tells whether standard output is written for people as the run goes;
// GitHub's annotations come after that.
func (s *session) people() bool { return s.output == "text" || s.output == "github" }

// print writes the document in the chosen format to standard output, and its
// diagnostics and errors as text to standard error.
func (s *session) print(d *report.Document) {
	if s.output != "text" {
		if f, err := report.FormatFor(s.command, s.output); err == nil {
			_ = f.Write(s.out, d) // out remembers a failure
		}
	}
	if s.output == "json" {
		return // it is all in there
	}
	told := d.Diagnostics
	if s.warned {
		told = slices.DeleteFunc(slices.Clone(told), func(x spec.Diagnostic) bool { return x.Severity == spec.SeverityWarning })
	}
	report.Text{W: s.env.Stderr}.Diagnostics(told)
	for _, e := range d.Errors {
		s.logf("error: %s", report.Clean(e))
	}
}

// flatten lists the errors that an error joins.
func flatten(err error) []string {
	var multi *multierror.Error
	if errors.As(err, &multi) {
		var out []string
		for _, e := range multi.Errors {
			out = append(out, e.Error())
		}
		return out
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []string{err.Error()}
}

func (s *session) logf(format string, args ...any) {
	fmt.Fprintf(s.env.Stderr, format+"\n", args...)
}

// text prints for people on standard output.
func (s *session) text() report.Text {
	return report.Text{W: s.out, Color: s.colored(s.env.Stdout), Full: s.full, Summary: s.summary, Verbose: s.verbose > 0}
}

// A checkedWriter remembers that a write failed, so that output which did not
// arrive is not taken for success.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	var n int
	n, c.err = c.w.Write(p)
	return n, c.err
}
