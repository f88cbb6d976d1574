package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// filesAt reads the declared files as they were at a git revision: what
// spec.Load would read if that revision were checked out.
func filesAt(ctx context.Context, ref string, paths []string) ([]spec.File, error) {
	var files []spec.File
	seen := map[string]bool{}
	for _, path := range paths {
		if path == "-" {
			return nil, errors.New("--base needs files: standard input has no revisions")
		}
		dir, only := path, "."
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			dir, only = filepath.Split(path)
		}
		if dir == "" {
			dir = "."
		}
		commit, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
		if err != nil {
			if _, outside := git(ctx, dir, "rev-parse", "--git-dir"); outside != nil {
				return nil, fmt.Errorf("--base %s: %w", ref, outside)
			}
			return nil, fmt.Errorf("--base %s: there is no such revision here; a shallow clone may lack it (fetch it first)", ref)
		}
		commit = strings.TrimSpace(commit)
		ignore, err := ignoreAt(ctx, commit, dir, only)
		if err != nil {
			return nil, fmt.Errorf("--base %s: %w", ref, err)
		}
		listed, err := git(ctx, dir, "ls-tree", "-r", "--name-only", "-z", commit, "--", only)
		if err != nil {
			return nil, fmt.Errorf("--base %s: %w", ref, err)
		}
		for _, name := range strings.Split(strings.TrimSuffix(listed, "\x00"), "\x00") {
			full := filepath.Join(dir, filepath.FromSlash(name))
			if name == "" || seen[full] || only == "." && (!spec.IsDeclared(name) || ignore.Ignores(name)) {
				continue
			}
			seen[full] = true
			text, err := git(ctx, dir, "show", commit+":./"+name)
			if err != nil {
				return nil, fmt.Errorf("--base %s: %w", ref, err)
			}
			files = append(files, spec.File{Name: full, Text: text})
		}
	}
	return files, nil
}

// ignoreAt reads what the ignore file of a directory said at a revision.
func ignoreAt(ctx context.Context, commit, dir, only string) (*spec.Ignore, error) {
	listed, err := git(ctx, dir, "ls-tree", "--name-only", commit, "--", spec.IgnoreFile)
	if err != nil || listed == "" || only != "." {
		return nil, err
	}
	text, err := git(ctx, dir, "show", commit+":./"+spec.IgnoreFile)
	if err != nil {
		return nil, err
	}
	return spec.ParseIgnore(text)
}

// git runs the git program in a directory.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	return gitWith(ctx, dir, nil, "", args...)
}

// gitWith does so with variables besides those of the process, and with something on
// standard input.
func gitWith(ctx context.Context, dir string, env []string, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	cmd.Env, cmd.Stdin = append(os.Environ(), env...), strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if said := strings.TrimSpace(errs.String()); said != "" {
			return "", errors.New(said)
		}
		return "", fmt.Errorf("git: %w", err)
	}
	return out.String(), nil
}
