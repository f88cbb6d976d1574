package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// operation reads an operation from its lines. The caller holds the lock.
func (f *Facts) operation(id string, lines []string) *Operation {
	root := "operation " + id
	head, ok := find(lines, root)
	if !ok {
		panic(root + " has no method and path")
	}
	op := &Operation{ID: id, Path: head.text("path"), Tag: head.text("tag"), Roles: head.texts("roles"), Deprecated: head.has("deprecated"),
		Requests: map[string]*Body{}, Answers: map[string]map[string]*Body{}}
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if head.has(m) {
			op.Method = m
		}
	}
	for _, text := range lines {
		path, _, _ := strings.Cut(text, ":")
		words := strings.Fields(path)
		if len(words) < 4 || strings.ContainsAny(words[len(words)-1], ".[{&|?") {
			continue // the head, or what stands in a body
		}
		switch l := parse(text, path); {
		case words[2] == "parameter":
			op.Parameters = append(op.Parameters, f.parameter(l, words[3:], lines, path))
		case words[2] == "request":
			op.Requests[words[3]] = f.body(l, lines, path)
			op.RequestRequired = op.RequestRequired || l.has("needed")
		case words[2] == "answer" && len(words) == 4:
			op.Answers[words[3]] = f.answer(l.text("like"))
		case words[2] == "answer":
			if op.Answers[words[3]] == nil {
				op.Answers[words[3]] = map[string]*Body{}
			}
			op.Answers[words[3]][words[4]] = f.body(l, lines, path)
		default:
			panic(fmt.Sprintf("%s: what is %s?", root, words[2]))
		}
	}
	slices.SortFunc(op.Parameters, func(a, b *Parameter) int { return strings.Compare(a.In+a.Name, b.In+b.Name) })
	return op
}

// parameter reads one of an operation, or the shared one that it is like.
func (f *Facts) parameter(l line, words []string, lines []string, path string) *Parameter {
	if like := l.text("like"); like != "" {
		if p := f.parameters[like]; p != nil {
			return p
		}
		root := "parameter " + like
		shared, ok := find(f.of(root), root)
		if !ok {
			panic(path + " is like a parameter that there is not")
		}
		p := f.parameter(shared, strings.Fields(shared.text("at")), f.of(root), root)
		f.parameters[like] = p
		return p
	}
	return &Parameter{In: words[0], Name: words[1], Required: l.has("needed"), Schema: f.node(lines, path)}
}

// answer reads a shared answer.
func (f *Facts) answer(name string) map[string]*Body {
	if bodies := f.answers[name]; bodies != nil {
		return bodies
	}
	bodies := map[string]*Body{}
	lines := f.of("answer " + name)
	for _, text := range lines {
		path, _, _ := strings.Cut(text, ":")
		if words := strings.Fields(path); len(words) == 3 && !strings.ContainsAny(words[2], ".[{&|?") {
			bodies[words[2]] = f.body(parse(text, path), lines, path)
		}
	}
	f.answers[name] = bodies
	return bodies
}

func (f *Facts) body(l line, lines []string, path string) *Body {
	b := &Body{Sunset: l.text("sunset"), Preview: l.has("preview")}
	if !l.has("bare") {
		b.Schema = f.node(lines, path)
	}
	return b
}
