package main

import (
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// look reads Atlas. Where only a part of the files is selected, it goes on
// until all that the selection needs has been read too: each list once.
func (s *session) look() (*planner.Live, spec.Diagnostics, error) {
	if !s.state.Partial() || s.command == "drift" { // drift changes nothing, so it needs nothing
		return s.reader.Read(s.ctx, s.state)
	}
	reader := *s.reader
	reader.Doer = live.Once(s.reader.Doer)
	for {
		picture, found, err := reader.Read(s.ctx, s.state)
		if err != nil || found.HasErrors() {
			return picture, found, err
		}
		again, lacking := planner.TakeAlong(kinds.Catalog(), s.state, picture, s.opts)
		if !again {
			return picture, append(found, lacking...), nil
		}
	}
}
