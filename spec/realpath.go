package spec

import (
	"os"
	"path/filepath"
)

// maxLinks bounds how many links in a row are followed.
const maxLinks = 40

// RealPath returns the one name of a file that several paths may lead to,
// through linked directories and files, as far as they exist.
func RealPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	for range maxLinks {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
		if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
			path = filepath.Join(dir, filepath.Base(path))
		}
		target, err := os.Readlink(path) // a link to what does not exist yet
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return path
}

// SameFile tells whether two paths lead to one file, hard links included.
func SameFile(a, b string) bool {
	if RealPath(a) == RealPath(b) {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
