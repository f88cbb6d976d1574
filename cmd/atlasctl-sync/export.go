package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// schemaName is the schema's file beside exported files.
const schemaName = "atlasctl-sync.schema.json"

// exportOptions are the flags of export alone.
type exportOptions struct {
	skipDefaults, ids, force bool

	only map[string]bool // ids of what a person chose; nil: what the flags say
}

func newExport(env *Environment) *cobra.Command {
	o := &options{env: env, output: "text"}
	var opts exportOptions
	var check bool
	c := o.command("export [--check PATH...]", "Write files for what is in Atlas",
		`export reads Atlas and writes one file for each organization and one for each
project, so that plan has nothing to do. It sends nothing but GET requests.

What files declare already, in the directory of --out or at -f, is left alone:
only organizations and projects that no file declares are written, and it says
so. --force replaces a file that declares one of them and nothing else. Both
say what such a file holds that a new one would not: comments, rules for
secrets, headers, what is not in Atlas.

Without --out the documents go to standard output. What has to be decided by a
person is said in comments: secrets that Atlas does not return, and live
objects that no file can declare.

--check writes nothing: it reads the files at PATH too, and lists the live
objects that no file governs, as drift --unmanaged=all does.

Exit codes: 0 written, or nothing left to govern; 1 error; 2 with --check if
there is something; 6 a declared file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			if check {
				return o.session(cmd.Context(), "export", func(s *session) error { return s.check(args, opts.force) })
			}
			if len(args) > 0 {
				return fmt.Errorf("export takes no paths without --check; --out %s says where to write to", args[0])
			}
			return o.session(cmd.Context(), "export", func(s *session) error { return s.export(opts) })
		})
	c.Aliases = []string{"dump"}
	f := c.Flags()
	f.StringVar(&o.out, "out", "", "directory to write to: organization.yaml, projects/NAME.yaml and the schema")
	f.BoolVar(&check, "check", false, "write nothing; exit 2 if there are live objects that no file governs")
	o.addFiles(f)
	f.BoolVar(&opts.force, "force", false, "replace files that declare what is exported, and nothing else")
	f.BoolVar(&opts.ids, "ids", false, "declare Atlas's ids, so that a changed name renames")
	f.BoolVar(&opts.skipDefaults, "skip-defaults", false, "leave out what Atlas has without being told")
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization, by name or id, and its projects, of those with --project the ones that it names; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project, by name or id; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress on standard error")
	f.CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addConnection(f)
	o.complete(c)
	return c
}

func (s *session) export(opts exportOptions) error {
	if err := s.knownKinds(); err != nil {
		return err
	}
	t, err := s.tree()
	if err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	e := &export.Exporter{Reader: s.reader, Filter: s.filter(), Only: opts.only, SkipDefaults: opts.skipDefaults, IDs: opts.ids, Declared: t.state}
	s.reading()
	docs, err := e.Export(s.ctx)
	s.env.screen.clear()
	switch {
	case err != nil:
		return err
	case len(docs) == 0:
		return errors.New("there is nothing to export: the credentials see no organization or project that was asked for")
	}
	if len(s.orgs) > 0 && len(s.projects) > 0 {
		s.told("Left out: the organization itself. Beside --project, --org says where the projects are.")
	}
	if s.options.out != "" {
		return s.writeTree(t, docs, opts)
	}
	left := len(docs)
	docs = slices.DeleteFunc(docs, func(d *export.Document) bool { return d.Declared != nil })
	for i, d := range docs {
		if i > 0 {
			fmt.Fprintln(s.out, "---")
		}
		_, _ = s.out.Write(withSchema(d, schemaName)) // out remembers a failure
	}
	if left -= len(docs); left > 0 {
		s.logf("Left out: %d that files declare already.", left)
	}
	return s.finish(exitOK)
}

// withSchema puts the line on top by which editors find the schema.
func withSchema(d *export.Document, path string) []byte {
	return append([]byte("# yaml-language-server: $schema="+path+"\n"), d.Text...)
}

func (env *Environment) isKind(name string) bool {
	return slices.ContainsFunc(env.catalog().Kinds(), spec.Filter{Kinds: []string{name}}.Names)
}

// knownKinds refuses a --kind that there is not.
func (s *session) knownKinds() error {
	for _, name := range s.options.kinds {
		if !s.env.isKind(name) {
			known, _ := s.env.completeKinds(nil, nil, "")
			err := fmt.Errorf("--kind %s: there is no such kind or section; kinds lists them", name)
			if s.env.catalog().NotYet(name) {
				err = fmt.Errorf("--kind %s: Atlas has it, and this version has no such kind yet; kinds lists them", name)
			}
			return meaning(err, "", name, known)
		}
	}
	return nil
}
