package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/suite"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// suiteOf is the suite for a catalogue, over the program in this process.
func suiteOf(t *testing.T, c *spec.Catalog) *suite.Suite {
	t.Helper()
	s := &suite.Suite{Catalog: c, Facts: api.Load(), Tap: exchanges.Tap, Told: map[string]int{},
		Run: func(c *spec.Catalog, env map[string]string, args ...string) (int, string, string) {
			var out, errs bytes.Buffer
			code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, RetryWait: time.Millisecond, Pace: emulated, Catalog: c,
				Getenv: func(name string) string { return env[name] }})
			return code, out.String(), errs.String()
		}}
	for _, file := range examples(t) {
		state, diags := spec.Load(kinds.Catalog(), []string{file}, nil)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		s.Learn(state)
	}
	return s
}

// TestEveryKind holds each kind of the catalogue to all that has to be so of
// every kind. More cases: make chaos. A failing case prints how to replay it.
func TestEveryKind(t *testing.T) {
	few(t, 2)
	s := suiteOf(t, kinds.Catalog())
	for _, k := range s.Catalog.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			for _, p := range suite.Points {
				t.Run(p.Name, func(t *testing.T) {
					if why := s.Cannot(k, p); why != "" {
						t.Skip(why)
					}
					s.Check(t, k, p)
				})
			}
		})
	}
	t.Logf("%v", s.Told)
}
