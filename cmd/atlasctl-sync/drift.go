package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newDrift(env *Environment) *cobra.Command {
	o := &options{env: env}
	c := o.command("drift [PATH...]", "Report what in Atlas differs from the files",
		`drift reads the files and Atlas and lists what differs, for a cron job.
It sends nothing but GET requests.

--base REF tells drift from change that is on its way: REF is the git revision
that was applied last, such as origin/main. What differs from it in Atlas is
drift; what only the files change is pending.

--unmanaged=scopes looks for what no file declares in every section of the
declared organizations and projects, and --unmanaged=all for organizations and
projects that no file declares, too. The last line counts what is governed.

--accept FILE names findings that are known and left for a while:
  - {address: project/payments/users/bo@example.com, path: roles, reason: on call, until: 2026-12-31}
  - {address: project/*-dev, reason: nobody minds, until: 2026-12-31}

--adopt writes what is live into the files, as adopt does; then only what is left
fails. --diff prints that as a patch instead, --branch commits it.

--who asks Atlas's events who has done it, when and how, as far back as --since
says. Where that cannot be told for certain, the finding says why.

Exit codes: 0 no drift, 1 error (also a single failed read), 2 drift: changed,
missing, present, or unmanaged in a pruned section; --fail-on adds to these.
6 a declared file is at fault.`, o.drift)
	o.addFiles(c.Flags())
	o.addStrict(c.Flags())
	c.Flags().StringVar(&o.base, "base", "", "git revision that was applied last: tells drift from pending change")
	c.Flags().StringVar(&o.accept, "accept", "", "file of findings that are accepted, each with a reason and a last day")
	c.Flags().StringVar(&o.unmanaged, "unmanaged", string(spec.WatchDeclared), "where to look for what no file declares: declared (sections), scopes, all")
	c.Flags().StringSliceVar(&o.failOn, "fail-on", nil, "exit 2 for these too: unmanaged, unverifiable, pending, waiting")
	c.Flags().BoolVar(&o.adopting.on, "adopt", false, "write what is live into the files, as adopt does")
	o.addAdopting(c.Flags())
	o.addWho(c.Flags())
	o.addNotify(c.Flags(), "drift and failures")
	c.Flags().StringVar(&o.notifyState, "notify-state", "", "file that remembers what was posted last, so that a message tells when drift is gone")
	o.addSelection(c.Flags())
	o.addShard(c.Flags())
	o.addOutput(c.Flags())
	o.addPager(c.Flags())
	c.Flags().BoolVar(&o.summary, "summary", false, "count the findings by organization and project; show only what apply would take away")
	o.addConnection(c.Flags())
	o.complete(c)
	return c
}

func (o *options) drift(cmd *cobra.Command, args []string) error {
	also, err := drift.ParseClasses(o.failOn)
	if err != nil {
		return err
	}
	watch, err := spec.ParseWatch(o.unmanaged)
	if err != nil {
		return err
	}
	if err := o.checkNotify(); err != nil {
		return err
	}
	if !o.adopting.on && (o.adopting.diff || o.adopting.branch != "") {
		return errors.New("--diff and --branch go with --adopt")
	}
	if o.notifyState != "" && o.notifyURL == "" {
		return errors.New("--notify-state goes with --notify")
	}
	since, err := o.sinceWhen(o.env.now())
	if err != nil {
		return err
	}
	return o.session(cmd.Context(), "drift", func(s *session) error {
		if s.shard != nil && s.adopting.on {
			return errors.New("--adopt writes files, which the runs of other shards would write at the same time: leave --shard out")
		}
		s.fails = func(f planner.Finding) bool { return drift.Failing(f, also) }
		s.watch = watch
		accepted, err := s.loadAccepted()
		if err != nil {
			return err
		}
		if err := s.load(args); err != nil {
			return err
		}
		if err := s.compareOnce(); err != nil {
			return err
		}
		s.plan.Findings, err = s.findings(args)
		if err != nil {
			return err
		}
		found := drift.Accept(s.plan.Findings, accepted, s.opts.Now)
		s.diags = append(s.diags, found...)
		if s.who {
			if err := s.tellWho(since); err != nil {
				return err
			}
		}
		s.strictly()
		if o.adopting.on && len(s.errs) == 0 {
			if s.adopted, err = s.adoptFound(s.plan.Findings, nil, accepted); err != nil {
				return err
			}
		}
		return s.reportDrift(also)
	})
}

func (s *session) loadAccepted() ([]*drift.Acceptance, error) {
	if s.accept == "" {
		return nil, nil
	}
	data, err := files.Read(s.accept, 10<<20)
	if err != nil {
		return nil, fmt.Errorf("--accept: %w", err)
	}
	s.acceptSum = fmt.Sprintf("%x", sha256.Sum256(data))
	accepted, diags := drift.ParseAccepted(spec.File{Name: s.accept, Text: string(data)})
	if diags.HasErrors() {
		s.diags = append(s.diags, diags...)
		return nil, s.finish(exitFile)
	}
	return accepted, nil
}

// findings classifies, against the base if there is one.
func (s *session) findings(args []string) ([]planner.Finding, error) {
	if s.options.base == "" {
		return drift.Classify(s.plan), nil
	}
	files, err := filesAt(s.ctx, s.options.base, s.paths(args))
	if err != nil {
		return nil, err
	}
	state, diags := spec.LoadFiles(s.env.catalog(), files)
	if diags.HasErrors() {
		return nil, fmt.Errorf("--base %s: its files are not valid: %v", s.options.base, diags.Err())
	}
	if err := state.Select(s.env.catalog(), s.filter()); err != nil && len(state.Scopes) > 0 {
		state, _ = spec.LoadFiles(s.env.catalog(), nil) // nothing of what is asked for was there
	}
	state.EndAt(s.opts.Now)
	picture, found, err := s.reader.Read(s.ctx, state)
	s.base = picture
	if err != nil {
		s.errs = append(s.errs, fmt.Errorf("reading what only %s declares: %v", s.options.base, err))
	}
	plan := planner.Make(s.env.catalog(), state, picture, s.opts)
	if bad := append(found, plan.Diagnostics...); bad.HasErrors() {
		s.errs = append(s.errs, fmt.Errorf("what %s declares cannot be compared: %v", s.options.base, bad.Err()))
	}
	return drift.ClassifyWithBase(drift.Side{Plan: s.plan, State: s.state}, drift.Side{Plan: plan, State: state}), nil
}

// reportDrift prints the findings, then chooses the exit code: a failed read
// does not hide what was found.
func (s *session) reportDrift(also []planner.Class) error {
	s.plan.Steps, s.plan.Violations = nil, nil
	report.Order(s.plan.Findings, s.fails)
	whole := len(s.errs) == 0 && !s.diags.HasErrors()
	if s.people() && (whole || len(s.plan.Findings) > 0) {
		s.page(func(t report.Text) {
			t.Drift(s.plan.Findings, also)
			if whole {
				t.Governed(s.plan.Summary, s.watch)
			}
		})
		if s.adopted != nil {
			fmt.Fprintln(s.out)
			if s.adopting.diff {
				fmt.Fprint(s.out, patch(s.adopted.Files))
			}
			s.tellAdopted(s.out, s.adopted)
		}
	}
	switch {
	case s.adopted != nil && whole:
		if len(s.adopted.Left) > 0 || slices.ContainsFunc(s.plan.Findings, func(f planner.Finding) bool { return f.Base && s.fails(f) }) {
			return s.finish(exitDifference)
		}
		return s.finish(exitOK)
	case s.diags.HasErrors():
		return s.finish(exitFile)
	case !whole:
		return s.finish(exitError)
	case slices.ContainsFunc(s.plan.Findings, s.fails):
		return s.finish(exitDifference)
	}
	return s.finish(exitOK)
}
