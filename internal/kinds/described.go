package kinds

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A described is what the facts say of the objects of a kind: the bodies that
// its calls take and the one that its reads answer.
type described struct {
	created, updated, answered []*api.Schema
}

// describe finds the bodies of a kind's calls, at the versions that it uses.
func describe(facts *api.Facts, k *spec.Kind) (described, error) {
	var d described
	for _, call := range k.Create {
		s, err := requestOf(facts, call)
		if err != nil {
			return d, err
		}
		d.created = append(d.created, s...)
	}
	for _, call := range k.Update {
		s, err := requestOf(facts, call)
		if err != nil {
			return d, err
		}
		d.updated = append(d.updated, s...)
	}
	for _, read := range []spec.Read{k.Get, k.List} {
		if read.IDs != "" {
			continue // it answers none of the object but its id
		}
		s, err := answerOf(facts, read)
		if err != nil {
			return d, err
		}
		d.answered = append(d.answered, s...)
	}
	return d, nil
}

func operationOf(facts *api.Facts, route string) (*api.Operation, error) {
	op := facts.Call(spec.Method(route), planner.APIPrefix+spec.PathOf(route))
	if op == nil {
		return nil, fmt.Errorf("the API has no %s", route)
	}
	return op, nil
}

// noVersion says which versions an operation has, if it lacks one.
func noVersion(op *api.Operation, route, version string) error {
	if has := op.Versions(); !slices.Contains(has, version) && len(has) > 0 {
		return fmt.Errorf("%s: there is no version %s; it has %s", route, version, strings.Join(has, ", "))
	}
	return nil
}

// requestOf returns the schema of a call's body, if fields go into it.
func requestOf(facts *api.Facts, call spec.Call) ([]*api.Schema, error) {
	op, err := operationOf(facts, call.Route)
	if err != nil || call.Body.Send == spec.Nothing {
		return nil, err
	}
	b := op.Requests[call.Version]
	if b == nil || b.Schema == nil {
		return nil, cmp.Or(noVersion(op, call.Route, call.Version), fmt.Errorf("%s takes no body in version %s", call.Route, call.Version))
	}
	s := b.Schema.Resolve()
	if call.Body.Array {
		s = s.Items.Resolve()
	}
	return []*api.Schema{s}, nil
}

// answerOf returns the schema of one object in the answer to a read.
func answerOf(facts *api.Facts, read spec.Read) ([]*api.Schema, error) {
	if read.Route == "" {
		return nil, nil
	}
	op, err := operationOf(facts, read.Route)
	if err != nil {
		return nil, err
	}
	b := op.Answers[fmt.Sprint(http.StatusOK)][read.Version]
	if b == nil || b.Schema == nil {
		return nil, cmp.Or(noVersion(op, read.Route, read.Version), fmt.Errorf("%s answers nothing in version %s", read.Route, read.Version))
	}
	s := b.Schema.Resolve()
	if read.Paged {
		s = property(s, "results")
	}
	if len(read.Items) > 0 {
		return itemsOf(s, read)
	}
	if s != nil && s.Resolve().Type == "array" {
		s = s.Resolve().Items
	}
	if s == nil {
		return nil, fmt.Errorf("%s answers no objects in version %s", read.Route, read.Version)
	}
	return []*api.Schema{s.Resolve()}, nil
}

// property returns the first schema of a property; properties all of them: in
// the schema, in what it is made of, and in its alternatives.
func property(s *api.Schema, name string) *api.Schema {
	if all := properties(s, name); len(all) > 0 {
		return all[0]
	}
	return nil
}

func properties(s *api.Schema, name string) []*api.Schema {
	of := member{s, name}
	out, known := members[of]
	if known {
		return out
	}
	defer func() { members[of] = out }()
	for _, part := range whole(s) {
		if p := part.Properties[name]; p != nil {
			out = append(out, p.Resolve())
		}
	}
	return out
}

// parts remembers what each schema is made of: the same ones are asked for again
// and again while the catalogue is made.
var parts = map[*api.Schema][]*api.Schema{}

// members does so for their properties.
var members = map[member][]*api.Schema{}

type member struct {
	of   *api.Schema
	name string
}

// whole lists a schema with all that it is made of and all its alternatives.
func whole(s *api.Schema) []*api.Schema {
	known, ok := parts[s]
	if !ok {
		known = s.Whole()
		parts[s] = known
	}
	return known
}

// partsOf lists what one alternative is made of, without the others: what all
// have in common may list them again.
func partsOf(alternative *api.Schema) []*api.Schema {
	var out []*api.Schema
	var add func(s *api.Schema)
	add = func(s *api.Schema) {
		if s = s.Resolve(); s == nil || slices.Contains(out, s) {
			return
		}
		out = append(out, s)
		for _, part := range s.AllOf {
			add(part)
		}
		if children := s.Children(); !slices.Contains(children, alternative.Resolve()) {
			for _, child := range children {
				add(child)
			}
		}
	}
	add(alternative)
	return out
}

// every returns all that is said of a JSON pointer into some bodies.
func every(bodies []*api.Schema, pointer string) []*api.Schema {
	found := bodies
	if pointer == "" {
		return found
	}
	for _, part := range strings.Split(withoutIndex(pointer)[1:], "/") {
		var next []*api.Schema
		for _, s := range api.Elements(found) {
			next = append(next, properties(s, part)...)
		}
		found = next
	}
	return found
}

// index finds the indexes in a JSON pointer.
var index = regexp.MustCompile(`/\d+(/|$)`)

// withoutIndex is a pointer for all elements alike.
func withoutIndex(pointer string) string { return index.ReplaceAllString(pointer, "$1") }

// variants returns, by the value of a property, the schemas that are meant by
// it: as a discriminator says, or the enum of each alternative.
func variants(bodies []*api.Schema, property string) map[string][]*api.Schema {
	out := map[string][]*api.Schema{}
	for _, body := range bodies {
		for _, part := range whole(body) {
			if part.Discriminator != nil && part.Discriminator.Property == property {
				for value := range part.Discriminator.Mapping {
					out[value] = append(out[value], part.Pick(value))
				}
				continue
			}
			for _, child := range part.Children() {
				p := properties(child, property)
				if len(p) == 0 {
					continue
				}
				for _, value := range p[0].Enum {
					out[fmt.Sprint(value)] = append(out[fmt.Sprint(value)], child)
				}
			}
		}
	}
	return out
}

// needed tells whether some bodies have to hold a value: of alternatives, all of them.
func needed(bodies []*api.Schema, pointer string) bool {
	parent, name := "", pointer
	if i := strings.LastIndexByte(pointer, '/'); i >= 0 {
		parent, name = pointer[:i], pointer[i+1:]
	}
	for _, s := range bodies {
		for _, in := range api.Elements(every([]*api.Schema{s}, parent)) {
			if in.Demands(name) {
				return true
			}
		}
	}
	return false
}
