package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// load reads the files. What is wrong with them ends the run before any call.
func (s *session) load(args []string) error {
	if err := s.declare(args); err != nil {
		return err
	}
	return s.choose()
}

// declare reads the files, whole.
func (s *session) declare(args []string) error {
	for _, path := range args {
		if _, err := os.Stat(path); err != nil && s.sandboxDir == defaultSandbox {
			return fmt.Errorf("%s: no such file or directory (to keep the sandbox's state there, say --sandbox=%s)", path, path)
		}
	}
	if err := s.spare(s.paths(args)); err != nil {
		return err
	}
	kinds := s.env.catalog()
	s.state, s.diags = spec.Load(kinds, s.paths(args), s.env.Stdin)
	s.env.Catalog = s.state.Catalog
	s.strictly()
	if s.diags.HasErrors() {
		return s.finish(exitFile)
	}
	if s.rebuild != nil {
		if err := s.redirect(kinds); err != nil {
			return err
		}
	}
	return s.spareDelivered()
}

// choose selects what the flags say of what the files declare.
func (s *session) choose() error {
	if len(s.orgIDs)+len(s.projectIDs) > 0 {
		if err := s.namesOfIDs(); err != nil {
			return err
		}
	}
	s.state.Watch(s.env.catalog(), s.watch)
	if err := s.state.Select(s.env.catalog(), s.filter()); err != nil {
		return err
	}
	s.tellShard()
	return nil
}

// namesOfIDs turns --orgId and --projectId into names, which files declare.
func (s *session) namesOfIDs() error {
	if err := s.connect(); err != nil {
		return err
	}
	for _, k := range s.env.catalog().Documents() {
		ids, names, flag := s.orgIDs, &s.orgs, "--orgId"
		if k.Parent != "" {
			ids, names, flag = s.projectIDs, &s.projects, "--projectId"
		}
		if len(ids) == 0 {
			continue
		}
		items, err := s.reader.List(s.ctx, k, nil)
		if err != nil {
			return err
		}
		for _, id := range ids {
			i := slices.IndexFunc(items, func(raw any) bool { return spec.TextAt(raw, k.IDAt()) == id })
			if i < 0 {
				return fmt.Errorf("%s %s: the credentials see no such %s", flag, id, strings.ToLower(k.Name))
			}
			*names = append(*names, k.NameOf(items[i]))
		}
	}
	s.orgIDs, s.projectIDs = nil, nil
	return nil
}
