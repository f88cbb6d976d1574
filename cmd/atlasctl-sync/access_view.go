package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A view is what access looks at: organizations and projects as they are in
// Atlas, whether a file declares them or not.
type view struct {
	state *spec.State
	shown map[spec.Address]bool // those whose rights are told; the others only explain them
	// declared is what the files declare, or nil, and scopes where it has what.
	declared *spec.State
	scopes   map[spec.Address]spec.Address
}

// A seen is a live organization or project.
type seen struct {
	kind     *spec.Kind
	id, name string
	within   map[string]string // the names of what it is in, by field: organization
	withinID map[string]string
}

// viewed chooses what to look at, and makes a state of it.
func (s *session) viewed() (*view, error) {
	all, err := s.seen()
	if err != nil {
		return nil, err
	}
	if err := s.unseen(all); err != nil {
		return nil, err
	}
	shown := map[*seen]bool{}
	needed := map[string]bool{} // ids of organizations
	for _, o := range all {
		if s.looksAt(o) {
			shown[o] = true
			for _, id := range o.withinID {
				needed[id] = true
			}
		}
	}
	if len(shown) == 0 {
		return nil, errors.New("there is nothing to look at: the credentials see no organization or project that was asked for")
	}
	var files []spec.File
	by := map[string]*seen{} // by the name of the file
	for i, o := range all {
		if !shown[o] && !needed[o.id] {
			continue
		}
		text, err := o.document()
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("%s %d", o.kind.Name, i)
		files, by[name] = append(files, spec.File{Name: name, Text: text}), o
	}
	v := &view{shown: map[spec.Address]bool{}, scopes: map[spec.Address]spec.Address{}, declared: s.state}
	var diags spec.Diagnostics
	if v.state, diags = spec.LoadFiles(s.env.catalog(), files); diags.HasErrors() {
		return nil, fmt.Errorf("organizations and projects cannot be told apart by their names; choose with --org and --project, by id: %w", diags.Err())
	}
	for _, scope := range v.state.Scopes {
		o := by[scope.Source().File]
		if shown[o] {
			v.shown[scope.Address] = true
		}
		if own := s.declares(o); own != nil {
			v.scopes[scope.Address] = own.Address
		}
	}
	return v, nil
}

// seen lists the organizations and projects that the credentials see.
func (s *session) seen() ([]*seen, error) {
	var all []*seen
	names := map[string]string{} // by kind and id
	for _, k := range s.env.catalog().Documents() {
		items, err := s.reader.List(s.ctx, k, planner.Params{})
		if err != nil {
			return nil, err
		}
		for _, raw := range items {
			o := &seen{kind: k, id: spec.TextAt(raw, k.IDAt()), name: k.NameOf(raw), within: map[string]string{}, withinID: map[string]string{}}
			names[k.Name+" "+o.id] = o.name
			for _, field := range k.Within {
				f := k.Field(field)
				id := spec.TextAt(raw, f.WireAt())
				if name := names[f.Ref.Kind+" "+id]; name != "" { // else the credentials do not see it
					o.within[field], o.withinID[field] = name, id
				}
			}
			all = append(all, o)
		}
	}
	return all, nil
}

// document declares an organization or project, and nothing of what is in it.
func (o *seen) document() (string, error) {
	doc := map[string]string{"apiVersion": spec.APIVersion, "kind": o.kind.Name, o.kind.Key[0]: o.name, o.kind.Ident: o.id}
	for field, name := range o.within {
		doc[field] = name
	}
	text, err := yaml.Marshal(doc)
	return string(text), err
}

// named tells whether a flag names it, by name or id.
func (o *seen) named(by []string) bool {
	return slices.Contains(by, o.name) || slices.Contains(by, o.id)
}

// inside tells whether it is in an organization that a flag names.
func (o *seen) inside(by []string) bool {
	for field, name := range o.within {
		if slices.Contains(by, name) || slices.Contains(by, o.withinID[field]) {
			return true
		}
	}
	return false
}

// looksAt tells whether the flags, or else the files, name it.
func (s *session) looksAt(o *seen) bool {
	switch project := o.kind.Parent != ""; {
	case project && len(s.projects) > 0:
		return o.named(s.projects) && (len(s.orgs) == 0 || o.inside(s.orgs))
	case len(s.projects) > 0:
		return false
	case project && len(s.orgs) > 0:
		return o.inside(s.orgs)
	case len(s.orgs) > 0:
		return o.named(s.orgs)
	}
	return s.state == nil || s.declares(o) != nil
}

// declares returns what the files declare of it, or nil.
func (s *session) declares(o *seen) *spec.Resource {
	if s.state == nil {
		return nil
	}
	for _, scope := range s.state.Scopes {
		same := scope.Ident == o.id || scope.Ident == "" && strings.Join(scope.KeyParts(), "/") == o.name
		for field, name := range o.within {
			if said, ok := scope.Values[field].(string); ok && said != name && scope.Ident == "" {
				same = false
			}
		}
		if same && scope.Kind.Name == o.kind.Name {
			return scope
		}
	}
	return nil
}

// unseen reports a flag that names what is not there.
func (s *session) unseen(all []*seen) error {
	for _, flag := range []struct {
		name    string
		values  []string
		project bool
	}{{"org", s.orgs, false}, {"project", s.projects, true}} {
		for _, value := range flag.values {
			var known []string
			found := false
			for _, o := range all {
				if (o.kind.Parent != "") == flag.project {
					known = append(known, o.name)
					found = found || o.named([]string{value})
				}
			}
			if !found {
				return meaning(fmt.Errorf("--%s %s: the credentials see none of that name or id", flag.name, value), "", value, known)
			}
		}
	}
	return nil
}

// narrow leaves what --to names, and what explains it, to be read.
func (v *view) narrow(opts *accessOptions) error {
	if len(opts.to) == 0 {
		return nil
	}
	keep := map[*spec.Resource]bool{}
	for i, to := range opts.to {
		a := spec.Address(to)
		at := slices.IndexFunc(v.state.Scopes, func(r *spec.Resource) bool {
			return v.shown[r.Address] && strings.EqualFold(string(r.Address), string(a.Scope()))
		})
		if at < 0 {
			var known []string
			for a := range v.shown {
				known = append(known, string(a))
			}
			slices.Sort(known)
			return meaning(fmt.Errorf("--to %s: there is no such organization or project among those that are looked at", to), "", string(a.Scope()), known)
		}
		scope := v.state.Scopes[at]
		opts.to[i] = string(scope.Address) + to[len(a.Scope()):]
		keep[scope] = true
		if owner := v.state.Owner(scope); scope.Kind.Parent != "" && owner != nil {
			keep[owner] = true
		}
	}
	v.state.Scopes = slices.DeleteFunc(v.state.Scopes, func(r *spec.Resource) bool { return !keep[r] })
	return nil
}

// until says when what an object grants ends, by the files; "" if they do not.
func (v *view) until(a spec.Address) string {
	scope, ok := v.scopes[a.Scope()]
	if !ok {
		return ""
	}
	if r := v.declared.Lookup(scope + a[len(a.Scope()):]); r != nil {
		return r.Until
	}
	return ""
}
