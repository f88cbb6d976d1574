// Package fence keeps the writes of a run inside one organization: a last check on
// every request, whatever the plan says.
package fence

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// ErrOutside is what a write meets that is not known to stay inside.
var ErrOutside = errors.New("this would reach beyond the organization that is rebuilt: the write was not sent")

// A Fence is a Doer that refuses writes which name an organization or project that
// is not, as far as it has seen in answers, the one it was opened for or in it.
// Before it is opened it refuses every write.
type Fence struct {
	next      planner.Doer
	documents []*spec.Kind

	mu   sync.Mutex
	open *planner.Object
	seen map[string]*planner.Object // organizations and projects, by id
}

// New returns a closed fence around a Doer.
func New(next planner.Doer, c *spec.Catalog) *Fence {
	return &Fence{next: next, documents: c.Documents(), seen: map[string]*planner.Object{}}
}

// Open lets writes through that stay in the organization of that id.
func (f *Fence) Open(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open = f.seen[id]
}

// Do sends a request unless it leads outside.
func (f *Fence) Do(ctx context.Context, r planner.Request) (any, error) {
	if r.Method != http.MethodGet && !f.stays(r) {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, ErrOutside)
	}
	answer, err := f.next.Do(ctx, r)
	if err == nil {
		f.learn(r, answer)
	}
	return answer, err
}

// stays tells whether a write names what is inside, or what it stands in by an id
// of its own, and nothing that is outside.
func (f *Fence) stays(r planner.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil {
		return false
	}
	names := planner.Names(r)
	for _, name := range names {
		if o := f.seen[name]; o != nil && !o.Inside(f.open) {
			return false
		}
	}
	inside := func(name string) bool { o := f.seen[name]; return o != nil && o.Inside(f.open) }
	for _, k := range f.documents {
		collection := strings.TrimPrefix(spec.PathOf(k.List.Route), "/")
		if names[0] != collection {
			continue
		}
		if path := strings.Split(strings.TrimPrefix(r.Path, planner.APIPrefix+"/"), "/"); len(path) > 1 {
			return inside(path[1])
		}
		return slices.ContainsFunc(names, inside) // a creation says where
	}
	return true
}

// learn notes the organizations and projects that an answer holds.
func (f *Fence) learn(r planner.Request, answer any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.documents {
		list := planner.APIPrefix + spec.PathOf(k.List.Route)
		if r.Path != list && !(strings.HasPrefix(r.Path, list+"/") && strings.Count(r.Path, "/") == strings.Count(list, "/")+1) {
			continue
		}
		items := []any{answer}
		if results, ok := spec.At(answer, "/results"); ok {
			items, _ = results.([]any)
		}
		for _, raw := range items {
			if o, err := planner.NewObject(k, raw, planner.Params{}); err == nil {
				f.seen[spec.TextAt(raw, k.IDAt())] = o
			}
		}
	}
}
