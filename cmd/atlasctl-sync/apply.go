package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/internal/deliver"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/internal/planfile"
	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newApply(env *Environment) *cobra.Command {
	o := &options{env: env}
	c := o.command("apply [PATH... | PLANFILE]", "Make Atlas equal to the files, or apply a saved plan",
		`apply plans, asks, applies the plan and reads back what it wrote.

With a plan that plan --out has saved, it applies that and nothing else: it
needs no files and asks nothing, reads Atlas again first, and writes nothing
if the plan does not come out the same any more. A key in
ATLASCTL_SYNC_PLAN_KEY, the same for both commands, signs saved plans.

Exit codes: 0 done, 1 error before any write was sent, 3 a write was sent and
something failed, was skipped or waits,
4 the saved plan is stale, 5 refused by a guard, a rule of a policy or not approved,
6 a declared file is at fault, 130 interrupted.`, o.apply)
	o.addFiles(c.Flags())
	o.addStrict(c.Flags())
	o.addSelection(c.Flags())
	o.addShard(c.Flags())
	o.addOutput(c.Flags())
	o.addSummary(c.Flags())
	o.addPlanning(c.Flags())
	c.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask")
	c.Flags().StringVar(&o.onError, "on-error", "continue", "continue with what does not depend on a failure, or stop")
	o.addReceipt(c.Flags())
	o.addNotify(c.Flags(), "how it went, unless there was nothing to do,")
	o.addConnection(c.Flags())
	o.complete(c)
	return c
}

func (o *options) apply(cmd *cobra.Command, args []string) error {
	if err := o.checkNotify(); err != nil {
		return err
	}
	return o.session(cmd.Context(), "apply", func(s *session) error {
		if len(args) > 0 && receipt.Is(args[0]) {
			return fmt.Errorf("%s is a receipt: undo %s takes back what it tells of", args[0], args[0])
		}
		saved := len(args) > 0 && planfile.Is(args[0])
		if saved && len(args) > 1 {
			return errors.New("a saved plan holds its files: name it alone")
		}
		if saved {
			if err := s.openPlan(cmd, args[0]); err != nil {
				return err
			}
		} else if err := s.prepare(args); err != nil {
			return err
		}
		if s.people() {
			s.showPlan(s.text())
		}
		if len(s.plan.Violations) > 0 {
			return s.finish(exitRefused)
		}
		if len(s.plan.Steps) == 0 {
			if err := s.forgetNotes(); err != nil {
				return err
			}
			return s.finish(exitOK)
		}
		if s.out.err != nil {
			return errors.New("the plan could not be shown, so it is not applied")
		}
		if !saved && !o.autoApprove {
			if approved, err := s.approve(); err != nil || !approved {
				return err
			}
		}
		if err := s.forgetNotes(); err != nil {
			return err
		}
		return s.execute()
	})
}

// forgetNotes ends the notes of deliveries that tell of nothing that is left to
// mend: the plan deletes no lost secret of theirs.
func (s *session) forgetNotes() error {
	mending := map[spec.Address]bool{}
	for _, step := range s.plan.Steps {
		mending[step.Address] = step.Mends
	}
	var failed error
	s.state.Resources(func(r *spec.Resource) {
		if rule, ok := r.Rule(); ok && !r.Context && !mending[r.Address] {
			failed = errors.Join(failed, deliver.Forget(rule.File))
		}
	})
	return failed
}

// mended ends the notes of what the run has mended.
func (s *session) mended() error {
	var failed error
	for _, step := range s.plan.Steps {
		if rule, ok := step.Resource.Rule(); ok && step.Mends && step.Status == planner.Verified {
			failed = errors.Join(failed, deliver.Forget(rule.File))
		}
	}
	return failed
}

// emulated is the pace at which an emulator in this process is waited for.
const emulated = 0.01

func (s *session) pace() float64 {
	if s.env.Pace == 0 && s.sandboxDir != "" {
		return emulated
	}
	return s.env.Pace
}

func (s *session) execute() error {
	kept, err := s.keep()
	if err != nil {
		return err
	}
	progress := s.newProgress(len(s.plan.Steps))
	deliverer := &deliver.Deliverer{Tell: progress.tell}
	defer deliverer.Close()
	e := &executor.Executor{
		Doer:      s.fenced(),
		Refresher: &live.Refresher{Reader: s.reader, State: s.state, Live: s.live, Options: s.opts},
		Deliverer: deliverer,
		Options: executor.Options{Parallelism: s.parallelism * ahead, Stop: s.onError == "stop", Settle: 5 * time.Second, Pace: s.pace(),
			Begin: progress.begin, Report: func(step *planner.Step) { progress.ended(step, s.quiet) }},
	}
	result, err := e.Run(s.ctx, s.plan)
	s.env.screen.clear()
	progress.rest(s.quiet)
	kept.ended(s)
	if err := s.mended(); err != nil {
		s.errs = append(s.errs, err)
	}
	if err != nil {
		if located := spec.DiagnosticsOf(err); len(located) > 0 {
			s.state.Sources.Annotate(located)
			s.diags = append(s.diags, located...)
			return s.finish(exitFile)
		}
		s.errs = append(s.errs, err)
	}
	if s.people() {
		s.text().Outcome(s.plan)
	}
	return s.finish(s.code(result, err))
}

// code chooses the exit code of an apply.
func (s *session) code(result executor.Result, err error) int {
	waiting := false
	for _, step := range s.plan.Steps {
		waiting = waiting || step.Status == planner.Waiting || step.Status == planner.Skipped
	}
	switch {
	case result.Interrupted && errors.Is(context.Cause(s.ctx), context.Canceled):
		return exitInterrupted
	case result.Interrupted:
		s.errs = append(s.errs, context.Cause(s.ctx))
	case err == nil && !waiting:
		return exitOK
	}
	if result.Writes > 0 {
		return exitPartial
	}
	return exitError
}
