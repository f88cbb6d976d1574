package deliver

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// outsideGit refuses a file that Git would offer to commit: where the path
// really leads, the note beside it, and the name that it has while it is written.
func outsideGit(file string) error {
	real := spec.RealPath(file)
	for _, path := range slices.Concat(
		[]string{real, files.Temporary(real)},
		[]string{spec.RealPath(file + spec.PendingSuffix)},
	) {
		if tracked, err := committable(path); err != nil || tracked {
			return errors.Join(fmt.Errorf("deliverTo.file: %s is in a Git work tree that does not ignore it: keep it elsewhere, or ignore its directory (or %s and .%s*) in .gitignore",
				path, filepath.Base(real)+"*", filepath.Base(real)), err)
		}
	}
	return nil
}

// gitVariables say which repository Git works on, whatever directory it is in.
var gitVariables = []string{"GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_CEILING_DIRECTORIES=", "GIT_DISCOVERY_ACROSS_FILESYSTEM=", "GIT_COMMON_DIR="}

func isGitVariable(v string) bool {
	return slices.ContainsFunc(gitVariables, func(name string) bool { return strings.HasPrefix(v, name) })
}

// committable tells whether Git would offer a file, in the repository that its
// directory is in and in the one that the environment names.
func committable(path string) (bool, error) {
	if inWorkTree(filepath.Dir(path)) {
		if found, err := offered(path, slices.DeleteFunc(os.Environ(), isGitVariable)); found || err != nil {
			return found, err
		}
	}
	if os.Getenv("GIT_DIR") == "" && os.Getenv("GIT_WORK_TREE") == "" {
		return false, nil
	}
	return offered(path, os.Environ())
}

// offered asks Git whether it ignores a file. What Git will not tell, as of a
// repository that belongs to somebody else, counts as offered.
func offered(path string, env []string) (bool, error) {
	cmd := exec.Command("git", "-C", filepath.Dir(path), "check-ignore", "-q", "--", path)
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Env = append(env, "LC_ALL=C")
	err := cmd.Run()
	var exit *exec.ExitError
	words := strings.TrimSpace(said.String())
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return true, nil
	case strings.Contains(words, "not a git repository"), strings.Contains(words, "is outside repository"), strings.Contains(words, "must be run in a work tree"):
		return false, nil
	case words != "":
		return true, fmt.Errorf("git does not say whether: %s", words)
	}
	return true, fmt.Errorf("asking git: %w", err)
}

func inWorkTree(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
