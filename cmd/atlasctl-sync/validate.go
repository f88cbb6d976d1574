package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/schema"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newValidate(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1}
	c := o.command("validate [PATH...]", "Check files without calling Atlas",
		`validate checks the files offline and reports everything that is wrong with
them at once, each with its place; then the rules of declared policies (kind: Policy).
-v lists the rules, and what each of them met.

Exit codes: 0 valid, 5 a rule of a policy is broken, 6 not valid.`, o.validate)
	o.addFiles(c.Flags())
	o.addStrict(c.Flags())
	o.addOutput(c.Flags())
	return c
}

func (o *options) validate(cmd *cobra.Command, args []string) error {
	return o.session(cmd.Context(), "validate", func(s *session) error {
		if err := s.load(args); err != nil {
			return err
		}
		if err := s.compileRules(); err != nil {
			return err
		}
		if err := s.judge(); err != nil {
			return err
		}
		if s.people() && s.verbose > 0 {
			s.text().Rules(s.rules)
		}
		if s.plan != nil && len(s.plan.Violations) > 0 {
			if s.people() {
				s.text().Refused(s.plan)
			}
			return s.finish(exitRefused)
		}
		if s.people() {
			n, projects := 0, 0
			s.state.Resources(func(r *spec.Resource) {
				n++
				if r.Kind.Document && r.Kind.Parent != "" {
					projects++
				}
			})
			fmt.Fprintf(s.out, "Valid: %s in %s and %s.\n", report.Count(n, "resource"),
				report.Count(len(s.state.Scopes)-projects, "organization"), report.Count(projects, "project"))
		}
		return s.finish(exitOK)
	})
}

func newKinds(env *Environment) *cobra.Command {
	var output string
	c := &cobra.Command{Use: "kinds", Short: "List the kinds that this version knows, by where they stand and by name", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return inEither(env.Stdout, output, func(w io.Writer) error { return report.Kinds(w, env.catalog()) },
				func() (any, error) { return report.KindList(env.catalog()), nil })
		}}
	addTextOrJSON(c, &output)
	return c
}

func newSchema(env *Environment) *cobra.Command {
	return &cobra.Command{Use: "schema", Short: "Print the JSON Schema of the file format", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return schema.Write(env.Stdout, env.catalog()) }}
}
