package sandbox

import (
	"maps"
	"net/http"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

func (r *resource) listing(f fact) func(*call) (any, error) {
	return func(c *call) (any, error) {
		if err := f.checkParams(c); err != nil {
			return nil, err
		}
		s, err := c.spot(r)
		if err != nil {
			return nil, err
		}
		return r.listAs(c, f, s)
	}
}

// listAs answers with all objects, in the form that the operation answers in.
func (r *resource) listAs(c *call, f fact, s spot) (any, error) {
	all := c.present(r, s)
	if r.filter != nil && c.request.Method == http.MethodGet {
		all = slices.DeleteFunc(all, func(t *thing) bool { return !r.filter(c, t) })
	}
	form, schema := f.answer(c)
	if r.listed != nil && form == oneObject {
		_, schema = factOf(r.get).answer(c)
	}
	show := func(t *thing) any { c.note(r, s, t, r.shows()); return r.view(c, t, schema) }
	if form == pagedList {
		return page(c, all, show)
	}
	views := []any{}
	for _, t := range all {
		views = append(views, show(t))
	}
	if r.listed != nil && form == oneObject {
		return r.listed(c, views)
	}
	return views, nil
}

// note remembers the state that a read has found a thing in, and whether its
// answer has shown it.
func (c *call) note(r *resource, s spot, t *thing, seen bool) {
	if r.cycle == nil || c.request.Method != http.MethodGet { // a write keeps what it finds
		return
	}
	t.Seen = t.Seen || seen
	for _, m := range s.moved {
		*m[0] = *m[1] // else what is in it would be lost
	}
	for _, old := range c.at(s, r.name) {
		if old.Key == t.Key {
			*old = *t
		}
	}
}

// shows says whether the usual answers show the state.
func (r *resource) shows() bool { return r.cycle != nil && (r.cycle.member != "" || r.show != nil) }

func (r *resource) getting(f fact) func(*call) (any, error) {
	return func(c *call) (any, error) {
		s, t, err := r.find(c, f)
		if err != nil {
			return nil, err
		}
		c.note(r, s, t, r.shows())
		return r.answer(c, f, s, t)
	}
}

// find finds what a request is about. A singleton that nobody has written yet
// is made from the defaults.
func (r *resource) find(c *call, f fact) (spot, *thing, error) {
	if err := f.checkParams(c); err != nil {
		return spot{}, nil, err
	}
	s, err := c.spot(r)
	if err != nil {
		return s, nil, err
	}
	t, err := c.namedIn(r, s)
	if err != nil && r.singleton && r.create == "" {
		t, err = &thing{Key: newID(c.now), Fields: map[string]any{}, Made: c.now}, nil
		maps.Copy(t.Fields, r.defaults)
	}
	return s, t, err
}

// answer answers with one thing, or with all, as the operation does.
func (r *resource) answer(c *call, f fact, s spot, t *thing) (any, error) {
	switch form, schema := f.answer(c); form {
	case noBody:
		return nil, nil
	case oneObject:
		return r.view(c, t, schema), nil
	}
	return r.listAs(c, f, s)
}

// view is what an answer shows of a thing.
func (r *resource) view(c *call, t *thing, schema *api.Schema) any {
	v := maps.Clone(t.clone().Fields)
	if r.cycle != nil && r.cycle.member != "" {
		v[r.cycle.member] = t.State
	}
	for _, owner := range []string{"groupId", "orgId"} {
		if id := c.param(owner); id != "" {
			v[owner] = id
		}
	}
	v["links"] = []any{}
	if r.show != nil {
		r.show(c, t, v)
	}
	if schema == nil {
		return v
	}
	return shown(v, facet{schema: schema})
}
