package live

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// Each reads lists, every one whatever becomes of the others, and returns what
// went wrong in the order of the lists.
func (r *Reader) Each(ctx context.Context, l *planner.Live, wants []planner.Want) []error {
	var group errgroup.Group
	group.SetLimit(max(1, r.Parallelism))
	failed := make([]error, len(wants))
	for i, w := range wants {
		group.Go(func() error {
			if err := r.relist(ctx, l, w.Kind, w.Params); err != nil {
				l.Fail(w.Kind, w.Params)
				failed[i] = fmt.Errorf("read %s: %w", section(w.Kind), err)
			}
			return nil
		})
	}
	_ = group.Wait() // no job fails
	var out []error
	for _, err := range failed {
		if err != nil {
			out = append(out, err)
		}
	}
	return out
}
