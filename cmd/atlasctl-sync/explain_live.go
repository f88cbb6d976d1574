package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// isAddress tells an address from a kind or field.
func isAddress(arg string) bool { return strings.Contains(arg, "/") }

// explainLive prints what is live of a declared resource, with its id.
func (s *session) explainLive(a spec.Address, paths []string) error {
	if err := s.load(paths); err != nil {
		return err
	}
	r := s.declared(a)
	if r == nil {
		var known []string
		s.state.Resources(func(r *spec.Resource) { known = append(known, string(r.Address)) })
		err := fmt.Errorf("no file declares %s", a)
		if near := spec.Nearest(string(a), known); near != "" {
			err = fmt.Errorf("%w; did you mean %s?", err, near)
		}
		return err
	}
	if err := s.state.Select(kinds.Catalog(), spec.Filter{Targets: []spec.Address{r.Address}}); err != nil {
		return err
	}
	r.Sections = nil // what stands in it was not asked for
	if err := s.connect(); err != nil {
		return err
	}
	live, found, err := s.reader.Read(s.ctx, s.state)
	switch cause := context.Cause(s.ctx); {
	case cause != nil:
		return cause
	case found.HasErrors():
		s.state.Sources.Annotate(found)
		s.diags = append(s.diags, found...)
		return s.finish(exitFile)
	case err != nil:
		return err
	}
	return s.printLive(live, r)
}

// declared returns the resource of an address; usernames have no case.
func (s *session) declared(a spec.Address) *spec.Resource {
	if r := s.state.Lookup(s.state.Spelt(a)); r != nil {
		return r
	}
	var folded []*spec.Resource
	s.state.Resources(func(r *spec.Resource) {
		if strings.EqualFold(string(r.Address), string(a)) {
			folded = append(folded, r)
		}
	})
	if len(folded) != 1 {
		return nil
	}
	return folded[0]
}

func (s *session) printLive(live *planner.Live, r *spec.Resource) error {
	at := r.Source(r.Kind.KeyFields()...)
	found := live.Find(r)
	switch {
	case len(found.Candidates) > 0:
		var ids []string
		for _, o := range found.Candidates {
			ids = append(ids, o.Describe(live))
		}
		return fmt.Errorf("%s, declared at %s, may be any of %d in Atlas: %s", r.Address, at, len(ids), strings.Join(ids, ", "))
	case found.Unread:
		return errors.New("its list was not read")
	case found.Object == nil:
		return fmt.Errorf("%s, declared at %s, is not in Atlas", r.Address, at)
	}
	data, err := export.Live(found.Object, live.Values(found.Object), fmt.Sprintf("%s, declared at %s", r.Address, at))
	if err != nil {
		return err
	}
	err = inEither(s.out, s.asked, func(w io.Writer) error {
		_, _ = w.Write(data) // out remembers a failure
		return nil
	}, func() (any, error) {
		var live map[string]any
		err := yaml.Unmarshal(data, &live)
		return map[string]any{"formatVersion": report.FormatVersion, "address": r.Address, "kind": r.Kind.Name, "source": at, "live": live}, err
	})
	if err != nil {
		return err
	}
	return s.finish(exitOK)
}
