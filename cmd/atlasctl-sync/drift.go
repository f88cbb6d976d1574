package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/planner"
)

func newDrift(env *Environment) *cobra.Command {
	o := &options{env: env}
	c := o.command("drift [PATH...]", "Report what in Atlas differs from the files",
		`drift reads the files and Atlas and lists what differs, for a cron job.
It sends nothing but GET requests.

Exit codes: 0 no drift, 1 error (also a single failed read), 2 drift: changed,
missing, present, or unmanaged in a pruned section; --fail-on adds to these.
6 a declared file is at fault.`, o.drift)
	o.addFiles(c.Flags())
	o.addSelection(c.Flags())
	o.addOutput(c.Flags())
	c.Flags().StringSliceVar(&o.failOn, "fail-on", nil, "exit 2 for these too: unmanaged, unverifiable, pending")
	o.addConnection(c.Flags())
	return c
}

func (o *options) drift(cmd *cobra.Command, args []string) error {
	also, err := drift.ParseClasses(o.failOn)
	if err != nil {
		return err
	}
	return o.session(cmd.Context(), "drift", func(s *session) error {
		if err := s.load(args); err != nil {
			return err
		}
		if s.opts, err = s.planning(); err != nil {
			return err
		}
		if err := s.connect(true); err != nil {
			return err
		}
		if err := s.compare(); err != nil {
			return err
		}
		return s.reportDrift(also)
	})
}

// reportDrift prints the findings, then chooses the exit code: a failed read
// does not hide what was found.
func (s *session) reportDrift(also []planner.Class) error {
	s.plan.Findings = drift.Classify(s.plan)
	s.plan.Steps, s.plan.Violations = nil, nil
	whole := len(s.errs) == 0 && !s.diags.HasErrors()
	if s.output == "text" && (whole || len(s.plan.Findings) > 0) {
		s.text().Drift(s.plan.Findings, also)
	}
	switch {
	case s.diags.HasErrors():
		return s.finish(exitFile)
	case !whole:
		return s.finish(exitError)
	case slices.ContainsFunc(s.plan.Findings, func(f planner.Finding) bool { return drift.Failing(f, also) }):
		return s.finish(exitDifference)
	}
	return s.finish(exitOK)
}
