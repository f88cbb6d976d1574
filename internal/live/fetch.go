package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Once returns a Doer that sends each GET once and remembers the answer, for
// two readings of the same moment.
func Once(next planner.Doer) planner.Doer {
	return &once{next: next, answers: map[string]func() (any, error){}}
}

// anewKey marks a reading that asks again for what was answered before.
type anewKey struct{}

type once struct {
	next    planner.Doer
	mu      sync.Mutex
	answers map[string]func() (any, error)
}

func (o *once) Do(ctx context.Context, req planner.Request) (any, error) {
	if req.Method != http.MethodGet {
		return o.next.Do(ctx, req)
	}
	key := fmt.Sprint(req.Path, " ", req.Version, " ", req.Query) // maps print sorted
	o.mu.Lock()
	answer := o.answers[key]
	if answer == nil || ctx.Value(anewKey{}) != nil {
		answer = sync.OnceValues(func() (any, error) { return o.next.Do(ctx, req) })
		o.answers[key] = answer
	}
	o.mu.Unlock()
	return answer()
}

// one sends a GET for one object.
func (r *Reader) one(ctx context.Context, read spec.Read, params planner.Params) (any, error) {
	path, err := planner.Fill(read.Route, params)
	if err != nil {
		return nil, err
	}
	return r.get(ctx, read, path, nil)
}

// get sends a GET with the pinned parameters and those of a page.
func (r *Reader) get(ctx context.Context, read spec.Read, path string, page map[string]any) (any, error) {
	q := map[string]any{}
	for name, values := range read.Query {
		q[name] = values
	}
	maps.Copy(q, page)
	return r.Doer.Do(ctx, planner.Request{Method: http.MethodGet, Path: path, Query: q, Version: read.Version, Idempotent: true, Ordered: read.Ordered})
}

// Across returns the placeholders of the lists of a kind that must be asked
// for by a value that no parent gives: what holds them says which there are.
func (r *Reader) Across(ctx context.Context, k *spec.Kind, parent planner.Params) ([]planner.Params, error) {
	name := func(raw any) string { return spec.TextAt(raw, k.Across.At) }
	holders, err := r.ListBelow(ctx, k.Across.Read, parent, name)
	if err != nil && !Gone(err) {
		return nil, err
	}
	var out []planner.Params
	for _, holder := range holders {
		params := maps.Clone(parent)
		params[k.Across.Param] = name(holder)
		out = append(out, params)
	}
	return out, nil
}
