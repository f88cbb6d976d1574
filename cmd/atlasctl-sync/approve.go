package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// approve asks a person. Without a terminal there is nobody to ask.
func (s *session) approve() (bool, error) {
	if !isTerminal(s.env.Stdin) {
		s.errs = append(s.errs, errors.New("there is no terminal to ask for approval: say --auto-approve, or save the plan with plan --out and apply that"))
		return false, s.finish(exitRefused)
	}
	if !s.people() { // standard output is for a program: the person reads here
		t := s.text()
		t.W = s.env.Stderr
		s.showPlan(t)
	}
	if err := dropTyped(s.env.Stdin.(*os.File)); err != nil { // it was no answer to this plan
		return false, fmt.Errorf("cannot ask for approval: %w", err)
	}
	fmt.Fprint(s.env.Stderr, "\nApply this plan? Only yes is taken as approval: ")
	answer, _ := s.line(bufio.NewReader(s.env.Stdin)) // no line is no approval
	switch {
	case s.ctx.Err() != nil:
		return false, context.Cause(s.ctx)
	case answer == "yes":
		return true, nil
	}
	s.errs = append(s.errs, errors.New("not approved; nothing was written"))
	return false, s.finish(exitRefused)
}

// line reads what a person answers; the end of the run ends the waiting.
func (s *session) line(in *bufio.Reader) (string, error) {
	type said struct {
		text string
		err  error
	}
	answer := make(chan said, 1)
	go func() {
		text, err := in.ReadString('\n')
		answer <- said{strings.TrimSpace(text), err}
	}()
	select {
	case <-s.ctx.Done():
		return "", s.ctx.Err()
	case got := <-answer:
		return got.text, got.err
	}
}

func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
