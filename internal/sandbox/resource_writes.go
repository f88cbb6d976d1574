package sandbox

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

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
		if err := r.room(c, s, olds); err != nil {
			return nil, err
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

// room refuses more objects than there may be. Olds are those that a creation
// writes over, nil for each new one.
func (r *resource) room(c *call, s spot, olds []*thing) error {
	most := int64(r.most)
	if r.limit != "" {
		p, err := c.world.project(s.owner)
		if err != nil {
			return err
		}
		most = p.limit(r.limit)
	}
	more := len(slices.DeleteFunc(slices.Clone(olds), func(t *thing) bool { return t != nil }))
	if most > 0 && more > 0 && int64(len(c.present(r, s))+more) > most {
		return fail(403, r.full, "there can be at most %d of the %s", most, r.name)
	}
	return nil
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
			return nil, nil, r.isTaken()
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
		if name == r.id {
			continue // which nobody chooses
		}
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
	if old == nil {
		r.happened(c, r.eventTypes(t)[0], t)
	} else {
		r.happened(c, r.eventTypes(t)[1], t)
	}
}

func (r *resource) eventTypes(t *thing) [3]string {
	if r.eventsOf != nil {
		return r.eventsOf(t)
	}
	return r.events
}

func (r *resource) happened(c *call, event string, t *thing) {
	if event == "" {
		event = usualEvents[c.id]
	}
	if event == "" {
		c.happened(nothing)
		return
	}
	if c.about.cluster = ""; r.cluster {
		c.about.cluster = t.text("name")
	}
	if c.about.more = nil; r.tells != nil {
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
		case r.merge != nil && !whole:
			if body, err = r.merge(c, old, body); err != nil {
				return nil, err
			}
			t.Fields = map[string]any{}
			if r.id != "" {
				t.Fields[r.id] = old.Fields[r.id]
			}
		case whole:
			t.Fields = map[string]any{}
			r.fill(t, schema, body)
			for name, value := range old.Fields {
				declared, _ := membersNamed(facetsOf(body, facet{schema: schema}), name)
				written := slices.ContainsFunc(declared, func(f facet) bool { return !isReadOnly(f.schema) })
				if !written || name == r.id || r.names(name) {
					t.Fields[name] = value // no body could have it, or another value of it
				}
			}
		}
		r.take(t, schema, body)
		for _, other := range c.present(r, s) {
			if other.Key != t.Key && r.equal(other, t) {
				return nil, r.isTaken()
			}
		}
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

func (r *resource) isTaken() error {
	return fail(409, cmp.Or(r.taken, "RESOURCE_ALREADY_EXISTS"), "the same is among the %s already", r.name)
}

// unchanged refuses another value of an immutable member, or of one that the
// path names the object by.
func (r *resource) unchanged(old *thing, body map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		value := body[name]
		if name == r.id || !r.names(name) && !slices.Contains(r.immutable, name) {
			continue
		}
		if jsonOf(value) != jsonOf(old.Fields[name]) {
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
		r.happened(c, r.eventTypes(t)[2], t)
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
