package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/go-multierror"
	"golang.org/x/term"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/deliver"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// ahead is how many times more reads and steps are begun than requests may be
// under way: those that wait for a throttled bucket must not keep the others.
const ahead = 4

// A session is one run of a command: what the files declare, the connection
// to Atlas, what was read of it, and the plan that follows.
type session struct {
	*options
	command string
	started time.Time
	ctx     context.Context
	close   []func()

	out    *checkedWriter
	state  *spec.State
	diags  spec.Diagnostics
	where  string // where Atlas is, as a saved plan remembers it
	client *atlas.Client

	credentials atlas.Credentials
	reader      *live.Reader
	live        *planner.Live
	plan        *planner.Plan
	opts        planner.Options
	errs        []error // failed reads
	warned      bool    // the warnings were shown with the plan
	summarized  bool    // the job summary has been written
	fails       func(planner.Finding) bool
	watch       spec.Watch // how far unmanaged objects are looked for
}

// session runs a command's work and turns how it ends into the exit code, in
// the chosen format: whatever goes wrong is part of the document.
func (o *options) session(ctx context.Context, command string, work func(*session) error) error {
	s := &session{options: o, command: command, started: time.Now(), ctx: ctx}
	s.out = &checkedWriter{w: o.env.Stdout}
	defer s.end()
	if o.timeout > 0 {
		var cancel func()
		s.ctx, cancel = context.WithTimeoutCause(ctx, o.timeout, fmt.Errorf("--timeout of %s is over", o.timeout))
		s.close = append(s.close, cancel)
	}
	err := work(s)
	var e exit
	switch {
	case errors.As(err, &e):
		return err
	case ctx.Err() != nil:
		s.errs = append(s.errs, errors.New("interrupted"))
		return s.finish(exitInterrupted)
	case err != nil:
		s.errs = append(s.errs, err)
		return s.finish(exitError)
	}
	return nil
}

func (s *session) end() {
	for _, f := range slices.Backward(s.close) {
		f()
	}
}

// A checkedWriter remembers that a write failed, so that output which did not
// arrive is not taken for success.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	var n int
	n, c.err = c.w.Write(p)
	return n, c.err
}

// load reads the files. What is wrong with them ends the run before any call.
func (s *session) load(args []string) error {
	for _, path := range args {
		if _, err := os.Stat(path); err != nil && s.sandboxDir == defaultSandbox {
			return fmt.Errorf("%s: no such file or directory (to keep the sandbox's state there, say --sandbox=%s)", path, path)
		}
	}
	if err := s.spare(s.paths(args)); err != nil {
		return err
	}
	s.state, s.diags = spec.Load(kinds.Catalog(), s.paths(args), s.env.Stdin)
	s.strictly()
	if s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	if err := s.spareDelivered(); err != nil {
		return err
	}
	if len(s.orgIDs)+len(s.projectIDs) > 0 {
		if err := s.namesOfIDs(); err != nil {
			return err
		}
	}
	s.state.Watch(kinds.Catalog(), s.watch)
	return s.state.Select(kinds.Catalog(), s.filter())
}

// namesOfIDs turns --orgId and --projectId into names, which files declare.
func (s *session) namesOfIDs() error {
	if err := s.connect(); err != nil {
		return err
	}
	for _, k := range kinds.Catalog().Documents() {
		ids, names, flag := s.orgIDs, &s.orgs, "--orgId"
		if k.Parent != "" {
			ids, names, flag = s.projectIDs, &s.projects, "--projectId"
		}
		if len(ids) == 0 {
			continue
		}
		items, err := s.reader.List(s.ctx, k, nil)
		if err != nil {
			return err
		}
		for _, id := range ids {
			i := slices.IndexFunc(items, func(raw any) bool { return spec.TextAt(raw, k.IDAt()) == id })
			if i < 0 {
				return fmt.Errorf("%s %s: the credentials see no such %s", flag, id, strings.ToLower(k.Name))
			}
			*names = append(*names, k.NameOf(items[i]))
		}
	}
	s.orgIDs, s.projectIDs = nil, nil
	return nil
}

// connect opens the way to Atlas, or to an emulator in this process.
func (s *session) connect() error {
	if s.client != nil {
		return nil
	}
	credentials, base, err := s.signIn()
	if err != nil && s.sandboxDir == "" {
		return err
	}
	if base == "" {
		base = atlas.DefaultBaseURL
	}
	s.where = strings.TrimSuffix(base, "/")
	if s.sandboxDir != "" {
		if base, credentials, err = s.emulate(); err != nil {
			return err
		}
		s.where = "sandbox " + s.sandboxDir // its port is another each time
	}
	var trace func(string, ...any)
	if s.verbose > 0 {
		trace = s.logf
	}
	s.credentials = credentials
	s.client, err = atlas.New(atlas.Options{BaseURL: base, Credentials: credentials, Version: version(),
		ReadOnly: s.command != "apply", MaxRPS: s.maxRPS, Parallelism: s.parallelism, FirstWait: s.env.RetryWait, Trace: trace})
	s.reader = &live.Reader{Doer: s.client, Catalog: kinds.Catalog(), Parallelism: s.parallelism * ahead}
	return err
}

func (s *session) emulate() (string, atlas.Credentials, error) {
	server, url, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Dir: s.sandboxDir, Tap: s.env.Tap})
	if err != nil {
		return "", atlas.Credentials{}, err
	}
	s.close = append(s.close, stop)
	c := server.Credentials()
	return url, atlas.Credentials{ClientID: c.ClientID, ClientSecret: c.ClientSecret}, nil
}

// compare reads Atlas and plans. Failed reads are kept in errs.
func (s *session) compare() error {
	beside, err := deliver.Look(s.state)
	switch {
	case err != nil:
		return err
	case len(beside.Busy) > 0 && s.command == "apply":
		return fmt.Errorf("another run is delivering a secret to %s right now: run again when it has ended", strings.Join(beside.Busy, ", "))
	}
	s.opts.Pending, s.opts.Delivered = beside.Pending, beside.Delivered
	s.opts.Self, s.opts.OwnSecret = []string{s.credentials.ClientID}, s.credentials.MayBe
	var found spec.Diagnostics
	s.reading()
	s.live, found, err = s.look()
	s.env.screen.clear()
	if cause := context.Cause(s.ctx); cause != nil {
		return cause
	}
	if err != nil {
		s.errs = append(s.errs, err)
	}
	s.state.Sources.Annotate(found)
	s.diags = append(s.diags, found...)
	if err := s.judge(); err != nil {
		s.errs = append(s.errs, err)
	}
	s.plan.Diagnostics = append(s.diags, s.plan.Diagnostics...)
	s.diags = s.plan.Diagnostics
	s.diags.Sort()
	s.strictly()
	return nil
}

// judge plans, and again once it has been read what the plan cannot be judged
// without: where deletions reach, and who else is an owner.
func (s *session) judge() error {
	for {
		s.plan = planner.Make(kinds.Catalog(), s.state, s.live, s.opts)
		if len(s.plan.Wants) == 0 || len(s.errs) > 0 || s.command != "plan" && s.command != "apply" { // the others lead to no write
			return nil
		}
		if err := s.reader.More(s.ctx, s.live, s.plan.Wants); err != nil {
			return fmt.Errorf("what the plan takes away cannot be told: %w", err)
		}
	}
}

// finish prints what is not printed yet in the chosen format, writes the
// reports and returns the exit code as an error.
func (s *session) finish(code int) error {
	d := s.document()
	if failed := s.writeReports(d); len(failed) > 0 {
		d.Errors = append(d.Errors, failed...)
		s.writeReports(d) // those that can be written are to tell of it
		code = worse(code, exitError)
	}
	if err := s.notify(d, code); err != nil {
		d.Errors = append(d.Errors, err.Error())
		code = worse(code, exitError)
	}
	s.print(d)
	if s.out.err != nil {
		if !errors.Is(s.out.err, syscall.EPIPE) { // a reader that has seen enough needs no explanation
			s.logf("error: cannot write the output: %v", s.out.err)
		}
		code = worse(code, exitError)
	}
	if code == exitOK {
		return nil
	}
	return exit{code}
}

// severity is the order in which exit codes win over one another.
var severity = []int{exitOK, exitDifference, exitError, exitPartial, exitStale, exitRefused, exitFile, exitInterrupted}

func worse(a, b int) int {
	if slices.Index(severity, a) > slices.Index(severity, b) {
		return a
	}
	return b
}

func (s *session) document() *report.Document {
	d := report.NewDocument(s.command, s.plan)
	d.Diagnostics = s.diags
	for _, err := range s.errs {
		d.Errors = append(d.Errors, flatten(err)...)
	}
	d.Time, d.Fails, d.Full, d.Watch = time.Now(), s.fails, s.full, s.watch
	d.Stats.WallMs = time.Since(s.started).Milliseconds()
	if s.client != nil {
		st := s.client.Stats()
		d.Stats.Requests, d.Stats.Retries, d.Stats.Throttled = st.Requests, st.Retries, st.Throttled
	}
	return d
}

// people tells whether standard output is written for people as the run goes;
// GitHub's annotations come after that.
func (s *session) people() bool { return s.output == "text" || s.output == "github" }

// print writes the document in the chosen format to standard output, and its
// diagnostics and errors as text to standard error.
func (s *session) print(d *report.Document) {
	if s.output != "text" {
		if f, err := report.FormatFor(s.command, s.output); err == nil {
			_ = f.Write(s.out, d) // out remembers a failure
		}
	}
	if s.output == "json" {
		return // it is all in there
	}
	told := d.Diagnostics
	if s.warned {
		told = slices.DeleteFunc(slices.Clone(told), func(x spec.Diagnostic) bool { return x.Severity == spec.SeverityWarning })
	}
	report.Text{W: s.env.Stderr}.Diagnostics(told)
	for _, e := range d.Errors {
		s.logf("error: %s", report.Clean(e))
	}
}

// flatten lists the errors that an error joins.
func flatten(err error) []string {
	var multi *multierror.Error
	if errors.As(err, &multi) {
		var out []string
		for _, e := range multi.Errors {
			out = append(out, e.Error())
		}
		return out
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []string{err.Error()}
}

func (s *session) logf(format string, args ...any) {
	fmt.Fprintf(s.env.Stderr, format+"\n", args...)
}

// text prints for people on standard output.
func (s *session) text() report.Text {
	return report.Text{W: s.out, Color: s.colored(s.env.Stdout), Full: s.full, Summary: s.summary, Verbose: s.verbose > 0}
}

func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
