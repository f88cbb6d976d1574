package planner

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// APIPrefix is what all routes of the API stand below.
const APIPrefix = "/api/atlas/v2"

// An Object is one object as it is in Atlas.
type Object struct {
	Kind   *spec.Kind
	Raw    any    // decoded JSON, numbers as json.Number
	Params Params // what routes below it can use

	labelled sync.Once
	called   string // see label
}

// Params are the values of route placeholders: strings, or a Ref where an
// earlier step makes the object.
type Params map[string]any

// A Listing is the answer to one list.
type Listing struct {
	Objects []*Object

	mu    sync.Mutex
	index map[string][]*Object                    // by key, made when first asked for
	pairs map[spec.Address]map[spec.Address]Found // by what they stand in, see pair
}

// Live is what was read of Atlas: one listing per kind and parent. It can be
// used by several goroutines.
type Live struct {
	mu       sync.RWMutex
	catalog  *spec.Catalog
	state    *spec.State
	listings map[string]*Listing      // by ListKey
	kept     map[string]bool          // listing path and id of objects that prune leaves alone
	across   map[string][]Params      // by the path that says which lists there are
	failed   map[string]bool          // paths of lists whose reading failed; "": the reading itself
	lost     map[spec.Address]*Object // see forgetLost
	made     map[spec.Address]string  // ids of what this run has created, where no key tells it

	byIdent func() map[string]*spec.Resource // see called
}

// NewLive returns an empty picture for a declared state.
func NewLive(c *spec.Catalog, s *spec.State) *Live {
	l := &Live{catalog: c, state: s, listings: map[string]*Listing{}, kept: map[string]bool{}, failed: map[string]bool{}, across: map[string][]Params{}, made: map[spec.Address]string{}, lost: map[spec.Address]*Object{}}
	l.byIdent = sync.OnceValue(func() map[string]*spec.Resource {
		meant := map[string]*spec.Resource{}
		if s != nil {
			s.Resources(func(r *spec.Resource) {
				if r.Ident != "" && !r.Absent {
					meant[r.Kind.Name+" "+r.Ident] = r
				}
			})
		}
		return meant
	})
	return l
}

// called returns the resource that files declare with an id: the object has, or
// is about to have, the name that it has there. Nil if none does.
func (l *Live) called(k *spec.Kind, id string) *spec.Resource {
	if id == "" {
		return nil
	}
	return l.byIdent()[k.Name+" "+id]
}

// Set records the answer to a list. It refuses one with an entry that calls
// could not name safely.
func (l *Live) Set(k *spec.Kind, params Params, items []any) error {
	key, err := ListKey(k, params)
	if err != nil {
		return err
	}
	listing := &Listing{}
	for i, raw := range items {
		o, err := NewObject(k, raw, params)
		if err != nil {
			return fmt.Errorf("GET %s: entry %d of the list: %w", strings.TrimPrefix(key, k.Name+" "), i+1, err)
		}
		listing.Objects = append(listing.Objects, o)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listings[key] = listing
	return nil
}

// Lists returns the placeholders of the lists that hold a kind's objects below
// a parent: one, but for a kind whose lists must be asked for one by one.
func (l *Live) Lists(k *spec.Kind, parent Params) []Params {
	if k.Across == nil {
		return []Params{parent}
	}
	path, _ := Fill(k.Across.Read.Route, parent)
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.across[path]
}

// SetLists records which lists of a kind there are below a parent.
func (l *Live) SetLists(k *spec.Kind, parent Params, lists []Params) {
	path, _ := Fill(k.Across.Read.Route, parent)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.across[path] = lists
}

// Put records one object that was read again, or nil if it is gone. was is
// what it was before, or nil.
func (l *Live) Put(k *spec.Kind, params Params, was *Object, raw any) error {
	key, err := ListKey(k, params)
	if err != nil {
		return err
	}
	var fresh *Object
	if raw != nil {
		if fresh, err = NewObject(k, raw, params); err != nil {
			return fmt.Errorf("one of GET %s, read again: %w", strings.TrimPrefix(key, k.Name+" "), err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// A new listing: whoever reads the old one is not disturbed.
	listing := &Listing{}
	if old := l.listings[key]; old != nil {
		// Another step may have listed it meanwhile: there is one of each.
		same := map[string]bool{}
		for _, o := range []*Object{was, fresh} {
			if o != nil {
				same[k.Identity(o.Raw)] = true
			}
		}
		delete(same, "")
		listing.Objects = slices.DeleteFunc(slices.Clone(old.Objects), func(o *Object) bool {
			return o == was || k.Singleton || len(same) > 0 && same[k.Identity(o.Raw)]
		})
	}
	if fresh != nil {
		listing.Objects = append(listing.Objects, fresh)
	}
	l.listings[key] = listing
	return nil
}

// Keep marks an object that prune must leave alone.
func (l *Live) Keep(o *Object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept[keepKey(o)] = true
}

// Kept tells whether prune must leave an object alone.
func (l *Live) Kept(o *Object) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.kept[keepKey(o)]
}

func keepKey(o *Object) string { return o.Kind.Name + "/" + o.id() }

// Listing returns what was read of a kind below a parent, and whether it was.
func (l *Live) Listing(k *spec.Kind, params Params) (*Listing, bool) {
	key, err := ListKey(k, params)
	if err != nil {
		return nil, false
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	listing, ok := l.listings[key]
	return listing, ok
}

// NewObject returns an object with the placeholders it gives, besides its
// parent's. One that lacks an id, or has one that cannot be, is an error.
func NewObject(k *spec.Kind, raw any, parent Params) (*Object, error) {
	params, missing, err := identify(k, raw, parent)
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("it has no %s", strings.Join(missing, ", no "))
	}
	if err == nil && k.Rotation != nil {
		err = secretIDs(raw, k.Rotation)
	}
	return &Object{Kind: k, Raw: raw, Params: params}, err
}

// secretIDs checks the ids of an account's secrets: they stand in paths too.
func secretIDs(raw any, rot *spec.Rotation) error {
	v, _ := spec.At(raw, rot.Live)
	list, _ := v.([]any)
	for i, e := range list {
		if _, err := spec.Segment("secretId", spec.TextAt(e, "/id")); err != nil {
			return fmt.Errorf("%s %d: %w", strings.Trim(rot.Live, "/"), i+1, err)
		}
	}
	return nil
}

// Created returns the placeholders of an object that a call has just made, as
// far as its answer tells them.
func Created(k *spec.Kind, answer any, parent Params) (Params, error) {
	params, _, err := identify(k, answer, parent)
	return params, err
}

// identify takes the placeholders that an object gives from it, and says which
// of its ids are missing.
func identify(k *spec.Kind, raw any, parent Params) (params Params, missing []string, err error) {
	params = Params{}
	for name, v := range parent {
		params[name] = v
	}
	values := sync.OnceValue(func() map[string]any { return k.DecodeObject(raw) })
	for _, name := range slices.Sorted(maps.Keys(k.Params)) {
		from := k.Params[name]
		if !strings.HasPrefix(from, "/") {
			if text, ok := k.ParamOf(from, values()); ok {
				params[name] = text
			}
			continue
		}
		v, ok := spec.At(raw, from)
		if !ok || v == nil {
			missing = append(missing, strings.TrimPrefix(from, "/"))
			continue
		}
		text, ok := v.(string)
		if !ok {
			return params, nil, fmt.Errorf("its %s is no text", strings.TrimPrefix(from, "/"))
		}
		if _, err := spec.Segment(name, text); err != nil {
			return params, nil, err
		}
		params[name] = text
	}
	return params, missing, nil
}

// id returns Atlas's id of an object, whether files can say it or not; "" if it has
// none.
func (o *Object) id() string {
	return cmp.Or(spec.TextAt(o.Raw, o.Kind.IDAt()), spec.TextAt(o.Raw, "/_id"))
}

// label returns the key by which others refer to an object. All that stands in a
// project asks for that of the organization.
func (o *Object) label() string {
	o.labelled.Do(func() { o.called = o.Kind.Label(o.Kind.AddressParts(o.Kind.DecodeObject(o.Raw))) })
	return o.called
}

// ID returns Atlas's id of the object that a resource means, or "".
func (l *Live) ID(r *spec.Resource) string {
	if o := l.Find(r).Object; o != nil {
		return o.id()
	}
	return ""
}

// address returns the address of a live object below a declared resource. Where
// its key does not tell it apart, its id comes along.
func (l *Live) address(parent *spec.Resource, o *Object) spec.Address {
	parts := o.Kind.AddressParts(l.Values(o))
	a := parent.Address.Child(o.Kind.Section, parts...)
	if o.Kind.Singleton {
		return a
	}
	alone := true
	if listing, ok := l.Listing(o.Kind, l.ListParams(&spec.Resource{Kind: o.Kind, Parent: parent, Values: l.Values(o)})); ok {
		alone = len(l.byKey(listing)[joinKey(parts)]) < 2
	}
	if r := l.state.Lookup(a); r != nil {
		alone = l.Find(r).Object == o
	}
	if alone || o.id() == "" {
		return a
	}
	return parent.Address.Child(o.Kind.Section, append(parts, o.id())...)
}

// ErrUnknown says that a placeholder has no value yet: what gives it is still
// to be created.
var ErrUnknown = errors.New("its parent is not known yet")

// Fill puts values into a route's placeholders and returns the path below the
// host. It fails with ErrUnknown if a value is not known yet, and with another
// error if one cannot be part of a path.
func Fill(route string, params Params) (string, error) {
	path := APIPrefix + spec.PathOf(route)
	for _, name := range spec.Placeholders(route) {
		v, ok := params[name].(string)
		if !ok {
			return path, ErrUnknown
		}
		var err error
		if path, err = fillIn(path, name, v); err != nil {
			return path, fmt.Errorf("%s: %w", route, err)
		}
	}
	return path, nil
}

// With returns placeholders of which one has another value.
func With(params Params, name string, v any) Params {
	out := maps.Clone(params)
	out[name] = v
	return out
}

func fillIn(path, name, value string) (string, error) {
	segment, err := spec.Segment(name, value)
	if err != nil {
		return path, err
	}
	return strings.ReplaceAll(path, "{"+name+"}", segment), nil
}

// ListKey tells a list from all others: two kinds may take theirs from one answer,
// and one that is asked for several times is one list.
func ListKey(k *spec.Kind, params Params) (string, error) {
	if o := k.List.Over; o != nil {
		params = With(params, o.Param, o.Values[0])
	}
	path, err := Fill(k.List.Route, params)
	for _, name := range slices.Sorted(maps.Keys(k.List.Ask)) {
		v, ok := params[k.List.Ask[name]].(string)
		if !ok {
			err = errors.Join(err, ErrUnknown)
		}
		path += " " + name + "=" + v
	}
	return k.Name + " " + path, err
}

// SetMembers records who points back at an object, as a read of its members
// found them.
func (l *Live) SetMembers(k *spec.Kind, params Params, at string, id string, items []any) error {
	key, err := ListKey(k, params)
	if err != nil {
		return err
	}
	found := map[string]*Object{}
	var order []string
	for i, raw := range items {
		o, err := NewObject(k, raw, params)
		if err != nil {
			return fmt.Errorf("entry %d of the members: %w", i+1, err)
		}
		if found[o.id()] == nil {
			order = append(order, o.id())
		}
		found[o.id()] = o
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	listing := &Listing{}
	if old := l.listings[key]; old != nil {
		for _, o := range old.Objects {
			if fresh := found[o.id()]; fresh != nil {
				o = fresh
				delete(found, o.id())
			} else if v, _ := spec.At(o.Raw, at); v != nil {
				list, _ := v.([]any)
				if i := slices.Index(list, any(id)); i >= 0 {
					raw := spec.Put(maps.Clone(o.Raw.(map[string]any)), at, slices.Delete(slices.Clone(list), i, i+1))
					o = &Object{Kind: k, Raw: raw, Params: o.Params}
				}
			}
			listing.Objects = append(listing.Objects, o)
		}
	}
	for _, id := range order {
		if o := found[id]; o != nil {
			listing.Objects = append(listing.Objects, o)
		}
	}
	l.listings[key] = listing
	return nil
}
