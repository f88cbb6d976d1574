// Package export turns what is live into the files that declare it. It
// interprets the kinds' descriptions, as reading and planning do.
package export

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// An Exporter reads Atlas and writes documents.
type Exporter struct {
	Reader *live.Reader
	// Filter chooses organizations, projects and kinds; targets do not count.
	Filter spec.Filter
	// Only holds the ids of the organizations and projects that a person chose; nil: the
	// filter alone chooses.
	Only map[string]bool
	// SkipDefaults leaves out what Atlas has without being told.
	SkipDefaults bool
	// IDs declares Atlas's ids, by which a changed name renames.
	IDs bool
	// Declared is what files declare already; nil if nothing.
	Declared *spec.State
}

// A node is one live object with those below it.
type node struct {
	object *planner.Object
	values map[string]any
	lists  map[*spec.Kind][]planner.Params // what each kind below was listed by
	below  map[*spec.Kind][]*node
	kept   bool // an object that stays out for the kind's own reason
	twin   bool // another object of the list has the same key
	// written says that it was written as a resource of its own.
	written bool
	// declared is what declares an organization or project already; of other
	// objects, a resource of another kind that declares them.
	declared *spec.Resource
}

// A reading is one export in progress: wave after wave of lists, parents
// before children.
type reading struct {
	*Exporter
	live  *planner.Live
	asked map[string]bool
	jobs  []func() error
	ctx   context.Context
	mu    sync.Mutex // for the lists of nodes
}

// read returns the organizations and projects that the filter chooses, with
// everything below them.
func (e *Exporter) read(ctx context.Context) ([]*node, error) {
	r, scopes, err := e.reading(ctx)
	if err == nil {
		err = r.keep(scopes)
	}
	return scopes, err
}

// reading does the same but for the reads that each object takes by itself.
func (e *Exporter) reading(ctx context.Context) (*reading, []*node, error) {
	if e.Declared == nil {
		e.Declared = &spec.State{}
	}
	r := &reading{Exporter: e, live: planner.NewLive(e.Reader.Catalog, e.Declared), asked: map[string]bool{}, ctx: ctx}
	scopes, err := r.all()
	return r, scopes, err
}

// all reads wave after wave.
func (r *reading) all() ([]*node, error) {
	documents := r.Reader.Catalog.Documents()
	for _, k := range documents {
		r.list(k, planner.Params{})
	}
	if err := r.wave(); err != nil {
		return nil, err
	}
	var scopes []*node
	for _, k := range documents {
		chosen, err := r.choose(k)
		if err != nil {
			return nil, err
		}
		scopes = append(scopes, chosen...)
	}
	r.declared(scopes)
	for level := scopes; len(level) > 0; {
		for _, n := range level {
			r.children(n)
		}
		if err := r.wave(); err != nil {
			return nil, err
		}
		var next []*node
		for _, n := range level {
			for k := range n.below {
				r.fill(n, k)
				next = append(next, n.below[k]...)
			}
		}
		level = next
	}
	r.represented(scopes)
	return scopes, nil
}

// declared finds out which organizations and projects the files declare, and
// asks for what tells whose objects are that stand in two lists.
func (r *reading) declared(scopes []*node) {
	owner := r.owners()
	for _, n := range scopes {
		n.declared = owner[n.object]
	}
	r.Declared.Resources(func(res *spec.Resource) {
		if res.Doubles() != "" {
			r.list(res.Kind, r.live.ListParams(res))
		}
	})
}

// owners finds the organizations and projects that the files declare.
func (r *reading) owners() map[*planner.Object]*spec.Resource {
	owner := map[*planner.Object]*spec.Resource{}
	for _, scope := range r.Declared.Scopes {
		found := r.live.Find(scope)
		for _, o := range append(found.Candidates, found.Object) {
			owner[o] = scope
		}
	}
	return owner
}

// represented finds the objects that the files declare as another kind's.
func (r *reading) represented(level []*node) {
	for _, n := range level {
		for k, children := range n.below {
			as := r.live.Represented(k)
			for _, c := range children {
				c.declared = as(c.object)
			}
			r.represented(children)
		}
	}
}

// wave runs the jobs that are waiting.
func (r *reading) wave() error {
	group := new(errgroup.Group)
	group.SetLimit(max(1, r.Reader.Parallelism))
	for _, job := range r.jobs {
		group.Go(job)
	}
	r.jobs = nil
	return group.Wait()
}

// list reads a kind below a parent, once.
func (r *reading) list(k *spec.Kind, params planner.Params) {
	key, err := planner.ListKey(k, params)
	if errors.Is(err, planner.ErrUnknown) || r.asked[key] {
		return
	}
	r.asked[key] = true
	r.jobs = append(r.jobs, func() error {
		items, err := r.Reader.List(r.ctx, k, params)
		if live.Gone(err) && k.Retired != "" {
			return nil // Atlas has switched it off
		}
		if err != nil {
			return err
		}
		return r.live.Set(k, params, items)
	})
}

// choose returns the scopes of a kind that the filter lets through.
func (r *reading) choose(k *spec.Kind) ([]*node, error) {
	wanted := r.Filter.Organizations
	if k.Parent != "" {
		wanted = r.Filter.Projects
	}
	var out []*node
	var names []string
	for _, n := range r.nodes(k, planner.Params{}) {
		name := fmt.Sprint(n.values[k.Key[0]])
		inside, _ := n.values[within(k)].(string)
		switch {
		case r.Only != nil && !r.Only[spec.TextAt(n.object.Raw, k.IDAt())]:
			continue
		case k.Parent != "" && len(r.Filter.Organizations) > 0 && !slices.Contains(r.Filter.Organizations, inside):
			continue
		case k.Parent == "" && len(r.Filter.Projects) > 0 && len(wanted) == 0:
			continue // projects alone
		}
		names = append(names, name)
		if len(wanted) == 0 || slices.Contains(wanted, name) || slices.Contains(wanted, spec.TextAt(n.object.Raw, k.IDAt())) {
			out = append(out, n)
		}
	}
	for _, w := range wanted {
		if !slices.ContainsFunc(out, func(n *node) bool {
			return n.values[k.Key[0]] == w || spec.TextAt(n.object.Raw, k.IDAt()) == w
		}) {
			return nil, fmt.Errorf("there is no %s %q among those that the credentials see: %s", strings.ToLower(k.Name), w, strings.Join(names, ", "))
		}
	}
	if k.Parent == "" && len(r.Filter.Projects) > 0 {
		return nil, nil // --org only says where the projects are
	}
	return r.inShard(out), nil
}

// inShard leaves out what is in other shards: what a file declares by the name that
// the file says, and the rest by that in Atlas.
func (r *reading) inShard(scopes []*node) []*node {
	shard := r.Filter.Shard
	if shard == nil {
		return scopes
	}
	owner := r.owners()
	return slices.DeleteFunc(scopes, func(n *node) bool {
		if declared := owner[n.object]; declared != nil {
			return !shard.Holds(declared)
		}
		return !shard.HoldsLive(n.object.Kind, n.values)
	})
}

func within(k *spec.Kind) string {
	if len(k.Within) == 0 {
		return ""
	}
	return k.Within[0]
}

// children asks for the lists below an object, and for those that its own
// kind's and its children's values refer to.
func (r *reading) children(n *node) {
	n.lists, n.below = map[*spec.Kind][]planner.Params{}, map[*spec.Kind][]*node{}
	for _, k := range r.Reader.Catalog.Children(n.object.Kind) {
		if !r.wanted(k) && !r.Filter.Names(n.object.Kind) || !k.Where.Holds(n.object.Raw) {
			continue
		}
		n.below[k] = nil
		for _, name := range references(k.Fields) {
			other := r.Reader.Catalog.Kind(name)
			r.list(other, n.object.Params)
		}
		if k.Across == nil {
			n.lists[k] = []planner.Params{n.object.Params}
			r.list(k, n.object.Params)
			continue
		}
		r.jobs = append(r.jobs, func() error { return r.across(n, k) })
	}
}

// across reads the lists of a kind that must be asked for by a value that no
// parent gives.
func (r *reading) across(n *node, k *spec.Kind) error {
	lists, err := r.Reader.Across(r.ctx, k, n.object.Params)
	if err != nil {
		return err
	}
	for _, params := range lists {
		items, err := r.Reader.List(r.ctx, k, params)
		if err != nil && !live.Gone(err) {
			return err
		}
		if err := r.live.Set(k, params, items); err != nil {
			return err
		}
		r.mu.Lock()
		n.lists[k] = append(n.lists[k], params)
		r.mu.Unlock()
	}
	return nil
}

// wanted tells whether a kind's section, or one below it, is chosen.
func (r *reading) wanted(k *spec.Kind) bool {
	return len(r.Filter.Kinds) == 0 || r.Filter.Names(k) || slices.ContainsFunc(r.Reader.Catalog.Children(k), r.wanted)
}

// references names the kinds whose lists it takes to spell a value.
func references(fields []spec.Field) []string {
	var out []string
	for _, f := range fields {
		switch {
		case f.CreateOnly:
		case f.Backref != nil:
			out = append(out, f.Backref.Kind)
		case f.Ref != nil && f.Ref.ByID:
			out = append(out, f.Ref.Kind)
		}
		out = append(out, references(f.Fields)...)
	}
	return out
}

// fill takes the children of a kind from the list that was read.
func (r *reading) fill(n *node, k *spec.Kind) {
	for _, params := range n.lists[k] {
		n.below[k] = append(n.below[k], r.nodes(k, params)...)
	}
	seen := map[string]*node{}
	for _, c := range n.below[k] {
		key := strings.Join(k.AddressParts(c.values), "\x00")
		if other := seen[key]; other != nil && !k.Singleton {
			c.twin, other.twin = true, true
		}
		seen[key] = c
	}
	slices.SortStableFunc(n.below[k], func(a, b *node) int {
		return slices.Compare(k.AddressParts(a.values), k.AddressParts(b.values))
	})
}

func (r *reading) nodes(k *spec.Kind, params planner.Params) []*node {
	listing, ok := r.live.Listing(k, params)
	if !ok {
		return nil
	}
	var out []*node
	for _, o := range listing.Objects {
		out = append(out, &node{object: o, values: r.live.Values(o)})
	}
	return out
}

// keep finds the objects that belong elsewhere, as prune does.
func (r *reading) keep(level []*node) error {
	for len(level) > 0 {
		var next []*node
		for _, n := range level {
			for k, children := range n.below {
				next = append(next, children...)
				if k.Keep == nil {
					continue
				}
				for _, c := range children {
					r.jobs = append(r.jobs, func() error {
						items, err := r.Reader.ListBelow(r.ctx, k.Keep.Read, c.object.Params, func(raw any) string { return fmt.Sprint(raw) })
						c.kept = len(items) > 0
						return err
					})
				}
			}
		}
		level = next
	}
	return r.wave()
}
