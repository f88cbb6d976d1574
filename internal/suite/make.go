package suite

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// tries is how many bodies are drawn until Atlas takes one: that a description
// knows nothing of what goes together is no fault of the kind's.
const tries = 60

// creatable tells whether a stranger can make an object of a kind.
func (w *world) creatable(k *spec.Kind) bool {
	return k.Singleton || len(k.Create) > 0 || w.creation(k) != nil
}

// creation returns the call that makes an object of a kind: one of its own, or
// of one that the tool only finds, what the API has at its list.
func (w *world) creation(k *spec.Kind) []spec.Call {
	if k.Given {
		return nil // it is there from the start
	}
	if len(k.Create) > 0 {
		return k.Create
	}
	route := "POST " + spec.PathOf(k.List.Route)
	if body, _ := w.request(route, k.List.Version); body == nil || k.Singleton || k.Parent == "" {
		return nil
	}
	return []spec.Call{{Route: route, Version: k.List.Version, Body: spec.Body{Send: spec.Declared}}}
}

// make makes an object of a kind by HTTP: of a singleton, it changes what there is.
func (w *world) make(k *spec.Kind, in *place) (*object, error) {
	calls := w.creation(k)
	if calls == nil {
		calls = k.Update
	}
	var last error
	most := tries
	if in != nil && !in.kind.Document {
		most /= 3 // another parent may do
	}
	for n := range most {
		w.tried = n
		o := &object{kind: k, at: in, path: map[string]any{}, params: maps.Clone(in.params)}
		err := w.takes(o)
		if err == nil {
			err = w.makeBy(o, calls)
		}
		if err == nil && w.twin(o) {
			err = errors.New("another one has the same key")
		}
		if err != nil {
			w.discard(o)
		} else {
			w.tell(k.Name + " made")
			w.made[w.id(o)], o.fresh = o, true
			return o, nil
		}
		w.tell(k.Name + " refused")
		last = err
	}
	return nil, fmt.Errorf("no %s of %d was taken: %w", k.Name, most, last)
}

// twin tells whether another object has the same key: then no file can mean it.
func (w *world) twin(o *object) bool {
	if o.kind.Singleton {
		return false
	}
	if strings.Join(o.kind.AddressParts(w.keyOf(o)), "") == "" {
		return true // no file can name it
	}
	key := fmt.Sprint(o.kind.AddressParts(w.keyOf(o)))
	n := 0
	for _, raw := range w.list(o.kind, o.at) {
		if fmt.Sprint(o.kind.AddressParts(w.keyOf(&object{kind: o.kind, at: o.at, raw: raw, path: o.path}))) == key {
			n++
		}
	}
	return n > 1
}

// discard takes away what was made half way.
func (w *world) discard(o *object) {
	if o.raw == nil || o.kind.Singleton {
		return
	}
	for _, c := range o.kind.Delete {
		if path, ok := fill(c.Route, w.paramsOf(o)); ok && c.Each == nil {
			_, _ = w.send(spec.Method(c.Route), path, c.Version, nil, nil) // it may not be there
		}
	}
}

// makeBy makes an object by the calls of its kind that go together.
func (w *world) makeBy(o *object, calls []spec.Call) error {
	d := &drawing{world: w, k: o.kind, at: o.at}
	o.sent = map[string]any{}
	first := d.first(calls)
	if first < 0 {
		return errors.New("no call makes it")
	}
	for i := range calls {
		c := &calls[i]
		switch {
		case i == first:
		case c.When != nil && (o.kind.Field(c.When.Field).Local || c.When.Is != nil || !d.coin()), c.Unless == "" && i < first, c.Each != nil && c.Each.Added == "":
			continue
		}
		if err := d.call(o, c); err != nil {
			return err
		}
		if i == first && !o.kind.Singleton && !w.identified(o) {
			return errors.New("what was made is not in the list")
		}
	}
	w.settle(o, calls)
	if !w.again(o) {
		return errors.New("what was made cannot be read")
	}
	return nil
}

// first picks the call that begins: of several for a value each, any.
func (d *drawing) first(calls []spec.Call) int {
	var all []int
	for i := range calls {
		c := &calls[i]
		local := c.When != nil && d.k.Field(c.When.Field).Local
		if c.Each == nil && !local && (c.When == nil || c.When.Is != nil || len(calls) == 1 || d.k.Singleton) {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return -1
	}
	if calls[all[0]].When == nil {
		return all[0]
	}
	return rapid.SampledFrom(all).Draw(d.T, "call")
}

// call draws what a call takes, and sends it.
func (d *drawing) call(o *object, c *spec.Call) error {
	if c.Each != nil {
		return d.eachMember(o, c)
	}
	for name, from := range d.k.Params {
		if !strings.HasPrefix(from, "/") && slices.Contains(spec.Placeholders(c.Route), name) && o.params[name] == "" {
			f := d.k.Field(strings.Split(from, "|")[0])
			v := fmt.Sprint(d.value(at(nil, ""), guideOf(f)))
			o.path[f.Name], o.params[name] = v, v
		}
	}
	for name, e := range c.Params {
		if e.RefOf == "" {
			continue
		}
		k := d.Catalog.Kind(d.k.Field(e.RefOf).Ref.Kind)
		other := d.some(k, d.home(k, d.at))
		if other == nil {
			return fmt.Errorf("there is no %s", k.Name)
		}
		o.params[name], o.path[e.RefOf] = spec.TextAt(other.raw, k.IDAt()), k.NameOf(other.raw)
	}
	query := url.Values{}
	for name, field := range c.Query {
		if d.coin() {
			if f := d.k.Field(field); f.Type == spec.Bool {
				v := d.coin()
				query.Set(name, fmt.Sprint(v))
				o.path[field] = v
			} else if v, ok := d.value(nil, guideOf(f)).(string); ok && v != "" {
				query.Set(name, v)
				o.path[field] = v
			}
		}
	}
	var body any
	schema, array := d.request(c.Route, c.Version)
	if schema != nil {
		m := d.likely(o, schema, c)
		for name, v := range o.path { // the body calls it what the path does
			if f := d.k.Field(name); f != nil {
				if _, has := spec.At(m, f.SendPointer()); has {
					m = put(m, f.SendPointer(), v).(map[string]any)
				}
			}
		}
		d.set(o, c, m, nil)
		if body = m; array {
			body = []any{m}
		}
		for pointer, v := range m {
			o.sent = spec.Put(o.sent, "/"+pointer, wire(v))
		}
	}
	path, ok := fill(c.Route, o.params)
	if !ok {
		return fmt.Errorf("nothing fills %s", path)
	}
	answer, err := d.send(spec.Method(c.Route), path, c.Version, query, body)
	if err != nil {
		return fmt.Errorf("%s with %s: %w", c.Route, textOf(body), err)
	}
	if list, isList := answer.([]any); isList && len(list) == 1 {
		answer = list[0]
	}
	if o.raw == nil {
		o.raw = answer
	}
	return nil
}

// likely draws a body. After a few tries that Atlas did not like it asks the
// rules of the literal, which save tries; what they refuse and Atlas would take
// those first tries find.
func (d *drawing) likely(o *object, schema *api.Schema, c *spec.Call) map[string]any {
	for n := 0; ; n++ {
		var m map[string]any
		if (d.tried%2 == 1 || d.models != nil) && len(d.Models[d.k.Name]) > 0 {
			m = d.fromExample(schema, c)
		} else {
			m = d.body(schema, c)
		}
		if d.tried < 4 || n == 100 {
			return m
		}
		model := &object{kind: d.k, at: o.at, raw: wire(m), sent: wire(m), path: o.path, params: o.params}
		for i := range d.k.Fields { // as an answer would have it
			f := &d.k.Fields[i]
			if v, ok := spec.At(model.sent, f.SendPointer()); ok && f.SendAt != "" {
				model.raw = spec.Put(model.raw, f.WireAt(), v)
			}
		}
		values := d.values(model)
		derived := map[string]string{}
		for i := range d.k.Fields {
			if f := &d.k.Fields[i]; f.Derive != "" {
				delete(values, f.Name)
				derived[f.Name] = f.SendPointer()
			}
		}
		state, diags := spec.Load(d.Catalog, []string{d.quietFile(declaration{model, o.at, values})}, nil)
		if diags.HasErrors() {
			continue
		}
		for name, pointer := range derived {
			state.Resources(func(r *spec.Resource) {
				if v := r.Values[name]; r.Kind == d.k && v != nil {
					m = put(m, pointer, v).(map[string]any)
				}
			})
		}
		return m
	}
}

// set puts into a body what a call's literal says besides the fields.
func (d *drawing) set(o *object, c *spec.Call, m map[string]any, member any) {
	for pointer, e := range c.Body.Set {
		switch {
		case e.Member:
			spec.Put(m, pointer, member)
		case e.Param != "":
			spec.Put(m, pointer, o.params[e.Param])
		case e.From != "" && o.raw != nil:
			if v, ok := spec.At(o.raw, e.From); ok {
				spec.Put(m, pointer, v)
			}
		case e.Const != nil:
			spec.Put(m, pointer, e.Const)
		}
	}
}

// eachMember sends a call for some members of a collection.
func (d *drawing) eachMember(o *object, c *spec.Call) error {
	f := d.k.Field(c.Each.Added)
	for range d.int(0, 2) {
		v, ok := d.member(f)
		if !ok {
			return nil
		}
		if err := d.forMember(o, c, v); err != nil {
			if r := new(refusal); errors.As(err, &r) && r.status < 500 {
				continue // it is in there already
			}
			return err
		}
	}
	return nil
}

// member draws a member of a collection, as calls name it.
func (d *drawing) member(f *spec.Field) (any, bool) {
	switch {
	case f.Backref != nil:
		k := d.Catalog.Kind(f.Backref.Kind)
		o := d.some(k, d.home(k, d.at))
		if o == nil {
			return nil, false
		}
		return spec.TextAt(o.raw, f.Backref.ID), true
	case f.Ref != nil:
		return d.reference(f, nil)
	}
	one := *f
	one.Type = spec.String
	return d.scalar(nil, &one), true
}

func (d *drawing) forMember(o *object, c *spec.Call, member any) error {
	m := map[string]any{}
	d.set(o, c, m, member)
	params := maps.Clone(o.params)
	for name, e := range c.Params {
		if e.Member {
			params[name] = fmt.Sprint(member)
		}
	}
	path, ok := fill(c.Route, params)
	if !ok {
		return fmt.Errorf("nothing fills %s", path)
	}
	var body any
	if _, array := d.request(c.Route, c.Version); array {
		body = []any{m}
	} else if len(m) > 0 {
		body = m
	}
	_, err := d.send(spec.Method(c.Route), path, c.Version, nil, body)
	return err
}

// identified finds out what Atlas calls a new object.
func (w *world) identified(o *object) bool {
	k := o.kind
	if o.raw == nil {
		o.raw = o.sent
	}
	o.params = w.paramsOf(o)
	want, known := spec.At(o.raw, k.IDAt())
	for _, raw := range w.list(k, o.at) {
		id, _ := spec.At(raw, k.IDAt())
		same := known && want != nil && id == want
		if !known || want == nil {
			same = strings.Join(k.AddressParts(k.DecodeObject(raw)), "\x00") == strings.Join(k.AddressParts(w.keyOf(o)), "\x00")
		}
		if same {
			o.raw = raw
			o.params = w.paramsOf(o)
			return true
		}
	}
	return false
}

// keyOf returns the values that an object's key is made of.
func (w *world) keyOf(o *object) map[string]any {
	values := map[string]any{}
	maps.Copy(values, o.path)
	for i := range o.kind.Fields {
		f := &o.kind.Fields[i]
		if v, ok := spec.At(o.sent, f.SendPointer()); ok && v != nil && o.kind.IsKey(f.Name) {
			values[f.Name] = f.Decode(v)
		}
		if v, ok := spec.At(o.raw, f.WireAt()); ok && v != nil && o.kind.IsKey(f.Name) && !f.Local && f.Backref == nil {
			values[f.Name] = f.Decode(v)
		}
	}
	return values
}

// settle waits until Atlas is done with an object.
func (w *world) settle(o *object, calls []spec.Call) {
	for _, c := range calls {
		if c.Wait == nil || c.Wait.Gone {
			continue
		}
		for range 20 {
			if !w.again(o) || slices.Contains(c.Wait.Until, spec.TextAt(o.raw, c.Wait.At)) {
				break
			}
		}
	}
}
