package suite

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/dlclark/regexp2"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A place is where objects are: an organization, a project, or an object that
// has others below it.
type place struct {
	kind   *spec.Kind
	params map[string]string // what fills the placeholders of routes
	up     *place
	object *object // what it is; of scopes their own object
}

// An object is one live object.
type object struct {
	kind    *spec.Kind
	at      *place
	sent    any               // the bodies that made it, in one
	path    map[string]any    // fields that went into paths, by name
	params  map[string]string // the placeholders that it fills, and its place's
	raw     any               // what Atlas answered last
	refs    []*object         // what it refers to
	changes []change          // that lead to it, by hand
	fresh   bool              // nobody has changed it since it was sent
}

// places returns the places of an organization and of a project in it.
func (w *world) places(organization, project string) map[string]*place {
	out := map[string]*place{}
	var up *place
	for _, k := range w.Catalog.Documents() {
		name := organization
		if up != nil {
			name = project
		}
		up = w.scope(k, name, up)
		out[k.Name] = up
	}
	return out
}

// scope returns the place of the scope of that name.
func (w *world) scope(k *spec.Kind, name string, up *place) *place {
	for _, raw := range w.list(k, nil) {
		if k.NameOf(raw) == name {
			o := &object{kind: k, at: up, raw: raw}
			o.params = w.paramsOf(o)
			return &place{kind: k, params: o.params, up: up, object: o}
		}
	}
	w.Fatalf("there is no %s %s", k.Name, name)
	return nil
}

// paramsOf returns what fills the placeholders of routes for an object.
func (w *world) paramsOf(o *object) map[string]string {
	params := map[string]string{}
	if o.at != nil {
		maps.Copy(params, o.at.params)
	}
	for name, from := range o.kind.Params {
		if strings.HasPrefix(from, "/") {
			if v, ok := spec.At(o.raw, from); ok && v != nil {
				params[name] = fmt.Sprint(v)
			}
			continue
		}
		values := map[string]any{}
		for field, v := range o.path {
			values[field] = v
		}
		for i := range o.kind.Fields {
			f := &o.kind.Fields[i]
			if v, ok := spec.At(o.raw, f.WireAt()); ok && v != nil && f.Backref == nil && !f.Local {
				values[f.Name] = v
			}
		}
		if v, ok := o.kind.ParamOf(from, values); ok {
			params[name] = v
		}
	}
	return params
}

// fill fills a route; false if something is not known.
func fill(route string, params map[string]string) (string, bool) {
	path := spec.PathOf(route)
	for _, name := range spec.Placeholders(route) {
		v, ok := params[name]
		if !ok || v == "" {
			return path, false
		}
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(v))
	}
	return path, true
}

// list reads all objects of a kind below a place.
func (w *world) list(k *spec.Kind, in *place) []any {
	params := map[string]string{}
	if in != nil {
		params = in.params
	}
	all := []map[string]string{params}
	if k.Across != nil {
		all = nil
		for _, raw := range w.read(k.Across.Read, params) {
			each := maps.Clone(params)
			each[k.Across.Param] = spec.TextAt(raw, k.Across.At)
			all = append(all, each)
		}
	}
	read := k.List
	if over := read.Over; over != nil {
		all = nil
		for _, value := range over.Values {
			each := maps.Clone(params)
			each[over.Param] = value
			all = append(all, each)
		}
	}
	var out []any
	for _, each := range all {
		if read.Over != nil && !slices.Contains(spec.Placeholders(read.Route), read.Over.Param) {
			read = read.With(read.Over.Param, each[read.Over.Param])
		}
		for name, placeholder := range k.List.Ask {
			read = read.With(name, each[placeholder])
		}
		for _, item := range w.read(read, each) {
			if read.IDs == "" {
				out = append(out, item)
				continue
			}
			one := maps.Clone(each)
			one[read.IDs] = fmt.Sprint(item)
			out = append(out, w.read(k.Get, one)...)
		}
	}
	return out
}

// read reads what a GET answers: of a list its items.
func (w *world) read(read spec.Read, params map[string]string) []any {
	path, ok := fill(read.Route, params)
	if !ok {
		return nil
	}
	query := url.Values{}
	for name, v := range read.Query {
		query[name] = v
	}
	if read.Paged {
		query.Set("itemsPerPage", "500")
	}
	answer, err := w.send("GET", path, read.Version, query, nil)
	if err != nil {
		return nil
	}
	var items []any
	switch {
	case read.Paged:
		v, _ := spec.At(answer, "/results")
		items, _ = v.([]any)
	case len(read.Items) > 0:
		for _, pointer := range read.Items {
			v, _ := spec.At(answer, pointer)
			list, _ := v.([]any)
			items = append(items, list...)
		}
	default:
		var isList bool
		if items, isList = answer.([]any); !isList {
			items = []any{answer}
		}
	}
	return slices.DeleteFunc(items, func(raw any) bool { return !read.Only.Holds(raw) })
}

// again reads an object again; false if it is not there.
func (w *world) again(o *object) bool {
	read := o.kind.Get
	if read.Route == "" {
		read = o.kind.List
	}
	if o.kind.Get.Route == "" && !o.kind.Singleton {
		return w.found(o)
	}
	items := w.read(read, o.params)
	if len(items) == 0 || items[0] == nil || o.kind.Optional.Missing(items[0], nil) {
		return false
	}
	o.raw = items[0]
	if read.Paged || len(items) > 1 {
		return w.found(o)
	}
	return true
}

// found looks for an object in its list, by what identifies it.
func (w *world) found(o *object) bool {
	want := o.kind.Identity(o.raw)
	for _, raw := range w.list(o.kind, o.at) {
		if o.kind.Identity(raw) == want {
			o.raw = raw
			return true
		}
	}
	return false
}

// home returns the place in which objects of a kind stand, seen from another,
// with parents made where there are none.
func (w *world) home(k *spec.Kind, from *place) *place {
	for p := from; p != nil; p = p.up {
		if p.kind.Name == k.Parent {
			return p
		}
	}
	if k.Parent == "" {
		return nil
	}
	parent := w.Catalog.Kind(k.Parent)
	o := w.some(parent, w.home(parent, from))
	if o == nil {
		return nil
	}
	return &place{kind: parent, params: o.params, up: o.at, object: o}
}

// some returns an object of a kind in a place: one that is there, or a new one.
func (w *world) some(k *spec.Kind, in *place) *object {
	if in == nil && k.Parent != "" {
		return nil
	}
	var there []*object
	for _, raw := range w.list(k, in) {
		if _, lapsed := k.Lapsed(raw); !lapsed {
			there = append(there, w.seen(k, in, raw))
		}
	}
	if (len(there) < 2 || w.depth == 0 && rapid.IntRange(0, 4).Draw(w.T, "new") == 0) && w.depth < 3 && w.creatable(k) {
		w.depth++
		o, err := w.make(k, in)
		w.depth--
		if err == nil {
			return o
		}
	}
	if len(there) == 0 {
		return nil
	}
	return rapid.SampledFrom(there).Draw(w.T, k.Name)
}

// seen is an object that was read, with what it was made of if a stranger did.
func (w *world) seen(k *spec.Kind, in *place, raw any) *object {
	o := &object{kind: k, at: in, raw: raw}
	o.params = w.paramsOf(o)
	if made := w.made[w.id(o)]; made != nil {
		o.sent, o.path = made.sent, made.path
	}
	return o
}

// id tells an object from all others of the world.
func (w *world) id(o *object) string {
	text := o.kind.Name + "\x00" + o.kind.Identity(o.raw)
	for p := o.at; p != nil; p = p.up {
		text += "\x00" + p.kind.Identity(p.object.raw)
	}
	return text
}

// reference draws what a field says of an object that it refers to.
func (d *drawing) reference(f *spec.Field, schemas []*api.Schema) (any, bool) {
	if (len(f.Ref.Known) > 0 || f.Ref.Maybe) && d.int(0, 2) > 0 {
		if len(f.Ref.Known) == 0 {
			return nil, false
		}
		return rapid.SampledFrom(f.Ref.Known).Draw(d.T, "known"), true
	}
	k := d.Catalog.Kind(f.Ref.Kind)
	var o *object
	if k.Document {
		for p := d.at; p != nil; p = p.up {
			if p.kind == k {
				o = p.object
			}
		}
		if o == nil {
			o = d.there[k.Name].object
		}
	} else if o = d.some(k, d.home(k, d.at)); o == nil {
		if len(f.Ref.Known) == 0 {
			return nil, false
		}
		return rapid.SampledFrom(f.Ref.Known).Draw(d.T, "known"), true
	}
	id, name := spec.TextAt(o.raw, f.Ref.IDAt(k)), k.NameOf(o.raw)
	if wants, err := regexp2.Compile(patternOf(schemas, nil), regexp2.None); err == nil && !f.Ref.ByID { // the description knows better
		fits, _ := wants.MatchString(id)
		named, _ := wants.MatchString(name)
		if fits && !named {
			return id, true
		}
	}
	if f.Ref.ByID {
		return id, true
	}
	return name, true
}

// existing draws the name of something that has to be in Atlas already.
func (d *drawing) existing(f *spec.Field) any {
	if a := d.k.Across; a != nil {
		var names []string
		for _, raw := range d.read(a.Read, d.at.params) {
			names = append(names, spec.TextAt(raw, a.At))
		}
		if len(names) > 0 {
			return rapid.SampledFrom(names).Draw(d.T, f.Name)
		}
	}
	return d.word()
}

// lookedUp draws an id that the parent's object has for a name.
func (d *drawing) lookedUp(f *spec.Field) any {
	if d.at.object == nil {
		return nil
	}
	v, _ := spec.At(d.at.object.raw, f.Lookup.List)
	list, _ := v.([]any)
	var ids []string
	for _, e := range list {
		if id := spec.TextAt(e, f.Lookup.ID); id != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return d.word()
	}
	return rapid.SampledFrom(ids).Draw(d.T, f.Name)
}

// takes lets an object of a kind that nobody creates be one that Atlas has, and
// that is not taken yet.
func (w *world) takes(o *object) error {
	if o.kind.Singleton || w.creation(o.kind) != nil {
		return nil
	}
	var free []any
	for _, raw := range w.list(o.kind, o.at) {
		if w.made[w.id(&object{kind: o.kind, at: o.at, raw: raw})] == nil {
			free = append(free, raw)
		}
	}
	if len(free) == 0 {
		return errors.New("none of those that are there is free")
	}
	o.raw = rapid.SampledFrom(free).Draw(w.T, "which")
	o.params = w.paramsOf(o)
	return nil
}
