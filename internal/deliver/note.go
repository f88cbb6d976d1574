package deliver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// note is what stands beside a secret's file while the secret is being made.
type note struct {
	Known []string  `json:"known"`            // ids of the secrets there were before
	At    time.Time `json:"at,omitzero"`      // when the secret was asked for
	Hours int       `json:"hours,omitempty"`  // the lifetime that was asked for
	ID    string    `json:"id,omitempty"`     // the new one's, once Atlas has made it
	Hash  string    `json:"sha256,omitempty"` // of what is about to be written to the file
}

// notes are those that a run has begun. Each is locked while the run lives, so
// that another run does not take it for what an interrupted one has left.
type notes struct {
	mu    sync.Mutex
	locks map[string]*flock.Flock
}

// begin writes a note, locked before anybody can see it.
func (ns *notes) begin(file string, n note) error {
	path := file + spec.PendingSuffix
	ns.release(file) // of an attempt before
	if isHeld(path) {
		return fmt.Errorf("another run is delivering to %s right now", file)
	}
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	_, err = temporary.Write(append(data, '\n'))
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	lock := flock.New(temporary.Name())
	if runtime.GOOS == "windows" { // where an open file cannot be renamed
		lock = flock.New(path)
	} else {
		_, _ = lock.TryLock() // a file system without locks does without
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return errors.Join(err, lock.Close(), os.Remove(temporary.Name()))
	}
	if !lock.Locked() {
		_, _ = lock.TryLock()
	}
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.locks == nil {
		ns.locks = map[string]*flock.Flock{}
	}
	ns.locks[file] = lock
	return files.SyncDir(filepath.Dir(path))
}

// add writes a later state of a note below the first.
func (ns *notes) add(file string, n note) error {
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(file+spec.PendingSuffix, os.O_APPEND|os.O_CREATE|os.O_WRONLY, files.Private)
	if err != nil {
		return err
	}
	_, err = out.Write(append(data, '\n'))
	return errors.Join(err, out.Sync(), out.Close())
}

func (ns *notes) files() []string {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return slices.Collect(maps.Keys(ns.locks))
}

func (ns *notes) release(file string) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if lock := ns.locks[file]; lock != nil {
		_ = lock.Close()
		delete(ns.locks, file)
	}
}

// isHeld tells whether a run that lives has a note.
func isHeld(path string) bool {
	lock := flock.New(path, flock.SetFlag(os.O_RDWR)) // never makes one
	defer lock.Close()
	got, err := lock.TryLock()
	return err == nil && !got
}

func writeIDs(file string, d planner.Delivered) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return files.Write(file+spec.IDsSuffix, append(data, '\n'), files.Private)
}

// Forget removes the note beside a file, if there is one.
func Forget(file string) error {
	if file == "" {
		return nil
	}
	if err := os.Remove(file + spec.PendingSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// An Evidence is what stands beside the declared files.
type Evidence struct {
	Pending   map[spec.Address]planner.Pending   // what interrupted runs left
	Delivered map[spec.Address]planner.Delivered // which secret each file holds
	Busy      []string                           // files that another run delivers to right now
}

// Look reads what stands beside the declared files. A note whose value did
// reach the file tells nothing.
func Look(state *spec.State) (Evidence, error) {
	e := Evidence{Pending: map[spec.Address]planner.Pending{}, Delivered: map[spec.Address]planner.Delivered{}}
	var failed error
	state.Resources(func(r *spec.Resource) {
		rule, ok := r.Rule()
		if !ok || rule.File == "" {
			return
		}
		var n note
		found, err := readBeside(rule.File+spec.PendingSuffix, &n,
			"it tells which secrets were known before an interrupted run; compare them with Atlas and remove it")
		switch {
		case found && isHeld(rule.File+spec.PendingSuffix):
			e.Busy = append(e.Busy, rule.File)
		case found && !n.arrived(rule.File):
			e.Pending[r.Address] = planner.Pending{Known: n.Known, At: n.At, Hours: n.Hours, ID: n.ID}
		}
		var d planner.Delivered
		told, errIDs := readBeside(rule.File+spec.IDsSuffix, &d, "it tells which secret the file holds; remove it, and none is retired until the next one is made")
		if errors.Is(errIDs, fs.ErrPermission) {
			errIDs = nil // somebody else's run delivers: here there is no evidence
		}
		if told && d.ID != "" {
			e.Delivered[r.Address] = d
		}
		failed = errors.Join(failed, err, errIDs)
	})
	return e, failed
}

// readBeside reads the last whole line of a file of JSON lines.
func readBeside(path string, into any, advice string) (bool, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	for _, line := range slices.Backward(lines) {
		if err = json.Unmarshal(line, into); err == nil {
			return true, nil
		}
	}
	return false, fmt.Errorf("%s is damaged (%w): %s", path, err, advice)
}

func (n note) arrived(file string) bool {
	if n.Hash == "" {
		return false
	}
	data, err := os.ReadFile(file)
	return err == nil && hash(data) == n.Hash
}
