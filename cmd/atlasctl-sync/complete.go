package main

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// completionTime is how long a shell waits for Atlas when it completes.
const completionTime = 3 * time.Second

// completeAddresses completes the addresses of what the files declare and, if
// Atlas answers soon, of what is there besides.
func (o *options) completeAddresses(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var found []string
	quiet := *o.env
	quiet.Stdout, quiet.Stderr = io.Discard, io.Discard
	q := *o
	q.env, q.timeout, q.output, q.targets, q.excludes = &quiet, completionTime, "text", nil, nil
	_ = q.session(cmd.Context(), "complete", func(s *session) error { // what fails completes nothing
		if err := s.load(args); err != nil {
			return err
		}
		s.state.Resources(func(r *spec.Resource) { found = append(found, string(r.Address)) })
		if err := s.connect(); err != nil {
			return err
		}
		s.opts = planner.Options{Now: o.env.now(), MaxDeletes: planner.DefaultCeiling}
		if err := s.compare(); err != nil {
			return err
		}
		for _, f := range s.plan.Findings {
			found = append(found, string(f.Address))
		}
		return nil
	})
	slices.Sort(found)
	return slices.Compact(found), cobra.ShellCompDirectiveNoFileComp
}

func (env *Environment) completeKinds(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, k := range env.catalog().Kinds() {
		names = append(names, k.Name)
		if k.Section != "" && !slices.Contains(names, k.Section) {
			names = append(names, k.Section)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// takesFiles are the flags whose value is a file or directory.
var takesFiles = []string{"file", "kinds", "api", "out", "accept", "notify-state", "sandbox", "report", "data", "seed", "deliver-to"}

// takesPaths are the commands whose arguments are files or directories.
var takesPaths = []string{"validate", "plan", "apply", "rebuild", "drift", "coverage", "merge", "show", "fmt", "graph", "access"}

// noFileNames keeps shells from offering the names of files where none can
// stand.
func noFileNames(c *cobra.Command) {
	if !slices.Contains(takesPaths, c.Name()) && c.ValidArgsFunction == nil && !c.HasSubCommands() {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if _, there := c.GetFlagCompletionFunc(f.Name); !there && !slices.Contains(takesFiles, f.Name) {
			_ = c.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions)
		}
	})
	for _, below := range c.Commands() {
		noFileNames(below)
	}
}

// completeScopes completes the names of what the files declare of a kind of
// document.
func (o *options) completeScopes(inOrganization bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		state, _ := spec.Load(o.env.catalog(), o.paths(args), strings.NewReader("")) // what is wrong with them completes nothing
		var names []string
		for _, scope := range state.Scopes {
			if (scope.Kind.Parent != "") == inOrganization {
				names = append(names, strings.Join(scope.KeyParts(), "/"))
			}
		}
		slices.Sort(names)
		return slices.Compact(names), cobra.ShellCompDirectiveNoFileComp
	}
}

// complete registers what the flags of a command complete to; for a flag that
// the command does not have, that fails and does nothing.
func (o *options) complete(c *cobra.Command) {
	for _, name := range []string{"target", "exclude", "rotate"} {
		_ = c.RegisterFlagCompletionFunc(name, o.completeAddresses)
	}
	_ = c.RegisterFlagCompletionFunc("kind", o.env.completeKinds)
	_ = c.RegisterFlagCompletionFunc("org", o.completeScopes(false))
	_ = c.RegisterFlagCompletionFunc("project", o.completeScopes(true))
	for name, values := range map[string][]string{"on-error": {"continue", "stop"}, "allow": guardsOf(c.Name()),
		"fail-on": {"unmanaged", "unverifiable", "pending"}, "unmanaged": spec.Watches, "shard": {"organizations"}, "output": append([]string{"text"}, report.FormatNames(c.Name())...)} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}
