package who

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A look is what events say of one question.
type look struct {
	sure  []event // about the object, newest first
	maybe []event // perhaps about it, and newer than all that is sure
}

// look goes through events from the newest on. all says that older ones would
// change nothing: what was made or taken away by then has an end there.
func (t *Teller) look(l *list, q *question, events []event) (out look, all bool) {
	alone := t.alone(l, q.kind)
	for _, e := range events {
		if !slices.Contains(q.types, e.typ) || t.elsewhere(e, l, q.kind) {
			continue
		}
		name := q.names(e, q.object)
		switch {
		case name == another:
			continue
		case alone && !t.shared(q.kind, e.typ), name == named && !q.twins(e):
			out.sure = append(out.sure, e)
		case len(out.sure) == 0:
			out.maybe = append(out.maybe, e)
			continue
		default:
			continue
		}
		if q.finding.Class == planner.Missing || slices.Contains(q.born, e.typ) {
			return out, len(out.maybe) == 0
		}
	}
	return out, false
}

// alone tells whether each event in a list can be about one object of a kind
// only: a singleton, the organization or project itself, or what the list was
// asked for.
func (t *Teller) alone(l *list, k *spec.Kind) bool {
	asked := slices.Collect(maps.Values(k.Events.Ask))
	for ; k != l.document; k = t.Catalog.Kind(k.Parent) {
		byList := slices.ContainsFunc(asked, func(placeholder string) bool { return k.Params[placeholder] != "" })
		if byList {
			return true
		}
		if !k.Singleton || k.Document {
			return false
		}
	}
	return true
}

// shared tells whether an event of a type can as well be about another singleton
// in the same place.
func (t *Teller) shared(k *spec.Kind, typ string) bool {
	return k.Singleton && slices.ContainsFunc(t.Catalog.Children(t.Catalog.Kind(k.Parent)), func(other *spec.Kind) bool {
		return other != k && other.Singleton && slices.Contains(other.Events.Types(), typ)
	})
}

// twins tells whether an event names another object of the kind just as well; true
// where that cannot be told.
func (q *question) twins(e event) bool {
	return q.notApart || slices.ContainsFunc(q.others, func(other saying) bool { return q.names(e, other) == named })
}

// judge answers a question.
func (t *Teller) judge(l *list, q *question, events []event, whole bool) *planner.Who {
	found, _ := t.look(l, q, events)
	since := "since " + t.Since.UTC().Format(time.RFC3339)
	if !whole {
		since = fmt.Sprintf("among the newest %d %s", maxPages*planner.PageSize, since)
	}
	if len(found.maybe) > 0 {
		return &planner.Who{Note: fmt.Sprintf("%s %s that may be about it, and do not say so; the last: %s",
			spec.Counted(len(found.maybe), "event"), since, t.spell(found.maybe[0]))}
	}
	if len(found.sure) == 0 {
		return &planner.Who{Note: "no event " + since + " tells of it"}
	}
	e := found.sure[0]
	w := &planner.Who{Actor: e.actor, ActorKind: e.actorKind, Own: t.own(e), At: &e.at, Event: e.typ, EventID: e.id}
	if e.actor == "" {
		w.Note = "the event names nobody"
	}
	others := map[string]bool{}
	for _, other := range found.sure[1:] {
		if other.actor != e.actor && other.actor != "" && q.finding.Class == planner.Changed && !t.own(other) {
			others[other.actor] = true
		}
	}
	w.Others = len(others)
	return w
}

// own tells whether this run's credentials have done it.
func (t *Teller) own(e event) bool {
	return e.actor != "" && slices.Contains(t.Own, e.actor)
}

func (t *Teller) spell(e event) string {
	by := "nobody named"
	if e.actor != "" {
		by = e.actor
	}
	if t.own(e) {
		by += " (this run's credentials)"
	}
	return fmt.Sprintf("%s by %s at %s", e.typ, by, e.at.Format(time.RFC3339))
}
