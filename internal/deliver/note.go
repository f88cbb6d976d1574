package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

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

func writeNote(file string, n note) error { return writeBeside(file+spec.PendingSuffix, n) }

func writeIDs(file string, d planner.Delivered) error { return writeBeside(file+spec.IDsSuffix, d) }

func writeBeside(path string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return files.Write(path, append(data, '\n'), files.Private)
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

// Evidence reads what stands beside the declared files: what interrupted runs
// left, and which secret each file holds. A note whose value did reach the
// file tells nothing.
func Evidence(state *spec.State) (map[spec.Address]planner.Pending, map[spec.Address]planner.Delivered, error) {
	pending, delivered := map[spec.Address]planner.Pending{}, map[spec.Address]planner.Delivered{}
	var failed error
	state.Resources(func(r *spec.Resource) {
		rule, ok := r.Rule()
		if !ok || rule.File == "" {
			return
		}
		var n note
		found, err := readBeside(rule.File+spec.PendingSuffix, &n,
			"it tells which secrets were known before an interrupted run; compare them with Atlas and remove it")
		failed = errors.Join(failed, err)
		if found && !n.arrived(rule.File) {
			pending[r.Address] = planner.Pending{Known: n.Known, At: n.At, Hours: n.Hours, ID: n.ID}
		}
		var d planner.Delivered
		found, err = readBeside(rule.File+spec.IDsSuffix, &d, "it tells which secret the file holds; remove it, and none is retired until the next one is made")
		failed = errors.Join(failed, err)
		if found && d.ID != "" {
			delivered[r.Address] = d
		}
	})
	return pending, delivered, failed
}

func readBeside(path string, into any, advice string) (bool, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		if err = json.Unmarshal(data, into); err == nil {
			return true, nil
		}
		err = fmt.Errorf("%s is damaged (%w): %s", path, err, advice)
	}
	return false, err
}

func (n note) arrived(file string) bool {
	if n.Hash == "" {
		return false
	}
	data, err := os.ReadFile(file)
	return err == nil && hash(data) == n.Hash
}
