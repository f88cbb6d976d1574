// Package files writes files as a whole or not at all.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Private is the mode of what its owner alone may read.
const Private fs.FileMode = 0o600

// Read reads a regular file of so many bytes at most: a pipe or a device could
// be read without end.
func Read(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path) // opening a pipe could wait already
	var failed *fs.PathError
	switch {
	case errors.As(err, &failed):
		return nil, &fs.PathError{Op: "open", Path: path, Err: failed.Err}
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > most:
		return nil, fmt.Errorf("%s is larger than %d bytes", path, most)
	}
	return os.ReadFile(path)
}

// Holds tells whether a file is one JSON object that begins with the name of a format.
func Holds(path, format string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head)
	head = bytes.TrimSpace(head[:n])
	return bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"`+format+`"`))
}

// Place refuses a path at which no file can be: nothing holds it, or it is a directory.
func Place(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errors.New("it is a directory, and is to be a file")
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return err
	}
	return nil
}

// Temporary returns a name like those that a file has while Write writes it: a
// dot, its own name, and digits.
func Temporary(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"0123456789")
}

// Write replaces a file as a whole (on Windows: overwrites it) and returns when
// it is on disk. A link stays, and what it leads to is replaced; what is no
// regular file, such as a pipe or a terminal, is written to as it is.
func Write(path string, data []byte, mode fs.FileMode) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("is a directory")}
	case err == nil && !info.Mode().IsRegular():
		out, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = out.Write(data)
		return errors.Join(err, out.Close())
	case err == nil && mode == Private:
		// What is there already would lend its mode to what replaces it.
		if err := os.Chmod(path, mode); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return err // names the directory, and not a file of ours beside the target
	}
	if err := replace(path, data, mode); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir returns when a directory's entries are on disk.
func SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
