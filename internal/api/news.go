package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Use is one version of an operation that something of ours depends on.
type Use struct{ Operation, Version, By string }

// News tells what a newer description says otherwise, a line each: operations that
// come and go, and of what is used newer versions, ends, fields and values.
func News(old, now *Facts, uses []Use) []string {
	var out []string
	before, after := old.Operations(), now.Operations()
	for _, id := range after {
		if _, there := slices.BinarySearch(before, id); !there {
			op := now.Operation(id)
			out = append(out, fmt.Sprintf("new operation %s: %s %s", id, op.Method, strings.TrimPrefix(op.Path, "/api/atlas/v2")))
		}
	}
	for _, id := range before {
		if _, there := slices.BinarySearch(after, id); !there {
			out = append(out, fmt.Sprintf("operation %s is gone%s", id, usedBy(uses, id)))
		}
	}
	told := map[string]bool{}
	for _, u := range uses {
		was, is := old.Operation(u.Operation), now.Operation(u.Operation)
		key := u.Operation + " " + u.Version
		if was == nil || is == nil || told[key] {
			continue
		}
		told[key] = true
		for _, line := range newsOf(was, is, u.Version) {
			out = append(out, fmt.Sprintf("%s (%s): %s", u.Operation, u.By, line))
		}
	}
	return out
}

func usedBy(uses []Use, id string) string {
	if i := slices.IndexFunc(uses, func(u Use) bool { return u.Operation == id }); i >= 0 {
		return ", and " + uses[i].By + " uses it"
	}
	return ""
}

// newsOf tells what has become of one version of an operation.
func newsOf(was, is *Operation, version string) []string {
	var out []string
	if !slices.Contains(is.Versions(), version) {
		return []string{"version " + version + " is gone"}
	}
	for _, v := range is.Versions() {
		if v > version && !slices.Contains(was.Versions(), v) {
			out = append(out, "newer version "+v)
		}
	}
	if end := is.Sunset(version); end != was.Sunset(version) {
		out = append(out, fmt.Sprintf("version %s ends on %s", version, end))
	}
	if is.Deprecated && !was.Deprecated {
		out = append(out, "deprecated")
	}
	out = append(out, changed("body: ", was.Requests[version], is.Requests[version])...)
	for _, status := range slices.Sorted(maps.Keys(is.Answers)) {
		if strings.HasPrefix(status, "2") && was.Answers[status] != nil {
			out = append(out, changed("answer: ", was.Answers[status][version], is.Answers[status][version])...)
		}
	}
	return out
}

// Sunset is the day on which a version of the operation ends; "" if none is set.
func (op *Operation) Sunset(version string) string {
	for status, bodies := range op.Answers {
		if b := bodies[version]; strings.HasPrefix(status, "2") && b != nil && b.Sunset != "" {
			return b.Sunset
		}
	}
	return ""
}

// changed compares what two descriptions say of a body, field by field.
func changed(what string, was, is *Body) []string {
	if was == nil || is == nil {
		return nil
	}
	old, now := was.Schema.flat(), is.Schema.flat()
	var out []string
	for _, path := range slices.Sorted(maps.Keys(now)) {
		shape, there := old[path]
		switch {
		case !there:
			out = append(out, what+"new field "+path)
		case shape.kind != now[path].kind:
			out = append(out, fmt.Sprintf("%s%s was %s and is %s", what, path, shape.kind, now[path].kind))
		}
		if there {
			for _, v := range now[path].values {
				if len(shape.values) > 0 && !slices.Contains(shape.values, v) {
					out = append(out, fmt.Sprintf("%s%s takes %s", what, path, v))
				}
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if _, there := now[path]; !there {
			out = append(out, what+"field "+path+" is gone")
		}
	}
	return out
}

// A shape is what is compared of a field.
type shape struct {
	kind   string
	values []string
}

// flat lists the fields of a schema, at every depth, by their paths.
func (s *Schema) flat() map[string]shape {
	out := map[string]shape{}
	var walk func(s *Schema, path string, depth int)
	walk = func(s *Schema, path string, depth int) {
		if s == nil || depth > 8 {
			return
		}
		for _, part := range s.Whole() {
			if part.Items != nil {
				walk(part.Items, path+"[]", depth+1)
			}
			for name, p := range part.Properties {
				if name == "links" {
					continue
				}
				at := strings.TrimPrefix(path+"."+name, ".")
				known := out[at]
				for _, sub := range p.Whole() {
					if known.kind == "" {
						known.kind = sub.Type
					}
					for _, v := range sub.Enum {
						known.values = append(known.values, fmt.Sprint(v))
					}
				}
				out[at] = known
				walk(p, at, depth+1)
			}
		}
	}
	walk(s, "", 0)
	return out
}
