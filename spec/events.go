package spec

import (
	"maps"
	"slices"
	"strings"
)

// Events say which of Atlas's events tell who touched an object of the kind, by
// their types: what Atlas keeps of who did what, and when.
type Events struct {
	Made, Changed, Gone []string
	// Fields names, by type, the fields that an event of it is about, where that
	// is not all of them.
	Fields map[string][]string
	// Names says by what an event tells its object from others: a JSON pointer
	// into the event, and where the object has the same value: a JSON pointer into
	// what is live of it, a placeholder in braces, or a field.
	Names map[string]string
	// Ask names query parameters of the list of events, and the placeholders whose
	// values they take, where the list can be asked for what one object concerns.
	Ask map[string]string
}

// Types returns all types, each once, sorted.
func (e *Events) Types() []string {
	if e == nil {
		return nil
	}
	all := slices.Concat(e.Made, e.Changed, e.Gone)
	slices.Sort(all)
	return slices.Compact(all)
}

// Concerns tells whether an event of a type can be about what stands at a path of
// an object; "" is the whole object.
func (e *Events) Concerns(typ, path string) bool {
	fields, ok := e.Fields[typ]
	return !ok || path == "" || slices.Contains(fields, HeadOf(path))
}

// validateEvents checks what says who touched an object.
func (c *Catalog) validateEvents(k *Kind, fail func(string, ...any)) {
	if k.EventList.Route != "" && !k.Document {
		fail("EventList is for kinds that have documents")
	}
	c.validateRead(k, "EventList", k.EventList, fail)
	e := k.Events
	if e == nil {
		return
	}
	types := e.Types()
	if len(types) == 0 || slices.Contains(types, "") {
		fail("Events names no types")
	}
	for _, t := range slices.Sorted(maps.Keys(e.Fields)) {
		if !slices.Contains(types, t) {
			fail("Events: Fields names a type %s that is none of the kind's", t)
		}
		for _, name := range e.Fields[t] {
			if k.Field(name) == nil {
				fail("Events: %s is about a field %s that is not there", t, name)
			}
		}
	}
	for _, at := range slices.Sorted(maps.Keys(e.Names)) {
		from := e.Names[at]
		placeholder, isPlaceholder := inBraces(from)
		switch {
		case !strings.HasPrefix(at, "/"):
			fail("Events: Names: %s is no JSON pointer into an event", at)
		case strings.HasPrefix(from, "/"):
		case isPlaceholder && !slices.Contains(c.placeholders(k), placeholder):
			fail("Events: Names: a placeholder %s that nothing fills", placeholder)
		case !isPlaceholder && slices.ContainsFunc(alternatives(from), func(name string) bool { return k.Field(name) == nil }):
			fail("Events: Names: a field %s that is not there", from)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Ask)) {
		if !slices.Contains(c.placeholders(k), e.Ask[name]) {
			fail("Events: Ask names a placeholder %s that nothing fills", e.Ask[name])
		}
	}
}

// inBraces takes the braces off a placeholder: {clusterName}.
func inBraces(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "{")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, "}")
}

// Placeholder returns the name of a placeholder that stands in braces.
func Placeholder(text string) (string, bool) { return inBraces(text) }
