package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newCoverage(env *Environment) *cobra.Command {
	o := &options{env: env}
	var under string
	c := o.command("coverage [PATH...]", "Tell which share of what is live the files govern",
		`coverage reads the files and everything that the credentials see in Atlas, also
the organizations and projects that no file declares, and counts by scope and kind
how many live objects a file declares. What nobody governs is named by its address.
It sends nothing but GET requests.

What Atlas makes by itself counts only once it is known to be other than Atlas
makes it, or is declared. What cannot be declared or written does not count.

Exit codes: 0 done, 1 error (also a single failed read), 2 the share is less than
--fail-under, 6 a declared file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			least, err := parsePercent(under)
			if err != nil {
				return err
			}
			o.least = least
			return o.session(cmd.Context(), "coverage", func(s *session) error { return s.coverage(args, least) })
		})
	f := c.Flags()
	o.addFiles(f)
	f.StringVar(&under, "fail-under", "0%", "exit 2 if a smaller share is governed, such as 90%")
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization, by name or id, and its projects; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project, by name or id; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	o.addShard(f)
	o.addReports(f, "text, json, markdown or html")
	f.BoolVar(&o.full, "full", false, "tell every kind, scope and address")
	o.addPager(f)
	o.addConnection(f)
	o.complete(c)
	return c
}

// parsePercent reads "90%" or "99.5%".
func parsePercent(s string) (float64, error) {
	digits, percent := strings.CutSuffix(s, "%")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !percent || !(n >= 0 && n <= 100) {
		return 0, fmt.Errorf("--fail-under takes a percentage from 0%% to 100%%, such as 90%%, not %q", s)
	}
	return n, nil
}

func (s *session) tellUnder(least float64) {
	s.logf("Less than --fail-under %s is governed.", strconv.FormatFloat(least, 'f', -1, 64)+"%")
}

func (s *session) coverage(args []string, least float64) error {
	s.state, s.diags = spec.Load(s.env.catalog(), s.paths(args), s.env.Stdin)
	s.env.Catalog = s.state.Catalog
	if s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	if err := s.knownKinds(); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	s.tellShard()
	s.reading()
	e := &export.Exporter{Reader: s.reader, Filter: s.filter(), Declared: s.state}
	var err error
	s.covered, err = e.Coverage(s.ctx)
	s.env.screen.clear()
	if err != nil {
		return err
	}
	if s.people() {
		s.page(func(t report.Text) { t.Coverage(s.covered) })
	}
	if s.covered.Summary.Under(least) {
		if s.people() {
			s.tellUnder(least)
		}
		return s.finish(exitDifference)
	}
	return s.finish(exitOK)
}
