package planner

import (
	"reflect"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
	"github.com/google/go-cmp/cmp"
)

// set is how the comparison holds a Set: members by what tells them apart, so
// that order never makes a difference.
type set map[string]any

// Diff compares the declared fields of a resource with live values: only what
// is declared counts, inside matched elements too.
func Diff(fields []spec.Field, declared, live map[string]any) []Change {
	var r reporter
	cmp.Equal(comparable(fields, live, declared), comparable(fields, declared, declared), cmp.Reporter(&r))
	var changes []Change
	var last []string
	for _, path := range r.paths {
		if path = toField(fields, path); slices.Equal(path, last) {
			continue
		}
		last = path
		c := Change{Path: strings.Join(path, ".")}
		c.Before, _ = lookup(live, path)
		c.After, _ = lookup(declared, path)
		if f := fieldOf(fields, path); f != nil && f.Type == spec.Set {
			c.added, c.removed = members(f, c.After, c.Before), members(f, c.Before, c.After)
		}
		changes = append(changes, c)
	}
	return changes
}

// comparable projects values onto what is declared, sets as maps and values
// in the form in which two spellings of one value are equal.
func comparable(fields []spec.Field, values, declared map[string]any) map[string]any {
	out := map[string]any{}
	for i := range fields {
		f := &fields[i]
		d, isDeclared := declared[f.Name]
		v, ok := values[f.Name]
		if !ok {
			v, ok = emptyOf(f.Type)
		}
		if isDeclared && ok {
			out[f.Name] = comparableValue(f, v, d)
		}
	}
	return out
}

// emptyOf says what a collection or mapping is that Atlas leaves out.
func emptyOf(t spec.Type) (any, bool) {
	switch t {
	case spec.Set, spec.List:
		return []any{}, true
	case spec.Map, spec.Object:
		return map[string]any{}, true
	}
	return nil, false
}

func comparableValue(f *spec.Field, v, declared any) any {
	switch v := v.(type) {
	case []any:
		d, _ := declared.([]any)
		if f.Type == spec.Set {
			out := set{}
			for _, e := range v {
				out[f.ElementID(e)] = comparableElement(f, e, partner(f, e, d))
			}
			return out
		}
		out := make([]any, len(v))
		for i, e := range v {
			var other any
			if i < len(d) {
				other = d[i]
			}
			out[i] = comparableElement(f, e, other)
		}
		return out
	case map[string]any:
		if d, ok := declared.(map[string]any); ok && f.Type == spec.Object {
			return comparable(f.Fields, v, d)
		}
		return v
	}
	return f.Canon(v)
}

func comparableElement(f *spec.Field, e, declared any) any {
	if m, ok := e.(map[string]any); ok {
		if d, ok := declared.(map[string]any); ok {
			return comparable(f.Fields, m, d)
		}
		return m
	}
	return f.Canon(e)
}

func partner(f *spec.Field, e any, among []any) any {
	for _, d := range among {
		if f.ElementID(d) == f.ElementID(e) {
			return d
		}
	}
	return nil
}

// members returns those of one collection that are not in another.
func members(f *spec.Field, of, notIn any) []any {
	a, _ := of.([]any)
	b, _ := notIn.([]any)
	var out []any
	for _, e := range a {
		if partner(f, e, b) == nil {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(x, y any) int { return strings.Compare(f.ElementID(x), f.ElementID(y)) })
	return out
}

// A reporter collects the fields that differ from what cmp walks through. A
// collection counts as one field.
type reporter struct {
	path  cmp.Path
	paths [][]string
}

func (r *reporter) PushStep(s cmp.PathStep) { r.path = append(r.path, s) }
func (r *reporter) PopStep()                { r.path = r.path[:len(r.path)-1] }

func (r *reporter) Report(res cmp.Result) {
	if res.Equal() {
		return
	}
	var path []string
	for _, s := range r.path {
		if s.Type() == reflect.TypeFor[set]() {
			break
		}
		if _, isIndex := s.(cmp.SliceIndex); isIndex {
			break
		}
		if m, ok := s.(cmp.MapIndex); ok {
			path = append(path, m.Key().String())
		}
	}
	if i := len(r.paths) - 1; i < 0 || !slices.Equal(r.paths[i], path) {
		r.paths = append(r.paths, path)
	}
}

// toField cuts a path off where it leaves the fields: what is inside a value
// that is compared as JSON is no field.
func toField(fields []spec.Field, path []string) []string {
	for i := range path {
		f := fieldOf(fields, path[:i+1])
		if f != nil && f.Type != spec.Object && f.Type != spec.Map {
			return path[:i+1]
		}
	}
	return path
}

// fieldOf returns the field at a path; for a key of a Map the Map itself.
func fieldOf(fields []spec.Field, path []string) *spec.Field {
	var f *spec.Field
	for _, name := range path {
		i := slices.IndexFunc(fields, func(f spec.Field) bool { return f.Name == name })
		if i < 0 {
			return f
		}
		f = &fields[i]
		fields = f.Fields
	}
	return f
}

func lookup(values map[string]any, path []string) (any, bool) {
	var v any = values
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[name]; !ok {
			return nil, false
		}
	}
	return v, true
}

// flatten lists the declared leaves of fields as changes from nothing, for
// creations.
func flatten(fields []spec.Field, declared map[string]any) []Change {
	var out []Change
	for i := range fields {
		f := &fields[i]
		v, ok := declared[f.Name]
		if !ok || f.Local {
			continue
		}
		if m, isObject := v.(map[string]any); isObject && f.Type == spec.Object {
			for _, c := range flatten(f.Fields, m) {
				c.Path = f.Name + "." + c.Path
				out = append(out, c)
			}
			continue
		}
		c := Change{Path: f.Name, After: v, Sensitive: f.Sensitive}
		if f.Sensitive {
			c.After = spec.Masked
		}
		if f.Type == spec.Set {
			c.added, _ = v.([]any)
		}
		out = append(out, c)
	}
	return out
}
