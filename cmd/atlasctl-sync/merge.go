package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/fleet"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// mostReport is how large a report may be, in bytes.
const mostReport = 256 << 20

func newMerge(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1}
	var of int
	var maxAge time.Duration
	c := o.command("merge FILE...", "Join the reports of shards into one",
		`merge joins what runs with --shard have written with --report json=FILE (or
-o json) into one document, as one run over all files would have written it: it adds
the counts up, puts steps and findings in their usual order, and prints the whole
in any format. Of a directory it takes every file that ends in .json.
It calls nothing but what --notify names.

The reports have to be of one command, one version of the program and the same files,
one of each shard: of organizations and of 1/N to N/N. What does not belong together
is refused; where a shard is missing, the rest is printed, and the exit code tells.

Exit codes: that which one run would have had, the gravest of the shards'; of coverage
that of the whole share. 1 if a report is missing, doubled or does not belong there.`,
		func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("of") && (of < 1 || of > spec.MostShards) {
				return fmt.Errorf("--of takes how many shards share the projects, 1 to %d", spec.MostShards)
			}
			if maxAge < 0 {
				return errors.New("--max-age cannot be negative")
			}
			asked := o.notifyURL != ""
			if err := o.checkNotify(); err != nil {
				return err
			}
			return o.session(cmd.Context(), "merge", func(s *session) error { return s.merge(args, of, maxAge, asked) })
		})
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return errors.New("name the reports to merge, or a directory of them: merge reports/*.json")
		}
		return nil
	}
	c.Flags().IntVar(&of, "of", 0, "how many shards share the projects (default: as the reports say)")
	c.Flags().DurationVar(&maxAge, "max-age", 0, "leave out reports of runs that ended longer ago, such as 3h: of an earlier round; 0: none")
	o.addNotify(c.Flags(), "how it came out, as the command whose reports it joins does,")
	o.addOutput(c.Flags())
	o.addPager(c.Flags())
	o.addSummary(c.Flags())
	o.complete(c)
	return c
}

func (s *session) merge(args []string, of int, maxAge time.Duration, notify bool) error {
	names, err := reportFiles(args)
	if err != nil {
		return err
	}
	if err := s.notOver(names, readHere); err != nil {
		return err
	}
	var reports []fleet.Report
	for _, name := range names {
		data, err := files.Read(name, mostReport)
		if err == nil {
			var d *report.Document
			d, err = fleet.Read(data)
			if err == nil && maxAge > 0 && s.started.Sub(d.Shard.Ended) > maxAge {
				err = fmt.Errorf("its run ended at %s: longer ago than --max-age %s", d.Shard.Ended.Format(time.RFC3339), maxAge)
			}
			if err == nil {
				reports = append(reports, fleet.Report{File: name, Document: d})
				continue
			}
		}
		s.errs = append(s.errs, fmt.Errorf("%s: %w", name, err))
	}
	if len(reports) == 0 {
		return s.finish(exitError)
	}
	missing, err := fleet.Check(reports, of)
	if err != nil {
		return err
	}
	command := reports[0].Document.Command
	if err := s.takesFormats(command); err != nil {
		return err
	}
	if command != "drift" && command != "apply" {
		if s.notifyURL = ""; notify {
			return fmt.Errorf("--notify goes with reports of drift and apply, and these are of %s", command)
		}
	}
	for _, m := range missing {
		s.errs = append(s.errs, fmt.Errorf("there is no report of shard %s", m))
	}
	s.merged = fleet.Merge(reports)
	for _, twice := range fleet.Twice(s.merged) {
		s.errs = append(s.errs, errors.New(twice))
	}
	s.command, s.diags, s.covered, s.watch, s.fails, s.rules = s.merged.Command, s.merged.Diagnostics, s.merged.Coverage, s.merged.Watch, s.merged.Fails, s.merged.Policies
	m := s.merged
	s.plan = &planner.Plan{Steps: m.Steps, Findings: m.Findings, Diagnostics: m.Diagnostics, Violations: m.Violations, Summary: m.Summary,
		Done: m.Done, LeftOut: m.LeftOut, Access: m.Access, AccessUnread: m.AccessUnread}
	code := exitOK
	for _, r := range reports {
		code = worse(code, s.codeOf(r.Document))
	}
	if m.Coverage != nil && m.Coverage.Summary.Under(reports[0].Document.Shard.FailUnder) {
		if code = worse(code, exitDifference); s.people() {
			s.tellUnder(reports[0].Document.Shard.FailUnder)
		}
	}
	if len(s.errs) > 0 {
		code = worse(code, exitError)
	}
	if s.people() {
		s.showMerged(reports[0].Document.Shard.FailOn)
	}
	return s.finish(s.partly(code))
}

// codeOf is how a shard's run ended; whether enough is governed, no shard can tell
// of the whole.
func (s *session) codeOf(d *report.Document) int {
	if !slices.Contains(severity, d.Shard.ExitCode) {
		return exitError // of a crash
	}
	if d.Coverage != nil && d.Shard.ExitCode == exitDifference {
		return exitOK
	}
	return d.Shard.ExitCode
}

// partly tells an apply that has failed before any write in one shard, and written in
// another, as one run would have.
func (s *session) partly(code int) int {
	wrote := func(step *planner.Step) bool {
		return step.Status == planner.Applied || step.Status == planner.Verified
	}
	if s.command == "apply" && code == exitError && slices.ContainsFunc(s.plan.Steps, wrote) {
		return exitPartial
	}
	return code
}

// showMerged prints for people what the command itself prints; what is not whole is
// not called the same as the files.
func (s *session) showMerged(also []planner.Class) {
	whole := len(s.errs) == 0 && len(s.merged.Errors) == 0 && !s.diags.HasErrors()
	switch {
	case s.command == "coverage":
		s.page(func(t report.Text) { t.Coverage(s.covered) })
	case s.command == "drift" && !whole && !slices.ContainsFunc(s.plan.Findings, s.fails):
		s.page(func(t report.Text) { t.Unmanaged(s.plan.Findings) }) // without a word that there is no drift
	case s.command == "drift":
		s.page(func(t report.Text) {
			t.Drift(s.plan.Findings, also)
			if whole {
				t.Governed(s.plan.Summary, s.watch)
			}
		})
	case s.command != "drift" && (whole || len(s.plan.Steps)+len(s.plan.Violations) > 0):
		s.page(func(t report.Text) {
			s.showPlan(t)
			if slices.ContainsFunc(s.plan.Steps, func(step *planner.Step) bool { return step.Status != planner.Planned }) {
				t.Outcome(s.plan)
			}
		})
	}
}

// asMerged gives the document what its runs have cost and told.
func (s *session) asMerged(d *report.Document) {
	d.Stats, d.Time = s.merged.Stats, s.merged.Time
	d.Errors = slices.Concat(s.merged.Errors, d.Errors)
}

// takesFormats refuses formats that the command whose reports are merged does not have.
func (s *session) takesFormats(command string) error {
	if err := s.options.check(command); err != nil {
		s.output, s.reports = "text", nil // they could not be written either
		return fmt.Errorf("merging reports of %s: %w", command, err)
	}
	return nil
}

// reportFiles lists the files, and of directories those that end in .json.
func reportFiles(args []string) ([]string, error) {
	var names []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || !info.IsDir() {
			names = append(names, arg) // what cannot be read is told with the others
			continue
		}
		entries, err := os.ReadDir(arg)
		if err != nil {
			return nil, err
		}
		before := len(names)
		for _, e := range entries {
			if filepath.Ext(e.Name()) == ".json" {
				names = append(names, filepath.Join(arg, e.Name()))
			}
		}
		if len(names) == before {
			return nil, fmt.Errorf("%s holds no report: no name there ends in .json", arg)
		}
	}
	return names, nil
}
