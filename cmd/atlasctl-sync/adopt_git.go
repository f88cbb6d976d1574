package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/adopt"
)

// adopting says what becomes of files that were adopted.
type adopting struct {
	on     bool // drift --adopt
	diff   bool
	branch string
}

func (o *options) addAdopting(f *pflag.FlagSet) {
	f.BoolVar(&o.adopting.diff, "diff", false, "print a patch, and write nothing")
	f.StringVar(&o.adopting.branch, "branch", "", "commit to this new branch of git, and leave the working tree as it is")
}

// patch prints what changes in files as git apply and patch -p1 take it.
func patch(files []adopt.File) string {
	var b strings.Builder
	for _, f := range files {
		name := filepath.ToSlash(relative(f.Name))
		text := string(diff.Diff("a/"+name, []byte(f.Before), "b/"+name, []byte(f.After)))
		_, text, _ = strings.Cut(text, "\n") // the first line names no format that tools know
		b.WriteString(text)
	}
	return b.String()
}

// relative is a path as seen from here, where it is below.
func relative(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if below, err := filepath.Rel(here, full); err == nil && filepath.IsLocal(below) {
		return below
	}
	return strings.TrimPrefix(full, "/")
}

// commitTo commits files to a new branch that begins at HEAD, without touching the
// working tree or the index.
func commitTo(ctx context.Context, branch, message string, files []adopt.File) error {
	dir := filepath.Dir(files[0].Name)
	failed := func(err error) error { return fmt.Errorf("--branch %s: %w", branch, err) }
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return failed(err)
	}
	repository := strings.TrimSuffix(top, "\n")
	if _, err := git(ctx, repository, "check-ref-format", "--branch", branch); err != nil {
		return failed(errors.New("this is no name of a branch"))
	}
	head, err := git(ctx, repository, "rev-parse", "--verify", "HEAD")
	if err != nil {
		return failed(errors.New("there is no commit yet to begin at"))
	}
	temporary, err := os.MkdirTemp("", "atlasctl-sync")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(temporary)
	g := gitIndex{ctx, repository, filepath.Join(temporary, "index")}
	if _, err := g.run("", "read-tree", "HEAD"); err != nil {
		return failed(err)
	}
	for _, f := range files {
		if err := g.add(f); err != nil {
			return failed(err)
		}
	}
	tree, err := g.run("", "write-tree")
	if err != nil {
		return failed(err)
	}
	commit, err := g.run(message, "commit-tree", strings.TrimSpace(tree), "-p", strings.TrimSpace(head))
	if err != nil {
		return failed(err)
	}
	ref := "refs/heads/" + branch
	if _, err := git(ctx, repository, "rev-parse", "--verify", "--quiet", ref); err == nil {
		return failed(errors.New("there is such a branch already"))
	}
	if _, err := g.run("", "update-ref", ref, strings.TrimSpace(commit), ""); err != nil {
		return failed(err)
	}
	return nil
}

// A gitIndex runs git in a repository with an index of its own.
type gitIndex struct {
	ctx              context.Context
	repository, path string
}

func (g gitIndex) run(stdin string, args ...string) (string, error) {
	return gitWith(g.ctx, g.repository, []string{"GIT_INDEX_FILE=" + g.path}, stdin, args...)
}

// add puts a file's new text into the index, in place of what HEAD has of it.
func (g gitIndex) add(f adopt.File) error {
	prefix, err := git(g.ctx, filepath.Dir(f.Name), "rev-parse", "--show-prefix")
	if err != nil {
		return err
	}
	path := strings.TrimSuffix(prefix, "\n") + filepath.Base(f.Name)
	entry, err := git(g.ctx, g.repository, "ls-tree", "HEAD", "--", path)
	mode, _, found := strings.Cut(entry, " ")
	if err != nil || !found {
		return fmt.Errorf("%s is in no commit yet", f.Name)
	}
	if _, err := git(g.ctx, g.repository, "diff", "--quiet", "HEAD", "--", path); err != nil {
		return fmt.Errorf("%s has changes that are not committed", f.Name)
	}
	blob, err := g.run(f.After, "hash-object", "-w", "--stdin", "--path", path)
	if err != nil {
		return err
	}
	_, err = g.run("", "update-index", "--cacheinfo", mode+","+strings.TrimSpace(blob)+","+path)
	return err
}
