package suite

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// request returns the schema of what a call takes, and whether that is an
// array of it; nil if the call takes no body.
func (s *Suite) request(route, version string) (body *api.Schema, array bool) {
	op := s.Facts.Call(spec.Method(route), planner.APIPrefix+spec.PathOf(route))
	if op == nil || op.Requests[version] == nil || op.Requests[version].Schema == nil {
		return nil, false
	}
	body = op.Requests[version].Schema.Resolve()
	if body.Type == "array" {
		return body.Items.Resolve(), true
	}
	return body, false
}

// at returns what schemas say of a JSON pointer, in all alternatives.
func at(bodies []*api.Schema, pointer string) []*api.Schema {
	found := bodies
	for _, name := range strings.Split(pointer, "/")[1:] {
		if digits.MatchString(name) {
			continue
		}
		var next []*api.Schema
		for _, s := range api.Elements(found) {
			for _, part := range s.Whole() {
				if p := part.Properties[name]; p != nil {
					next = append(next, p)
				}
			}
		}
		found = next
	}
	return found
}

var digits = regexp.MustCompile(`^\d+$`)

// A shape is what an object is like once its alternatives are chosen.
type shape struct {
	members  map[string][]*api.Schema
	required map[string]bool
	forced   map[string]any // what the choice says of discriminators
	order    []string
}

// shape joins what schemas say of one object; choose picks one of several.
func shapeOf(schemas []*api.Schema, choose func(property string, values []string) string, pick func(n int) int) shape {
	sh := shape{members: map[string][]*api.Schema{}, required: map[string]bool{}, forced: map[string]any{}}
	var seen []*api.Schema
	var add func(s *api.Schema)
	add = func(s *api.Schema) {
		if s = s.Resolve(); s == nil || slices.Contains(seen, s) {
			return
		}
		seen = append(seen, s)
		for name, p := range s.Properties {
			sh.members[name] = append(sh.members[name], p.Resolve())
		}
		for _, name := range s.Required {
			sh.required[name] = true
		}
		for _, part := range s.AllOf {
			add(part)
		}
		switch {
		case s.Discriminator != nil && len(s.Discriminator.Mapping) > 0:
			if _, chosen := sh.forced[s.Discriminator.Property]; chosen {
				return // by a child, which is made of this one
			}
			value := choose(s.Discriminator.Property, slices.Sorted(maps.Keys(s.Discriminator.Mapping)))
			sh.forced[s.Discriminator.Property] = value
			add(s.Pick(value))
		case len(s.Children()) > 0:
			add(s.Children()[pick(len(s.Children()))])
		}
	}
	for _, s := range schemas {
		add(s)
	}
	sh.order = slices.Sorted(maps.Keys(sh.members))
	slices.SortStableFunc(sh.order, func(a, b string) int {
		_, first := sh.forced[a]
		_, second := sh.forced[b]
		switch {
		case first == second:
			return 0
		case first:
			return -1
		}
		return 1
	})
	return sh
}

// typeOf is the JSON type that schemas give a value; "" for none or several.
func typeOf(schemas []*api.Schema) string {
	for _, s := range schemas {
		for _, part := range append([]*api.Schema{s.Resolve()}, s.Resolve().AllOf...) {
			if part = part.Resolve(); part.Type != "" {
				return part.Type
			}
			if len(part.Properties) > 0 {
				return "object"
			}
		}
	}
	return ""
}

// enumOf returns the values that all schemas allow; nil if any will do.
func enumOf(schemas []*api.Schema) []string {
	var out []string
	for _, s := range schemas {
		s = s.Resolve()
		own := texts(s.Enum)
		if own == nil && len(s.Children()) > 0 {
			for _, c := range s.Children() {
				own = append(own, texts(c.Enum)...)
			}
		}
		switch {
		case own == nil:
		case out == nil:
			out = own
		default:
			out = slices.DeleteFunc(out, func(v string) bool { return !slices.Contains(own, v) })
		}
	}
	return out
}

func texts(values []any) []string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// said returns the first of what schemas say, or the zero value.
func said[T any](schemas []*api.Schema, of func(*api.Schema) *T) (v T, ok bool) {
	for _, s := range schemas {
		if p := of(s.Resolve()); p != nil {
			return *p, true
		}
	}
	return v, false
}

func isReadOnly(schemas []*api.Schema) bool {
	return len(schemas) > 0 && !slices.ContainsFunc(schemas, func(s *api.Schema) bool { return !s.ReadOnly && !s.Resolve().ReadOnly })
}
