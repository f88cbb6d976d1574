package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/planfile"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newRebuild(env *Environment) *cobra.Command {
	o := &options{env: env}
	var planOnly, asDeclared bool
	var from string
	c := o.command("rebuild --into ORG [PATH...]", "Make what the files declare of an organization in another one",
		`rebuild takes the files of one organization and its projects and plans, asks and
applies as apply does, but in another organization, which exists: to see whether
the files suffice, or after a disaster. Names stay as they are.

It takes nothing away: state: absent and prune do not count. An id pins an object
of the old organization and is left out; a reference by an id is replaced by the
name that a file gives it, else it is an error. Nothing is sent that names any
other organization or a project of one: plan and transport refuse it.

Data is not in files: restore it from backups. Secrets are made anew; --deliver-to
says where they go, so that those of the old organization stay where they are.

--out saves the plan, and apply FILE applies it.

Exit codes: those of apply, and of plan with --plan-only and --out.`,
		func(cmd *cobra.Command, args []string) error {
			switch {
			case !cmd.Flags().Changed("into"):
				return errors.New("say in which organization: --into NAME, or its id")
			case len(args) > 0 && planfile.Is(args[0]):
				return fmt.Errorf("a saved plan says where it leads: apply %s", args[0])
			case asDeclared && o.into.DeliverTo != "":
				return errors.New("--deliver-to and --deliver-as-declared exclude each other")
			case o.detailedExitCode && !planOnly && o.out == "":
				return errors.New("--detailed-exitcode goes with --plan-only or --out")
			}
			o.rebuild = &rebuilding{Rebuild: o.into, asDeclared: asDeclared}
			o.rebuild.From = from
			if planOnly || o.out != "" {
				return o.plan(cmd, args)
			}
			return o.apply(cmd, args)
		})
	f := c.Flags()
	f.StringVar(&o.into.Into, "into", "", "the organization to build, by name or id")
	o.addFiles(f)
	o.addStrict(f)
	f.StringVar(&from, "org", "", "which organization of the files, where they declare several")
	f.StringArrayVar(&o.projects, "project", nil, "only this project; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	f.StringArrayVar(&o.targets, "target", nil, "only this address, as it is in the other organization, and what is below it; repeatable")
	f.StringArrayVar(&o.excludes, "exclude", nil, "not this address and what is below it; repeatable")
	f.StringVar(&o.into.DeliverTo, "deliver-to", "", "directory for the new secrets, a file for each account")
	f.BoolVar(&asDeclared, "deliver-as-declared", false, "hand new secrets over where the files say, in place of those of the old organization")
	f.BoolVar(&planOnly, "plan-only", false, "show the plan and send nothing but GET requests")
	f.StringVar(&o.out, "out", "", "save the plan to FILE, for apply FILE")
	f.BoolVar(&o.detailedExitCode, "detailed-exitcode", false, "with --plan-only or --out: exit 2 if there are changes")
	f.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask")
	f.StringVar(&o.onError, "on-error", "continue", "continue with what does not depend on a failure, or stop")
	o.addReceipt(f)
	o.addOutput(f)
	o.addPager(f)
	o.addSummary(f)
	o.addPlanning(f)
	o.addConnection(f)
	o.complete(c)
	return c
}

// A rebuilding is what the flags of rebuild say.
type rebuilding struct {
	spec.Rebuild
	asDeclared bool
}

// redirect has the files that were loaded mean another organization. c are the
// kinds that they were read by, without those that they describe.
func (s *session) redirect(c *spec.Catalog) error {
	rb := s.rebuild.Rebuild
	known := s.state.Organizations()
	switch {
	case rb.From != "" && !slices.Contains(known, rb.From):
		return meaning(fmt.Errorf("--org %s: the files declare no such organization", rb.From), "", rb.From, known)
	case rb.From == "" && len(known) == 0:
		return errors.New("no file says which organization it is of: declare one, or give the projects their organization")
	case rb.From == "" && len(known) > 1:
		return fmt.Errorf("the files declare several organizations: say which one to rebuild with --org: %s", strings.Join(known, ", "))
	case rb.From == "":
		rb.From = known[0]
	}
	if err := s.intoName(&rb); err != nil {
		return err
	}
	if rb.Into == rb.From {
		return fmt.Errorf("--into %s: that is the organization that the files declare: apply changes it, and a rebuild is for another one", rb.Into)
	}
	s.state, s.diags = spec.LoadInto(c, s.state.Sources.Files(), rb)
	s.env.Catalog = s.state.Catalog
	s.strictly()
	if s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	if n := len(s.state.Delivering()); n > 0 && rb.DeliverTo == "" && !s.rebuild.asDeclared {
		return fmt.Errorf("the files hand the secrets of %s over where those of %s are: say --deliver-to DIR to keep them apart, or --deliver-as-declared if they are to take their place",
			report.Count(n, "account"), rb.From)
	}
	return nil
}

// intoName turns the id of the organization to build into its name, by which the
// projects are made in it.
func (s *session) intoName(rb *spec.Rebuild) error {
	k := s.env.catalog().Documents()[0]
	if !k.IsID(rb.Into) {
		return nil
	}
	if err := s.connect(); err != nil {
		return err
	}
	items, err := s.reader.List(s.ctx, k, nil)
	if err != nil {
		return err
	}
	names := map[string]int{}
	name := ""
	for _, raw := range items {
		names[k.NameOf(raw)]++
		if spec.TextAt(raw, k.IDAt()) == rb.Into {
			name = k.NameOf(raw)
		}
	}
	switch {
	case name == "":
		return fmt.Errorf("--into %s: the credentials see no such organization", rb.Into)
	case names[name] > 1:
		return fmt.Errorf("--into %s: another organization is called %s too: rename one of them first, since files tell them apart by their names", rb.Into, name)
	}
	rb.Into = name
	return nil
}

// fenced returns what writes are sent through: in a rebuild they stay in the
// organization that is built.
func (s *session) fenced() planner.Doer {
	if s.fence == nil {
		return s.client
	}
	for _, scope := range s.state.Scopes {
		if scope.Kind.Parent == "" {
			s.fence.Open(s.live.ID(scope))
		}
	}
	return s.fence
}
