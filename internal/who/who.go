// Package who tells from Atlas's events who has done what a drift report found.
// It knows no kind: which events concern an object, and how they name it, is a
// word of the kind's.
//
// It claims nothing that may be wrong. An event counts for an object only if it
// names it, or if there can be no other that it is about; where it does not, the
// finding says what there is instead.
package who

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Teller tells who it was.
type Teller struct {
	Doer    planner.Doer
	Catalog *spec.Catalog
	State   *spec.State
	Live    *planner.Live
	// Base is what was read of what the base declares, for findings against it;
	// nil: there is no base.
	Base *planner.Live
	// Since is the moment before which events do not count.
	Since time.Time
	// Own are the client id and the public key that this run works with.
	Own []string
	// Parallelism is how many lists are read at once.
	Parallelism int
}

// Tell puts into each finding that somebody has brought about who that was, or
// why that cannot be told. It reads one list of events for each organization and
// project with such a finding, and one for each object where its kind says that
// the list can be asked for one. That the credentials may not read events is no
// error.
func (t *Teller) Tell(ctx context.Context, findings []planner.Finding) error {
	lists := t.sort(findings)
	group := new(errgroup.Group)
	group.SetLimit(max(1, t.Parallelism))
	var mu sync.Mutex
	var errs []error
	for _, l := range lists {
		group.Go(func() error {
			events, whole, err := t.read(ctx, l)
			var refused *spec.APIError
			switch {
			case errors.As(err, &refused) && refused.Status == http.StatusForbidden:
				l.note(fmt.Sprintf("these credentials may not read the events (%d %s); that takes a role such as Organization Read Only or Project Read Only", refused.Status, refused.Code))
			case err != nil:
				l.note("the events could not be read")
				mu.Lock()
				errs = append(errs, fmt.Errorf("reading who has changed it: %w", err))
				mu.Unlock()
			default:
				for _, q := range l.questions {
					q.finding.Who = t.judge(l, q, events, whole)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // the functions return none
	return errors.Join(errs...)
}

// A list is one list of events, and what is asked of it.
type list struct {
	document  *spec.Kind // whose events they are: an organization's or a project's
	read      spec.Read
	path      string
	ask       map[string]string
	questions []*question
}

// A question is who has brought a finding about.
type question struct {
	finding *planner.Finding
	kind    *spec.Kind
	live    *planner.Live
	types   []string // of the events that may have
	object  saying
	// others are the other objects of the kind: what is live below the same parent,
	// and what else is asked about. Not apart says that they are not known.
	others   []saying
	notApart bool
	// born are the types among them before which nothing counts: with them an object
	// begins, or ends.
	born []string
}

func (l *list) note(text string) {
	for _, q := range l.questions {
		q.finding.Who = &planner.Who{Note: text}
	}
}

// sort puts the findings to the lists that tell of them, in their order.
func (t *Teller) sort(findings []planner.Finding) []*list {
	var lists []*list
	byKey := map[string]*list{}
	for i := range findings {
		f := &findings[i]
		k := t.Catalog.Kind(f.Kind)
		if k == nil || !brought(f.Class) {
			continue
		}
		q := newQuestion(k, f)
		if q.live = t.Live; f.Base && t.Base != nil {
			q.live = t.Base
		}
		if len(q.types) == 0 {
			f.Who = &planner.Who{Note: "Atlas keeps no event of this"}
			continue
		}
		q.object = q.said(f.Resource, f.Object)
		l, key, err := t.listOf(q)
		if err != nil {
			f.Who = &planner.Who{Note: err.Error()}
			continue
		}
		if byKey[key] == nil {
			byKey[key] = l
			lists = append(lists, l)
		}
		byKey[key].questions = append(byKey[key].questions, q)
	}
	known := map[*planner.Object]saying{}
	for _, l := range lists {
		for _, q := range l.questions {
			q.lookAround(l, known)
		}
	}
	return lists
}

// lookAround takes what is known of the other objects that an event could name;
// known is what was found out of objects before.
func (q *question) lookAround(l *list, known map[*planner.Object]saying) {
	if len(q.kind.Events.Names) == 0 {
		return
	}
	listing, ok := q.live.Listing(q.kind, q.live.ParamsOf(q.finding.Resource, q.finding.Object))
	if q.notApart = !ok; !ok {
		return
	}
	for _, o := range listing.Objects {
		if o == q.finding.Object {
			continue
		}
		if known[o] == nil {
			known[o] = q.said(nil, o)
		}
		q.others = append(q.others, known[o])
	}
	for _, other := range l.questions {
		if other.kind == q.kind && other.finding.Address != q.finding.Address && other.finding.Object == nil {
			q.others = append(q.others, other.object)
		}
	}
}

// brought tells the classes of findings that somebody has brought about.
func brought(c planner.Class) bool {
	return slices.Contains([]planner.Class{planner.Changed, planner.Missing, planner.Present, planner.Unmanaged}, c)
}

// newQuestion asks who has taken away what is missing, made what is there, or
// changed what differs.
func newQuestion(k *spec.Kind, f *planner.Finding) *question {
	q := &question{finding: f, kind: k}
	e := k.Events
	if e == nil {
		return q
	}
	switch f.Class {
	case planner.Missing:
		q.types = e.Gone
	case planner.Changed:
		q.born = e.Made
		if k.Singleton { // which is there always: taken away, it is as Atlas has it by itself
			q.born = slices.Concat(e.Made, e.Gone)
		}
		q.types = slices.Concat(q.born, e.Changed)
	default:
		// What is always there was made by nobody: there it is a change.
		if q.types, q.born = e.Made, e.Made; len(e.Made) == 0 {
			q.types = e.Changed
		}
	}
	q.types = slices.DeleteFunc(slices.Clone(q.types), func(typ string) bool { return !e.Concerns(typ, f.Path) })
	return q
}

var errScopeGone = errors.New("what it stands in is not in Atlas, and its events are not either")

// listOf finds the list of events that tells of a finding. What makes and takes
// away an organization's project stands among the organization's events.
func (t *Teller) listOf(q *question) (*list, string, error) {
	doc := t.documentOf(q.kind)
	params := q.live.ParamsOf(q.finding.Resource, q.finding.Object)
	if q.kind.Document && q.kind.Parent != "" && q.finding.Class != planner.Changed {
		doc = t.Catalog.Kind(q.kind.Parent)
		if q.finding.Object == nil && q.finding.Resource != nil {
			if owner := t.State.Owner(q.finding.Resource); owner != nil {
				params = q.live.Params(owner)
			}
		}
	}
	path, err := planner.Fill(doc.EventList.Route, params)
	if err != nil {
		return nil, "", errScopeGone
	}
	l := &list{document: doc, read: doc.EventList, path: path, ask: map[string]string{}}
	for name, placeholder := range q.kind.Events.Ask {
		v, ok := params[placeholder].(string)
		if !ok {
			return nil, "", errScopeGone
		}
		l.ask[name] = v
	}
	return l, fmt.Sprint(path, l.ask), nil
}

// documentOf is the kind of the organization or project that a kind stands in.
func (t *Teller) documentOf(k *spec.Kind) *spec.Kind {
	for !k.Document {
		k = t.Catalog.Kind(k.Parent)
	}
	return k
}
