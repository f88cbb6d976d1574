package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// A thing is one object of a resource. Its members are those of the API, as
// JSON decodes them: numbers are float64, lists []any, objects map[string]any.
type thing struct {
	Key    string         `json:"key"` // of its own, whatever the API knows it by
	Fields map[string]any `json:"fields"`
	// Kept is what Atlas knows of it and does not show under this name.
	Kept map[string]any `json:"kept,omitempty"`
	// Secrets are the names of the secret members that somebody has sent. Their
	// values are not kept.
	Secrets []string  `json:"secrets,omitempty"`
	Made    time.Time `json:"made"`
	// The state, of a resource that has a cycle: since when, and whether it has
	// been seen in an answer.
	State   string    `json:"state,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Seen    bool      `json:"seen,omitempty"`
	Objects shelves   `json:"objects,omitempty"` // what is below it
}

// shelves hold things, in the order of their creation, by the name of their
// resource.
type shelves map[string][]*thing

func (t *thing) key() string { return t.Key }

// text is a member that is a text; "" where it is none.
func (t *thing) text(name string) string {
	s, _ := t.Fields[name].(string)
	return s
}

// has says whether a secret member was sent.
func (t *thing) has(secret string) bool { return slices.Contains(t.Secrets, secret) }

// keep notes something that Atlas does not show; nil forgets it.
func (t *thing) keep(name string, value any) {
	if value == nil {
		delete(t.Kept, name)
		return
	}
	if t.Kept == nil {
		t.Kept = map[string]any{}
	}
	t.Kept[name] = value
}

func (t *thing) become(state string, now time.Time) { t.State, t.Since, t.Seen = state, now, false }

func (t *thing) clone() *thing {
	copied := new(thing)
	data, err := json.Marshal(t)
	if err == nil {
		err = json.Unmarshal(data, copied)
	}
	if err != nil {
		panic(err) // it came as JSON
	}
	return copied
}

// put and drop change shelves in the one way that memory and journal share.
func (s shelves) put(name string, t *thing) { s[name] = put(s[name], t, (*thing).key) }

func (s shelves) drop(name, key string) {
	if s[name] = drop(s[name], key, (*thing).key); len(s[name]) == 0 {
		delete(s, name)
	}
}

// shelvesOf are those right below a project or an organization. Made says
// whether to make them.
func (w *world) shelvesOf(owner string, made bool) shelves {
	if w.Objects[owner] == nil && made {
		if w.Objects == nil {
			w.Objects = map[string]shelves{}
		}
		w.Objects[owner] = shelves{}
	}
	return w.Objects[owner]
}

// putThing and dropThing are the changes of things right below an owner.
func (w *world) putThing(owner, shelf string, t *thing) { w.shelvesOf(owner, true).put(shelf, t) }

func (w *world) dropThing(owner, shelf, key string) {
	if s := w.Objects[owner]; s != nil {
		if s.drop(shelf, key); len(s) == 0 {
			delete(w.Objects, owner)
		}
	}
}

// begin gives a new project the objects that every project starts with.
func (w *world) begin(resources map[string]*resource, p *project, now time.Time) []change {
	var all []change
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		r := resources[name]
		if r.initial == nil || r.of != nil {
			continue
		}
		for _, fields := range r.initial(p) {
			t := &thing{Key: newID(now), Fields: fields, Made: now}
			if r.id != "" {
				t.Fields[r.id] = newID(now)
			}
			t = t.clone() // with the types of decoded JSON
			w.putThing(p.ID, name, t)
			all = append(all, change{In: p.ID, Shelf: name, Thing: t})
		}
	}
	return all
}
