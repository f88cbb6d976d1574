package planner

import (
	"fmt"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Who says who has done what a finding is of, when, and how, as Atlas's events
// tell it. Without an Actor the note says why that cannot be told.
type Who struct {
	Actor     string    `json:"actor,omitempty"` // user name, client id or public key
	ActorKind ActorKind `json:"actorKind,omitempty"`
	// Own says that it was done with the credentials of this run.
	Own     bool       `json:"own,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	Event   string     `json:"event,omitempty"` // its type
	EventID string     `json:"eventId,omitempty"`
	// Others counts the other actors that touched the same in the time looked at.
	Others int    `json:"others,omitempty"`
	Note   string `json:"note,omitempty"`
}

// An ActorKind tells actors apart.
type ActorKind string

// The kinds of actors.
const (
	User           ActorKind = "user"
	APIKey         ActorKind = "apiKey"
	ServiceAccount ActorKind = "serviceAccount"
	AtlasItself    ActorKind = "atlas" // MongoDB's people
)

// Said returns the text that an object, or what is declared of one that is not
// there, has at a place: a JSON pointer into what is live, a placeholder in braces,
// or a field (of several the first that has a value). Either may be nil.
func (l *Live) Said(k *spec.Kind, r *spec.Resource, o *Object, from string) (string, bool) {
	if name, ok := spec.Placeholder(from); ok {
		v, ok := l.ParamsOf(r, o)[name].(string)
		return v, ok
	}
	if strings.HasPrefix(from, "/") {
		if o != nil {
			text := spec.TextAt(o.Raw, from)
			return text, text != ""
		}
		return l.declaredAt(k, r, from)
	}
	var values map[string]any
	switch {
	case o != nil:
		values = l.Values(o)
	case r != nil:
		values = r.Values
	}
	for _, name := range strings.Split(from, "|") {
		if v, ok := values[name]; ok && v != nil && v != "" {
			return fmt.Sprint(v), true
		}
	}
	return "", false
}

// declaredAt returns what a declared field says that Atlas has at a place: the id
// of the team that it names.
func (l *Live) declaredAt(k *spec.Kind, r *spec.Resource, at string) (string, bool) {
	if r == nil {
		return "", false
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if v, declared := r.Values[f.Name]; declared && f.WireAt() == at {
			text, ok := l.wireValue(r, f, v).(string)
			return text, ok && text != ""
		}
	}
	if text := r.Ident; text != "" && k.IDAt() == at {
		return text, true
	}
	return "", false
}

// ParamsOf returns the placeholders that are known of an object, or of the list
// in which what is declared would be.
func (l *Live) ParamsOf(r *spec.Resource, o *Object) Params {
	switch {
	case o != nil:
		return o.Params
	case r != nil:
		return l.ListParams(r)
	}
	return nil
}
