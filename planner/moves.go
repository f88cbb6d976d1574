package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// unmoved returns what is declared without the values that Atlas changes by
// itself at present: they are not compared, and what is live of them stays.
func unmoved(fields []spec.Field, declared, live map[string]any) map[string]any {
	out := maps.Clone(declared)
	for i := range fields {
		f := &fields[i]
		switch v := declared[f.Name].(type) {
		case map[string]any:
			if f.Type == spec.Object {
				was, _ := live[f.Name].(map[string]any)
				out[f.Name] = settled(f, v, was)
			}
		case []any:
			if !f.Collection() {
				continue
			}
			list, _ := live[f.Name].([]any)
			kept := make([]any, len(v))
			tokens := f.Tokens(v)
			for i, e := range v {
				kept[i] = e
				was, at := f.Find(list, tokens[i])
				if m, ok := e.(map[string]any); ok && at >= 0 {
					w, _ := was.(map[string]any)
					kept[i] = settled(f, m, w)
				}
			}
			out[f.Name] = kept
		}
	}
	return out
}

// settled is unmoved for one block or element.
func settled(f *spec.Field, declared, live map[string]any) map[string]any {
	out := unmoved(f.Fields, declared, live)
	for _, m := range f.Moves {
		decides := live
		if _, said := spec.At(declared, m.While.At); said {
			decides = declared
		}
		if live == nil || !m.While.Holds(decides) {
			continue
		}
		for _, member := range m.Members {
			if _, there := spec.ValueAt(f.Fields, live, spec.SplitPath(member)); there {
				out = without(out, spec.SplitPath(member))
			}
		}
	}
	return out
}

// moved tells of declared values that are not compared because Atlas changes
// them by itself at present, where it has.
func (p *planning) moved(r *spec.Resource, asked, declared, live map[string]any) {
	for _, c := range Diff(r.Kind.Fields, asked, live) {
		tokens := spec.SplitPath(c.Path)
		_, compared := spec.ValueAt(r.Kind.Fields, declared, tokens)
		if _, said := spec.ValueAt(r.Kind.Fields, asked, tokens); compared || !said || strings.HasSuffix(c.Path, "]") {
			continue
		}
		at := r.Place(c.Path)
		p.find(Finding{Class: Unverifiable, Address: r.Address, Kind: r.Kind.Name, Path: c.Path, Source: &at,
			Message: fmt.Sprintf("Atlas scales it by itself: %v at present, %v declared", c.Before, c.After)})
	}
}

// without copies a value as far as a path leads, and leaves out what it leads to.
func without(values map[string]any, path []string) map[string]any {
	if _, there := values[path[0]]; !there {
		return values
	}
	out := maps.Clone(values)
	if below, ok := values[path[0]].(map[string]any); ok && len(path) > 1 {
		out[path[0]] = without(below, slices.Clone(path[1:]))
	} else {
		delete(out, path[0])
	}
	return out
}
