package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// addDefinitions adds the flags of all commands that say which kinds there are
// besides those of this version.
func addDefinitions(root *cobra.Command, env *Environment) {
	f := root.PersistentFlags()
	dirs := f.StringArray("kinds", nil, "file or directory with kinds of your own (kind: KindDefinition); repeatable")
	facts := f.String("api", "", "facts of a newer description of the API, as api extract writes them")
	root.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
		if err := refuseEmpty(cmd, args); err != nil {
			return err
		}
		return env.define(*dirs, *facts)
	}
}

// api returns the facts of the description of the API that this run goes by.
func (env *Environment) api() *api.Facts {
	if env.facts == nil {
		env.facts = api.Load()
	}
	return env.facts
}

// define takes the facts of a newer description, and kinds from files.
func (env *Environment) define(paths []string, facts string) error {
	if facts != "" {
		text, err := os.ReadFile(facts)
		if err != nil {
			return fmt.Errorf("--api: %w", err)
		}
		newer, err := api.Newer(string(text))
		if err != nil {
			return fmt.Errorf("--api %s: %w (api extract OPENAPI writes such a file)", facts, err)
		}
		env.facts, env.Catalog = newer, kinds.Of(newer)
	}
	if len(paths) == 0 {
		return nil
	}
	state, diags := spec.Load(env.catalog(), paths, nil)
	for _, scope := range state.Scopes {
		diags.Errorf(scope.Source(), "give it with -f", "--kinds takes documents of kind %s alone", spec.DefinitionKind)
	}
	for _, rule := range state.Rules {
		diags.Errorf(rule.Source, "give it with -f", "--kinds takes documents of kind %s alone", spec.DefinitionKind)
	}
	if diags.HasErrors() {
		state.Sources.Annotate(diags)
		report.Text{W: env.Stderr}.Diagnostics(diags)
		return exit{exitFile}
	}
	env.Catalog, env.definitions = state.Catalog, state.Sources.Files()
	return nil
}
