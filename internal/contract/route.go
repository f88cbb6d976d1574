package contract

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// A route is one operation with its path template.
type route struct {
	*api.Operation
	segments []segment
}

// A segment is a part of a path template: text, or a parameter with a custom
// verb after it, as in {userId}:addRole.
type segment struct {
	text      string // all of a literal segment, or what follows the parameter
	parameter string
}

// routesOf lists the operations, the more literal templates first: the first
// route that matches a path is the right one.
func routesOf(facts *api.Facts) []*route {
	var routes []*route
	for _, id := range facts.Operations() {
		r := &route{Operation: facts.Operation(id)}
		for text := range strings.SplitSeq(r.Path, "/") {
			r.segments = append(r.segments, segmentOf(text))
		}
		routes = append(routes, r)
	}
	slices.SortFunc(routes, func(a, b *route) int {
		return cmp.Or(slices.CompareFunc(a.segments, b.segments, byLiteral),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return routes
}

func segmentOf(text string) segment {
	name, verb, ok := strings.Cut(strings.TrimPrefix(text, "{"), "}")
	if !ok {
		return segment{text: text}
	}
	return segment{text: verb, parameter: name}
}

func byLiteral(a, b segment) int {
	rank := func(s segment) int {
		switch {
		case s.parameter == "":
			return 0
		case s.text != "":
			return 1
		}
		return 2
	}
	return cmp.Compare(rank(a), rank(b))
}

// find is the operation that a request goes to, with its path parameters as
// they were sent. known says that the path exists, if only for other methods.
func (d *Description) find(method, path string) (r *route, values map[string]string, known bool) {
	sent := strings.Split(path, "/")
	for _, r := range d.routes {
		values, ok := r.match(sent)
		if !ok {
			continue
		}
		if r.Method == method {
			return r, values, true
		}
		known = true
	}
	return nil, nil, known
}

func (r *route) match(sent []string) (map[string]string, bool) {
	if len(sent) != len(r.segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, s := range r.segments {
		value, ok := strings.CutSuffix(sent[i], s.text)
		if !ok || (value == "") != (s.parameter == "") {
			return nil, false
		}
		if _, err := url.PathUnescape(value); err != nil {
			return nil, false
		}
		if s.parameter != "" {
			values[s.parameter] = value
		}
	}
	return values, true
}
