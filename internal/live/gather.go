package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// closeBy is how long a read of one object waits for others of the same list.
const closeBy = 3 * time.Millisecond

// A gathering is what wants to read single objects of one list. Those that come
// close together are answered by one list, and those that come while it is being
// read by the one after it: a list that began before a read was asked for may
// not show what was there then.
type gathering struct {
	mu      sync.Mutex
	open    bool // somebody serves those who wait
	waiting []*asking
}

// An asking waits to be told whether the list was read, or it is to read its
// object by itself.
type asking struct {
	ctx    context.Context
	always bool // only the list will do
	told   chan telling
}

type telling struct {
	listed bool
	err    error
}

// listed reads the list of a kind again, together with others who want an object
// of it, and tells whether it did: if not, the object is to be read by itself.
func (r *Refresher) listed(ctx context.Context, k *spec.Kind, params planner.Params, always bool) (bool, error) {
	key, err := planner.ListKey(k, params)
	if err != nil || k.Singleton && !always {
		if always {
			return false, err
		}
		return false, nil
	}
	g := r.gathering(key)
	a := &asking{ctx: ctx, always: always, told: make(chan telling, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, a)
	first := !g.open
	g.open = true
	g.mu.Unlock()
	if first {
		go r.serve(g, k, params)
	}
	select {
	case t := <-a.told:
		return t.listed, t.err
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

func (r *Refresher) gathering(list string) *gathering {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gatherings == nil {
		r.gatherings = map[string]*gathering{}
	}
	if r.gatherings[list] == nil {
		r.gatherings[list] = &gathering{}
	}
	return r.gatherings[list]
}

// serve answers those who wait, until nobody does.
func (r *Refresher) serve(g *gathering, k *spec.Kind, params planner.Params) {
	for pause := closeBy; ; {
		time.Sleep(pause)
		g.mu.Lock()
		all := g.waiting
		g.waiting = nil
		if len(all) == 0 {
			g.open = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		pause = closeBy
		if !r.worth(k, params, all) {
			for _, a := range all {
				a.told <- telling{}
			}
			continue
		}
		ctx, cancel := whileAny(all)
		err := r.Reader.relist(ctx, r.Live, k, params)
		cancel()
		for _, a := range all {
			if a.always {
				a.told <- telling{err == nil, err}
			} else {
				a.told <- telling{listed: err == nil} // the object itself may still be read
			}
		}
		pause = 0 // those who came meanwhile have waited
	}
}

// worth tells whether one list takes fewer requests than reading the objects one
// by one.
func (r *Refresher) worth(k *spec.Kind, params planner.Params, all []*asking) bool {
	for _, a := range all {
		if a.always {
			return true
		}
	}
	pages := 1
	if listing, ok := r.Live.Listing(k, params); ok && k.List.Paged {
		pages += len(listing.Objects) / planner.PageSize
	}
	return len(all) > pages
}

// whileAny returns a context that lives as long as one of those who wait does.
func whileAny(all []*asking) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(all[0].ctx))
	var left atomic.Int64
	left.Store(int64(len(all)))
	stops := make([]func() bool, len(all))
	for i, a := range all {
		stops[i] = context.AfterFunc(a.ctx, func() {
			if left.Add(-1) == 0 {
				cancel(context.Cause(a.ctx))
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel(nil)
	}
}
