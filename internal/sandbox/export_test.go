package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Audit shows each write and refusal to f, as JSON: the world that the noted
// changes make of the one before, and the world as it is. They must be the same, or the
// store would lose something.
func (s *Server) Audit(f func(noted, is string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return string(data)
	}
	s.audit = func(before *world, noted []change, after *world) {
		after, err := after.clone()
		if err != nil {
			panic(err)
		}
		data := text(entry{Changes: noted})
		e, err := decodeEntry([]byte(data))
		if err != nil {
			panic(err)
		}
		for _, c := range e.Changes {
			before.apply(c)
		}
		if noted == nil {
			// Of an endpoint time changes the state, whatever a request is answered.
			for _, w := range []*world{before, after} {
				for _, p := range w.Projects {
					p.Serverless = nil
				}
			}
		}
		f(text(before), text(after))
	}
}

// Unruled lists the operations that nobody said who may use.
func Unruled() []string {
	var found []string
	for _, p := range apiParts() {
		for _, o := range p.all() {
			if !o.may.anybody && len(o.may.org) == 0 {
				found = append(found, o.id)
			}
		}
	}
	return found
}

// Untold lists the types of events that operations name and that no list
// would show.
func Untold() []string {
	var found []string
	for _, p := range apiParts() {
		for _, o := range p.all() {
			if t, ok := eventTypes[o.event]; o.event != "" && (!ok || !t.org && !t.project) {
				found = append(found, o.id+" "+o.event)
			}
		}
	}
	return found
}

// ParseJournal says how many records are whole, and how many bytes they take.
func ParseJournal(data []byte) (records, size int, err error) {
	all, size, err := parseJournal(data)
	return len(all), size, err
}

// Operations lists what the emulator speaks, one "METHOD /path" a line, by path.
func Operations() []string {
	var operations []operation
	for _, p := range apiParts() {
		operations = append(operations, p.all()...)
	}
	slices.SortFunc(operations, func(a, b operation) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
	})
	var lines []string
	for _, o := range operations {
		lines = append(lines, fmt.Sprintf("%-6s %s", o.method, o.path))
	}
	return lines
}

// EventTypes lists, by type, which lists show events of it.
func EventTypes() map[string][]string {
	all := map[string][]string{}
	for typ, e := range eventTypes {
		if e.org {
			all[typ] = append(all[typ], "org")
		}
		if e.project {
			all[typ] = append(all[typ], "project")
		}
	}
	return all
}

// UsualEvents are the types of events by operation.
func UsualEvents() map[string]string { return usualEvents }
