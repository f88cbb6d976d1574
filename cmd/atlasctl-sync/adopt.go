package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/internal/adopt"
	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newAdopt(env *Environment) *cobra.Command {
	o := &options{env: env, output: "text"}
	c := o.command("adopt [ADDRESS|PATH...]", "Write what is in Atlas into the files that say otherwise",
		`adopt is the other way to end drift: it changes the files, and never Atlas. What
differs is written into the very line that declares it; comments, order, quotes and
anchors stay as they are. What is not in Atlas any more is taken out, what no file
declares is added to its section, and what is sensitive becomes a reference. Then the
files are compared again, so that a plan of them is empty.

With addresses only these are adopted, and what is below them; else all that drift
would report, as far as --org, --project, --kind, --exclude, --base and --accept say.
A value that a baseline gives, one that an alias shares, and a reference to something
secret are left, and it is told why.

--diff prints a patch and writes nothing. --branch NAME commits the files to a new
branch of git, and leaves the working tree as it is.

Exit codes: 0 adopted, or nothing to adopt; 1 error; 2 something is left; 6 a declared
file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			watch, err := spec.ParseWatch(o.unmanaged)
			if err != nil {
				return err
			}
			return o.session(cmd.Context(), "adopt", func(s *session) error {
				s.watch = watch
				return s.adopt(args)
			})
		})
	f := c.Flags()
	o.addFiles(f)
	o.addAdopting(f)
	f.StringVar(&o.base, "base", "", "git revision that was applied last: what the files are about to change is not adopted")
	f.StringVar(&o.accept, "accept", "", "file of findings that are accepted: they are not adopted")
	f.StringVar(&o.unmanaged, "unmanaged", string(spec.WatchDeclared), "where to look for what no file declares: declared (sections), scopes, all")
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization and its projects; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	f.StringArrayVar(&o.excludes, "exclude", nil, "not this address and what is below it; repeatable")
	addTextOrJSON(c, &o.asked)
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress on standard error")
	f.CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addConnection(f)
	o.complete(c)
	return c
}

// adopt reads files and Atlas and adopts what was asked for.
func (s *session) adopt(args []string) error {
	var asked []spec.Address
	var paths []string
	for _, arg := range args {
		if _, err := os.Stat(arg); err != nil && isAddress(arg) && !strings.HasPrefix(arg, ".") {
			asked = append(asked, spec.Address(strings.TrimSuffix(arg, "/")))
		} else {
			paths = append(paths, arg)
		}
	}
	accepted, err := s.loadAccepted()
	if err != nil {
		return err
	}
	if err := s.declare(paths); err != nil {
		return err
	}
	if err := s.narrowTo(asked); err != nil {
		return err
	}
	if err := s.choose(); err != nil {
		return err
	}
	if err := s.compareOnce(); err != nil {
		return err
	}
	if len(s.errs) > 0 {
		return s.finish(exitError)
	}
	findings, err := s.findings(paths)
	if err != nil {
		return err
	}
	drift.Accept(findings, accepted, s.opts.Now)
	done, err := s.adoptFound(findings, asked, accepted)
	if err != nil {
		return err
	}
	s.diags = nil // what differs is told by the result
	if err := s.showAdopted(done); err != nil {
		return err
	}
	if len(done.Left) > 0 {
		return s.finish(exitDifference)
	}
	return s.finish(exitOK)
}

// narrowTo lets only that be read which addresses need: what is declared of them,
// or what they would stand in.
func (s *session) narrowTo(asked []spec.Address) error {
	for _, a := range asked {
		at := s.state.Spelt(a)
		for s.state.Lookup(at) == nil {
			i := strings.LastIndexByte(string(at), '/')
			if i < 0 {
				return fmt.Errorf("no file declares %s, nor what it would stand in", a)
			}
			at = at[:i]
			s.watch = spec.WatchScopes
		}
		s.targets = append(s.targets, string(at))
	}
	return nil
}

// adoptFound writes what findings tell of into the files, in memory and where it was
// asked for.
func (s *session) adoptFound(findings []planner.Finding, asked []spec.Address, accepted []*drift.Acceptance) (*adopt.Result, error) {
	for _, f := range s.state.Sources.Files() {
		if f.Name == "<stdin>" {
			return nil, fmt.Errorf("standard input cannot be written to: name the files with -f")
		}
	}
	type at struct {
		address spec.Address
		path    string
	}
	found := map[at]bool{}
	for _, f := range findings {
		if f.Accepted != nil || f.Base || !slices.Contains([]planner.Class{planner.Changed, planner.Missing, planner.Present, planner.Unmanaged}, f.Class) {
			continue
		}
		found[at{f.Address, f.Path}] = true
	}
	before := adopt.Side{State: s.state, Files: s.state.Sources.Files(),
		Differences: planner.Differences(s.env.catalog(), s.state, s.live, s.opts)}
	for _, a := range asked {
		there := slices.ContainsFunc(before.Differences, func(d planner.Difference) bool { return d.Address.Within(s.state.Spelt(a)) })
		s.state.Resources(func(r *spec.Resource) { there = there || r.Address.Within(s.state.Spelt(a)) })
		if !there {
			return nil, meaning(fmt.Errorf("%s is neither declared nor in Atlas", a), "", string(a), s.everyAddress())
		}
	}
	// What stands in what no file declares comes to light once that is declared.
	inFound := func(d planner.Difference) bool {
		within := slices.ContainsFunc(findings, func(f planner.Finding) bool {
			return f.Class == planner.Unmanaged && f.Accepted == nil && f.Address != d.Address && d.Address.Within(f.Address)
		})
		if d.Class != planner.Unmanaged || !within {
			return false
		}
		one := []planner.Finding{{Class: d.Class, Address: d.Address, Kind: d.Kind.Name}}
		drift.Accept(one, accepted, s.opts.Now)
		return one[0].Accepted == nil
	}
	known := map[string]bool{}
	for _, d := range s.plan.Diagnostics {
		known[d.Message] = true
	}
	a := &adopt.Adopter{
		Catalog: s.env.catalog(),
		Choose: func(d planner.Difference) *planner.Difference {
			if len(asked) > 0 && !slices.ContainsFunc(asked, func(a spec.Address) bool { return d.Address.Within(s.state.Spelt(a)) }) {
				return nil
			}
			if d.Class != planner.Changed || found[at{d.Address, ""}] {
				if found[at{d.Address, ""}] || inFound(d) {
					return &d
				}
				return nil
			}
			all := d.Changes
			d.Changes = nil
			for _, c := range all {
				if found[at{d.Address, c.Path}] {
					d.Changes = append(d.Changes, c)
				}
			}
			if len(d.Changes) == 0 {
				return nil
			}
			return &d
		},
		Compare: func(texts []spec.File) (adopt.Side, spec.Diagnostics, error) {
			state, diags := spec.LoadFiles(s.env.catalog(), texts)
			side := adopt.Side{State: state, Files: texts}
			if diags.HasErrors() {
				return side, diags, nil
			}
			state.Watch(s.env.catalog(), s.watch)
			if err := state.Select(s.env.catalog(), s.filter()); err != nil {
				return side, nil, nil // what was asked for is gone from the files
			}
			picture, diags, err := s.reader.Read(s.ctx, state)
			if err != nil {
				return side, nil, err
			}
			diags = append(diags, planner.Make(s.env.catalog(), state, picture, s.opts).Diagnostics...)
			diags = slices.DeleteFunc(diags, func(d spec.Diagnostic) bool { return known[d.Message] })
			side.Differences = planner.Differences(s.env.catalog(), state, picture, s.opts)
			return side, diags, nil
		},
	}
	done, err := a.Adopt(before)
	if err != nil {
		return nil, err
	}
	return done, s.keepAdopted(done)
}

// keepAdopted writes the files, or commits them.
func (s *session) keepAdopted(done *adopt.Result) error {
	switch {
	case s.adopting.diff || len(done.Files) == 0:
		return nil
	case s.adopting.branch != "":
		return commitTo(s.ctx, s.adopting.branch, "Adopt what is in Atlas\n\n"+adoptedAddresses(done), done.Files)
	}
	for _, f := range done.Files {
		info, err := os.Stat(f.Name)
		if err != nil {
			return err
		}
		if err := files.Write(f.Name, []byte(f.After), info.Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}

func adoptedAddresses(done *adopt.Result) string {
	var b strings.Builder
	for _, e := range done.Adopted {
		fmt.Fprintln(&b, strings.TrimSpace(string(e.Address)+" "+e.Path))
	}
	return b.String()
}

// adoptedDocument is what adopt prints with -o json, and drift has as adopted.
type adoptedDocument struct {
	FormatVersion string        `json:"formatVersion"`
	Adopted       []adopt.Entry `json:"adopted"`
	Left          []adopt.Entry `json:"left"`
	Files         []string      `json:"files"`
	Branch        string        `json:"branch,omitempty"`
	Patch         string        `json:"patch,omitempty"`
}

func (s *session) adoptedDocument(done *adopt.Result) adoptedDocument {
	d := adoptedDocument{FormatVersion: report.FormatVersion, Adopted: done.Adopted, Left: done.Left, Branch: s.adopting.branch, Files: []string{}}
	if d.Adopted == nil {
		d.Adopted = []adopt.Entry{}
	}
	if d.Left == nil {
		d.Left = []adopt.Entry{}
	}
	for _, f := range done.Files {
		d.Files = append(d.Files, f.Name)
	}
	if s.adopting.diff {
		d.Patch = patch(done.Files)
	}
	return d
}

// showAdopted tells what was adopted; of a patch on standard error, so that the patch
// is all of standard output.
func (s *session) showAdopted(done *adopt.Result) error {
	return inEither(s.out, s.asked, func(w io.Writer) error {
		if s.adopting.diff {
			fmt.Fprint(w, patch(done.Files))
			w = s.env.Stderr
		}
		s.tellAdopted(w, done)
		return nil
	}, func() (any, error) { return s.adoptedDocument(done), nil })
}

func (s *session) tellAdopted(w io.Writer, done *adopt.Result) {
	for _, e := range done.Adopted {
		fmt.Fprintf(w, "adopted  %s\n", entryText(e))
	}
	for _, e := range done.Left {
		fmt.Fprintf(w, "left     %s\n         %s\n", entryText(e), report.Clean(e.Why))
	}
	where := report.Count(len(done.Files), "file") + " written"
	switch {
	case s.adopting.diff:
		where = "nothing written: --diff"
	case s.adopting.branch != "" && len(done.Files) > 0:
		where = "committed to branch " + s.adopting.branch
	}
	if len(done.Adopted)+len(done.Left) == 0 {
		fmt.Fprintln(w, "Nothing to adopt. The files say what Atlas has.")
		return
	}
	fmt.Fprintf(w, "Adopted %d, left %d; %s.\n", len(done.Adopted), len(done.Left), where)
}

func entryText(e adopt.Entry) string {
	text := report.Clean(string(e.Address))
	if e.Path != "" {
		text += " " + report.Clean(e.Path)
	}
	text += " (" + string(e.Class) + ")"
	if e.Source != nil {
		text += "  " + report.Clean(e.Source.String())
	}
	return text
}
