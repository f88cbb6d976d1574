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
	told := map[key]bool{}
	for _, f := range Classify(files.Plan) {
		b, differs := inBase[keyOf(f)]
		if !differs {
			b, differs = inBase[key{f.Address, "", f.Class}]
		}
		switch {
		case !concernsApply(f):
			out = append(out, f)
		case !differs:
			for _, b := range related(inBase, f) { // of an element that one of the two does not have
				if b.Base = true; !told[keyOf(b)] {
					out = append(out, b)
				}
				told[keyOf(b)] = true
			}
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
		for _, path := range missingPaths(r.Kind.Fields, r.Values, now.Values, "") {
			f.Path = path
			if !now.Absent {
				out = append(out, f)
			}
		}
	})
	return out
}

// related returns the changes in the base that are of a part of what a change is
// of, or of what it is a part of.
func related(inBase map[key]planner.Finding, f planner.Finding) []planner.Finding {
	var out []planner.Finding
	for k, b := range inBase {
		if k.address == f.Address && f.Class == planner.Changed && k.class == planner.Changed &&
			k.path != f.Path && (spec.PathWithin(k.path, f.Path) || spec.PathWithin(f.Path, k.path)) {
			out = append(out, b)
		}
	}
	sortFindings(out)
	return out
}

// missingPaths lists the fields that one has and another has not, in blocks and in
// elements that both have. What is missing of a list or mapping that is owned
// whole is no such field: it is to go.
func missingPaths(fields []spec.Field, has, lacks map[string]any, prefix string) []string {
	var out []string
	for i := range fields {
		f := &fields[i]
		v, declared := has[f.Name]
		other, there := lacks[f.Name]
		switch {
		case !declared:
		case !there:
			out = append(out, prefix+f.Name)
		case f.Type == spec.Object:
			block, _ := v.(map[string]any)
			otherBlock, _ := other.(map[string]any)
			out = append(out, missingPaths(f.Fields, block, otherBlock, prefix+f.Name+".")...)
		case f.Type == spec.Document:
			out = append(out, missingParts(v, other, prefix+f.Name)...)
		case f.Collection():
			list, _ := v.([]any)
			others, _ := other.([]any)
			tokens := f.Tokens(list)
			for i, e := range list {
				token := tokens[i]
				partner, at := f.Find(others, token)
				if otherElement, ok := partner.(map[string]any); ok && at >= 0 {
					out = append(out, missingPaths(f.Fields, f.Untold(e), otherElement, prefix+f.Name+token+".")...)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// missingParts lists the members of a free document that another has not.
func missingParts(has, lacks any, path string) []string {
	m, _ := has.(map[string]any)
	other, isMap := lacks.(map[string]any)
	var out []string
	for name, v := range m {
		below, there := other[name]
		switch {
		case !isMap:
		case !there:
			out = append(out, path+"."+name)
		default:
			out = append(out, missingParts(v, below, path+"."+name)...)
		}
	}
	return out
}

// same compares two declared values; the order of a list does not count.
func same(a, b any) bool { return spelling(a) == spelling(b) }

func spelling(v any) string {
	var parts []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			parts = append(parts, spelling(e))
		}
	case map[string]any:
		for name, e := range v {
			parts = append(parts, name+"\x01"+spelling(e))
		}
	default:
		return fmt.Sprint(v)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}
