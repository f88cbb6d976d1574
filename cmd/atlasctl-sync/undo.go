package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/seal"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newUndo(env *Environment) *cobra.Command {
	o := &options{env: env}
	dry := false
	c := o.command("undo RECEIPT", "Take back what an apply has done, by its receipt",
		`undo plans exactly back what the receipt of apply --receipt tells: what was created
is deleted, what was changed or deleted is as it was before. It is a plan like any
other: shown, guarded, and applied after approval. If somebody has changed the same
since, it is stale, and nothing is written.

What cannot be undone is told again: a secret that was replaced, data that went with
a cluster. What an organization or project was made for goes first: run undo once more
and it goes too.

Exit codes are those of apply; 4 says that Atlas has moved on.`,
		func(cmd *cobra.Command, args []string) error {
			command := "apply"
			if dry {
				command = "plan" // which cannot write
			}
			return o.session(cmd.Context(), command, func(s *session) error { return s.undo(args[0], dry) })
		})
	c.Args = cobra.ExactArgs(1)
	f := c.Flags()
	f.StringArrayVarP(&o.files, "file", "f", nil, "declared files whose protect entries, and policies about steps, hold for it; repeatable (default: none)")
	f.BoolVar(&dry, "dry-run", false, "show the plan, and write nothing")
	f.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask")
	f.StringVar(&o.maxDeletes, "max-deletes", planner.DefaultCeiling.String(), "refuse a plan that removes more than N things, or N%")
	f.StringSliceVar(&o.allow, "allow", nil, "switch a guard off: last-owner, own-credentials, unproven; repeatable")
	f.StringVar(&o.onError, "on-error", "continue", "continue with what does not depend on a failure, or stop")
	o.addReceipt(f)
	o.addOutput(f)
	o.addSummary(f)
	o.addConnection(f)
	return c
}

func (s *session) undo(path string, dry bool) error {
	r, err := receipt.Load(path, s.env.Getenv(seal.KeyVariable))
	if err != nil {
		return err
	}
	for _, files := range [][]spec.File{r.Before, r.Later, r.After} {
		for i := range files {
			files[i].Name = path + " (" + files[i].Name + ")" // where a plan says that something is declared
		}
	}
	if err := s.connect(); err != nil {
		return err
	}
	if r.BaseURL != s.where {
		return fmt.Errorf("%s is the receipt of a run on %s, and this is %s", path, r.BaseURL, s.where)
	}
	if s.opts, err = s.planning(); err != nil {
		return err
	}
	guard, err := s.guarding()
	if err != nil {
		return err
	}
	stage, last := r.Before, len(r.Later) == 0
	for {
		if err := s.backTo(r, stage, guard); err != nil {
			return err
		}
		if len(s.plan.Steps) > 0 || last {
			break
		}
		stage, last = r.Later, true
	}
	if s.people() {
		for _, l := range r.Cannot {
			fmt.Fprintf(s.out, "cannot be undone: %s: %s\n", report.Clean(strings.TrimSpace(string(l.Address)+" "+l.Path)), report.Clean(l.Why))
		}
		s.showPlan(s.text())
	}
	switch {
	case len(s.plan.Violations) > 0:
		return s.finish(exitRefused)
	case len(s.plan.Steps) == 0 || dry:
		return s.finish(exitOK)
	case s.out.err != nil:
		return errors.New("the plan could not be shown, so it is not applied")
	}
	if !s.autoApprove {
		if approved, err := s.approve(); err != nil || !approved {
			return err
		}
	}
	if !last && s.people() {
		s.logf("Once this is done, undo the same receipt again: what it was made in goes then.")
	}
	return s.execute()
}

// guarding reads the files whose guards hold; nil if none were named.
func (s *session) guarding() (*spec.State, error) {
	if len(s.files) == 0 {
		return nil, nil
	}
	state, diags := spec.Load(s.env.catalog(), s.files, s.env.Stdin)
	if !diags.HasErrors() { // a rule that is none cannot be compiled
		diags = append(diags, state.CompilePolicies()...)
	}
	if diags.HasErrors() {
		s.diags = diags
		return nil, s.finish(exitFile)
	}
	return state, nil
}

// backTo plans what a receipt's files declare. Who has changed the same since makes it
// stale.
func (s *session) backTo(r *receipt.Receipt, stage []spec.File, guard *spec.State) error {
	state, err := s.declaredBy(r, stage, false)
	if err != nil {
		return err
	}
	if s.state = state; state == nil {
		s.plan, s.state = &planner.Plan{Time: s.opts.Now}, &spec.State{Catalog: s.env.catalog(), Sources: &spec.Sources{}}
		return nil
	}
	s.env.Catalog = s.state.Catalog
	if guard != nil {
		s.state.GuardedBy(guard)
	}
	var wrong exit
	if err := s.read(); errors.As(err, &wrong) && wrong.code == exitFile {
		return exit{exitStale} // what the receipt holds was valid: Atlas has changed, as was told
	} else if err != nil {
		return err
	}
	moved, err := s.movedOn(r)
	if err != nil {
		return err
	}
	moved = append(s.others(r.Scopes), moved...)
	if len(moved) == 0 {
		s.unproven(r)
		return s.judge()
	}
	s.errs = append(s.errs, fmt.Errorf("since the run of %s Atlas has moved on, and nothing was written: undo that first, or change the files", r.Begun.Format("2006-01-02 15:04:05 MST")))
	for _, m := range moved {
		s.errs = append(s.errs, fmt.Errorf("changed since: %s", m))
	}
	s.plan.Steps = nil
	return s.finish(exitStale)
}

// guardsOf returns the guards that --allow of a command can switch off.
func guardsOf(command string) []string {
	if command == "undo" {
		return append(slices.Clone(planner.Guards), "unproven")
	}
	return planner.Guards
}

// unproven refuses to take back what the run may not have done: it did not end; and to
// delete what it may not have made: an answer was lost, or the receipt has no id of it.
func (s *session) unproven(r *receipt.Receipt) {
	if slices.Contains(s.opts.AllowGuards, "unproven") || len(s.plan.Steps) == 0 {
		return
	}
	refuse := func(a spec.Address, format string, args ...any) {
		s.plan.Violations = append(s.plan.Violations, planner.Violation{Guard: "unproven", Address: a,
			Message: fmt.Sprintf(format, args...) + ": see whose it is, and leave it or say --allow unproven"})
	}
	if r.Ended == nil {
		refuse("", "the run did not end, so that nobody knows what of this it has done")
		return
	}
	for _, step := range s.plan.Steps {
		i := slices.IndexFunc(r.Steps, func(was receipt.Step) bool { return was.Address == step.Address && was.Action == planner.Create })
		if step.Action != planner.Delete || i < 0 {
			continue
		}
		was := r.Steps[i]
		if was.Unsure || was.Status == planner.Failed || s.live.ID(step.Resource) != "" && r.Scopes[step.Address] == "" {
			refuse(step.Address, "%s: that the run made it is not proven", step.Address)
		}
	}
}

// movedOn lists what is neither as the run left it nor as it was before.
func (s *session) movedOn(r *receipt.Receipt) ([]string, error) {
	after, err := s.declaredBy(r, r.After, true)
	if err != nil || after == nil {
		return nil, err
	}
	picture, diags, err := s.reader.Read(s.ctx, after)
	if err == nil {
		err = diags.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("looking whether Atlas is as the run left it: %w", err)
	}
	before := planner.Differences(s.env.catalog(), s.state, s.live, s.opts)
	later, err := s.declaredBy(r, r.Later, false)
	if err != nil {
		return nil, err
	}
	gone := func(d planner.Difference) bool { // by an earlier go of this undo
		if d.Class != planner.Missing || later == nil {
			return false
		}
		declared := later.Lookup(d.Address)
		return declared != nil && declared.Absent
	}
	var out []string
	for _, d := range planner.Differences(s.env.catalog(), after, picture, s.opts) {
		i := slices.IndexFunc(before, func(b planner.Difference) bool { return b.Address == d.Address })
		if d.Class == planner.Unmanaged || i < 0 || gone(d) {
			continue // as it was before
		}
		was := before[i]
		if d.Class == planner.Missing && was.Class == planner.Present {
			continue // it is going
		}
		if len(d.Changes) == 0 || len(was.Changes) == 0 && was.Class != planner.Present {
			out = append(out, string(d.Address))
			continue
		}
		for _, c := range d.Changes {
			if was.Class == planner.Present && d.Kind.Secures(c.Path) {
				continue // somebody has let it be deleted
			}
			differs := was.Class == planner.Present || slices.ContainsFunc(was.Changes, func(b planner.Change) bool { return spec.HeadOf(b.Path) == spec.HeadOf(c.Path) })
			if differs && !c.Sensitive {
				out = append(out, fmt.Sprintf("%s %s: %v now, %v then", d.Address, c.Path, c.Before, c.After))
			}
		}
	}
	return out, nil
}
