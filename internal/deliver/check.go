package deliver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// Check tells whether a target can be delivered to, before a secret is made.
func (Deliverer) Check(to planner.Target) error {
	if to.File == "" {
		if _, err := exec.LookPath(to.Command[0]); err != nil {
			return fmt.Errorf("deliverTo.command: %w", err)
		}
		return nil
	}
	if info, err := os.Stat(to.File); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("deliverTo.file: %s is not a regular file", to.File)
	}
	dir := filepath.Dir(to.File)
	probe, err := os.CreateTemp(dir, ".atlasctl-sync-*")
	if err != nil {
		return fmt.Errorf("deliverTo.file: cannot write to %s: %w", dir, cause(err))
	}
	defer os.Remove(probe.Name())
	// A full disk shows when something is written, not when a file is made.
	_, err = probe.Write(make([]byte, 4096))
	if err := errors.Join(err, probe.Sync(), probe.Close()); err != nil {
		return fmt.Errorf("deliverTo.file: cannot write to %s: %w", dir, err)
	}
	return outsideGit(to.File)
}

func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// outsideGit refuses a file that Git would offer to commit.
func outsideGit(file string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	for _, path := range []string{abs, notePath(abs)} {
		if tracked, err := committable(path); err != nil || tracked {
			return errors.Join(fmt.Errorf("deliverTo.file: %s is in a Git work tree that does not ignore it: keep it elsewhere, or add it to .gitignore", path), err)
		}
	}
	return nil
}

func committable(path string) (bool, error) {
	if !inWorkTree(filepath.Dir(path)) {
		return false, nil
	}
	cmd := exec.Command("git", "-C", filepath.Dir(path), "check-ignore", "-q", "--", path)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return true, nil
	case errors.As(err, &exit):
		return false, nil // Git says that it is no work tree after all
	}
	return true, fmt.Errorf("asking git: %w", err)
}

func inWorkTree(dir string) bool {
	for {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
