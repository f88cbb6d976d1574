package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/planfile"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/seal"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newShow(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1}
	c := o.command("show PLANFILE", "Print a saved plan", `show prints the plan that plan --out has saved, as it was made. It calls nothing.`,
		func(cmd *cobra.Command, args []string) error {
			return o.session(cmd.Context(), "show", func(s *session) error {
				f, err := planfile.Load(args[0], env.Getenv(seal.KeyVariable))
				if err != nil {
					return err
				}
				if s.plan, err = f.Plan(); err != nil {
					return err
				}
				s.diags, s.shown = s.plan.Diagnostics, f.Files
				s.chose(f.Options.Filter)
				if s.people() && !s.quiet {
					s.logf("Plan of %s for %s, made by version %s", f.Time.Format("2006-01-02 15:04:05 MST"), report.Clean(f.BaseURL), report.Clean(f.Tool))
				}
				if s.people() {
					s.page(s.showPlan)
				}
				return s.finish(exitOK)
			})
		})
	c.Args = cobra.ExactArgs(1)
	o.addOutput(c.Flags())
	o.addPager(c.Flags())
	o.addSummary(c.Flags())
	return c
}

// save writes the plan to a file.
func (s *session) save(path string) error {
	steps, err := planfile.Encode(s.plan.Steps)
	if err != nil {
		return err
	}
	f := &planfile.File{
		Tool: version(), Time: s.opts.Now, BaseURL: s.where, Scopes: s.scopes(), Files: slices.Concat(s.env.definitions, s.state.Sources.Files()),
		Options:  planfile.Options{Filter: s.filter(), RewriteSecrets: s.opts.RewriteSecrets, Allow: s.opts.Allow, MaxDeletes: s.opts.MaxDeletes, AllowGuards: s.opts.AllowGuards, Rotate: s.opts.Rotate, Strict: s.strict, Rebuild: s.state.Rebuild},
		Warnings: s.diags.Warnings(),
		Summary:  s.plan.Summary, Steps: steps, Findings: s.plan.Findings, Done: s.plan.Done, LeftOut: s.plan.LeftOut, Access: s.plan.Access, AccessUnread: s.plan.AccessUnread,
	}
	if err := f.Save(path, s.env.Getenv(seal.KeyVariable)); err != nil {
		return fmt.Errorf("cannot save the plan: %w", err)
	}
	if !s.quiet {
		s.logf("Saved to %s: apply it with apply %s.", path, path)
	}
	return nil
}

// scopes returns Atlas's ids of the declared organizations and projects that exist, of
// what the steps are about and of what that stands in, so that a plan is not applied to
// others of the same name.
func (s *session) scopes() map[spec.Address]string {
	ids := map[spec.Address]string{}
	add := func(r *spec.Resource) {
		if id := s.live.ID(r); id != "" {
			ids[r.Address] = id
		}
	}
	for _, scope := range s.state.Scopes {
		add(scope)
	}
	for _, step := range s.plan.Steps {
		for r := step.Resource; r != nil; r = r.Parent {
			add(r)
		}
	}
	return ids
}

// endedSince lists what steps would still grant although its until is over by now.
func (s *session) endedSince() []string {
	var out []string
	for _, step := range s.plan.Steps {
		for r := step.Resource; r != nil && step.Action != planner.Delete; r = r.Parent {
			if end, err := spec.EndOf(r.Until); r.Until != "" && err == nil && !end.After(s.env.now()) {
				out = append(out, fmt.Sprintf("%s: until %s is over", step.Address, r.Until))
			}
		}
	}
	return out
}

// others lists what has another id than it had: it has the name, and is another object.
func (s *session) others(ids map[spec.Address]string) []string {
	var out []string
	now := s.scopes()
	for _, a := range slices.Sorted(maps.Keys(ids)) {
		if now[a] != "" && now[a] != ids[a] {
			out = append(out, fmt.Sprintf("%s: it is another one of this name: it had the id %s, and this one has %s", a, ids[a], now[a]))
		}
	}
	return out
}

// openPlan reads a saved plan and makes it again from the files that it holds
// and from what is live now. Unless that comes out the same, nothing is
// written.
func (s *session) openPlan(cmd *cobra.Command, path string) error {
	for _, flag := range []string{"file", "org", "project", "kind", "target", "exclude", "shard", "max-deletes", "allow", "rotate", "rewrite-secrets", "resend-invitations", "strict"} {
		if cmd.Flags().Changed(flag) {
			return fmt.Errorf("--%s was settled when the plan was saved", flag)
		}
	}
	if err := s.notOver([]string{path}, readHere); err != nil {
		return err
	}
	f, err := planfile.Load(path, s.env.Getenv(seal.KeyVariable))
	if err != nil {
		return err
	}
	s.strict = f.Options.Strict
	if into := f.Options.Rebuild; into != nil {
		s.state, s.diags = spec.LoadInto(s.env.catalog(), f.Files, *into)
	} else {
		s.state, s.diags = spec.LoadFiles(s.env.catalog(), f.Files)
	}
	s.env.Catalog = s.state.Catalog
	s.strictly()
	if s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	s.chose(f.Options.Filter)
	if err := s.state.Select(s.env.catalog(), f.Options.Filter); err != nil {
		return err
	}
	s.opts = planner.Options{Now: f.Time, RewriteSecrets: f.Options.RewriteSecrets, Allow: f.Options.Allow, MaxDeletes: f.Options.MaxDeletes, AllowGuards: f.Options.AllowGuards, Rotate: f.Options.Rotate}
	if err := s.compileRules(); err != nil {
		return err
	}
	if err := s.read(); err != nil {
		return err
	}
	if err := s.confirm(f); err != nil {
		return err
	}
	return s.judge()
}

// confirm refuses a saved plan that is for another Atlas, or that does not
// hold any more.
func (s *session) confirm(f *planfile.File) error {
	if f.BaseURL != s.where {
		return fmt.Errorf("the plan was made for %s, and this is %s", f.BaseURL, s.where)
	}
	moved, err := f.Stale(s.plan.Steps)
	if err != nil {
		return err
	}
	changed := slices.Concat(s.others(f.Scopes), s.endedSince(), moved)
	if len(changed) == 0 {
		return nil
	}
	s.errs = append(s.errs, fmt.Errorf("the plan of %s is stale, and nothing was written: plan again", f.Time.Format("2006-01-02 15:04:05 MST")))
	for _, c := range changed {
		s.errs = append(s.errs, fmt.Errorf("changed since: %s", c))
	}
	return s.finish(exitStale)
}
