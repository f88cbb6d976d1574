package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/report"
)

// summaryVariable names the file that GitHub Actions shows as a job's summary.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// writeReports writes what --report asks for, each file as a whole, so that
// who collects them never finds half of one; and the job summary on GitHub. It
// returns what went wrong.
func (s *session) writeReports(d *report.Document) []string {
	var failed []string
	for _, r := range s.reports {
		name, file, _ := strings.Cut(r, "=")
		var b bytes.Buffer
		f, err := report.FormatFor(s.command, name)
		if err == nil {
			err = f.Write(&b, d)
		}
		if err == nil {
			err = files.Write(file, b.Bytes(), 0o644)
		}
		if err != nil {
			failed = append(failed, fmt.Sprintf("cannot write the report: %v", err))
		}
	}
	if err := s.jobSummary(d); err != nil {
		failed = append(failed, fmt.Sprintf("cannot write the job summary: %v", err))
	}
	return failed
}

// jobSummary adds to the job's summary, once.
func (s *session) jobSummary(d *report.Document) error {
	summary := s.env.Getenv(summaryVariable)
	if s.output != "github" || summary == "" || s.summarized {
		return nil
	}
	s.summarized = true
	out, err := os.OpenFile(summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	return report.Markdown(out, d)
}
