// Package planfile saves plans and reads them back. A saved plan holds the
// declared files themselves, so that applying it needs nothing else: the plan
// is made again from them and from what is live by then, and has to come out
// the same.
package planfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/seal"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// FormatVersion is the version of saved plans. A plan is made to be applied
// soon, by the program that made it: no other version is read.
const FormatVersion = "2"

const (
	format  = "atlasctl-sync/plan"
	maxSize = 256 << 20
)

// A File is a saved plan.
type File struct {
	Format        string    `json:"format"`
	FormatVersion string    `json:"formatVersion"`
	Tool          string    `json:"tool"` // the version that made it
	Time          time.Time `json:"time"`
	BaseURL       string    `json:"baseURL"`
	// Scopes tells by Atlas's ids which organizations and projects are meant, which of
	// what there is the steps are about, and what that stands in.
	Scopes  map[spec.Address]string `json:"scopes"`
	Options Options                 `json:"options"`
	// Digest is the SHA-256 of the declared files.
	Digest  string          `json:"digest"`
	Files   []spec.File     `json:"files"`
	Summary planner.Summary `json:"summary"`
	// Warnings are what was said of the files when the plan was made.
	Warnings spec.Diagnostics `json:"warnings,omitempty"`
	// Steps are kept as they were written: they are compared, never run.
	Steps []json.RawMessage `json:"steps"`
	// Findings and Done are what the plan told besides.
	Findings []planner.Finding `json:"findings"`
	Done     []planner.Done    `json:"done"`
	LeftOut  []spec.LeftOut    `json:"leftOut,omitempty"`
	// Access is who may do more or less by it.
	Access       []planner.AccessChange `json:"access,omitempty"`
	AccessUnread []string               `json:"accessUnread,omitempty"`

	// Checksum finds damage; HMAC, with a key, finds who should not have edited.
	Checksum string `json:"checksum"`
	HMAC     string `json:"hmac,omitempty"`
}

// Options are the choices that the plan was made with.
type Options struct {
	Filter         spec.Filter     `json:"filter"`
	RewriteSecrets bool            `json:"rewriteSecrets"`
	Allow          map[string]bool `json:"allow"`
	MaxDeletes     planner.Ceiling `json:"maxDeletes"`
	AllowGuards    []string        `json:"allowGuards"`
	Rotate         []spec.Address  `json:"rotate"`
	Strict         bool            `json:"strict,omitempty"` // warnings are errors
	Rebuild        *spec.Rebuild   `json:"rebuild,omitempty"`
}

// Is tells whether a file looks like a saved plan.
func Is(path string) bool { return files.Holds(path, format) }

// Digest returns the SHA-256 of declared files with their names.
func Digest(files []spec.File) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%d:%s%d:%s", len(f.Name), f.Name, len(f.Text), f.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Encode turns steps into the form in which they are saved and compared.
func Encode(steps []*planner.Step) ([]json.RawMessage, error) {
	out := make([]json.RawMessage, len(steps))
	for i, s := range steps {
		data, err := json.Marshal(s)
		if err != nil {
			return nil, err
		}
		out[i] = data
	}
	return out, nil
}

// Save writes the plan, readable by its owner only, as a whole or not at all.
// A key, if there is one, signs it.
func (f *File) Save(path, key string) error {
	if err := seal.CheckKey(key); err != nil {
		return err
	}
	f.Format, f.FormatVersion, f.Checksum, f.HMAC = format, FormatVersion, "", ""
	f.Digest = Digest(f.Files)
	bare, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if f.Checksum, f.HMAC, err = seal.Seals(bare, key); err != nil {
		return err
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(path, append(data, '\n'), files.Private)
}

// Load reads a saved plan and checks that it is whole and, with a key, that
// who saved it had the key too.
func Load(path, key string) (*File, error) {
	if err := seal.CheckKey(key); err != nil {
		return nil, err
	}
	f, err := load(path, key)
	if err != nil {
		return nil, fmt.Errorf("saved plan %s: %w", path, err)
	}
	return f, nil
}

func load(path, key string) (*File, error) {
	data, err := files.Read(path, maxSize)
	if err != nil {
		return nil, err
	}
	f, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if err := seal.Verify(data, key); err != nil {
		return nil, fmt.Errorf("%w: plan again", err)
	}
	if f.Digest != Digest(f.Files) {
		return nil, errors.New("it was damaged or edited (the digest of its files differs): plan again")
	}
	return f, nil
}

// Decode reads the bytes of a saved plan, without checking its seals.
func Decode(data []byte) (*File, error) {
	var head struct{ Format, FormatVersion, Tool string }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if head.Format != format {
		return nil, errors.New("it is no saved plan")
	}
	if head.FormatVersion != FormatVersion {
		return nil, fmt.Errorf("version %q of the program made it, with format version %q, and this program reads %q: plan again with this program, and have it reviewed again", head.Tool, head.FormatVersion, FormatVersion)
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	for i, s := range f.Steps { // undo the indentation
		var b bytes.Buffer
		if err := json.Compact(&b, s); err != nil {
			return nil, fmt.Errorf("it is damaged: %w", err)
		}
		f.Steps[i] = b.Bytes()
	}
	return &f, nil
}
