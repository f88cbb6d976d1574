package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newExplain(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1, output: "text"}
	draft := false
	c := o.command("explain KIND[.FIELD] | explain ADDRESS [PATH...] | explain --project NAME [PATH...]", "Tell all about a kind or field, what is live of a resource, or where a project's values come from",
		`explain KIND tells what a kind is: its fields, the calls it makes, the Atlas role
that they need. explain KIND.FIELD tells a field's type, allowed values and
default, whether it can be changed, and which call sends it.

explain --project NAME prints what the files declare of a project, baselines
merged in, with the file and line of each value. It calls nothing.

explain ADDRESS, such as org/Acme/teams/platform, asks Atlas for a resource that
the files declare and prints its id and fields. It sends nothing but GET requests.

explain --draft OPERATION... prints a first definition of a kind from what is known
of some operations of the API, one of each sort: list, get, create, update, delete.`,
		func(cmd *cobra.Command, args []string) error {
			if draft {
				return printDraft(env, args)
			}
			if len(o.projects) == 0 && len(o.orgs) == 0 {
				if len(args) > 0 && isAddress(args[0]) {
					return o.session(cmd.Context(), "explain", func(s *session) error { return s.explainLive(spec.Address(args[0]), args[1:]) })
				}
				if len(args) != 1 {
					return errors.New("name a kind, such as ProjectUser, a field: ProjectUser.roles, or an address: org/Acme/teams/platform; kinds lists the kinds")
				}
				out := &checkedWriter{w: env.Stdout}
				return errors.Join(inEither(out, o.asked, func(w io.Writer) error { return report.Explain(w, env.catalog(), args[0]) },
					func() (any, error) { return report.ExplainJSON(env.catalog(), args[0]) }), out.err)
			}
			return o.session(cmd.Context(), "explain", func(s *session) error { return s.explain(args) })
		})
	o.addFiles(c.Flags())
	c.Flags().BoolVar(&draft, "draft", false, "print a first definition of a kind that makes these operations of the API declarative")
	addTextOrJSON(c, &o.asked)
	c.Flags().StringArrayVar(&o.projects, "project", nil, "what the files declare of this project; repeatable")
	c.Flags().StringArrayVar(&o.orgs, "org", nil, "what the files declare of this organization; repeatable")
	c.Flags().CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addConnection(c.Flags())
	c.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if isAddress(begun) {
			return o.completeAddresses(cmd, args, begun)
		}
		var names []string
		for _, k := range env.catalog().Kinds() {
			names = append(names, k.Name)
			for i := range k.Fields {
				names = append(names, k.Name+"."+k.Fields[i].Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

// printDraft writes a first definition from the facts of some operations.
func printDraft(env *Environment, ids []string) error {
	if len(ids) == 0 {
		return errors.New("--draft takes operations, such as listGroupAccessListEntries createGroupAccessListEntry")
	}
	text, err := kinds.Draft(env.api(), env.catalog(), ids)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(env.Stdout, text)
	return err
}

// explain prints the chosen scopes as they are after merging.
func (s *session) explain(args []string) error {
	wanted := slices.Concat(s.projects, s.orgs)
	s.projects, s.orgs = nil, nil // whole scopes, with nothing filtered out
	if err := s.load(args); err != nil {
		return err
	}
	var known, shortNames []string
	var found []*spec.Resource
	for _, scope := range s.state.Scopes {
		known = append(known, string(scope.Address))
		shortNames = append(shortNames, strings.Join(scope.KeyParts(), "/"))
		names := append(scope.KeyParts(), string(scope.Address), scope.Ident)
		if slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(names, w) }) {
			found = append(found, scope)
		}
	}
	if len(found) == 0 {
		return meaning(fmt.Errorf("no file declares %v; declared are %v", wanted, known), "", wanted[0], shortNames)
	}
	err := inEither(s.out, s.asked, func(w io.Writer) error {
		for i, scope := range found {
			if i > 0 {
				fmt.Fprintln(w, "---")
			}
			data, err := export.Declared(scope)
			if err != nil {
				return err
			}
			_, _ = w.Write(data) // out remembers a failure
		}
		return nil
	}, func() (any, error) { return export.DeclaredResources(found), nil })
	if err != nil {
		return err
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
				_ = report.Graph(s.out, env.catalog(), s.state) // out remembers a failure
				return s.finish(exitOK)
			})
		})
	o.addFiles(c.Flags())
	o.addSelection(c.Flags())
	return c
}
