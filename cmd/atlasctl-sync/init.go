package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/examples/ci"
	"github.com/atlasctl/atlasctl-sync/internal/files"
)

// ignored is what a repository of declared files must not hold.
var ignored = []string{"# Saved plans hold live values; delivered secrets are nobody's to review.", "plan.json", "*.plan", "secrets/", ".env", ".atlas-sandbox/"}

const noRecipe = "none"

func newInit(env *Environment) *cobra.Command {
	o := &options{env: env, output: "text"}
	recipe := ""
	c := o.command("init", "Begin: files for what is in Atlas, a .gitignore, a CI recipe",
		`init reads Atlas and writes what a repository of declared files begins with: a
file for each organization and project that you choose, without what Atlas has
by itself and with secrets as references; the schema for editors; a .gitignore; the
recipe by which CI plans, applies and looks for drift. Then it plans: the files say
what is there, so that nothing is to be done. It sends nothing but GET requests, and
leaves alone what is there already.

On a terminal it asks what no flag says. Elsewhere it takes all that the credentials
see, and no recipe.

Exit codes: 0 done, 1 error, 2 the plan is not empty, 6 a declared file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("init takes no paths; --out %s says where the files go", args[0])
			}
			return o.session(cmd.Context(), "init", func(s *session) error { return s.begin(recipe) })
		})
	f := c.Flags()
	f.StringVar(&o.out, "out", "atlas", "directory for the files")
	f.StringVar(&recipe, "ci", "", "recipe to write: "+strings.Join(recipes(), ", ")+", or "+noRecipe)
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization, by name or id, and its projects, of those with --project the ones that it names; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project, by name or id; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress on standard error")
	f.CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addConnection(f)
	o.complete(c)
	_ = c.RegisterFlagCompletionFunc("ci", cobra.FixedCompletions(append(recipes(), noRecipe), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// recipes are the names of those that there are.
func recipes() []string {
	entries, _ := ci.Recipes.ReadDir(".") // it is embedded
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func (s *session) begin(recipe string) error {
	if recipe != "" && recipe != noRecipe && !slices.Contains(recipes(), recipe) {
		return fmt.Errorf("--ci takes %s or %s, not %q", strings.Join(recipes(), ", "), noRecipe, recipe)
	}
	if err := s.connect(); err != nil {
		return err
	}
	opts := exportOptions{skipDefaults: true}
	if isTerminal(s.env.Stdin) {
		ask := &asking{s: s, in: bufio.NewReader(s.env.Stdin)}
		if len(s.orgs)+len(s.projects) == 0 {
			var err error
			if opts.only, err = ask.scopes(); err != nil {
				return err
			}
		}
		if recipe == "" {
			var err error
			if recipe, err = ask.recipe(); err != nil {
				return err
			}
		}
	}
	if err := s.export(opts); err != nil {
		return err
	}
	if err := s.writeIgnored(); err != nil {
		return err
	}
	if recipe != "" && recipe != noRecipe {
		if err := s.writeRecipe(recipe); err != nil {
			return err
		}
	}
	return s.planBegun()
}

// planBegun plans what was written: nothing is to be done.
func (s *session) planBegun() error {
	s.files, s.orgs, s.projects, s.options.kinds = []string{s.options.out}, nil, nil, nil
	if err := s.prepare(nil); err != nil {
		return err
	}
	s.showPlan(s.text())
	if len(s.plan.Steps) > 0 {
		s.errs = append(s.errs, errors.New("the files do not say what is there: look at the plan before you keep them"))
		return s.finish(exitDifference)
	}
	s.told("Next: look through the files, set what they take from the environment, and commit them.\nFrom then on: change a file, look at atlasctl-sync plan -f %[1]s, then atlasctl-sync apply -f %[1]s.", s.options.out)
	return s.finish(exitOK)
}

// writeIgnored adds to .gitignore what must not be committed.
func (s *session) writeIgnored() error {
	const name = ".gitignore"
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	have := strings.Split(string(text), "\n")
	var add []string
	for _, line := range ignored {
		if !slices.Contains(have, line) {
			add = append(add, line)
		}
	}
	if len(add) == 0 || len(add) == 1 && strings.HasPrefix(add[0], "#") {
		return nil
	}
	if len(text) > 0 && !strings.HasSuffix(string(text), "\n") {
		text = append(text, '\n')
	}
	fmt.Fprintln(s.out, name)
	return files.Write(name, append(text, []byte(strings.Join(add, "\n")+"\n")...), 0o644)
}

// writeRecipe writes a recipe's files that are not there.
func (s *session) writeRecipe(recipe string) error {
	return fs.WalkDir(ci.Recipes, recipe, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := filepath.FromSlash(strings.TrimPrefix(path, recipe+"/"))
		if _, err := os.Lstat(name); err == nil {
			s.told("Left alone: %s is there already.", name)
			return nil
		}
		text, err := ci.Recipes.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		fmt.Fprintln(s.out, name)
		return files.Write(name, []byte(inDirectory(string(text), s.options.out)), 0o644)
	})
}

// inDirectory has a recipe read another directory than atlas.
func inDirectory(text, dir string) string {
	dir = filepath.ToSlash(dir)
	return strings.NewReplacer("-f atlas ", "-f "+dir+" ", "-f atlas\n", "-f "+dir+"\n", `"atlas/**"`, `"`+dir+`/**"`, "[atlas/**/*]", "["+dir+"/**/*]").Replace(text)
}
