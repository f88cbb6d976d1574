// Package deliver hands secrets that Atlas shows once to where they are kept:
// a file, or a program's standard input. Nothing else ever sees the value.
package deliver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Deliverer delivers. Its zero value is ready.
type Deliverer struct {
	// Tell, if there is one, is told of each secret that is about to be made
	// for a program: should the run be killed meanwhile, nothing else tells.
	Tell func(format string, args ...any)
}

// note is what stands beside a secret's file while the secret is being made.
type note struct {
	Known []string `json:"known"`            // ids of the secrets there were before
	ID    string   `json:"id,omitempty"`     // the new one's, once Atlas has made it
	Hash  string   `json:"sha256,omitempty"` // of what is about to be written to the file
}

func notePath(target string) string { return target + ".pending" }

// Prepare writes the note, safely on disk, before a secret is made. Whether
// a program received one cannot be known later, so that is told instead.
func (d Deliverer) Prepare(account spec.Address, to planner.Delivery) error {
	if to.To.File == "" && d.Tell != nil {
		d.Tell("making a secret of %s for the command %s; if this run ends before it is verified, replace the secret: --rotate %s",
			account, to.To.Command[0], account)
	}
	return writeNote(to.To, note{Known: append([]string{}, to.Known...)})
}

func writeNote(to planner.Target, n note) error {
	if to.File == "" {
		return nil
	}
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return files.Write(notePath(to.File), data, files.Private)
}

// Deliver hands the value over and removes the note.
func (d Deliverer) Deliver(ctx context.Context, to planner.Delivery, id, value string) error {
	if to.To.File == "" {
		return run(ctx, to.To.Command, value)
	}
	if err := writeNote(to.To, note{Known: to.Known, ID: id, Hash: hash([]byte(value))}); err != nil {
		return err
	}
	if err := files.Write(to.To.File, []byte(value), files.Private); err != nil {
		return err
	}
	return d.Abandon(to)
}

// Abandon removes the note.
func (Deliverer) Abandon(d planner.Delivery) error { return Forget(d.To.File) }

// Forget removes the note beside a file, if there is one.
func Forget(file string) error {
	if file == "" {
		return nil
	}
	if err := os.Remove(notePath(file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// commandTime is how long a program may take to accept a secret.
const commandTime = 5 * time.Minute

// run gives the value to a program. What the program prints might repeat it,
// so it is not shown.
func run(ctx context.Context, argv []string, value string) error {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = strings.NewReader(value)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		said := strings.TrimSpace(strings.ReplaceAll(stderr.String(), value, spec.Masked))
		if len(said) > 500 {
			said = said[:500] + "…"
		}
		return fmt.Errorf("command %s: %w: %s", argv[0], err, said)
	}
	return nil
}

// Pending reads the notes beside the declared files: what interrupted runs
// left. A note whose value did reach the file tells nothing.
func Pending(state *spec.State) (map[spec.Address]planner.Pending, error) {
	out := map[spec.Address]planner.Pending{}
	var failed error
	state.Resources(func(r *spec.Resource) {
		rule, ok := r.Rule()
		if !ok || rule.File == "" {
			return
		}
		n, found, err := readNote(rule.File)
		if err != nil {
			failed = errors.Join(failed, err)
		}
		if found && !n.arrived(rule.File) {
			out[r.Address] = planner.Pending{Known: n.Known}
		}
	})
	return out, failed
}

func readNote(file string) (note, bool, error) {
	data, err := os.ReadFile(notePath(file))
	if errors.Is(err, fs.ErrNotExist) {
		return note{}, false, nil
	}
	if err != nil {
		return note{}, false, err
	}
	var n note
	if err := json.Unmarshal(data, &n); err != nil {
		return note{}, false, fmt.Errorf("%s is damaged (%w): it tells which secrets were known before an interrupted run; compare them with Atlas and remove it", notePath(file), err)
	}
	return n, true, nil
}

func (n note) arrived(file string) bool {
	if n.Hash == "" {
		return false
	}
	data, err := os.ReadFile(file)
	return err == nil && hash(data) == n.Hash
}
