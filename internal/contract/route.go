package contract

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A route is one operation with its path template.
type route struct {
	*operation
	method   string
	template string
	segments []segment
}

// A segment is a part of a path template: text, or a parameter with a custom
// verb after it, as in {userId}:addRole.
type segment struct {
	text      string // all of a literal segment, or what follows the parameter
	parameter string
}

func (p pathItem) operations() map[string]*operation {
	all := map[string]*operation{
		http.MethodGet: p.Get, http.MethodPost: p.Post, http.MethodPut: p.Put,
		http.MethodPatch: p.Patch, http.MethodDelete: p.Delete,
	}
	for method, op := range all {
		if op == nil {
			delete(all, method)
		}
	}
	return all
}

// routesOf lists the operations, the more literal templates first: the first
// route that matches a path is the right one.
func routesOf(paths map[string]pathItem) []*route {
	var routes []*route
	for template, item := range paths {
		for method, op := range item.operations() {
			r := &route{operation: op, method: method, template: template}
			for text := range strings.SplitSeq(template, "/") {
				r.segments = append(r.segments, segmentOf(text))
			}
			routes = append(routes, r)
		}
	}
	slices.SortFunc(routes, func(a, b *route) int {
		return cmp.Or(slices.CompareFunc(a.segments, b.segments, byLiteral),
			cmp.Compare(a.template, b.template), cmp.Compare(a.method, b.method))
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
		if r.method == method {
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
