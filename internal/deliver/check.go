package deliver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Check tells whether a target can be delivered to, before a secret is made.
func (*Deliverer) Check(to planner.Target) error {
	if to.File == "" {
		if _, err := exec.LookPath(to.Command[0]); err != nil {
			return fmt.Errorf("deliverTo.command: %w", err)
		}
		return nil
	}
	if info, err := os.Stat(to.File); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("deliverTo.file: %s is not a regular file", to.File)
	}
	if err := outsideGit(to.File); err != nil {
		return err // before anything is written there
	}
	dir := filepath.Dir(to.File)
	probe, err := os.CreateTemp(filepath.Dir(spec.RealPath(to.File)), ".atlasctl-sync-*")
	if err != nil {
		return fmt.Errorf("deliverTo.file: cannot write to %s: %w", dir, cause(err))
	}
	defer os.Remove(probe.Name())
	// A full disk shows when something is written, not when a file is made.
	_, err = probe.Write(make([]byte, 4096))
	if err := errors.Join(err, probe.Sync(), probe.Close()); err != nil {
		return fmt.Errorf("deliverTo.file: cannot write to %s: %w", dir, err)
	}
	return nil
}

func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
