package who

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const (
	// maxPages bounds what is read of one list, whatever happened in the time.
	maxPages = 20
	// maxTypes is how many types a list is asked for by: each makes the address
	// longer. Of more, all events are read.
	maxTypes = 60
)

// read returns the events of a list that may concern its questions, newest first,
// as far back as they are needed. It is not whole where there were too many.
func (t *Teller) read(ctx context.Context, l *list) (events []event, whole bool, err error) {
	types := l.types()
	query := t.query(l, types)
	known := map[string]bool{}
	inOrder := true
	for page := 1; page <= maxPages; page++ {
		query["pageNum"] = strconv.Itoa(page)
		doc, err := t.Doer.Do(ctx, planner.Request{Method: http.MethodGet, Path: l.path, Query: query, Version: l.read.Version, Idempotent: true})
		if err != nil {
			return nil, false, err
		}
		v, _ := spec.At(doc, "/results")
		results, ok := v.([]any)
		if !ok {
			return nil, false, fmt.Errorf("GET %s: the answer has no results", l.path)
		}
		old := false
		for _, raw := range results {
			e, ok := newEvent(raw)
			if !ok || known[e.id] { // one that came meanwhile moves the others to the next page
				continue
			}
			if known[e.id] = true; e.at.Before(t.Since) {
				old = true
				continue
			}
			if slices.Contains(types, e.typ) {
				inOrder = inOrder && (len(events) == 0 || !e.at.After(events[len(events)-1].at))
				events = append(events, e)
			}
		}
		if old || len(results) < planner.PageSize || inOrder && t.settled(l, events) {
			return newestFirst(events), true, nil
		}
	}
	return newestFirst(events), false, nil
}

func newestFirst(events []event) []event {
	slices.SortStableFunc(events, func(a, b event) int { return b.at.Compare(a.at) })
	return events
}

func (l *list) types() []string {
	var types []string
	for _, q := range l.questions {
		types = append(types, q.types...)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

func (t *Teller) query(l *list, types []string) map[string]any {
	query := map[string]any{"itemsPerPage": strconv.Itoa(planner.PageSize), "minDate": t.Since.UTC().Format(time.RFC3339)}
	if len(types) <= maxTypes {
		query["eventType"] = types
	}
	for name, value := range l.ask {
		query[name] = value
	}
	for _, q := range l.questions {
		for at := range q.kind.Events.Names {
			if strings.HasPrefix(at, "/raw/") {
				query["includeRaw"] = "true"
			}
		}
	}
	return query
}

// settled tells whether older events can add nothing to any answer.
func (t *Teller) settled(l *list, events []event) bool {
	for _, q := range l.questions {
		if _, all := t.look(l, q, events); !all {
			return false
		}
	}
	return true
}
