package suite

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// byHand makes a change as a stranger would: reading the object, changing it,
// and sending all of it back.
func (w *world) byHand(o *object, c change) error {
	d := &drawing{world: w, k: o.kind, at: o.at}
	o.fresh = false
	w.byKey = true
	defer func() { w.byKey = false }()
	sent := false
	for i := range o.kind.Update {
		call := &o.kind.Update[i]
		switch {
		case call.Each != nil:
			for name, list := range map[string][]any{call.Each.Added: c.add, call.Each.Removed: c.remove} {
				if name != c.head {
					continue
				}
				for _, m := range list {
					if err := d.forMember(o, call, m); err != nil {
						return err
					}
					sent = true
				}
			}
			continue
		case call.When != nil && (call.When.Field != c.head || call.When.Is != nil && call.When.Is != c.to || call.When.Empty):
			continue
		case sent:
			continue
		}
		schema, array := w.request(call.Route, call.Version)
		if schema != nil && len(at([]*api.Schema{schema}, c.sent)) == 0 {
			continue
		}
		path, ok := fill(call.Route, o.params)
		if !ok {
			return fmt.Errorf("nothing fills %s", path)
		}
		var body any
		if schema != nil {
			body = w.echo(o, schema)
			body = put(body, c.sent, c.over(body))
			if m, ok := body.(map[string]any); ok {
				d.set(o, call, m, nil)
			}
			if array {
				body = []any{body}
			}
		}
		query := url.Values{}
		for name, field := range call.Query {
			if f := o.kind.Field(field); f.Local && f.Default != nil {
				query.Set(name, fmt.Sprint(f.Default))
			}
		}
		if _, err := w.send(spec.Method(call.Route), path, call.Version, query, body); err != nil {
			return err
		}
		sent = call.When == nil || !call.When.Loses // else it only makes room
	}
	if !sent {
		return errors.New("no call changes it")
	}
	w.settle(o, o.kind.Update)
	if !w.again(o) {
		return errors.New("it is gone")
	}
	return nil
}

// live is how Atlas has the new value.
func (c change) live() any {
	list, ok := c.to.([]any)
	if !ok || c.f.Take == nil {
		return c.to
	}
	out := []any{}
	for _, v := range list {
		out = append(out, spec.Put(spec.Put(nil, c.f.Take.Where, c.taken), c.f.Take.Value, v))
	}
	return out // those of others are not declared
}

// over is what a body holds for a change: of elements that were there already
// what the body has of them, which no mask stands in.
func (c change) over(body any) any {
	list, ok := c.to.([]any)
	if !ok || !c.f.Collection() {
		return c.to
	}
	at, _ := spec.At(body, c.sent)
	had, _ := at.([]any)
	was, _ := c.value.([]any)
	out := []any{}
	for _, e := range list {
		if i := slices.IndexFunc(was, func(w any) bool { return textOf(w) == textOf(e) }); i >= 0 && i < len(had) {
			e = had[i]
		}
		out = append(out, e)
	}
	return out
}

// put is spec.Put for arrays of any length.
func put(doc any, pointer string, v any) any {
	if pointer == "" {
		return v
	}
	head, rest, more := strings.Cut(pointer[1:], "/")
	if more {
		rest = "/" + rest
	}
	if list, ok := doc.([]any); ok {
		var i int
		if _, err := fmt.Sscan(head, &i); err == nil && i < len(list) {
			list[i] = put(list[i], rest, v)
		}
		return list
	}
	m, ok := doc.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	m[head] = put(m[head], rest, v)
	return m
}

// echo is an object as a body that changes nothing: what the schema has no
// place for, what only Atlas sets and what is masked stays out; ids go along.
func (w *world) echo(o *object, schema *api.Schema) any {
	body := w.echoed(o, []*api.Schema{schema}, guide{fields: o.kind.Fields, variant: o.kind.Variant}, wire(o.raw), wire(o.sent), "")
	return w.moved(o.kind.Fields, o.raw, body)
}

func (w *world) echoed(o *object, schemas []*api.Schema, g guide, v, sent any, pointer string) any {
	switch v := v.(type) {
	case map[string]any:
		if !slices.ContainsFunc(schemas, hasMembers) {
			return v
		}
		out := map[string]any{}
		for name, value := range v {
			member := at(schemas, "/"+name)
			below := g.read(name)
			id := isID(name, below.f)
			was, _ := spec.At(sent, "/"+name)
			switch {
			case len(member) == 0 || name == "links" || value == nil:
			case isReadOnly(member) && !id, id && pointer == "":
			case masked(value) && was != nil:
				out[name] = was
			case masked(value):
			case below.f != nil && below.f.Take != nil:
				list, _ := value.([]any)
				out[name] = below.f.Take.From(list, o.params[below.f.Take.Is])
			default:
				out[name] = w.echoed(o, member, below, value, was, pointer+"/"+name)
			}
		}
		for i := range g.fields { // what answers never hold
			f := &g.fields[i]
			name := strings.TrimPrefix(f.SendPointer(), g.prefix+"/")
			if was, _ := spec.At(sent, "/"+name); f.Sensitive && was != nil && out[name] == nil && !strings.Contains(name, "/") {
				out[name] = was
			}
		}
		return out
	case []any:
		list := []any{}
		items := api.Elements(schemas)
		for i, e := range v {
			var was any
			if g.f != nil && g.f.Collection() {
				was = partner(g.f, e, sent, i)
			}
			if _, isObject := e.(map[string]any); isObject {
				e = w.echoed(o, items, g.element(i), e, was, pointer+"/0")
			}
			list = append(list, e)
		}
		return list
	}
	return v
}

// moved puts values where bodies have them, if that is another place.
func (w *world) moved(fields []spec.Field, raw, body any) any {
	for i := range fields {
		f := &fields[i]
		if v, ok := spec.At(raw, f.WireAt()); ok && v != nil && f.SendAt != "" && f.SendAt != f.Wire && f.Sent() {
			body = put(body, f.SendAt, v)
		}
	}
	return body
}
