package planner

import (
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A builder turns a kind's calls into the finished requests of one step.
type builder struct {
	*planning
	r        *spec.Resource
	step     *Step
	o        *Object // what is live, or nil
	creating bool
	removing bool           // the object goes
	declared map[string]any // effective values; nil: the resource's own
	live     map[string]any
	changes  []Change
	params   Params
}

func (b *builder) values() map[string]any {
	if b.declared == nil {
		b.declared = b.effective(b.r)
	}
	return b.declared
}

// calls appends the requests of those calls that apply.
func (b *builder) calls(calls []spec.Call) {
	for i := range calls {
		if c := &calls[i]; b.applies(c) {
			b.call(c)
		}
	}
}

func (b *builder) applies(c *spec.Call) bool {
	if b.r.Flag(c.Unless) {
		return false
	}
	if w := c.When; w != nil {
		v, declared := b.values()[w.Field]
		_, cleared := v.(spec.Null)
		if !declared || w.Is != nil && v != w.Is || cleared && !w.Empty || w.Empty && !cleared && !empty(v) {
			return false
		}
	}
	if c.From != nil && !c.From.Holds(b.raw()) || c.To != nil && !c.To.Holds(b.wanted()) {
		return false
	}
	if w := c.When; w != nil && w.Loses {
		return slices.ContainsFunc(b.changes, func(ch Change) bool { return spec.HeadOf(ch.Path) == w.Field && ch.Before != nil })
	}
	if b.creating || c.Each != nil || c.Body.Send == spec.Nothing && c.When == nil {
		return true
	}
	return slices.ContainsFunc(b.changes, func(ch Change) bool {
		name := spec.HeadOf(ch.Path)
		return c.When != nil && c.When.Field == name || (c.When == nil || len(c.Body.Fields) > 0) && c.Body.Holds(name)
	})
}

func (b *builder) raw() any {
	if b.o == nil {
		return nil
	}
	return b.o.Raw
}

// wanted is the object as it is to be, as far as conditions look at it: of plain
// values what is declared, else what is live.
func (b *builder) wanted() any {
	var out any = map[string]any{}
	for i := range b.r.Kind.Fields {
		f := &b.r.Kind.Fields[i]
		v, declared := b.values()[f.Name]
		if !declared {
			v = b.live[f.Name]
		}
		switch {
		case v == nil || f.Type > spec.Path || f.Wire == spec.Root || f.True != "" && v != true:
		case f.True != "":
			word, _, _ := strings.Cut(f.True, "|")
			out = spec.Put(out, f.WireAt(), word)
		default:
			out = spec.Put(out, f.WireAt(), v)
		}
	}
	return out
}

// along tells whether what is sent for the changes holds a field in any case.
func (b *builder) along(name string) bool {
	for i := range b.r.Kind.Update {
		c := &b.r.Kind.Update[i]
		whole := c.Body.Send == spec.Declared || c.Body.Send == spec.Overlay
		partly := c.Body.Send == spec.Changed && b.changed(name)
		if c.Body.Holds(name) && (whole || partly) && len(b.changes) > 0 && b.applies(c) {
			return true
		}
	}
	return false
}

func (b *builder) call(c *spec.Call) {
	if c.Each == nil {
		b.add(c, b.params, nil)
		return
	}
	if c.Each.Live != "" {
		b.eachLive(c)
		return
	}
	name := c.Each.Added + c.Each.Removed
	f := b.r.Kind.Field(name)
	for _, ch := range b.changes {
		if ch.Path != name {
			continue
		}
		list := ch.added
		if c.Each.Removed != "" {
			list = ch.removed
		}
		for _, m := range list {
			b.add(c, b.params, b.wire(f, m))
		}
	}
}

// wire returns what Atlas is to get for a member. An added member that
// nobody knows was reported already.
func (b *builder) wire(f *spec.Field, m any) any { return b.planning.live.wireValue(b.r, f, m) }

func (b *builder) eachLive(c *spec.Call) {
	if b.o == nil {
		return
	}
	v, _ := spec.At(b.o.Raw, c.Each.Live)
	list, _ := v.([]any)
	for _, e := range list {
		params := Params{}
		for name, v := range b.params {
			params[name] = v
		}
		for name, pointer := range c.Each.Params {
			params[name] = spec.TextAt(e, pointer) // none is refused where the path is made
		}
		b.add(c, params, nil)
	}
}

func (b *builder) add(c *spec.Call, params Params, member any) {
	req := b.request(c, params)
	req.Body = b.body(c, member)
	req.Removes = b.removing || c.Each != nil && c.Each.Removed != ""
	for name, field := range c.Query {
		f := b.r.Kind.Field(field)
		v, ok := b.values()[field]
		if !ok && (f.Local || f.Steer) && f.Default != nil {
			v, ok = f.Default, true
		}
		if ok {
			if req.Query == nil {
				req.Query = map[string]any{}
			}
			req.Query[name] = b.wire(f, v)
		}
	}
	if w := c.Wait; w != nil && !b.r.Flag(w.Unless) {
		req.Wait = b.wait(c, w, params)
	}
	b.step.Requests = append(b.step.Requests, req)
}

// request fills a call's route. What is not known yet stays a placeholder
// with a reference.
func (b *builder) request(c *spec.Call, params Params) Request {
	method := spec.Method(c.Route)
	req := Request{Method: method, Version: c.Version, Retry: c.Retry, Batch: c.Batch, Idempotent: c.Idempotent || method != "POST"}
	path := APIPrefix + spec.PathOf(c.Route)
	for _, name := range spec.Placeholders(c.Route) {
		v := params[name]
		if e, ok := c.Params[name]; ok {
			v = b.expr(e, nil)
		}
		if s, ok := v.(string); ok {
			var err error
			if path, err = fillIn(path, name, s); err != nil {
				b.errorf(b.r.Source(b.r.Kind.KeyFields()...), "", "%s: %s: %v", b.r.Address, c.Route, err)
			}
			continue
		}
		if req.Params == nil {
			req.Params = map[string]any{}
		}
		req.Params[name] = v // stays a placeholder
	}
	req.Path = path
	return req
}

// expr evaluates what a body or path takes besides the fields.
func (b *builder) expr(e spec.Expr, member any) any {
	switch {
	case e.Member:
		return member
	case e.Field != "":
		f := b.r.Kind.Field(e.Field)
		if v, ok := b.values()[e.Field]; ok {
			return b.overlay(f, v, nil, nil)
		}
		if e.From == "" {
			return nil
		}
		v, _ := spec.At(b.raw(), e.From)
		return v
	case e.Param != "":
		return b.params[e.Param]
	case e.RefOf != "":
		f := b.r.Kind.Field(e.RefOf)
		key, _ := b.values()[e.RefOf].(string)
		return b.planning.live.idOf(b.r, b.catalog.Kind(f.RefFor(b.r)), key, nil)
	case e.From != "" && b.o != nil:
		v, _ := spec.At(b.o.Raw, e.From)
		return v
	case e.From != "":
		return Ref{Step: b.r.Address, Pointer: e.From}
	}
	return e.Const
}

// firstWhen is the condition of the call that begins a creation, if it has one.
func firstWhen(calls []spec.Call) *spec.When {
	if len(calls) == 0 || calls[0].When == nil || calls[0].When.Is == nil {
		return nil
	}
	return calls[0].When
}
