package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Refresher reads single resources again while a plan runs.
type Refresher struct {
	*Reader
	State   *spec.State
	Live    *planner.Live
	Options planner.Options

	mu         sync.Mutex
	born       map[string]func() error // lists of parents that were born in this run
	gatherings map[string]*gathering   // by list
}

// Refresh reads a step's resource again and plans it anew.
func (r *Refresher) Refresh(ctx context.Context, step *planner.Step, created any) (*planner.Step, error) {
	res := step.Resource
	if step.Provisional {
		if err := r.listBorn(ctx, res); err != nil {
			return nil, err
		}
	}
	switch {
	case r.seen(step):
	case !step.Provisional || step.Status == planner.Applied || created != nil:
		// Somebody else may have made one of the same name at the same time: only
		// the list shows both.
		twins := step.Status == planner.Applied && step.Action == planner.Create && res.Kind.NamesNotUnique
		if err := r.reread(ctx, res, created, twins); err != nil {
			return nil, err
		}
	}
	opts := r.Options
	opts.ReadBack = step.Status == planner.Applied
	if opts.ReadBack {
		opts.RewriteSecrets, opts.Pending = false, nil
	}
	if step.Lost != nil {
		opts.Pending = map[spec.Address]planner.Pending{res.Address: *step.Lost}
	}
	now, diags := planner.Remake(r.Catalog, r.State, r.Live, opts, res)
	return now, diags.Err()
}

// seen takes over what the step's last call answered, where that is as good as a
// read: then nothing is read. It counts once.
func (r *Refresher) seen(step *planner.Step) bool {
	res, raw := step.Resource, step.Seen
	step.Seen = nil
	if raw == nil || res.Kind.NamesNotUnique || res.Kind.Paired {
		return false
	}
	if len(backrefs(res)) > 0 {
		return false // who points back is told elsewhere
	}
	return r.Live.Put(res.Kind, r.Live.ListParams(res), r.Live.Find(res).Object, raw) == nil
}

// listBorn lists a kind below a parent that this run has created, once.
func (r *Refresher) listBorn(ctx context.Context, res *spec.Resource) error {
	params := r.Live.ListParams(res)
	key, err := planner.ListKey(res.Kind, params)
	if err != nil {
		return err
	}
	r.mu.Lock()
	if r.born == nil {
		r.born = map[string]func() error{}
	}
	list := r.born[key]
	if list == nil {
		list = sync.OnceValue(func() error { return r.relist(ctx, res.Kind, params) })
		r.born[key] = list
	}
	r.mu.Unlock()
	return list()
}

// reread reads one resource: by its own GET where its id is known, else by
// the list of its kind, which also serves several at once. always says that only
// the list will do.
func (r *Refresher) reread(ctx context.Context, res *spec.Resource, created any, always bool) error {
	k, params := res.Kind, r.Live.ListParams(res)
	was := r.Live.Find(res).Object
	own := r.Live.Params(res)
	for name, v := range params {
		own[name] = v // a name that was just changed counts, not the one before
	}
	if created != nil {
		var err error
		if own, err = planner.Created(k, created, params); err != nil {
			return fmt.Errorf("what the call answered: %w", err)
		}
		if id := spec.TextAt(created, k.IDAt()); (k.Paired || k.Adopt != nil) && id != "" {
			r.Live.Made(res, id)
		}
	}
	if listed, err := r.listed(ctx, k, params, always || k.Get.Route == ""); err != nil {
		return err
	} else if listed && !lacksSecrets(res, r.Live.Find(res).Object) {
		return r.membersListed(ctx, res)
	}
	raw, err := r.one(ctx, k.Get, own)
	switch {
	case errors.Is(err, planner.ErrUnknown):
		return r.find(ctx, res, params)
	case Gone(err) && res.Ident != "":
		return r.find(ctx, res, params) // it has an id, and may have another name still
	case k.Optional.Missing(raw, err), Gone(err) && k.Optional == nil:
		return r.Live.Put(k, params, was, nil)
	case err != nil:
		return err
	case !k.List.Only.Holds(raw):
		return r.Live.Put(k, params, was, nil) // the list would not show it either
	case isAnother(k, raw, created, was):
		return r.find(ctx, res, params) // of the same name, elsewhere
	}
	if raw, err = r.withSecrets(ctx, res, raw, own); err != nil {
		return err
	}
	if err := r.Live.Put(k, params, was, raw); err != nil {
		return err
	}
	return r.members(ctx, res, raw, params)
}

// backrefs lists what a resource declares of others that point back at it.
func backrefs(res *spec.Resource) []*spec.Backref {
	var out []*spec.Backref
	for i := range res.Kind.Fields {
		if f := &res.Kind.Fields[i]; f.Backref != nil && res.Values[f.Name] != nil {
			out = append(out, f.Backref)
		}
	}
	return out
}

// lacksSecrets tells whether a list has left out the secrets that a resource has
// a rule for.
func lacksSecrets(res *spec.Resource, o *planner.Object) bool {
	_, has := res.Rule()
	if !has || o == nil || res.Kind.Get.Route == "" {
		return false
	}
	_, there := spec.At(o.Raw, res.Kind.Rotation.Live)
	return !there
}

// withSecrets puts the secrets that a resource has a rule for into its object,
// where they are listed elsewhere.
func (r *Reader) withSecrets(ctx context.Context, res *spec.Resource, raw any, own planner.Params) (any, error) {
	_, has := res.Rule()
	if !has || res.Kind.Rotation.List == nil {
		return raw, nil
	}
	secrets, err := r.ListBelow(ctx, *res.Kind.Rotation.List, own, whole)
	if err != nil {
		return nil, err
	}
	if secrets == nil {
		secrets = []any{}
	}
	return spec.Put(raw, res.Kind.Rotation.Live, secrets), nil
}

// membersListed reads who points back at what a list has shown: in one list for
// all of it.
func (r *Refresher) membersListed(ctx context.Context, res *spec.Resource) error {
	o := r.Live.Find(res).Object
	if o == nil {
		return nil
	}
	for _, b := range backrefs(res) {
		if err := r.relist(ctx, r.Catalog.Kind(b.Kind), o.Params); err != nil {
			return err
		}
	}
	return nil
}

// find reads the list that a resource is in, and who points back at it.
func (r *Refresher) find(ctx context.Context, res *spec.Resource, params planner.Params) error {
	if err := r.relist(ctx, res.Kind, params); err != nil {
		return err
	}
	if o := r.Live.Find(res).Object; o != nil {
		return r.members(ctx, res, o.Raw, params)
	}
	return nil
}

// isAnother tells whether an answer is about another object than the one that
// was created, or was known before.
func isAnother(k *spec.Kind, raw, created any, was *planner.Object) bool {
	expected := spec.TextAt(created, k.IDAt())
	if expected == "" && was != nil {
		expected = spec.TextAt(was.Raw, k.IDAt())
	}
	got := spec.TextAt(raw, k.IDAt())
	return expected != "" && got != "" && got != expected
}

// relist reads the list of a kind again.
func (r *Refresher) relist(ctx context.Context, k *spec.Kind, params planner.Params) error {
	_, err := r.listed(ctx, k, params, true)
	return err
}

// Gone tells whether a read failed because there is nothing.
func Gone(err error) bool {
	var api *spec.APIError
	return errors.As(err, &api) && (api.Status == http.StatusNotFound || api.Status == http.StatusGone)
}

// members reads who points back at an object that was read again.
func (r *Refresher) members(ctx context.Context, res *spec.Resource, raw any, params planner.Params) error {
	for _, b := range backrefs(res) {
		o, err := planner.NewObject(res.Kind, raw, params)
		if err != nil {
			return err
		}
		other := r.Catalog.Kind(b.Kind)
		items, err := r.ListBelow(ctx, b.One, o.Params, other.Identity)
		if err != nil {
			return err
		}
		if err := r.Live.SetMembers(other, o.Params, b.At, spec.TextAt(raw, b.ID), items); err != nil {
			return err
		}
	}
	return nil
}
