// Package live reads Atlas by the kinds' descriptions: for a plan, the lists
// that the declared sections need and no more; for a step, its one resource.
package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Reader reads what declared resources need.
type Reader struct {
	Doer        planner.Doer
	Catalog     *spec.Catalog
	Parallelism int
}

// Read lists what the state needs: one list per declared kind and parent, and
// of the kinds they refer to. The diagnostics hold reads that failed because
// of what a file declares; the error holds all others.
func (r *Reader) Read(ctx context.Context, state *spec.State) (*planner.Live, spec.Diagnostics, error) {
	b := &batch{Reader: r, state: state, live: planner.NewLive(r.Catalog, state),
		asked: map[string]bool{}, done: map[*spec.Section]bool{}}
	_, err := b.wave(ctx, b.scopes)
	for more := true; more && err == nil; { // each makes the parents of the next known
		more, err = b.wave(ctx, b.sections)
	}
	if err == nil {
		_, err = b.wave(ctx, b.lookups)
	}
	if err != nil {
		b.live.BreakOff()
	}
	return b.live, b.diags, err
}

// wave decides what to read before anything of it runs, reads it, and tells
// whether there was anything.
func (b *batch) wave(ctx context.Context, decide func()) (bool, error) {
	b.group, b.ctx = errgroup.WithContext(ctx)
	b.group.SetLimit(max(1, b.Parallelism))
	b.jobs = nil
	decide()
	for _, job := range b.jobs {
		b.group.Go(job)
	}
	if err := b.group.Wait(); err != nil {
		return false, err
	}
	return len(b.jobs) > 0, errors.Join(b.errs...)
}

// More reads lists that turned out to be needed.
func (r *Reader) More(ctx context.Context, l *planner.Live, wants []planner.Want) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, r.Parallelism))
	for _, w := range wants {
		group.Go(func() error {
			return r.relist(ctx, l, w.Kind, w.Params)
		})
	}
	return group.Wait()
}

// relist reads the list of a kind below a parent, and records it.
func (r *Reader) relist(ctx context.Context, l *planner.Live, k *spec.Kind, params planner.Params) error {
	items, err := r.List(ctx, k, params)
	if err != nil {
		return err
	}
	return l.Set(k, params, items)
}

// A batch is one reading in progress.
type batch struct {
	*Reader
	state *spec.State
	live  *planner.Live
	asked map[string]bool // by planner.ListKey
	done  map[*spec.Section]bool
	group *errgroup.Group
	ctx   context.Context
	jobs  []func() error

	mu    sync.Mutex
	diags spec.Diagnostics
	errs  []error
}

// scopes lists the organizations and projects, where any is declared or named.
func (b *batch) scopes() {
	if b.state.All {
		for _, k := range b.Catalog.Documents() {
			b.list(k, planner.Params{}, spec.Position{File: "what no file declares"})
		}
	}
	for _, scope := range b.state.Scopes {
		b.list(scope.Kind, planner.Params{}, scope.Source())
		b.referenced(scope, true)
	}
}

// sections lists the kinds that are declared in what exists. What stands below
// objects that are not known yet is for the next wave.
func (b *batch) sections() {
	b.state.Walk(func(sec *spec.Section) {
		if b.done[sec] {
			return
		}
		parent := b.live.Find(sec.Parent)
		if parent.Unread {
			return
		}
		b.done[sec] = true
		if len(sec.Resources) == 0 {
			b.referenced(&spec.Resource{Kind: sec.Kind, Parent: sec.Parent}, true)
		}
		for _, r := range sec.Resources {
			b.referenced(r, true)
		}
		if parent.Object == nil {
			return // there is nothing in what is not there
		}
		if !sec.Kind.Where.Holds(parent.Object.Raw) {
			if err := b.live.Set(sec.Kind, b.live.Params(sec.Parent), nil); err != nil {
				b.errs = append(b.errs, err)
			}
			return
		}
		if sec.Wide && sec.Kind.Across != nil {
			b.across(sec)
		}
		if len(sec.Resources) == 0 {
			b.listSection(sec, b.live.Params(sec.Parent))
		}
		for _, r := range sec.Resources {
			b.list(r.Kind, b.live.ListParams(r), sec.Source)
		}
	})
	for _, scope := range b.state.Scopes {
		if o := b.live.Find(scope).Object; scope.Absent && o != nil {
			for _, k := range b.Catalog.Children(scope.Kind) {
				b.list(k, o.Params, scope.Source())
			}
		}
	}
}

// lookups reads what turned out to be needed: what new resources refer to,
// secrets that a list left out, and whether prune may touch what it found.
func (b *batch) lookups() {
	b.state.Resources(func(r *spec.Resource) {
		o := b.live.Find(r).Object
		if o == nil {
			b.referenced(r, false)
			return
		}
		if lacksSecrets(r, o) {
			b.detail(r, o)
		}
		b.toldApart(r, o)
	})
	b.state.Walk(func(sec *spec.Section) {
		if sec.Prune == nil || sec.Kind.Keep == nil {
			return
		}
		owned := map[*planner.Object]bool{}
		for _, r := range sec.Resources {
			owned[b.live.Find(r).Object] = true
		}
		listing, _ := b.live.Listing(sec.Kind, b.live.Params(sec.Parent))
		if listing == nil {
			return
		}
		represented := b.live.Represented(sec.Kind)
		for _, o := range listing.Objects {
			if !owned[o] && represented(o) == nil {
				b.keep(sec, o)
			}
		}
	})
}

// referenced lists the kinds that a resource's values refer to: those whose
// ids stand in Atlas's objects always, others only for new resources.
func (b *batch) referenced(r *spec.Resource, byID bool) {
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		kind := f.RefFor(r)
		_, declared := r.Values[f.Name]
		if kind == "" || !r.Kind.Identifies(f.Name) && r.Absent || !r.Kind.IsKey(f.Name) && !declared {
			continue // of what goes, only what it is found by counts
		}
		if ids := (f.Backref != nil || f.Ref.ByID) && !f.CreateOnly; ids == byID && (ids || !r.Absent) {
			k := b.Catalog.Kind(kind)
			b.list(k, b.live.ScopeParams(r, k), r.Source(f.Name))
		}
	}
	if r.Absent {
		return
	}
	spec.Leaves(r.Kind.Fields, r.Values, func(f *spec.Field, path string, _ any, _ map[string]any) {
		if kind := f.RefFor(r); kind != "" && spec.HeadOf(path) != path && f.Ref.ByID == byID {
			k := b.Catalog.Kind(kind)
			b.list(k, b.live.ScopeParams(r, k), r.Source(path))
		}
	})
}

// toldApart lists what the live elements of a declared collection refer to by
// their keys: one that goes is called by the other's name, though no file has it.
func (b *batch) toldApart(r *spec.Resource, o *planner.Object) {
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if r.Values[f.Name] == nil || !f.Collection() {
			continue
		}
		v, _ := spec.At(o.Raw, f.WireAt())
		elements, _ := v.([]any)
		for _, name := range f.ElemKey {
			sub := f.Sub(name)
			if sub == nil || sub.Ref == nil || !sub.Ref.ByID {
				continue
			}
			if slices.ContainsFunc(elements, func(e any) bool { return spec.TextAt(e, sub.WireAt()) != "" }) {
				k := b.Catalog.Kind(sub.Ref.Kind)
				b.list(k, b.live.ScopeParams(r, k), r.Source(f.Name))
			}
		}
	}
}

// list reads one list once; at is what wants it.
func (b *batch) list(k *spec.Kind, params planner.Params, at spec.Position) {
	b.job(k, params, func(err error) { b.failed(k, at, err) })
}

// listSection reads a list for what is live in a section.
func (b *batch) listSection(sec *spec.Section, params planner.Params) {
	b.job(sec.Kind, params, func(err error) { b.failedSection(sec, err) })
}

func (b *batch) failedSection(sec *spec.Section, err error) {
	if sec.Implied && Gone(err) && sec.Kind.Retired != "" {
		return // Atlas has switched it off, and no file asks for it
	}
	b.failed(sec.Kind, sec.Source, err)
}

func (b *batch) job(k *spec.Kind, params planner.Params, failed func(error)) {
	key, err := planner.ListKey(k, params)
	if errors.Is(err, planner.ErrUnknown) || !b.ask(key) {
		return // a parent that does not exist yet has nothing to list
	}
	b.jobs = append(b.jobs, func() error {
		if err := b.relist(b.ctx, b.live, k, params); err != nil {
			b.live.Fail(k, params)
			failed(err)
		}
		return nil
	})
}

// ask tells whether a list was not asked for yet.
func (b *batch) ask(path string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	first := !b.asked[path]
	b.asked[path] = true
	return first
}

// across reads all lists of a section whose kind no parent gives the lists of.
func (b *batch) across(sec *spec.Section) {
	parent := b.live.Params(sec.Parent)
	path, err := planner.Fill(sec.Kind.Across.Read.Route, parent)
	if errors.Is(err, planner.ErrUnknown) || !b.ask("across "+path) {
		return
	}
	b.jobs = append(b.jobs, func() error {
		lists, err := b.Across(b.ctx, sec.Kind, parent)
		if err != nil {
			b.live.FailAcross(sec.Kind, parent)
			b.failedSection(sec, err)
			return nil
		}
		b.live.SetLists(sec.Kind, parent, lists)
		for _, params := range lists {
			key, _ := planner.ListKey(sec.Kind, params)
			if !b.ask(key) {
				continue
			}
			if err := b.relist(b.ctx, b.live, sec.Kind, params); err != nil {
				b.live.Fail(sec.Kind, params)
				b.failedSection(sec, err)
			}
		}
		return nil
	})
}

// failed files a failed read under what caused it.
func (b *batch) failed(k *spec.Kind, at spec.Position, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if Gone(err) && k.Retired != "" {
		b.diags.Errorf(at, "remove the section, or check the names in it",
			"cannot read %s: %v; Atlas retired this API on %s", k.Section, err, k.Retired)
		return
	}
	b.errs = append(b.errs, fmt.Errorf("read %s for %s: %w", section(k), at, err))
}

func section(k *spec.Kind) string {
	if k.Section != "" {
		return k.Section
	}
	return k.Name
}

// detail reads one object whose list entry lacks its secrets.
func (b *batch) detail(r *spec.Resource, o *planner.Object) {
	b.jobs = append(b.jobs, func() error {
		raw, err := b.one(b.ctx, r.Kind.Get, o.Params)
		if err == nil {
			raw, err = b.withSecrets(b.ctx, r, raw, o.Params)
		}
		if err == nil {
			err = b.live.Put(r.Kind, b.live.ListParams(r), o, raw)
		}
		if err != nil {
			b.failed(r.Kind, r.Source(), err)
		}
		return nil
	})
}

// whole tells objects apart by all that they hold.
func whole(raw any) string { return fmt.Sprint(raw) }

// keep finds out whether prune must leave an object alone.
func (b *batch) keep(sec *spec.Section, o *planner.Object) {
	read := sec.Kind.Keep.Read
	b.jobs = append(b.jobs, func() error {
		items, err := b.ListBelow(b.ctx, read, o.Params, whole)
		if err != nil {
			b.failed(sec.Kind, sec.Source, err)
			return nil
		}
		if len(items) > 0 {
			b.live.Keep(o)
		}
		return nil
	})
}
