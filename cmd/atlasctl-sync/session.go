package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/adopt"
	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/fence"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

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
	fence       *fence.Fence // of a rebuild
	reader      *live.Reader
	live        *planner.Live
	base        *planner.Live // what was read of what the base declares
	plan        *planner.Plan
	opts        planner.Options
	errs        []error // failed reads
	warned      bool    // the warnings were shown with the plan
	summarized  bool    // the job summary has been written
	fails       func(planner.Finding) bool
	adopted     *adopt.Result    // what drift --adopt has done
	watch       spec.Watch       // how far unmanaged objects are looked for
	covered     *report.Coverage // what coverage has counted
	rules       []planner.RuleCount
	merged      *report.Document // of merge
	acceptSum   string           // the SHA-256 of the accepted findings
	shown       []spec.File      // of the saved plan that show shows
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
