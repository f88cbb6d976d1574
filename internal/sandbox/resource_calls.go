package sandbox

import (
	"cmp"
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
	if r.cycle == nil || c.request.Method != http.MethodGet {
		return
	}
	t.Seen = t.Seen || seen
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
	if err != nil && r.singleton {
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

func (r *resource) creating(f fact) func(*call) (any, error) {
	return func(c *call) (any, error) {
		if err := f.checkParams(c); err != nil {
			return nil, err
		}
		s, err := c.spot(r)
		if err != nil {
			return nil, err
		}
		body, err := r.read(c, f, false)
		if err != nil {
			return nil, err
		}
		schema := f.request(c)
		items, many := body.([]any)
		if many {
			schema = schema.Resolve().Items
		} else {
			items = []any{body}
		}
		// All are made before one is kept: a request is done whole or not at all.
		var olds, made []*thing
		for _, item := range items {
			fields, _ := item.(map[string]any)
			old, t, err := r.born(c, s, schema, fields, made)
			if err != nil {
				return nil, err
			}
			olds, made = append(olds, old), append(made, t)
		}
		for i, t := range made {
			r.written(c, s, olds[i], t)
		}
		if len(made) == 0 {
			c.happened(nothing)
			return r.listAs(c, f, s)
		}
		return r.answer(c, f, s, made[0])
	}
}

// read reads a body as the resource takes it.
func (r *resource) read(c *call, f fact, partial bool) (any, error) {
	if r.ease != nil {
		if body, err := parseJSON(c.body); err == nil { // what is no JSON is for decode to say
			if err := r.ease(c, body); err != nil {
				return nil, err
			}
			c.body = []byte(jsonOf(body))
		}
	}
	return f.read(c, partial)
}

// born makes the thing of a creation. It is the changed old one if that has
// the same identity and may be written over.
func (r *resource) born(c *call, s spot, schema *api.Schema, body map[string]any, beside []*thing) (old, t *thing, err error) {
	if r.prepare != nil {
		if err := r.prepare(c, nil, body); err != nil {
			return nil, nil, err
		}
	}
	t = &thing{Key: newID(c.now), Fields: map[string]any{}, Made: c.now}
	if r.id != "" {
		t.Fields[r.id] = newID(c.now)
	}
	r.fill(t, schema, body)
	r.take(t, schema, body)
	for _, other := range append(c.present(r, s), beside...) {
		if !r.equal(other, t) {
			continue
		}
		if !r.upsert {
			return nil, nil, fail(409, cmp.Or(r.taken, "RESOURCE_ALREADY_EXISTS"), "the same is among the %s already", r.name)
		}
		old = other.clone()
		t.Key, t.Made = other.Key, other.Made
		if r.id != "" {
			t.Fields[r.id] = other.Fields[r.id]
		}
	}
	if r.cycle != nil && r.cycle.created != "" {
		t.become(r.cycle.created, c.now)
	}
	if r.check != nil {
		if err := r.check(c, old, t); err != nil {
			return nil, nil, err
		}
	}
	return old, t, nil
}

// fill gives a thing what it has if a body, that of a creation or a
// replacement, says nothing of it.
func (r *resource) fill(t *thing, schema *api.Schema, body map[string]any) {
	defaults := givenDefaults(schema, body)
	maps.Copy(defaults, r.defaults)
	for name, value := range defaults {
		if value != nil {
			t.Fields[name] = value
		}
	}
}

// take gives a thing the members of a body, without the values of secrets.
func (r *resource) take(t *thing, schema *api.Schema, body map[string]any) {
	for name, value := range body {
		declared, _ := membersNamed(facetsOf(body, facet{schema: schema}), name)
		if r.isSecret(name) || slices.ContainsFunc(declared, func(f facet) bool { return isWriteOnly(f.schema) }) {
			if value != nil && !t.has(name) {
				t.Secrets = append(t.Secrets, name)
			}
			continue
		}
		if t.Fields[name] = value; value == nil {
			delete(t.Fields, name)
		}
	}
	slices.Sort(t.Secrets)
}

// written keeps what a creation or an update made, and tells of it.
func (r *resource) written(c *call, s spot, old, t *thing) {
	c.put(r, s, t)
	if r.wrote != nil {
		r.wrote(c, old, t)
	}
	event := r.events[0]
	if old != nil {
		event = r.events[1]
	}
	r.happened(c, event, t)
}

func (r *resource) happened(c *call, event string, t *thing) {
	if event == "" {
		c.happened(nothing)
		return
	}
	if r.tells != nil {
		c.about.more = r.tells(t)
	}
	c.happened(event)
}

func (r *resource) updating(f fact) func(*call) (any, error) {
	return func(c *call) (any, error) {
		s, t, err := r.find(c, f)
		if err != nil {
			return nil, err
		}
		whole := f.Method == http.MethodPut
		read, err := r.read(c, f, !whole)
		if err != nil {
			return nil, err
		}
		body, _ := read.(map[string]any)
		old := t.clone()
		if r.prepare != nil {
			if err := r.prepare(c, old, body); err != nil {
				return nil, err
			}
		}
		if err := r.unchanged(old, body); err != nil {
			return nil, err
		}
		schema := f.request(c)
		switch {
		case r.merge != nil:
			if body, err = r.merge(c, old, body); err != nil {
				return nil, err
			}
			t.Fields = map[string]any{}
		case whole:
			t.Fields = map[string]any{}
			r.fill(t, schema, body)
			for name, value := range old.Fields {
				declared, _ := membersNamed(facetsOf(body, facet{schema: schema}), name)
				if name == r.id || !slices.ContainsFunc(declared, func(f facet) bool { return !isReadOnly(f.schema) }) {
					t.Fields[name] = value // no body could have it
				}
			}
		}
		r.take(t, schema, body)
		if r.cycle != nil && r.cycle.updated != "" {
			t.become(r.cycle.updated, c.now)
		}
		if r.check != nil {
			if err := r.check(c, old, t); err != nil {
				return nil, err
			}
		}
		r.written(c, s, old, t)
		return r.answer(c, f, s, t)
	}
}

// unchanged refuses another value of an immutable member.
func (r *resource) unchanged(old *thing, body map[string]any) error {
	for _, name := range r.immutable {
		if value, ok := body[name]; ok && jsonOf(value) != jsonOf(old.Fields[name]) {
			return invalid(violation{name, "cannot be changed"})
		}
	}
	return nil
}

func (r *resource) removal(f fact) func(*call) (any, error) {
	return func(c *call) (any, error) {
		s, t, err := r.find(c, f)
		if err != nil {
			return nil, err
		}
		if r.removable != nil {
			if err := r.removable(c, t); err != nil {
				return nil, err
			}
		}
		if r.cycle != nil && r.cycle.removing != "" {
			if t.State != r.cycle.removing {
				t.become(r.cycle.removing, c.now)
			}
			c.put(r, s, t)
		} else {
			c.drop(r, s, t)
		}
		if r.removed != nil {
			r.removed(c, t)
		}
		r.happened(c, r.events[2], t)
		return r.answer(c, f, s, t)
	}
}

func (r *resource) acting(f fact, a action) func(*call) (any, error) {
	return func(c *call) (any, error) {
		s, t, err := r.find(c, f)
		if err != nil {
			return nil, err
		}
		body := map[string]any{}
		if len(f.Requests) > 0 {
			read, err := f.read(c, false)
			if err != nil {
				return nil, err
			}
			body, _ = read.(map[string]any)
		}
		value, err := a.do(c, t, body)
		if err != nil {
			return nil, err
		}
		if f.Method == http.MethodGet {
			c.note(r, s, t, true)
		} else {
			c.put(r, s, t)
			r.happened(c, a.event, t)
		}
		if value == any(t) {
			return r.answer(c, f, s, t)
		}
		return value, nil
	}
}
