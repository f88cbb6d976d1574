package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/seal"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func (o *options) addReceipt(f *pflag.FlagSet) {
	f.StringVar(&o.receipt, "receipt", "", "keep what was before and what was done in this file, or in a new one in this directory, for undo")
}

// A keeping is a receipt that is being written.
type keeping struct {
	receipt *receipt.Receipt
	writer  *receipt.Writer
	path    string
}

// keep writes the receipt of what is about to be done: where it cannot be kept, nothing
// is done.
func (s *session) keep() (*keeping, error) {
	if s.options.receipt == "" {
		return nil, nil
	}
	begun := s.env.now().UTC()
	path, err := receipt.Place(s.options.receipt, begun)
	if err != nil {
		return nil, fmt.Errorf("--receipt: %w", err)
	}
	own, err := spec.Definitions(s.state.Sources.Files())
	if err != nil {
		return nil, fmt.Errorf("--receipt: %w", err)
	}
	k := &keeping{path: path, writer: &receipt.Writer{Catalog: s.env.catalog(), Live: s.live},
		receipt: &receipt.Receipt{Tool: version(), Command: s.command, BaseURL: s.where, Begun: begun, Run: s.linkOf(),
			By: cmp.Or(s.credentials.ClientID, s.credentials.PublicKey), Scopes: s.scopes(), Commit: s.commit(), Definitions: slices.Concat(s.env.definitions, own)}}
	if err := k.save(s); err != nil {
		receipt.Release(path)
		return nil, err
	}
	for _, l := range k.receipt.Cannot {
		s.logf("undo cannot: %s: %s", report.Clean(strings.TrimSpace(string(l.Address)+" "+l.Path)), report.Clean(l.Why))
	}
	return k, nil
}

func (k *keeping) save(s *session) error {
	err := k.writer.Fill(k.receipt, s.plan)
	if err == nil {
		err = k.receipt.Save(k.path, s.env.Getenv(seal.KeyVariable))
	}
	if err != nil {
		return fmt.Errorf("--receipt: %w", err)
	}
	return nil
}

// ended writes how the run ended.
func (k *keeping) ended(s *session) {
	if k == nil {
		return
	}
	now := s.env.now().UTC()
	k.receipt.Ended, k.receipt.Scopes = &now, s.scopes()
	if !slices.ContainsFunc(s.plan.Steps, func(step *planner.Step) bool { return step.Wrote }) {
		receipt.Discard(k.path) // there is nothing to take back
		return
	}
	if err := k.save(s); err != nil {
		s.errs = append(s.errs, err)
		return
	}
	if !s.quiet {
		s.logf("Receipt: %s (undo %s takes it back)", k.path, k.path)
	}
}

// commit returns the revision that the files are at, if git knows one.
func (s *session) commit() string {
	files := s.state.Sources.Files()
	if len(files) == 0 || files[0].Name == "<stdin>" {
		return ""
	}
	dir := filepath.Dir(files[0].Name)
	head, err := git(s.ctx, dir, "rev-parse", "HEAD")
	if err != nil {
		return ""
	}
	revision := strings.TrimSpace(head)
	if said, err := git(s.ctx, dir, "status", "--porcelain", "--", "."); err != nil || said != "" {
		revision += "+changes"
	}
	return revision
}

// declaredBy returns what files of a receipt declare of its steps, as a state of which
// only that is selected; nil if there is nothing. What is to be undone of a creation is
// declared absent, else it stands there for what stands in it.
func (s *session) declaredBy(r *receipt.Receipt, files []spec.File, after bool) (*spec.State, error) {
	state, diags := spec.LoadFiles(s.env.catalog(), slices.Concat(r.Definitions, files))
	if diags.HasErrors() {
		return nil, fmt.Errorf("what the receipt holds is not valid for this version: %w", diags.Err())
	}
	var targets []spec.Address
	for _, step := range r.Steps {
		declared := state.Lookup(step.Address)
		if declared != nil && (declared.Absent || step.Action != planner.Create || after && declared.Parent != nil) {
			targets = append(targets, step.Address)
		}
	}
	if len(targets) == 0 {
		return nil, nil
	}
	err := state.Select(s.env.catalog(), spec.Filter{Targets: targets})
	state.Resources(func(r *spec.Resource) { // a target is all that stands in it, too
		r.Context = r.Context || !slices.Contains(targets, r.Address)
	})
	return state, err
}
