package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/deliver"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

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
	s.state.EndAt(s.opts.Now)
	s.reading()
	found, err := s.look()
	s.env.screen.clear()
	if cause := context.Cause(s.ctx); cause != nil {
		return cause
	}
	if err != nil {
		s.errs = append(s.errs, err)
	}
	s.state.Sources.Annotate(found)
	s.plan.Diagnostics = append(append(s.diags, found...), s.plan.Diagnostics...)
	s.diags = s.plan.Diagnostics
	s.diags.Sort()
	s.strictly()
	return nil
}

// compareOnce connects and compares, for commands that look at the same again, with
// other files: each list is read once, however often it is asked for.
func (s *session) compareOnce() error {
	var err error
	if s.opts, err = s.planning(); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	s.reader.Doer = live.Once(s.reader.Doer)
	return s.compare()
}

// look reads Atlas and plans, and does both again while the plan lacks something:
// what a selection needs besides what it names, and what the plan cannot be judged
// without, as where deletions reach and who else is an owner. Each list is read once.
func (s *session) look() (spec.Diagnostics, error) {
	s.opts.Access = s.command == "plan" || s.command == "apply" // the others show no steps
	reader := *s.reader
	reader.Doer = live.Once(s.reader.Doer)
	var wants []planner.Want
	for {
		picture, found, err := reader.Read(s.ctx, s.state)
		if err == nil && len(wants) > 0 {
			if err = reader.More(s.ctx, picture, wants); err != nil {
				err = fmt.Errorf("what the plan takes away cannot be told: %w", err)
			}
		}
		if err == nil && !found.HasErrors() && s.state.Partial() && s.command != "drift" { // drift changes nothing, so it needs nothing
			again, lacking := planner.TakeAlong(s.env.catalog(), s.state, picture, s.opts)
			if again {
				continue
			}
			found = append(found, lacking...)
		}
		s.live = picture
		s.plan = planner.Make(s.env.catalog(), s.state, s.live, s.opts)
		if err != nil || len(s.plan.Wants) == 0 || s.command != "plan" && s.command != "apply" { // the others lead to no write
			return found, err
		}
		wants = append(wants, s.plan.Wants...)
	}
}
