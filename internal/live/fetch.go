package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Once returns a Doer that sends each GET once and remembers the answer, for
// two readings of the same moment.
func Once(next executor.Doer) executor.Doer {
	return &once{next: next, answers: map[string]func() (any, error){}}
}

type once struct {
	next    executor.Doer
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
	if answer == nil {
		answer = sync.OnceValues(func() (any, error) { return o.next.Do(ctx, req) })
		o.answers[key] = answer
	}
	o.mu.Unlock()
	return answer()
}

// one sends a GET for one object.
func (r *Reader) one(ctx context.Context, read spec.Read, path string) (any, error) {
	return r.Doer.Do(ctx, planner.Request{Method: "GET", Path: path, Query: queryOf(read), Version: read.Version, Idempotent: true})
}

// List reads a list to its end: all pages, a bare array, or the one object of a singleton.
func (r *Reader) List(ctx context.Context, read spec.Read, path string) ([]any, error) {
	if !read.Paged {
		doc, err := r.one(ctx, read, path)
		if err != nil {
			return nil, err
		}
		if list, ok := doc.([]any); ok {
			return list, nil
		}
		return []any{doc}, nil
	}
	var all []any
	// The count that Atlas gives is an estimate: a short page is the last.
	for page := 1; ; page++ {
		q := queryOf(read)
		q["itemsPerPage"], q["pageNum"] = strconv.Itoa(pageSize), strconv.Itoa(page)
		doc, err := r.Doer.Do(ctx, planner.Request{Method: "GET", Path: path, Query: q, Version: read.Version, Idempotent: true})
		if err != nil {
			return nil, err
		}
		v, _ := spec.At(doc, "/results")
		list, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("GET %s: the answer has no results: check MONGODB_ATLAS_BASE_URL", path)
		}
		all = append(all, list...)
		if len(list) < pageSize {
			return all, nil
		}
	}
}

// Across returns the placeholders of the lists of a kind that must be asked
// for by a value that no parent gives: what holds them says which there are.
func (r *Reader) Across(ctx context.Context, k *spec.Kind, parent planner.Params) ([]planner.Params, error) {
	path, _ := planner.Fill(k.Across.Read.Route, parent)
	holders, err := r.List(ctx, k.Across.Read, path)
	if err != nil && !Gone(err) {
		return nil, err
	}
	var out []planner.Params
	for _, holder := range holders {
		params := maps.Clone(parent)
		params[k.Across.Param] = spec.TextAt(holder, k.Across.At)
		out = append(out, params)
	}
	return out, nil
}

func queryOf(read spec.Read) map[string]any {
	q := map[string]any{}
	for name, values := range read.Query {
		q[name] = values
	}
	return q
}
