package who

import (
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// An event is one of Atlas's, with what it says of itself.
type event struct {
	raw       any
	id, typ   string
	at        time.Time
	actor     string // "" where the event names nobody
	actorKind planner.ActorKind
}

// accountPrefix begins the client ids of service accounts, which stand where
// events have the public key of an API key.
const accountPrefix = "mdb_sa_id_"

func newEvent(raw any) (event, bool) {
	e := event{raw: raw, id: spec.TextAt(raw, "/id"), typ: spec.TextAt(raw, "/eventTypeName")}
	at, err := time.Parse(time.RFC3339, spec.TextAt(raw, "/created"))
	if e.at = at.UTC(); err != nil || e.typ == "" {
		return e, false
	}
	admin, _ := spec.At(raw, "/isGlobalAdmin")
	key := spec.TextAt(raw, "/publicKey|/apiKeyId")
	delegate := spec.TextAt(raw, "/delegatePrincipal/id")
	switch name := spec.TextAt(raw, "/username"); {
	case admin == true:
		e.actor, e.actorKind = "an employee of MongoDB", planner.AtlasItself
		if name != "" {
			e.actor = name
		}
	case name != "":
		e.actor, e.actorKind = name, planner.User
	case strings.HasPrefix(key, accountPrefix):
		e.actor, e.actorKind = key, planner.ServiceAccount
	case key != "":
		e.actor, e.actorKind = key, planner.APIKey
	case strings.HasPrefix(delegate, accountPrefix):
		e.actor, e.actorKind = delegate, planner.ServiceAccount
	}
	return e, true
}

// A naming says whether an event is about an object.
type naming int

const (
	another naming = iota // it names another
	unnamed               // it names none, or nothing that is known of the object
	named
)

// A saying is what is known of an object at the places by which events name
// theirs: by JSON pointer into an event.
type saying map[string]string

// said takes what there is to know of an object, or of what is declared of one that
// is gone.
func (q *question) said(r *spec.Resource, o *planner.Object) saying {
	known := saying{}
	for at, from := range q.kind.Events.Names {
		if is, ok := q.live.Said(q.kind, r, o, from); ok {
			known[at] = is
		}
	}
	return known
}

// names tells whether an event is about the object of the question's kind of which
// so much is known.
func (q *question) names(e event, object saying) naming {
	out := unnamed
	for at, is := range object {
		says := spec.TextAt(e.raw, at)
		if says == "" {
			continue
		}
		if !same(q.kind, q.kind.Events.Names[at], says, is) {
			return another
		}
		out = named
	}
	return out
}

// same compares what an event says with what an object has at a place.
func same(k *spec.Kind, from, a, b string) bool {
	return a == b || slices.ContainsFunc(strings.Split(from, "|"), func(name string) bool {
		f := k.Field(name)
		return f != nil && f.Canon(a) == f.Canon(b)
	})
}

// elsewhere tells whether an event of an organization is about one of its
// projects, and so about no object of the organization's own.
func (t *Teller) elsewhere(e event, l *list, k *spec.Kind) bool {
	for _, doc := range t.Catalog.Documents() {
		if doc.Parent != l.document.Name || doc == k {
			continue
		}
		for name, from := range doc.Params {
			if from == doc.IDAt() && spec.TextAt(e.raw, "/"+name) != "" {
				return true
			}
		}
	}
	return false
}
