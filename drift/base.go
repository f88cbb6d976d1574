package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Side is one version of the files, compared with what is live.
type Side struct {
	Plan  *planner.Plan
	State *spec.State
}

// ClassifyWithBase tells drift from pending change: base is what was applied
// last, such as the main branch; files is what is to come. For each field,
// live that differs from the base is drift, and files that differ from the
// base are pending. What only the base declares is released.
func ClassifyWithBase(files, base Side) []planner.Finding {
	inBase := map[key]planner.Finding{}
	for _, f := range Classify(base.Plan) {
		inBase[keyOf(f)] = f
	}
	var out []planner.Finding
	for _, f := range Classify(files.Plan) {
		b, differs := inBase[keyOf(f)]
		if !differs {
			b, differs = inBase[key{f.Address, "", f.Class}]
		}
		switch {
		case !concernsApply(f):
			out = append(out, f)
		case !differs:
			out = append(out, pending(f))
		case f.Class == planner.Changed && !same(f.Declared, b.Declared):
			b.Base = true
			out = append(out, b, pending(f))
		default:
			out = append(out, f)
		}
	}
	out = append(out, released(files.State, base.State)...)
	sortFindings(out)
	return out
}

type key struct {
	address spec.Address
	path    string
	class   planner.Class
}

func keyOf(f planner.Finding) key { return key{f.Address, f.Path, f.Class} }

// concernsApply tells the findings that an apply would end.
func concernsApply(f planner.Finding) bool {
	switch f.Class {
	case planner.Changed, planner.Missing, planner.Present:
		return true
	}
	return f.Class == planner.Unmanaged && f.Prunable
}

func pending(f planner.Finding) planner.Finding {
	what := map[planner.Class]string{planner.Changed: "to be changed", planner.Missing: "to be created",
		planner.Present: "to be deleted", planner.Unmanaged: "to be pruned"}[f.Class]
	f.Class, f.Message, f.Prunable = planner.Due, what+" by the next apply", false
	return f
}

// released lists what the base declares and the files no longer do.
func released(files, base *spec.State) []planner.Finding {
	var out []planner.Finding
	base.Resources(func(r *spec.Resource) {
		if r.Context || r.Absent {
			return
		}
		at := r.Source()
		f := planner.Finding{Class: planner.Released, Address: r.Address, Kind: r.Kind.Name, Source: &at, Message: "no longer declared, and left alone"}
		now := files.Lookup(r.Address)
		if now == nil {
			if r.Parent == nil || files.Lookup(r.Parent.Address) != nil {
				out = append(out, f) // else its parent is told of
			}
			return
		}
		for _, path := range missingPaths(r.Values, now.Values, "") {
			f.Path = path
			if !now.Absent {
				out = append(out, f)
			}
		}
	})
	return out
}

// missingPaths lists the fields that one mapping has and another has not.
func missingPaths(has, lacks map[string]any, prefix string) []string {
	var out []string
	for name, v := range has {
		other, there := lacks[name]
		below, isMap := v.(map[string]any)
		otherBelow, otherIsMap := other.(map[string]any)
		switch {
		case !there:
			out = append(out, prefix+name)
		case isMap && otherIsMap:
			out = append(out, missingPaths(below, otherBelow, prefix+name+".")...)
		}
	}
	slices.Sort(out)
	return out
}

// same compares two declared values; the order of a list does not count.
func same(a, b any) bool { return spelling(a) == spelling(b) }

func spelling(v any) string {
	list, ok := v.([]any)
	if !ok {
		return fmt.Sprint(v)
	}
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = spelling(e)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}
