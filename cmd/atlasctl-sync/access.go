package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// accessOptions are the flags of access alone.
type accessOptions struct{ of, to []string }

func newAccess(env *Environment) *cobra.Command {
	o := &options{env: env, output: "text"}
	var opts accessOptions
	c := o.command("access [PATH...]", "Report who can do what, and how it comes",
		`access reads Atlas and lists every role that somebody has: people, teams, service
accounts, API keys, database users and groups of an identity provider, in
organizations, projects and clusters; with the way it comes: own, through a team,
or through the organization (its owners own every project of it). It sends nothing
but GET requests.

It looks at the organizations and projects that the files declare, or that --org and
--project name; without files, at all that the credentials see. Where files say
until, that is told too.

--of NAME tells of one principal, by name or by the address of what grants it
something. --to ADDRESS tells of one organization or project, with what stands in
it; of a cluster, also what counts in its whole project.

Exit codes: 0 listed, 1 error (also a single failed read: what is listed is not all),
6 a declared file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(report.AccessFormats, o.asked) {
				return fmt.Errorf("-o takes %s, not %q", strings.Join(report.AccessFormats, ", "), o.asked)
			}
			return o.session(cmd.Context(), "access", func(s *session) error { return s.access(args, opts) })
		})
	f := c.Flags()
	o.addFiles(f)
	f.StringArrayVar(&opts.of, "of", nil, "only this principal, such as ana@example.com; repeatable")
	f.StringArrayVar(&opts.to, "to", nil, "only this organization, project, or what stands in one, such as project/payments; repeatable")
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization, by name or id, and its projects; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project, by name or id; repeatable")
	f.StringVarP(&o.asked, "output", "o", "text", strings.Join(report.AccessFormats, ", "))
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress on standard error")
	f.CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addPager(f)
	o.addConnection(f)
	o.complete(c)
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(report.AccessFormats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// access reads who may do what and prints it.
func (s *session) access(args []string, opts accessOptions) error {
	if err := s.loadIfAny(args); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	s.reader.Doer = live.Once(s.reader.Doer)
	s.reading()
	rights, err := s.rights(&opts)
	s.env.screen.clear()
	switch {
	case s.ctx.Err() != nil:
		return context.Cause(s.ctx)
	case err != nil && s.asked != "json":
		return err
	case err != nil:
		s.errs = append(s.errs, err)
	}
	chosen := slices.DeleteFunc(slices.Clone(rights), func(r planner.Right) bool { return !opts.chooses(r) })
	s.printRights(chosen)
	switch {
	case len(s.errs) > 0:
		return s.finish(exitError)
	case len(chosen) == 0:
		s.noneOf(opts.of, rights)
	}
	return s.finish(exitOK)
}

// printRights prints in the format that is asked for.
func (s *session) printRights(rights []planner.Right) {
	doc := &report.Access{FormatVersion: report.FormatVersion, Command: "access", Rights: rights, Stats: s.document().Stats}
	for _, err := range s.errs {
		doc.Errors = append(doc.Errors, flatten(err)...)
	}
	if s.asked == "text" {
		s.page(func(t report.Text) { _ = doc.Write(t.W, "text") }) // out remembers a failure
	} else {
		_ = doc.Write(s.out, s.asked)
	}
}

// noneOf tells of names that nobody has, and of whom may be meant.
func (s *session) noneOf(names []string, rights []planner.Right) {
	var known []string
	for _, r := range rights {
		known = append(known, r.Principal)
	}
	slices.Sort(known)
	for _, name := range names {
		s.logf("%s", report.Clean(meaning(fmt.Errorf("--of %s: nobody of that name has access here", name), "", name, slices.Compact(known)).Error()))
	}
}

// loadIfAny reads the files that are named, or those of this directory if it has
// any.
func (s *session) loadIfAny(args []string) error {
	paths := s.paths(args)
	if len(args)+len(s.files) == 0 {
		if found, _ := spec.Find(paths); len(found) == 0 {
			return nil
		}
	}
	s.state, s.diags = spec.Load(s.env.catalog(), paths, s.env.Stdin)
	s.env.Catalog = s.state.Catalog
	if s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	s.diags = nil // what is merely odd with them is validate's to tell
	s.state.EndAt(s.env.now())
	return nil
}

// chooses tells whether a right is asked for.
func (o *accessOptions) chooses(r planner.Right) bool {
	of := len(o.of) == 0 || slices.ContainsFunc(o.of, func(name string) bool {
		whole := strings.ToLower(r.Principal)
		return whole == strings.ToLower(name) || strings.HasSuffix(whole, "/"+strings.ToLower(name)) || strings.EqualFold(name, string(r.Grant))
	})
	to := len(o.to) == 0 || slices.ContainsFunc(o.to, func(address string) bool {
		a := spec.Address(address)
		return r.Target.Within(a) || a != a.Scope() && r.Target == a.Scope()
	})
	return of && to
}

// rights reads what grants something where it is asked for. What could not be
// read is in errs.
func (s *session) rights(opts *accessOptions) ([]planner.Right, error) {
	v, err := s.viewed()
	if err != nil {
		return nil, err
	}
	if err := v.narrow(opts); err != nil {
		return nil, err
	}
	picture, diags, err := s.reader.Read(s.ctx, v.state)
	if err = errors.Join(err, diags.Err()); err != nil {
		return nil, err
	}
	tried := map[string]bool{}
	for {
		rights, wants := planner.Rights(s.env.catalog(), v.state, picture, v.until)
		wants = slices.DeleteFunc(wants, func(w planner.Want) bool {
			key, _ := planner.ListKey(w.Kind, w.Params)
			was := tried[key]
			tried[key] = true
			return was
		})
		if len(wants) == 0 {
			return slices.DeleteFunc(rights, func(r planner.Right) bool { return !v.shown[r.Target.Scope()] }), nil
		}
		s.errs = append(s.errs, s.reader.Each(s.ctx, picture, wants)...)
		if s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
	}
}
