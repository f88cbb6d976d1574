package planner

import (
	"reflect"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
	"github.com/google/go-cmp/cmp"
)

// set is how the comparison holds a Set of plain values: by what tells them
// apart, so that order never makes a difference.
type set map[string]any

// Diff compares the declared fields of a resource with live values: only what
// is declared counts, inside matched elements too. A set of plain values is one
// change, with the members that it gains and loses; elements that have fields
// are told by the path of each field, or by their own where they come or go.
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
		changes = append(changes, changeAt(fields, path, declared, live))
	}
	return changes
}

func changeAt(fields []spec.Field, path []string, declared, live map[string]any) Change {
	c := Change{Path: spec.JoinPath(path)}
	c.Before, _ = spec.ValueAt(fields, live, path)
	c.After, _ = spec.ValueAt(fields, declared, path)
	f := spec.FieldAt(fields, path)
	switch {
	case f == nil:
	case f.Collection():
		c.Before, c.After = shown(f, c.Before), shown(f, c.After)
	case f.Type == spec.Document:
		c.inDocument("", ofDocument(c.Before, c.After, f.Default), c.After)
	case f.Type == spec.Set:
		c.added, c.removed = members(f, c.After, c.Before), members(f, c.Before, c.After)
	}
	return c
}

// shown is an element as a plan tells it: without what Atlas sets, and with
// nothing that is sensitive.
func shown(f *spec.Field, e any) any {
	switch e := e.(type) {
	case []any:
		out := make([]any, len(e))
		for i := range e {
			out[i] = shown(f, e[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for i := range f.Fields {
			sub := &f.Fields[i]
			v, ok := e[sub.Name]
			switch {
			case !ok || sub.ReadOnly:
			case sub.Sensitive:
				out[sub.Name] = spec.Masked
			case len(sub.Fields) > 0:
				out[sub.Name] = shown(sub, v)
			default:
				out[sub.Name] = v
			}
		}
		return out
	}
	return e
}

// comparable projects values onto what is declared, collections as maps and
// values in the form in which two spellings of one value are equal.
func comparable(fields []spec.Field, values, declared map[string]any) map[string]any {
	out := map[string]any{}
	for i := range fields {
		f := &fields[i]
		d, isDeclared := declared[f.Name]
		if !isDeclared {
			continue
		}
		v, ok := values[f.Name]
		if _, cleared := d.(spec.Null); cleared {
			if empty(v) {
				v, ok = d, true
			}
		} else if !ok {
			v, ok = emptyOf(f)
		}
		if ok {
			out[f.Name] = comparableValue(f, v, d)
		}
	}
	return out
}

// emptyOf says what a value is that Atlas leaves out: its default, or nothing.
func emptyOf(f *spec.Field) (any, bool) {
	switch f.Type {
	case spec.Set, spec.List:
		return []any{}, true
	case spec.Map, spec.Object:
		return map[string]any{}, true
	}
	return f.Default, f.Default != nil
}

func comparableValue(f *spec.Field, v, declared any) any {
	switch v := v.(type) {
	case []any:
		d, _ := declared.([]any)
		switch {
		case f.Type == spec.Document:
			return ofDocument(v, declared, f.Default)
		case f.Collection():
			return comparableElements(f, v, d)
		case f.Type == spec.Set:
			out := set{}
			for _, e := range v {
				out[f.ElementID(e)] = f.Canon(e)
			}
			return out
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = f.Canon(e)
		}
		return out
	case spec.Ordered:
		return ofDocument(v, declared, f.Default)
	case map[string]any:
		if f.Type == spec.Document {
			return ofDocument(v, declared, f.Default)
		}
		if d, ok := declared.(map[string]any); ok && f.Type == spec.Object {
			return comparable(f.Fields, v, d)
		}
		return v
	}
	return f.Canon(v)
}

// comparableElements holds the elements of a collection by what tells them
// apart.
func comparableElements(f *spec.Field, list, declared []any) map[string]any {
	out := map[string]any{}
	tokens := f.Tokens(list)
	for i, e := range list {
		token := tokens[i]
		m, isObject := e.(map[string]any)
		other, _ := f.Find(declared, token)
		d, known := other.(map[string]any)
		switch {
		case isObject && known:
			out[token] = comparable(f.Fields, m, d)
		case isObject:
			out[token] = shown(f, m)
		default:
			out[token] = e
		}
	}
	return out
}

// members returns those of one set of plain values that are not in another.
func members(f *spec.Field, of, notIn any) []any {
	a, _ := of.([]any)
	b, _ := notIn.([]any)
	var out []any
	for _, e := range a {
		if !holds(f, b, e) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(x, y any) int { return strings.Compare(f.ElementID(x), f.ElementID(y)) })
	return out
}

// holds tells whether a set of plain values has a member.
func holds(f *spec.Field, list []any, member any) bool {
	id := f.ElementID(member)
	return slices.ContainsFunc(list, func(o any) bool { return f.ElementID(o) == id })
}

// A reporter collects the fields that differ from what cmp walks through.
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
		f := spec.FieldAt(fields, path[:i+1])
		if f != nil && f.Type != spec.Object && f.Type != spec.Map && !f.Collection() {
			return path[:i+1]
		}
		// An element that one side does not have is a change of its own.
	}
	return path
}

// flatten lists the declared leaves of fields as changes from nothing, for
// creations.
func flatten(fields []spec.Field, declared map[string]any) []Change {
	return flattenAt(nil, fields, declared)
}

func flattenAt(prefix []string, fields []spec.Field, declared map[string]any) []Change {
	var out []Change
	for i := range fields {
		f := &fields[i]
		v, ok := declared[f.Name]
		if !ok || f.Local {
			continue
		}
		path := append(slices.Clone(prefix), f.Name)
		if m, isObject := v.(map[string]any); isObject && f.Type == spec.Object {
			out = append(out, flattenAt(path, f.Fields, m)...)
			continue
		}
		if list, isList := v.([]any); isList && f.Collection() && len(list) > 0 {
			tokens := f.Tokens(list)
			for i, e := range list {
				out = append(out, flattenElement(append(slices.Clone(path), tokens[i]), f, e)...)
			}
			continue
		}
		c := Change{Path: spec.JoinPath(path), After: v, Sensitive: f.Sensitive}
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

// flattenElement lists the leaves of an element that its path does not tell; if
// that tells all, the element itself.
func flattenElement(path []string, f *spec.Field, e any) []Change {
	rest := f.Untold(e)
	if len(rest) == 0 {
		return []Change{{Path: spec.JoinPath(path), After: shown(f, e)}}
	}
	return flattenAt(path, f.Fields, rest)
}
