package planner

import (
	"fmt"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Found says what is live of a declared resource.
type Found struct {
	Object     *Object   // nil: nothing
	Candidates []*Object // more than one: the key is ambiguous
	// Unborn says that the parent does not exist yet.
	Unborn bool
	// Unread says that the list was not read.
	Unread bool
}

// Find returns the live object that a declared resource means.
func (l *Live) Find(r *spec.Resource) Found {
	if r.Parent != nil {
		parent := l.Find(r.Parent)
		if parent.Unread {
			return Found{Unread: true}
		}
		if parent.Object == nil {
			return Found{Unborn: true}
		}
	}
	listing, ok := l.Listing(r.Kind, l.ListParams(r))
	if !ok {
		return Found{Unread: true}
	}
	return l.match(r, listing)
}

// Represented returns what tells, of a live object of a kind, as which resource
// of another kind the files declare it; nil if they do not.
func (l *Live) Represented(k *spec.Kind) func(*Object) *spec.Resource {
	ids := map[string]*spec.Resource{}
	if !l.catalog.Doubled(k) {
		return func(*Object) *spec.Resource { return nil }
	}
	l.state.Resources(func(r *spec.Resource) {
		if r.Doubles() != k.Name {
			return
		}
		if o := l.Find(r).Object; o != nil && o.id() != "" {
			ids[o.id()] = r
		}
	})
	return func(o *Object) *spec.Resource { return ids[o.id()] }
}

func (l *Live) match(r *spec.Resource, listing *Listing) Found {
	var hits []*Object
	switch {
	case r.Kind.Singleton:
		hits = listing.Objects
	case r.Ident != "":
		for _, o := range listing.Objects {
			if o.id() == r.Ident {
				hits = append(hits, o)
			}
		}
	case r.Kind.Paired:
		return l.pair(r, listing)
	default:
		for _, o := range l.byKey(listing)[joinKey(r.Kind.AddressParts(r.Values))] {
			if l.isWithin(r, o) {
				hits = append(hits, o)
			}
		}
	}
	if len(hits) == 0 && r.Kind.Adopt != nil && r.Ident == "" {
		hits = l.adoptable(r, listing)
	}
	switch len(hits) {
	case 0:
		return Found{}
	case 1:
		return Found{Object: hits[0]}
	}
	return Found{Candidates: hits}
}

// byKey returns the objects of a listing by their key, as addresses spell it.
func (l *Live) byKey(listing *Listing) map[string][]*Object {
	listing.mu.Lock()
	defer listing.mu.Unlock()
	if listing.index == nil {
		listing.index = make(map[string][]*Object, len(listing.Objects))
		for _, o := range listing.Objects {
			key := joinKey(o.Kind.AddressParts(l.Values(o)))
			listing.index[key] = append(listing.index[key], o)
		}
	}
	return listing.index
}

func joinKey(parts []string) string { return strings.Join(parts, "\x00") }

// isWithin checks the fields that narrow a match down, where they are declared.
func (l *Live) isWithin(r *spec.Resource, o *Object) bool {
	for _, name := range r.Kind.Within {
		declared, ok := r.Values[name]
		if !ok {
			continue
		}
		f := r.Kind.Field(name)
		raw, _ := spec.At(o.Raw, f.WireAt())
		switch { // one value is far less than all of them, for thousands of projects
		case raw == declared:
		case f.Ref != nil && l.name(o, f, raw) == declared:
		case f.Ref == nil && l.Values(o)[name] == declared:
		default:
			return false
		}
	}
	return true
}

// Describe names an object for a person who has to choose.
func (o *Object) Describe(l *Live) string {
	s := o.id()
	values := l.Values(o)
	for _, name := range o.Kind.Within {
		if v, ok := values[name]; ok {
			s += fmt.Sprintf(" (%s %v)", name, v)
		}
	}
	return s
}

// ListParams returns the placeholders for listing a resource's kind: those of
// its parent, and what its own declared key gives.
func (l *Live) ListParams(r *spec.Resource) Params {
	params := Params{}
	if r.Parent != nil {
		for name, v := range l.Params(r.Parent) {
			params[name] = v
		}
	}
	for name, from := range r.Kind.Params {
		if v, ok := r.Kind.ParamOf(from, r.Values); ok {
			params[name] = v
		}
	}
	return params
}

// Params returns the placeholders that a resource gives to its own calls and
// its children's: from what is live, else from what is declared, else as a
// reference to the step that creates it.
func (l *Live) Params(r *spec.Resource) Params {
	found := l.Find(r)
	if found.Object == nil {
		return l.newParams(r)
	}
	params := l.ListParams(r)
	for name, v := range found.Object.Params {
		params[name] = v
	}
	return params
}

// newParams are the placeholders of a resource that is yet to be created.
func (l *Live) newParams(r *spec.Resource) Params {
	params := l.ListParams(r)
	for name, from := range r.Kind.Params {
		if !strings.HasPrefix(from, "/") {
			continue
		}
		params[name] = Ref{Step: r.Address, Pointer: from}
		if f := fieldAt(r.Kind, from); f != nil {
			if v, ok := r.Values[f.Name].(string); ok {
				params[name] = l.wireValue(r, f, v)
			}
		}
	}
	return params
}

func fieldAt(k *spec.Kind, pointer string) *spec.Field {
	for i := range k.Fields {
		if k.Fields[i].Sent() && k.Fields[i].WireAt() == pointer {
			return &k.Fields[i]
		}
	}
	return nil
}

// wireValue returns what Atlas is to get for a field's value or member: an id
// instead of a key where the field says so.
func (l *Live) wireValue(r *spec.Resource, f *spec.Field, v any) any {
	key, isKey := v.(string)
	if isKey && f.Lookup != nil && !f.Lookup.Answers {
		return l.idOfName(r, f.Lookup, key)
	}
	if kind := f.RefFor(r); isKey && kind != "" && !f.Builtin(key) && (f.Backref != nil || f.Ref.ByID) {
		id := l.idOf(r, l.catalog.Kind(kind), key, f.Ref)
		if id == nil && f.Ref != nil && f.Ref.AnyID {
			return key
		}
		return id
	}
	if list, ok := v.([]any); ok && f.Ref != nil {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = l.wireValue(r, f, e)
		}
		return out
	}
	return f.Encode(v)
}

// idOf returns the id of the object that a resource means by a key: a string,
// a Ref if a step of this plan creates it, or nil if there is none.
func (l *Live) idOf(from *spec.Resource, k *spec.Kind, key string, ref *spec.Ref) any {
	o, declared := l.Lookup(from, k, key)
	switch at := ref.IDAt(k); {
	case o != nil:
		if id := spec.TextAt(o.Raw, at); id != "" {
			return id
		}
	case declared != nil:
		if half := l.Find(declared).Object; half != nil && k.Adopt != nil { // there already, though not by that key yet
			if id := spec.TextAt(half.Raw, at); id != "" {
				return id
			}
		}
		return Ref{Step: declared.Address, Pointer: at}
	}
	return nil
}

// Lookup returns what a resource means by the key of another kind: the live
// object, and the resource that declares it; nil where there is none. Lapsed
// objects count as not there.
func (l *Live) Lookup(from *spec.Resource, k *spec.Kind, key string) (*Object, *spec.Resource) {
	declared := l.state.Referenced(from, k, key)
	if declared != nil && declared.Absent {
		declared = nil
	}
	listing, ok := l.Listing(k, l.ScopeParams(from, k))
	if !ok {
		return nil, declared
	}
	var hits []*Object
	name := joinKey(k.AddressParts(k.Called(key)))
	for _, o := range l.byKey(listing)[name] {
		if r := l.called(k, o.id()); r == nil || joinKey(r.KeyParts()) == name { // else it is about to lose that name
			hits = append(hits, o)
		}
	}
	for _, o := range listing.Objects {
		if id := o.id(); id == key || declared != nil && id != "" && id == declared.Ident {
			hits = append(hits, o)
		}
	}
	for _, o := range hits {
		if _, lapsed := k.Lapsed(o.Raw); !lapsed {
			return o, declared
		}
	}
	return nil, declared
}

// renamed returns the resource that gives the object which bears a key in Atlas
// another name, if one does.
func (l *Live) renamed(from *spec.Resource, k *spec.Kind, key string) *spec.Resource {
	listing, ok := l.Listing(k, l.ScopeParams(from, k))
	if !ok {
		return nil
	}
	for _, o := range l.byKey(listing)[joinKey(k.AddressParts(k.Called(key)))] {
		if r := l.called(k, o.id()); r != nil {
			return r
		}
	}
	return nil
}

// ScopeParams returns the placeholders for listing a kind that a resource
// refers to, without asking for the resource itself.
func (l *Live) ScopeParams(from *spec.Resource, k *spec.Kind) Params {
	if k.Parent == "" {
		return Params{}
	}
	if from.Parent == nil && from.Kind.Document {
		return l.organizationOf(from)
	}
	return l.Params(from.Parent)
}

// organizationOf returns the placeholders of the organization that a scope is
// in, from what it declares; its own object may not exist.
func (l *Live) organizationOf(scope *spec.Resource) Params {
	params := Params{}
	for name, from := range scope.Kind.Params {
		f := fieldAt(scope.Kind, from)
		if f == nil || f.Ref == nil {
			continue
		}
		if v, ok := scope.Values[f.Name].(string); ok {
			params[name] = l.wireValue(scope, f, v)
		}
	}
	return params
}

// inAddress tells whether the address says a field's value: of alternatives that of
// the first that has one.
func inAddress(r *spec.Resource, name string) bool {
	if !r.Kind.IsKey(name) {
		return false
	}
	for _, other := range r.Kind.Alternatives(name) {
		if spec.HeadOf(other) == name {
			break
		}
		if v, ok := spec.ValueAt(r.Kind.Fields, r.Values, spec.SplitPath(other)); ok && !empty(v) {
			return false
		}
	}
	return true
}
