package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/spec"
)

func newPlan(env *Environment) *cobra.Command {
	o := &options{env: env}
	c := o.command("plan [PATH...]", "Show what apply would do",
		`plan reads the files and Atlas and prints, in order, what apply would do.
It sends nothing but GET requests. Warnings come with the plan; --strict takes them for errors.

Exit codes: 0 done (also with changes), 1 error, 2 changes with
--detailed-exitcode, 5 refused by a guard or a rule
of a policy, 6 a declared file is at fault.`, o.plan)
	c.Aliases = []string{"diff"}
	o.addFiles(c.Flags())
	o.addStrict(c.Flags())
	o.addSelection(c.Flags())
	o.addShard(c.Flags())
	o.addOutput(c.Flags())
	o.addPager(c.Flags())
	o.addSummary(c.Flags())
	o.addPlanning(c.Flags())
	c.Flags().StringVar(&o.out, "out", "", "save the plan to FILE, for apply FILE")
	c.Flags().BoolVar(&o.detailedExitCode, "detailed-exitcode", false, "exit 2 if there are changes")
	o.addConnection(c.Flags())
	o.complete(c)
	return c
}

func (o *options) plan(cmd *cobra.Command, args []string) error {
	return o.session(cmd.Context(), "plan", func(s *session) error {
		if err := s.prepare(args); err != nil {
			return err
		}
		if s.people() {
			s.page(s.showPlan)
		}
		if len(s.plan.Violations) > 0 {
			return s.finish(exitRefused) // and nothing is saved
		}
		if o.out != "" {
			if err := s.save(o.out); err != nil {
				return err
			}
		}
		if o.detailedExitCode && len(s.plan.Steps) > 0 {
			return s.finish(exitDifference)
		}
		return s.finish(exitOK)
	})
}

// prepare loads, connects and compares; it fails where a plan would not be
// whole.
func (s *session) prepare(args []string) error {
	if err := s.load(args); err != nil {
		return err
	}
	if err := s.compileRules(); err != nil {
		return err
	}
	var err error
	if s.opts, err = s.planning(); err != nil {
		return err
	}
	s.opts.Tentative = s.command == "plan"
	for i, a := range s.opts.Rotate {
		a = s.state.Spelt(a)
		s.opts.Rotate[i] = a
		r := s.state.Lookup(a)
		if r == nil {
			return meaning(fmt.Errorf("--rotate %s: no file declares it", a), "", string(a), s.everyAddress())
		}
		rot := r.Kind.Rotation
		switch rule, ok := r.Rule(); {
		case rot == nil:
			return fmt.Errorf("--rotate %s: Atlas makes no secret for it", a)
		case rot.Once:
			return fmt.Errorf("--rotate %s: its secret comes with it and stays as long: declare a second one under another name, and this one with state: absent once nobody uses it", a)
		case !ok || !rule.Delivers():
			return fmt.Errorf("--rotate %s: no file says where its secret goes (%s.deliverTo)", a, rot.Field)
		}
	}
	if err := s.read(); err != nil {
		return err
	}
	return s.judge()
}

// everyAddress lists the addresses of what the files declare.
func (s *session) everyAddress() []string {
	var all []string
	s.state.Resources(func(r *spec.Resource) { all = append(all, string(r.Address)) })
	return all
}

// read connects, reads Atlas and plans.
func (s *session) read() error {
	if err := s.connect(); err != nil {
		return err
	}
	if err := s.compare(); err != nil {
		return err
	}
	switch {
	case s.diags.HasErrors():
		return s.finish(exitFile)
	case len(s.errs) > 0:
		return s.finish(exitError)
	}
	return nil
}
