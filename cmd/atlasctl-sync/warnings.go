package main

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/report"
)

// strictly takes warnings for errors where --strict says so.
func (s *session) strictly() {
	if s.strict {
		s.diags.Strictly()
	}
}

// showPlan prints the plan for people, and before it what the warnings are
// about: who is asked has to have seen them.
func (s *session) showPlan(t report.Text) {
	if !s.warned {
		s.warned = true
		report.Text{W: s.env.Stderr}.Diagnostics(slices.Concat(s.diags.Warnings(), s.sunsets()))
	}
	t.Plan(s.plan)
}
