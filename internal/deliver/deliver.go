// Package deliver hands secrets that Atlas shows once to where they are kept:
// a file, or a program's standard input. Nothing else ever sees the value.
package deliver

import (
	"context"
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

	notes notes
}

// Prepare writes the note, safely on disk, before a secret is made. Whether
// a program received one cannot be known later, so that is told instead.
func (d *Deliverer) Prepare(account spec.Address, to planner.Delivery) error {
	if to.To.File == "" {
		if d.Tell != nil {
			d.Tell("making a secret of %s for the command %s; if this run ends before it is verified, replace the secret: --rotate %s",
				account, to.To.Command[0], account)
		}
		return nil
	}
	return d.notes.begin(to.To.File, noteOf(to))
}

func noteOf(to planner.Delivery) note {
	return note{Known: append([]string{}, to.Known...), At: time.Now().UTC().Truncate(time.Second), Hours: to.Hours}
}

// Deliver hands the secret over in the target's format, and removes the note.
// Beside a file it leaves which secret that holds and which ones it replaced.
func (d *Deliverer) Deliver(ctx context.Context, to planner.Delivery, made planner.Made) error {
	data, err := render(to.To.Format, made)
	if err != nil {
		return err
	}
	if to.To.File == "" {
		return run(ctx, to.To.Command, data)
	}
	n := noteOf(to)
	n.ID, n.Hash = made.ID, hash(data)
	if err := d.notes.add(to.To.File, n); err != nil {
		return err
	}
	if err := files.Write(to.To.File, data, files.Private); err != nil {
		return err
	}
	if err := writeIDs(to.To.File, planner.Delivered{ID: made.ID, Replaced: n.Known}); err != nil {
		return err
	}
	return d.Abandon(to)
}

// Close lets go of the notes that were begun: from here on they tell of an
// interrupted run.
func (d *Deliverer) Close() {
	for _, file := range d.notes.files() {
		d.notes.release(file)
	}
}

// Abandon removes the note.
func (d *Deliverer) Abandon(to planner.Delivery) error {
	d.notes.release(to.To.File)
	return Forget(to.To.File)
}
