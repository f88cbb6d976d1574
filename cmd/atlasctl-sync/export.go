package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// schemaName is the schema's file beside exported files.
const schemaName = "atlasctl-sync.schema.json"

func newExport(env *Environment) *cobra.Command {
	o := &options{env: env, output: "text"}
	var skipDefaults, force, check bool
	c := o.command("export [--check PATH...]", "Write files for what is in Atlas",
		`export reads Atlas and writes one file for each organization and one for each
project, so that plan has nothing to do. It sends nothing but GET requests.

Without --out the documents go to standard output. What has to be decided by a
person is said in comments: secrets that Atlas does not return, and live
objects that no file can declare.

--check writes nothing: it reads the files at PATH too, and lists the live
objects that no file governs, as drift --unmanaged=all does.

Exit codes: 0 written, or nothing left to govern; 1 error; 2 with --check if
there is something; 6 a declared file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			if check {
				return o.session(cmd.Context(), "export", func(s *session) error { return s.check(args, force) })
			}
			if len(args) > 0 {
				return fmt.Errorf("export takes no paths without --check; --out %s says where to write to", args[0])
			}
			return o.session(cmd.Context(), "export", func(s *session) error { return s.export(skipDefaults, force) })
		})
	c.Aliases = []string{"dump"}
	f := c.Flags()
	f.StringVar(&o.out, "out", "", "directory to write to: organization.yaml, projects/NAME.yaml and the schema")
	f.BoolVar(&check, "check", false, "write nothing; exit 2 if there are live objects that no file governs")
	o.addFiles(f)
	f.BoolVar(&force, "force", false, "replace files that are there already")
	f.BoolVar(&skipDefaults, "skip-defaults", false, "leave out what Atlas has without being told")
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization, by name or id, and its projects; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project, by name or id; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress on standard error")
	f.CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addConnection(f)
	o.complete(c)
	return c
}

func (s *session) export(skipDefaults, force bool) error {
	for _, name := range s.options.kinds {
		if !isKind(name) {
			return fmt.Errorf("--kind %s: there is no such kind or section; kinds lists them", name)
		}
	}
	if err := s.connect(); err != nil {
		return err
	}
	e := &export.Exporter{Reader: s.reader, Filter: s.filter(), SkipDefaults: skipDefaults}
	s.reading()
	docs, err := e.Export(s.ctx)
	s.env.screen.clear()
	switch {
	case err != nil:
		return err
	case len(docs) == 0:
		return errors.New("there is nothing to export: the credentials see no organization or project that was asked for")
	}
	if s.options.out == "" {
		for i, d := range docs {
			if i > 0 {
				fmt.Fprintln(s.out, "---")
			}
			_, _ = s.out.Write(withSchema(d, schemaName))
		}
		return s.finish(exitOK)
	}
	return s.writeFiles(docs, force)
}

// withSchema puts the line on top by which editors find the schema.
func withSchema(d *export.Document, path string) []byte {
	return append([]byte("# yaml-language-server: $schema="+path+"\n"), d.Text...)
}

// writeFiles writes the documents and the schema. All of them are looked at
// before the first is written: nothing is replaced unless that is said.
func (s *session) writeFiles(docs []*export.Document, force bool) error {
	dir := s.options.out
	contents := map[string][]byte{}
	var order []string
	add := func(name string, data []byte) {
		contents[name] = data
		order = append(order, name)
	}
	organizations := map[string]bool{}
	for _, d := range docs {
		organizations[d.Organization] = true
	}
	resources, left := 0, 0
	for _, d := range docs {
		name := fileName(d, len(organizations) > 1, contents)
		add(name, withSchema(d, strings.Repeat("../", strings.Count(name, "/"))+schemaName))
		resources, left = resources+d.Resources, left+d.Left
	}
	var schema bytes.Buffer
	if err := report.WriteSchema(&schema, kinds.Catalog()); err != nil {
		return err
	}
	add(schemaName, schema.Bytes())
	for _, name := range order {
		old, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err == nil && !force && name != schemaName && !bytes.Equal(old, contents[name]) {
			return fmt.Errorf("%s is there already and differs: say --force to replace it", filepath.Join(dir, name))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, name := range order {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := files.Write(path, contents[name], 0o644); err != nil {
			return err
		}
		if name != schemaName {
			fmt.Fprintln(s.out, path)
		}
	}
	if !s.quiet {
		sandbox := ""
		if s.sandboxDir != "" {
			sandbox = "--sandbox=" + s.sandboxDir + " "
		}
		s.logf("Exported %s in %s. Check with: atlasctl-sync plan %s%s", report.Count(resources, "resource"), report.Count(len(docs), "file"), sandbox, dir)
		if left > 0 {
			s.logf("Left out: %s; the head of each file says which and why.", report.Count(left, "live object"))
		}
	}
	return s.finish(exitOK)
}

var notInFileNames = regexp.MustCompile(`[^\p{L}\p{N}._-]+`)

// fileName returns a path that no other document has, on systems too that
// take no notice of case.
func fileName(d *export.Document, several bool, taken map[string][]byte) string {
	clean := func(name string) string { return strings.Trim(notInFileNames.ReplaceAllString(name, "_"), ".") }
	name := "organization"
	if d.Kind.Parent != "" {
		name = "projects/" + clean(d.Name)
	}
	if several {
		name = clean(d.Organization) + "/" + name
	}
	for n := 1; ; n++ {
		path := name + ".yaml"
		if n > 1 {
			path = fmt.Sprintf("%s-%d.yaml", name, n)
		}
		free := true
		for other := range taken {
			free = free && !strings.EqualFold(other, path)
		}
		if free {
			return path
		}
	}
}

func isKind(name string) bool {
	return slices.ContainsFunc(kinds.Catalog().Kinds(), spec.Filter{Kinds: []string{name}}.Names)
}
