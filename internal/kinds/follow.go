package kinds

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"regexp/syntax"
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

// requestOf returns the schema of a call's body, if fields go into it.
func requestOf(facts *api.Facts, call spec.Call) ([]*api.Schema, error) {
	op, err := operationOf(facts, call.Route)
	if err != nil || call.Body.Send == spec.Nothing {
		return nil, err
	}
	b := op.Requests[call.Version]
	if b == nil || b.Schema == nil {
		return nil, fmt.Errorf("%s takes no body in version %s", call.Route, call.Version)
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
		return nil, fmt.Errorf("%s answers nothing in version %s", read.Route, read.Version)
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

// itemsOf returns the schemas of the items of an answer that is one object.
func itemsOf(answer *api.Schema, read spec.Read) ([]*api.Schema, error) {
	var out []*api.Schema
	for _, pointer := range read.Items {
		lists := every([]*api.Schema{answer}, pointer)
		if len(lists) == 0 {
			return nil, fmt.Errorf("%s answers no %s in version %s", read.Route, pointer, read.Version)
		}
		out = append(out, elements(lists)...)
	}
	return out, nil
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
	var out []*api.Schema
	for _, part := range whole(s) {
		if p := part.Properties[name]; p != nil {
			out = append(out, p.Resolve())
		}
	}
	return out
}

// whole lists a schema with all that it is made of and all its alternatives.
func whole(s *api.Schema) []*api.Schema {
	var out []*api.Schema
	var add func(s *api.Schema)
	add = func(s *api.Schema) {
		if s = s.Resolve(); s == nil || slices.Contains(out, s) {
			return
		}
		out = append(out, s)
		for _, part := range slices.Concat(s.AllOf, s.Children()) {
			add(part)
		}
	}
	add(s)
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
		for _, s := range elements(found) {
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

// elements returns, of arrays, what their elements are like.
func elements(schemas []*api.Schema) []*api.Schema {
	out := []*api.Schema{}
	for _, s := range schemas {
		if s.Type == "array" && s.Items != nil {
			s = s.Items.Resolve()
		}
		out = append(out, s)
	}
	return out
}

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

// vary says for which values of the variant a member is there, and whether
// it has to be, as far as the literal leaves it open.
func vary(f *spec.Field, of map[string][]*api.Schema, deep bool) {
	if f.For != nil || f.Local || f.Backref != nil || strings.Count(f.WireAt(), "/") != 1 {
		return
	}
	name := strings.TrimPrefix(f.WireAt(), "/")
	needed := true
	var there []string
	for _, value := range slices.Sorted(maps.Keys(of)) {
		for _, s := range of[value] {
			if len(properties(s, name)) == 0 {
				continue
			}
			there = append(there, value)
			needed = needed && slices.ContainsFunc(whole(s), func(part *api.Schema) bool { return slices.Contains(part.Required, name) })
			break
		}
	}
	if len(there) == 0 {
		return
	}
	if len(there) < len(of) {
		f.For = there
	}
	f.Required = f.Required || needed && deep && !f.ReadOnly
}

// needed tells whether some bodies have to hold a value.
func needed(bodies []*api.Schema, pointer string) bool {
	parent, name := "", pointer
	if i := strings.LastIndexByte(pointer, '/'); i >= 0 {
		parent, name = pointer[:i], pointer[i+1:]
	}
	for _, s := range bodies {
		for _, in := range elements(every([]*api.Schema{s}, parent)) {
			for _, part := range whole(in) {
				if slices.Contains(part.Required, name) {
					return true
				}
			}
		}
	}
	return false
}

// follow fills in what the facts say of a kind's fields and the literal does not.
func follow(facts *api.Facts, k *spec.Kind) error {
	d, err := describe(facts, k)
	if err != nil {
		return fmt.Errorf("kind %s: %w", k.Name, err)
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if err := d.field(f, ""); err != nil {
			return fmt.Errorf("kind %s: %w", k.Name, err)
		}
		if k.Variant != "" {
			vary(f, variants(d.created, strings.TrimPrefix(k.Field(k.Variant).WireAt(), "/")), true)
		}
		switch {
		case f.Local || f.Backref != nil || f.Ref != nil || k.Identifies(f.Name):
		case setBy(k, f.Name):
		case !slices.ContainsFunc(every(d.sent(), f.SendPointer()), func(s *api.Schema) bool { return !s.ReadOnly }):
			f.ReadOnly = f.ReadOnly || len(d.sent()) > 0
		case needed(d.created, f.SendPointer()) && f.For == nil:
			f.Required = true
		}
	}
	return nil
}

// setBy tells whether a call sends a field's value under another name.
func setBy(k *spec.Kind, name string) bool {
	return slices.ContainsFunc(slices.Concat(k.Create, k.Update), func(c spec.Call) bool {
		for _, e := range c.Body.Set {
			if e.Field == name {
				return true
			}
		}
		return false
	})
}

func (d described) sent() []*api.Schema { return slices.Concat(d.created, d.updated) }

// field fills in one field and what stands in it; base is where its block stands.
func (d described) field(f *spec.Field, base string) error {
	if f.Local || f.Backref != nil {
		return nil
	}
	pointer := base + f.WireAt()
	sent, answered := every(d.sent(), base+f.SendPointer()), every(d.answered, pointer)
	said := sent
	if len(said) == 0 {
		said = answered
	}
	returned := slices.ContainsFunc(answered, func(s *api.Schema) bool { return !s.WriteOnly })
	f.NotReturned = f.NotReturned || len(sent) > 0 && !returned && !f.CreateOnly
	f.ReadOnly = f.ReadOnly || base != "" && len(said) > 0 && !slices.ContainsFunc(said, func(s *api.Schema) bool { return !s.ReadOnly })
	if len(said) == 0 && f.Type == spec.Untyped {
		return fmt.Errorf("no call tells what %s is", f.Name)
	}
	if len(said) > 0 {
		fill(f, said)
	}
	for i := range f.Fields {
		sub := &f.Fields[i]
		if err := d.field(sub, pointer); err != nil {
			return err
		}
		if f.Variant != "" {
			vary(sub, variants(elements(every(d.sent(), pointer)), strings.TrimPrefix(f.Sub(f.Variant).WireAt(), "/")), true)
		}
		if f.Collection() && sub.For == nil && !sub.ReadOnly && needed(d.sent(), pointer+sub.SendPointer()) {
			sub.Required = true
		}
	}
	return nil
}

// typeOf is the type of field that a schema is by itself.
var typeOf = map[string]spec.Type{"string": spec.String, "boolean": spec.Bool, "integer": spec.Int, "array": spec.Set, "object": spec.Object, "number": spec.Number}

// fill takes over from what is said of a field what its literal leaves open.
// Where alternatives say different things, none of them is taken.
func fill(f *spec.Field, said []*api.Schema) {
	first := said[0]
	if f.Type == spec.Untyped {
		f.Type = typeOf[first.Type]
		if len(f.Enum) == 0 && f.Type == spec.Object && len(f.Fields) == 0 && enumOf(said) != nil {
			f.Type = spec.String // one of several lists of words
		}
	}
	if f.Norm == spec.Exact && f.Type == spec.String && agreed(said, func(s *api.Schema) any { return s.Format }) == "date-time" {
		f.Norm = spec.Instant
	}
	f.Nullable = f.Nullable || f.Type != spec.Object && !f.ReadOnly && agreed(said, func(s *api.Schema) any { return s.Nullable }) == true
	if f.Default == nil && !f.CreateOnly && (f.Type == spec.Bool || f.Type == spec.String) {
		f.Default = agreed(said, func(s *api.Schema) any { return s.Default })
	}
	if f.Type == spec.Set || f.Type == spec.List {
		if n, ok := agreed(said, func(s *api.Schema) any { return whole0(s.MinItems) }).(int); ok && f.MinItems == 0 {
			f.MinItems = n
		}
		items := []*api.Schema{}
		for _, s := range said {
			if s.Items != nil {
				items = append(items, s.Items.Resolve())
			}
		}
		if len(items) == 0 {
			return
		}
		said = items
	}
	bounds(f, said)
}

// uuid is what a value of the format of that name looks like (RFC 9562).
const uuid = `^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`

// bounds takes over what a single value has to be like.
func bounds(f *spec.Field, said []*api.Schema) {
	number := func(of func(*api.Schema) any) int { n, _ := agreed(said, of).(int); return n }
	if f.Enum == nil {
		f.Enum = enumOf(said)
	}
	if pattern, ok := agreed(said, func(s *api.Schema) any { return s.Pattern }).(string); ok && f.Pattern == "" && len(f.Enum) == 0 && f.Ref == nil {
		if _, err := syntax.Parse(pattern, syntax.Perl); err == nil { // some look ahead, as Java's can
			f.Pattern = pattern
		}
	}
	if f.Pattern == "" && agreed(said, func(s *api.Schema) any { return s.Format }) == "uuid" {
		f.Pattern = uuid
	}
	if f.MinLen == 0 {
		f.MinLen = number(func(s *api.Schema) any { return whole0(s.MinLength) })
	}
	if f.MaxLen == 0 {
		f.MaxLen = number(func(s *api.Schema) any { return whole0(s.MaxLength) })
	}
	if f.Max == 0 && (f.Type == spec.Int || f.Type == spec.Bytes) {
		least, _ := agreed(said, func(s *api.Schema) any { return float0(s.Minimum) }).(float64)
		most, bounded := agreed(said, func(s *api.Schema) any { return float0(s.Maximum) }).(float64)
		if bounded && most > 0 {
			f.Min, f.Max = int64(least), int64(most)
		}
	}
}

// enumOf returns the values that a field can have: those of all alternatives,
// if each of them lists its own.
func enumOf(said []*api.Schema) []string {
	var out []string
	for _, s := range said {
		if parts := s.Children(); len(s.Enum) == 0 && len(parts) > 0 {
			below := enumOf(parts)
			if below == nil {
				return nil
			}
			out = append(out, below...)
			continue
		}
		if len(s.Enum) == 0 {
			return nil
		}
		for _, v := range s.Enum {
			out = append(out, fmt.Sprint(v))
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(v string) bool {
		twice := seen[v]
		seen[v] = true
		return twice
	})
}

// agreed returns what all schemas say the same of, or nil.
func agreed(said []*api.Schema, of func(*api.Schema) any) any {
	v := of(said[0])
	for _, s := range said[1:] {
		if !reflect.DeepEqual(of(s), v) {
			return nil
		}
	}
	return v
}

func whole0(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func float0(n *float64) any {
	if n == nil {
		return nil
	}
	return *n
}

// unsaid lists the properties of a kind's bodies that its fields do not hold
// and that it does not omit either, by their path.
func (d described) unsaid(k *spec.Kind) []string {
	known := map[string]bool{}
	var fields func(base string, list []spec.Field)
	fields = func(base string, list []spec.Field) {
		for i := range list {
			f := &list[i]
			if !f.Local && f.Backref == nil {
				at := withoutIndex(base + f.WireAt())
				known[at], known[withoutIndex(base+f.SendPointer())] = true, true
				fields(at, f.Fields)
			}
		}
	}
	fields("", k.Fields)
	known[k.IDAt()] = true
	if k.Rotation != nil {
		known[k.Rotation.Live], known["/"+k.Rotation.Expiry] = true, true
	}
	for pointer := range k.Omit {
		known[pointer] = true
	}
	missing := map[string]bool{}
	var look func(base string, s *api.Schema, depth int)
	look = func(base string, s *api.Schema, depth int) {
		for _, part := range whole(elements([]*api.Schema{s})[0]) {
			for name, p := range part.Properties {
				pointer := base + "/" + name
				below := slices.ContainsFunc(slices.Collect(maps.Keys(known)), func(k string) bool { return strings.HasPrefix(k, pointer+"/") })
				switch {
				case name == "links":
				case below && depth < 6:
					look(pointer, p, depth+1)
				case !known[pointer]:
					missing[pointer] = true
				}
			}
		}
	}
	for _, s := range slices.Concat(d.created, d.updated, d.answered) {
		look("", s, 0)
	}
	return slices.Sorted(maps.Keys(missing))
}
