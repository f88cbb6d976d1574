package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/schema"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A tree is the directory that export writes to, with what the files in it, and
// those of -f, declare already.
type tree struct {
	state *spec.State
	taken map[string]bool // paths below the directory, in lower case
	files map[string]spec.File
	order []string
}

// tree reads what is declared already. Files that are not valid end the run:
// what they declare is not known, so nothing can be kept from contradicting it.
func (s *session) tree() (*tree, error) {
	t := &tree{taken: map[string]bool{}, files: map[string]spec.File{}}
	paths := slices.Clone(s.files)
	declared := false
	err := filepath.WalkDir(s.options.out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != s.options.out && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir // neither read nor written to
		}
		name, err := filepath.Rel(s.options.out, path)
		if err == nil && !entry.IsDir() {
			t.taken[strings.ToLower(filepath.ToSlash(name))] = true
			declared = declared || spec.IsDeclared(name)
		}
		return err
	})
	if s.options.out != "" && err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if declared {
		paths = append(paths, s.options.out)
	}
	if len(paths) == 0 {
		return t, nil
	}
	t.state, s.diags = spec.Load(s.env.catalog(), paths, s.env.Stdin)
	s.env.Catalog = t.state.Catalog // with the kinds that the files bring
	if s.diags.HasErrors() {
		return nil, s.finish(exitFile)
	}
	s.diags = nil // what is merely odd with them is validate's to tell
	for _, f := range t.state.Sources.Files() {
		t.put(f)
	}
	return t, nil
}

func (t *tree) put(f spec.File) {
	if _, there := t.files[f.Name]; !there {
		t.order = append(t.order, f.Name)
	}
	t.files[f.Name] = f
}

// all lists the files that the tree holds, without those named.
func (t *tree) all(without map[string]bool) []spec.File {
	var out []spec.File
	for _, name := range t.order {
		if !without[name] {
			out = append(out, t.files[name])
		}
	}
	return out
}

// A writing is a file that export writes: a new one, or one in place of another.
type writing struct {
	doc  *export.Document
	file spec.File
	lost []export.Loss
}

// writeTree writes what no file declares, and with --force what a file of its
// own declares. All of it is looked at before the first file is written.
func (s *session) writeTree(t *tree, docs []*export.Document, opts exportOptions) error {
	var todo []writing
	organizations := map[string]bool{}
	for _, d := range docs {
		organizations[d.Organization] = true
	}
	asIs := 0
	for _, d := range docs {
		if d.Declared == nil {
			name := fileName(d, len(organizations) > 1, t.taken)
			todo = append(todo, writing{doc: d, file: s.fileOf(d, filepath.Join(s.options.out, filepath.FromSlash(name)))})
			continue
		}
		old, why := s.replaceable(t, d)
		w := writing{doc: d, file: s.fileOf(d, old.Name)}
		switch {
		case why == "" && old.Text == w.file.Text:
			asIs++
			continue
		case why != "" && opts.force:
			return fmt.Errorf("--force cannot replace what declares %s: %s; nothing was written", d.Declared.Address, why)
		case why != "":
			s.told("Left alone: %s, declared at %s.", d.Declared.Address, declaredAt(d.Declared))
			continue
		}
		w.lost = export.Lost(s.env.catalog(), old, w.file)
		switch gained := export.Lost(s.env.catalog(), w.file, old); {
		case opts.force:
			todo = append(todo, w)
		case len(w.lost) == 0 && len(gained) == 0:
			asIs++ // only laid out in another way
		case len(w.lost) == 0:
			s.told("Left alone: %s, declared at %s. --force would replace that file, and lose nothing.", d.Declared.Address, declaredAt(d.Declared))
		default:
			s.told("Left alone: %s, declared at %s. --force would replace that file, and lose:", d.Declared.Address, declaredAt(d.Declared))
			s.tellLost(w.lost)
		}
	}
	refused := s.contradictions(t, &todo)
	if err := s.writeAll(t, todo); err != nil {
		return err
	}
	s.tellWritten(todo, asIs)
	if refused {
		return s.finish(exitError)
	}
	return s.finish(exitOK)
}

// fileOf returns a document as the file of that path.
func (s *session) fileOf(d *export.Document, path string) spec.File {
	below, err := filepath.Rel(s.options.out, path)
	if err != nil {
		below = filepath.Base(path)
	}
	up := strings.Repeat("../", strings.Count(filepath.ToSlash(below), "/"))
	return spec.File{Name: path, Text: string(withSchema(d, up+schemaName))}
}

// replaceable returns the file that declares a document's scope and nothing
// else; or why there is none.
func (s *session) replaceable(t *tree, d *export.Document) (spec.File, string) {
	at := d.Declared.Documents
	file := t.files[at[0].File]
	below, err := filepath.Rel(s.options.out, file.Name)
	switch {
	case len(at) > 1:
		return file, fmt.Sprintf("%d documents declare it, %s", len(at), declaredAt(d.Declared))
	case export.Documents(file.Text) > 1:
		return file, file.Name + " declares more than that"
	case err != nil || strings.HasPrefix(below, "..") || filepath.IsAbs(below):
		return file, fmt.Sprintf("%s is not in %s", file.Name, s.options.out)
	case len(s.options.kinds) > 0:
		return file, "--kind exports only a part of it"
	}
	return file, ""
}

func declaredAt(r *spec.Resource) string {
	var out []string
	for _, at := range r.Documents {
		out = append(out, at.String())
	}
	return strings.Join(out, " and ")
}

// contradictions takes back what would not be valid together with what is
// declared already, and tells of what the files that are there add to it. It
// tells whether anything was taken back.
func (s *session) contradictions(t *tree, todo *[]writing) bool {
	refused := false
	for {
		replaced := map[string]bool{}
		together := []spec.File{}
		for _, w := range *todo {
			replaced[w.file.Name] = true
			together = append(together, w.file)
		}
		state, diags := spec.LoadFiles(s.env.catalog(), append(t.all(replaced), together...))
		if !diags.HasErrors() {
			for _, w := range *todo {
				s.tellGiven(state, w)
			}
			return refused
		}
		refused = true
		s.diags = append(s.diags, diags...)
		bad := map[string]bool{}
		for _, d := range diags {
			if d.Severity == spec.SeverityError && replaced[d.Source.File] {
				bad[d.Source.File] = true
			}
		}
		before := len(*todo)
		*todo = slices.DeleteFunc(*todo, func(w writing) bool { return len(bad) == 0 || bad[w.file.Name] })
		s.errs = append(s.errs, fmt.Errorf("%s not written: the directory would no longer be valid", report.Count(before-len(*todo), "file")))
	}
}

// tellGiven tells of a baseline that is for a project that was exported.
func (s *session) tellGiven(state *spec.State, w writing) {
	state.Resources(func(r *spec.Resource) {
		scope := r.Root()
		if len(r.Given) == 0 || scope.Documents[0].File != w.file.Name {
			return
		}
		field := slices.Min(slices.Collect(maps.Keys(r.Given)))
		s.told("%s is for %s too and adds to %s: plan shows it.", r.Given[field], scope.Address, r.Address)
	})
}

// writeAll writes the files and, where there are any, the schema.
func (s *session) writeAll(t *tree, todo []writing) error {
	var text bytes.Buffer
	if err := schema.Write(&text, s.env.catalog()); err != nil {
		return err
	}
	all := slices.Clone(todo)
	if len(todo) > 0 {
		all = append(all, writing{file: spec.File{Name: filepath.Join(s.options.out, schemaName), Text: text.String()}})
	}
	for _, w := range all {
		if len(w.lost) > 0 {
			s.told("Replaced: %s, which also said:", w.file.Name)
			s.tellLost(w.lost)
		}
		if err := os.MkdirAll(filepath.Dir(w.file.Name), 0o777); err != nil {
			return err
		}
		if err := files.Write(w.file.Name, []byte(w.file.Text), 0o644); err != nil {
			return err
		}
		if w.doc != nil {
			fmt.Fprintln(s.out, w.file.Name)
		}
	}
	return nil
}

// told prints what somebody who runs this again wants to know.
func (s *session) told(format string, args ...any) {
	if !s.quiet {
		s.logf("%s", report.Clean(fmt.Sprintf(format, args...)))
	}
}

func (s *session) tellLost(lost []export.Loss) {
	for _, l := range lost {
		s.told("  %s:%d: %s", l.At.File, l.At.Line, l.What)
	}
}

func (s *session) tellWritten(todo []writing, asIs int) {
	sandbox := ""
	if s.sandboxDir != "" {
		sandbox = "--sandbox=" + s.sandboxDir + " "
	}
	resources, left := 0, 0
	for _, w := range todo {
		resources, left = resources+w.doc.Resources, left+w.doc.Left
	}
	if asIs > 0 {
		s.told("As they are: %s that would say the same.", report.Count(asIs, "file"))
	}
	if len(todo) == 0 {
		s.told("Nothing was exported. What no file governs: atlasctl-sync export --check %s%s", sandbox, s.options.out)
		return
	}
	s.told("Exported %s in %s. Check with: atlasctl-sync plan %s%s", report.Count(resources, "resource"), report.Count(len(todo), "file"), sandbox, s.options.out)
	if left > 0 {
		s.told("Left out: %s; the head of each file says which and why.", report.Count(left, "live object"))
	}
}
