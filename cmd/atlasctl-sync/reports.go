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
// who collects them never finds half of one; and the job summary on GitHub.
func (s *session) writeReports(d *report.Document) error {
	for _, r := range s.reports {
		name, file, _ := strings.Cut(r, "=")
		f, err := report.FormatFor(s.command, name)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := f.Write(&b, d); err != nil {
			return err
		}
		if err := files.Write(file, b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
	}
	summary := s.env.Getenv(summaryVariable)
	if s.output != "github" || summary == "" {
		return nil
	}
	out, err := os.OpenFile(summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("cannot write the job summary: %w", err)
	}
	defer out.Close()
	if err := report.Markdown(out, d); err != nil {
		return fmt.Errorf("cannot write the job summary: %w", err)
	}
	return nil
}
