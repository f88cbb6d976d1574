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
		if !declared || w.Is != nil && v != w.Is {
			return false
		}
	}
	if b.creating || c.Each != nil || c.Body.Send == spec.Nothing && c.When == nil {
		return true
	}
	fields := c.Body.Fields
	if c.When != nil {
		fields = append(slices.Clone(fields), c.When.Field)
	}
	return slices.ContainsFunc(b.changes, func(ch Change) bool {
		name, _, _ := strings.Cut(ch.Path, ".")
		return len(fields) == 0 || slices.Contains(fields, name)
	})
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
		if v, ok := b.values()[field]; ok {
			if req.Query == nil {
				req.Query = map[string]any{}
			}
			req.Query[name] = b.wire(b.r.Kind.Field(field), v)
		}
	}
	if w := c.Wait; w != nil {
		read := b.request(&spec.Call{Route: b.r.Kind.Get.Route, Version: b.r.Kind.Get.Version}, b.params)
		req.Wait = &Wait{Read: read, At: w.At, Until: w.Until, Fail: w.Fail, Error: w.Error, Gone: w.Gone, Max: w.Max}
	}
	b.step.Requests = append(b.step.Requests, req)
}

// request fills a call's route. What is not known yet stays a placeholder
// with a reference.
func (b *builder) request(c *spec.Call, params Params) Request {
	method := spec.Method(c.Route)
	req := Request{Method: method, Version: c.Version, Retry: c.Retry, Idempotent: c.Idempotent || method != "POST"}
	path := APIPrefix + spec.PathOf(c.Route)
	for _, name := range spec.Placeholders(c.Route) {
		v := params[name]
		if e, ok := c.Params[name]; ok {
			v = b.expr(e, nil)
		}
		if s, ok := v.(string); ok {
			var err error
			if path, err = fillIn(path, name, s); err != nil {
				b.errorf(b.r.Source(b.r.Kind.Key...), "", "%s: %s: %v", b.r.Address, c.Route, err)
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
	case e.RefOf != "":
		f := b.r.Kind.Field(e.RefOf)
		key, _ := b.values()[e.RefOf].(string)
		return b.planning.live.idOf(b.r, b.catalog.Kind(f.RefFor(b.r)), key)
	case e.From != "" && b.o != nil:
		v, _ := spec.At(b.o.Raw, e.From)
		return v
	case e.From != "":
		return Ref{Step: b.r.Address, Pointer: e.From}
	}
	return e.Const
}

func (b *builder) body(c *spec.Call, member any) any {
	if c.Body.Send == spec.Nothing && len(c.Body.Set) == 0 {
		return nil
	}
	var out any = map[string]any{}
	for i := range b.r.Kind.Fields {
		f := &b.r.Kind.Fields[i]
		if !f.Sent() || len(c.Body.Fields) > 0 && !slices.Contains(c.Body.Fields, f.Name) || c.Body.Send == spec.Nothing {
			continue
		}
		if v, ok := b.sent(c.Body.Send, f); ok {
			out = spec.Put(out, f.WireAt(), v)
		}
	}
	for pointer, e := range c.Body.Set {
		out = spec.Put(out, pointer, b.expr(e, member))
	}
	if c.Body.Array {
		return []any{out}
	}
	return out
}

// sent returns what a body holds for a field, if it is to hold it.
func (b *builder) sent(send spec.Send, f *spec.Field) (any, bool) {
	v, declared := b.values()[f.Name]
	switch {
	case send == spec.Changed && !b.creating && !b.changed(f.Name):
		return nil, false
	case declared:
		return b.wire(f, block(f, v)), true
	case send == spec.Overlay:
		return b.overlaid(f)
	}
	return nil, false
}

func (b *builder) changed(name string) bool {
	return slices.ContainsFunc(b.changes, func(c Change) bool {
		head, _, _ := strings.Cut(c.Path, ".")
		return head == name
	})
}

// block leaves only the switch of a block that is switched off.
func block(f *spec.Field, v any) any {
	if m, ok := v.(map[string]any); ok {
		if on, said := switchOf(f, m); said && !on {
			return map[string]any{f.Switch.Field: false}
		}
	}
	return v
}

// overlaid returns what is live of a field that is not declared. A masked
// value is never sent back.
func (b *builder) overlaid(f *spec.Field) (any, bool) {
	if b.o == nil {
		return nil, false
	}
	v, ok := spec.At(b.o.Raw, f.WireAt())
	if !ok || v == nil {
		return nil, false
	}
	if s, isText := v.(string); f.Sensitive || isText && s != "" && strings.Trim(s, "*") == "" {
		b.errorf(b.r.Source(), "declare it", "%s: %s would be overwritten with its mask", b.r.Address, f.Name)
		return nil, false
	}
	return v, true
}
