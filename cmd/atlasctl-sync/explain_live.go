package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// isAddress tells an address from a kind or field.
func isAddress(arg string) bool { return strings.Contains(arg, "/") }

// A found is what is live of a declared resource.
type found struct {
	*spec.Resource
	at     spec.Position // where it is declared
	object *planner.Object
	values map[string]any
}

// explainLive prints what is live of a declared resource, with its id.
func (s *session) explainLive(a spec.Address, paths []string) error {
	if err := s.load(paths); err != nil {
		return err
	}
	f, err := s.find(a)
	if err != nil {
		return err
	}
	return s.printLive(f)
}

// find reads what is live of a declared resource, and nothing that is below it.
func (s *session) find(a spec.Address) (*found, error) {
	r := s.declared(a)
	if r == nil {
		var known []string
		s.state.Resources(func(r *spec.Resource) { known = append(known, string(r.Address)) })
		err := fmt.Errorf("no file declares %s", a)
		if near := spec.Nearest(string(a), known); near != "" {
			err = fmt.Errorf("%w; did you mean %s?", err, near)
		}
		return nil, err
	}
	if err := s.state.Select(s.env.catalog(), spec.Filter{Targets: []spec.Address{r.Address}}); err != nil {
		return nil, err
	}
	r.Sections = nil // what stands in it was not asked for
	if err := s.connect(); err != nil {
		return nil, err
	}
	live, diags, err := s.reader.Read(s.ctx, s.state)
	switch cause := context.Cause(s.ctx); {
	case cause != nil:
		return nil, cause
	case diags.HasErrors():
		s.state.Sources.Annotate(diags)
		s.diags = append(s.diags, diags...)
		return nil, s.finish(exitFile)
	case err != nil:
		return nil, err
	}
	return objectOf(live, r)
}

// declared returns the resource of an address; usernames have no case.
func (s *session) declared(a spec.Address) *spec.Resource { return s.state.Lookup(s.state.Spelt(a)) }

// objectOf returns the live object that a resource means; none, or several, is
// an error.
func objectOf(live *planner.Live, r *spec.Resource) (*found, error) {
	at := r.Source(r.Kind.KeyFields()...)
	of := live.Find(r)
	switch {
	case len(of.Candidates) > 0:
		var ids []string
		for _, o := range of.Candidates {
			ids = append(ids, o.Describe(live))
		}
		return nil, fmt.Errorf("%s, declared at %s, may be any of %d in Atlas: %s", r.Address, at, len(ids), strings.Join(ids, ", "))
	case of.Unread:
		return nil, errors.New("its list was not read")
	case of.Object == nil:
		return nil, fmt.Errorf("%s, declared at %s, is not in Atlas", r.Address, at)
	}
	return &found{r, at, of.Object, live.Values(of.Object)}, nil
}

func (s *session) printLive(f *found) error {
	data, err := export.Live(f.object, f.values, fmt.Sprintf("%s, declared at %s", f.Address, f.at))
	if err != nil {
		return err
	}
	err = inEither(s.out, s.asked, func(w io.Writer) error {
		_, _ = w.Write(data) // out remembers a failure
		return nil
	}, func() (any, error) {
		var live map[string]any
		err := yaml.Unmarshal(data, &live)
		return map[string]any{"formatVersion": report.FormatVersion, "address": f.Address, "kind": f.Kind.Name, "source": f.at, "live": live}, err
	})
	if err != nil {
		return err
	}
	return s.finish(exitOK)
}
