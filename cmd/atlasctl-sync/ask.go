package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// An asking asks a person what no flag says.
type asking struct {
	s  *session
	in *bufio.Reader
}

// line prints a question and reads the answer.
func (a *asking) line(format string, args ...any) (string, error) {
	fmt.Fprintf(a.s.env.Stderr, format, args...)
	answer, err := a.s.line(a.in)
	if errors.Is(err, io.EOF) && answer != "" {
		return answer, nil
	}
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(a.s.env.Stderr)
		return "", errors.New("there was no answer, so nothing was written; --org, --project and --ci say it without questions")
	}
	return answer, err
}

// A choice is an organization or project that a person may choose.
type choice struct {
	kind     *spec.Kind
	name, id string
	within   string // the id of a project's organization
}

// scopes asks for organizations and projects, and returns the ids of those that
// are chosen; nil stands for all.
func (a *asking) scopes() (map[string]bool, error) {
	var choices []choice
	for _, k := range a.s.env.catalog().Documents() {
		items, err := a.s.reader.List(a.s.ctx, k, nil)
		if err != nil {
			return nil, err
		}
		for _, raw := range items {
			c := choice{kind: k, name: k.NameOf(raw), id: spec.TextAt(raw, k.IDAt())}
			for _, name := range k.Within {
				c.within = spec.TextAt(raw, k.Field(name).WireAt())
			}
			choices = append(choices, c)
			fmt.Fprintf(a.s.env.Stderr, "%4d  %s %s\n", len(choices), strings.ToLower(k.Name), report.Clean(c.name))
		}
	}
	for {
		answer, err := a.line("Which of them should files keep? Numbers or names with commas between; an organization's with its projects; nothing for all: ")
		if err != nil || answer == "" || answer == "all" {
			return nil, err
		}
		only, wrong := chosen(choices, answer)
		if wrong == "" {
			return only, nil
		}
		fmt.Fprintf(a.s.env.Stderr, "%q is none of the numbers or names.\n", wrong)
	}
}

// chosen returns the ids of what an answer names, or the part of it that names
// nothing. Numbers may have spaces between them, names may have some in them.
func chosen(choices []choice, answer string) (only map[string]bool, wrong string) {
	only = map[string]bool{}
	take := func(part string) bool {
		n, err := strconv.Atoi(part)
		found := false
		for i, c := range choices {
			if c.name == part || err == nil && n == i+1 {
				found, only[c.id] = true, true
			}
		}
		return found
	}
	for _, part := range strings.Split(answer, ",") {
		part = strings.TrimSpace(part)
		if part == "" || take(part) {
			continue
		}
		words := strings.Fields(part)
		if i := slices.IndexFunc(words, func(w string) bool { return !take(w) }); i >= 0 {
			return nil, words[i]
		}
	}
	if len(only) == 0 {
		return nil, answer
	}
	for _, c := range choices {
		if c.within != "" && only[c.within] {
			only[c.id] = true
		}
	}
	return only, ""
}

// recipe asks for a CI recipe.
func (a *asking) recipe() (string, error) {
	for {
		answer, err := a.line("Which CI runs it? %s, or nothing for none: ", strings.Join(recipes(), ", "))
		if err != nil || answer == "" || answer == noRecipe || slices.Contains(recipes(), answer) {
			return answer, err
		}
		fmt.Fprintf(a.s.env.Stderr, "There is no recipe %q.\n", answer)
	}
}
