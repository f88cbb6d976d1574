package main

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/policy"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// compileRules compiles the rules of the declared policies, before any call: what
// is wrong with one is wrong with its file.
func (s *session) compileRules() error {
	if s.diags = append(s.diags, s.state.CompilePolicies()...); s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	return nil
}

// judge holds what is declared to the rules of the policies, and the plan, if there is
// one. A broken rule refuses it as other guards do.
func (s *session) judge() error {
	if len(s.state.Rules) == 0 {
		return nil
	}
	result := policy.Check(s.state, s.plan, s.env.now())
	if s.strict {
		result.Diagnostics.Strictly()
	}
	s.rules = result.Counts
	s.diags = append(s.diags, result.Diagnostics...)
	s.diags.Sort()
	if s.plan == nil {
		s.plan = &planner.Plan{}
	}
	s.plan.Diagnostics = s.diags
	if v := result.Violation(); v != nil {
		s.plan.Violations = append(s.plan.Violations, *v)
	}
	if slices.ContainsFunc(result.Diagnostics, func(d spec.Diagnostic) bool { return d.Rule == "" && d.Severity == spec.SeverityError }) {
		return s.finish(exitFile) // --strict, and the policy itself is in doubt
	}
	return nil
}
