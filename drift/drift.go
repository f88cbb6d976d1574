// Package drift classifies how live differs from what the files declare. It
// knows no kind.
package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// Classify returns the findings of a comparison: one for each field that
// differs, each resource that is missing or present against the files, and
// what the plan found beside its steps.
func Classify(plan *planner.Plan) []planner.Finding {
	out := slices.Clone(plan.Findings)
	for _, s := range plan.Steps {
		out = append(out, ofStep(s)...)
	}
	sortFindings(out)
	return out
}

func sortFindings(all []planner.Finding) {
	slices.SortStableFunc(all, func(a, b planner.Finding) int {
		return cmp.Or(strings.Compare(string(a.Address), string(b.Address)), strings.Compare(a.Path, b.Path))
	})
}

func ofStep(s *planner.Step) []planner.Finding {
	f := planner.Finding{Address: s.Address, Kind: s.Kind, Source: s.Source, Resource: s.Resource, Object: s.Object()}
	switch {
	case s.Action == planner.Create:
		f.Class, f.Message = planner.Missing, "declared, and not in Atlas"
	case s.Action == planner.Delete && s.Pruned:
		f.Class, f.Prunable, f.Message = planner.Unmanaged, true, "in Atlas, and missing from a pruned section"
	case s.Action == planner.Delete:
		f.Class, f.Message = planner.Present, "declared absent, and in Atlas"
		if s.Resource != nil && s.Resource.Ended {
			f.Message = planner.Over(s.Resource) + ", and it is in Atlas"
		}
	default:
		return ofChanges(s, f)
	}
	return []planner.Finding{f}
}

func ofChanges(s *planner.Step, f planner.Finding) []planner.Finding {
	var out []planner.Finding
	for _, c := range s.Changes {
		f.Class, f.Path, f.Declared, f.Live, f.Message = planner.Changed, c.Path, c.After, c.Before, ""
		if f.Source = s.Source; c.Source != nil {
			f.Source = c.Source
		}
		switch {
		case c.Unknown && s.Provisional:
			f.Class, f.Live, f.Message = planner.Missing, nil, "its parent is not in Atlas"
		case c.Reason != "":
			// Nobody changed it: the file's own rule asks for it now.
			f.Class, f.Message = planner.Due, c.Reason
		}
		out = append(out, f)
	}
	return out
}

// Failing tells whether a finding makes a drift report fail: what differs
// from the files, or what --fail-on names, unless somebody accepted it.
func Failing(f planner.Finding, also []planner.Class) bool {
	if f.Accepted != nil {
		return false
	}
	switch f.Class {
	case planner.Changed, planner.Missing, planner.Present:
		return true
	case planner.Unmanaged:
		if f.Prunable {
			return true
		}
	}
	return slices.Contains(also, f.Class)
}

// Removes tells whether the next apply would take away what a finding is of.
func Removes(f planner.Finding) bool {
	return f.Accepted == nil && (f.Class == planner.Present || f.Class == planner.Unmanaged && f.Prunable)
}

// ParseClasses reads what --fail-on takes.
func ParseClasses(names []string) ([]planner.Class, error) {
	known := []planner.Class{planner.Unmanaged, planner.Unverifiable, planner.Due, planner.Outside}
	var out []planner.Class
	for _, n := range names {
		if !slices.Contains(known, planner.Class(n)) {
			return nil, fmt.Errorf("--fail-on takes unmanaged, unverifiable, pending or waiting, not %q", n)
		}
		out = append(out, planner.Class(n))
	}
	return out, nil
}
