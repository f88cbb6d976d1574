package spec

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Masked is what is printed in place of a sensitive value.
const Masked = "(sensitive)"

// A Secret refers to a sensitive value that is kept outside the files. It
// never holds the value: Resolve reads it just before it is sent. However it
// is printed, it prints as (sensitive).
type Secret struct {
	FromEnv  string
	FromFile string
}

// String returns (sensitive).
func (s Secret) String() string { return Masked }

// GoString returns (sensitive).
func (s Secret) GoString() string { return Masked }

// MarshalJSON writes the reference, for plans: {"$secret": {"fromEnv": "NAME"}}.
func (s Secret) MarshalJSON() ([]byte, error) {
	ref := map[string]string{"fromEnv": s.FromEnv}
	if s.FromFile != "" {
		ref = map[string]string{"fromFile": s.FromFile}
	}
	return json.Marshal(map[string]any{"$secret": ref})
}

// HoldsSecret tells whether a declared value is a reference to something secret, or
// has one in it.
func HoldsSecret(v any) bool {
	switch v := v.(type) {
	case Secret:
		return true
	case map[string]any:
		for _, below := range v {
			if HoldsSecret(below) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, HoldsSecret)
	}
	return false
}

// maxSecretFile bounds what is read as one secret: keys and JSON key files
// are a few kilobytes.
const maxSecretFile = 1 << 20

// Resolve returns the value. One line break at a file's end is dropped.
func (s Secret) Resolve() (string, error) {
	if s.FromFile == "" {
		if v := os.Getenv(s.FromEnv); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("environment variable %s is not set", s.FromEnv)
	}
	data, err := readRegular(s.FromFile)
	if err != nil {
		return "", err
	}
	v := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if v == "" {
		return "", fmt.Errorf("%s is empty", s.FromFile)
	}
	return v, nil
}

// readRegular reads a regular file of a secret's size. A pipe or a device could
// be waited for without end; what says that it is empty is not asked, so that
// files of the kernel are none either.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path) // before it is opened: that could wait already
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty", path)
	case info.Size() > maxSecretFile:
		return nil, fmt.Errorf("%s is larger than a secret can be (%d bytes)", path, info.Size())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSecretFile))
}

// IsMask tells whether a value holds what Atlas shows in place of a secret:
// asterisks, at any depth.
func IsMask(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "***")
	case []any:
		return slices.ContainsFunc(v, IsMask)
	case map[string]any:
		for _, e := range v {
			if IsMask(e) {
				return true
			}
		}
	}
	return false
}
