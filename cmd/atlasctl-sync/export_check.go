package main

import (
	"errors"
	"slices"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// check tells which live objects no file governs: what export would have to
// write for the files to declare all that there is.
func (s *session) check(args []string, force bool) error {
	if force {
		return errors.New("--check writes nothing: leave --force out")
	}
	if len(args) == 0 && len(s.files) == 0 && s.options.out != "" {
		args = []string{s.options.out}
	}
	s.watch = spec.WatchAll
	if err := s.load(args); err != nil {
		return err
	}
	var err error
	if s.opts, err = s.planning(); err != nil {
		return err
	}
	if err := s.read(); err != nil {
		return err
	}
	found := slices.DeleteFunc(drift.Classify(s.plan), func(f planner.Finding) bool { return f.Class != planner.Unmanaged })
	s.text().Unmanaged(found)
	s.text().Governed(s.plan.Summary, s.watch)
	if len(found) > 0 {
		return s.finish(exitDifference)
	}
	return s.finish(exitOK)
}
