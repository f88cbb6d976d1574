package spec

import (
	"encoding/json"
	"fmt"
	"os"
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
	info, err := os.Stat(s.FromFile)
	if err != nil {
		return "", err
	}
	if info.Size() > maxSecretFile {
		return "", fmt.Errorf("%s is larger than a secret can be (%d bytes)", s.FromFile, info.Size())
	}
	data, err := os.ReadFile(s.FromFile)
	if err != nil {
		return "", err
	}
	v := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if v == "" {
		return "", fmt.Errorf("%s is empty", s.FromFile)
	}
	return v, nil
}
