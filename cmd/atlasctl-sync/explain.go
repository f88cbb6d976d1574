package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
)

func newExplain(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1, output: "text"}
	c := o.command("explain KIND[.FIELD] | explain --project NAME [PATH...]", "Tell all about a kind or field, or where a project's values come from",
		`explain KIND tells what a kind is: its fields, the calls it makes, the Atlas role
that they need. explain KIND.FIELD tells a field's type, allowed values and
default, whether it can be changed, and which call sends it.

explain --project NAME prints what the files declare of a project, baselines
merged in, with the file and line of each value. It calls nothing.`,
		func(cmd *cobra.Command, args []string) error {
			if len(o.projects) == 0 && len(o.orgs) == 0 {
				if len(args) != 1 {
					return errors.New("name a kind, such as ProjectUser, or a field: ProjectUser.roles; kinds lists the kinds")
				}
				out := &checkedWriter{w: env.Stdout}
				return errors.Join(report.Explain(out, kinds.Catalog(), args[0]), out.err)
			}
			return o.session(cmd.Context(), "explain", func(s *session) error { return s.explain(args) })
		})
	o.addFiles(c.Flags())
	c.Flags().StringArrayVar(&o.projects, "project", nil, "what the files declare of this project; repeatable")
	c.Flags().StringArrayVar(&o.orgs, "org", nil, "what the files declare of this organization; repeatable")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, k := range kinds.Catalog().Kinds() {
			names = append(names, k.Name)
			for i := range k.Fields {
				names = append(names, k.Name+"."+k.Fields[i].Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

// explain prints the chosen scopes as they are after merging.
func (s *session) explain(args []string) error {
	wanted := slices.Concat(s.projects, s.orgs)
	s.projects, s.orgs = nil, nil // whole scopes, with nothing filtered out
	if err := s.load(args); err != nil {
		return err
	}
	var known []string
	found := 0
	for _, scope := range s.state.Scopes {
		known = append(known, string(scope.Address))
		names := append(scope.KeyParts(), string(scope.Address), scope.Ident)
		if !slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(names, w) }) {
			continue
		}
		if found++; found > 1 {
			fmt.Fprintln(s.out, "---")
		}
		data, err := export.Declared(scope)
		if err != nil {
			return err
		}
		_, _ = s.out.Write(data) // out remembers a failure
	}
	if found == 0 {
		return fmt.Errorf("no file declares %v; declared are %v", wanted, known)
	}
	return s.finish(exitOK)
}

func newGraph(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1, output: "text"}
	c := o.command("graph [PATH...]", "Print what refers to what, for Graphviz",
		`graph prints the declared resources and what they refer to in the DOT language:
graph | dot -Tsvg > atlas.svg. An arrow points at what comes first. It calls nothing.`,
		func(cmd *cobra.Command, args []string) error {
			return o.session(cmd.Context(), "graph", func(s *session) error {
				if err := s.load(args); err != nil {
					return err
				}
				_ = report.Graph(s.out, kinds.Catalog(), s.state) // out remembers a failure
				return s.finish(exitOK)
			})
		})
	o.addFiles(c.Flags())
	o.addSelection(c.Flags())
	return c
}
