// Package receipt keeps what an apply has done, and what was before, so that it can
// be undone. It holds no secrets.
package receipt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/seal"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const (
	format = "atlasctl-sync/receipt"
	// FormatVersion is the version of receipts.
	FormatVersion = "1"
	maxSize       = 256 << 20
)

// A Receipt tells what one run has done.
type Receipt struct {
	Format        string    `json:"format"`
	FormatVersion string    `json:"formatVersion"`
	Tool          string    `json:"tool"` // the version of the program
	Command       string    `json:"command"`
	BaseURL       string    `json:"baseURL"`
	Begun         time.Time `json:"begun"`
	// Ended is missing where the run did not end: what it did is not known then.
	Ended  *time.Time `json:"ended,omitempty"`
	By     string     `json:"by,omitempty"`     // the service account's client id, or the API key's public part
	Commit string     `json:"commit,omitempty"` // of the files; +changes where they had some
	Run    string     `json:"run,omitempty"`    // the page of the job
	// Scopes are Atlas's ids of the organizations and projects, of what the run was about
	// and of what that stands in, as the run left them.
	Scopes  map[spec.Address]string `json:"scopes"`
	Summary planner.Summary         `json:"summary"`
	Steps   []Step                  `json:"steps"`
	// Definitions describe kinds of the files' own.
	Definitions []spec.File `json:"definitions,omitempty"`
	// Before declares what was before, of all that the run was to change: what undo
	// plans. Later is what can go only after that.
	Before []spec.File `json:"before"`
	Later  []spec.File `json:"later,omitempty"`
	// After declares the same as the run was to leave it.
	After []spec.File `json:"after"`
	// Cannot lists what cannot be undone.
	Cannot []Loss `json:"cannot"`
	// Checksum finds damage; HMAC, with a key, finds who should not have edited.
	Checksum string `json:"checksum"`
	HMAC     string `json:"hmac,omitempty"`
}

// A Step is what was done to one resource.
type Step struct {
	Address spec.Address       `json:"address"`
	Kind    string             `json:"kind"`
	Action  planner.Action     `json:"action"`
	Status  planner.Status     `json:"status"`
	Changes []planner.Change   `json:"changes"` // none that is sensitive has a value
	Error   *planner.StepError `json:"error,omitempty"`
	// Unsure says that an answer of Atlas's was lost: what is there may be somebody else's.
	Unsure bool `json:"unsure,omitempty"`
}

// A Loss is something that cannot be undone, and why.
type Loss struct {
	Address spec.Address `json:"address"`
	Path    string       `json:"path,omitempty"`
	Why     string       `json:"why"`
}

// Vacant refuses a file that holds something already: a receipt is written over nothing.
func Vacant(path string) error {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return fmt.Errorf("%s is there already, and a receipt is never written over: name another file, or a directory, in which each run makes a file of its own", path)
	}
	return nil
}

// Place returns the file that a receipt is to be written to: of a directory, a new one
// in it that sorts by time, and is made here so that no other run takes it.
func Place(path string, begun time.Time) (string, error) {
	info, err := os.Stat(path)
	isDir := err == nil && info.IsDir() || strings.HasSuffix(path, string(filepath.Separator))
	if !isDir {
		return path, Vacant(path)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", err
	}
	for at := begun.UTC(); ; at = at.Add(time.Millisecond) {
		name := filepath.Join(path, at.Format("20060102T150405.000Z")+suffix)
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, files.Private)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return name, f.Close()
	}
}

// Release gives back a place that nothing was written to.
func Release(path string) {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		_ = os.Remove(path) // it is empty, and told as such
	}
}

// Discard takes away the receipt of a run that has done nothing.
func Discard(path string) {
	if Is(path) {
		_ = os.Remove(path) // left, it says that nothing was done
	}
}

// suffix is how the names of receipts in a directory end.
const suffix = ".receipt.json"

// Save writes the receipt, readable by its owner only, as a whole or not at all. A key,
// if there is one, signs it.
func (r *Receipt) Save(path, key string) error {
	if err := seal.CheckKey(key); err != nil {
		return err
	}
	r.Format, r.FormatVersion, r.Checksum, r.HMAC = format, FormatVersion, "", ""
	if r.Cannot == nil {
		r.Cannot = []Loss{}
	}
	if r.Steps == nil {
		r.Steps = []Step{}
	}
	bare, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if r.Checksum, r.HMAC, err = seal.Seals(bare, key); err != nil {
		return err
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(path, append(data, '\n'), files.Private)
}

// Is tells whether a file looks like a receipt.
func Is(path string) bool { return files.Holds(path, format) }

// Load reads a receipt and checks that it is whole and, with a key, that who wrote it
// had the key too.
func Load(path, key string) (*Receipt, error) {
	data, err := files.Read(path, maxSize)
	if err != nil {
		return nil, err
	}
	r, err := Decode(data)
	if err == nil {
		err = seal.Verify(data, key)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Decode reads the bytes of a receipt, without checking its seals.
func Decode(data []byte) (*Receipt, error) {
	var head struct{ Format, FormatVersion, Tool string }
	if err := json.Unmarshal(data, &head); err != nil || head.Format != format {
		return nil, errors.New("it is no receipt")
	}
	if head.FormatVersion != FormatVersion {
		return nil, fmt.Errorf("version %q of the program wrote it, with format version %q, and this program reads %q", head.Tool, head.FormatVersion, FormatVersion)
	}
	var r Receipt
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return nil, fmt.Errorf("the receipt is damaged: %w", err)
	}
	return &r, nil
}

// A Listed is a receipt of a directory.
type Listed struct {
	File string `json:"file"`
	*Receipt
}

// List reads the receipts of a directory, the newest first. What is none, or was edited,
// is left out and named.
func List(dir, key string) (found []Listed, others []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		r, err := Load(path, key)
		if err != nil {
			others = append(others, err.Error())
			continue
		}
		found = append(found, Listed{path, r})
	}
	slices.SortStableFunc(found, func(a, b Listed) int { return b.Begun.Compare(a.Begun) })
	return found, others, nil
}

// Count counts the steps that came to an end of some sort.
func (r *Receipt) Count(status ...planner.Status) int {
	n := 0
	for _, s := range r.Steps {
		if slices.Contains(status, s.Status) {
			n++
		}
	}
	return n
}

// Done counts what the run has done, by action; of one that did not end, what it was to
// do.
func (r *Receipt) Done() map[planner.Action]int {
	n := map[planner.Action]int{}
	for _, s := range r.Steps {
		if r.Ended == nil || s.Status != planner.Planned && s.Status != planner.Skipped && s.Status != planner.Failed {
			n[s.Action]++
		}
	}
	return n
}

// Outcome says in a word how the run ended.
func (r *Receipt) Outcome() string {
	switch done := r.Count(planner.Verified, planner.Applied); {
	case r.Ended == nil:
		return "did not end"
	case done == len(r.Steps):
		return "done"
	case done == 0:
		return "failed"
	}
	return "in part"
}
