// Package private writes files that their owner alone may read.
package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/google/renameio/v2/maybe"
)

// Mode is what the files can be read by: their owner.
const Mode fs.FileMode = 0o600

// WriteFile replaces a file as a whole (on Windows: overwrites it) and returns
// when it is on disk.
func WriteFile(path string, data []byte) error {
	// What is there already would lend its mode to what replaces it.
	if err := os.Chmod(path, Mode); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := maybe.WriteFile(path, data, Mode); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
