package suite

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// kept returns what of an object has to stay as it is, as lines "pointer = value":
// all that a client can set, whether a field is for it or not, and the ids of
// its elements. Lists whose order says nothing are sorted.
func (w *world) kept(o *object, ids bool) map[string]string {
	out := map[string]string{}
	w.walk(out, "", o.raw, guide{fields: o.kind.Fields}, w.settable(o.kind), ids)
	for i := range o.kind.Fields {
		if f := &o.kind.Fields[i]; f.Backref != nil {
			for _, name := range w.members(o, f) {
				out[fmt.Sprintf("/%s/%v", f.Name, name)] = "member"
			}
		}
	}
	return out
}

// settable are the schemas of what a client can send of an object.
func (w *world) settable(k *spec.Kind) []*api.Schema {
	var out []*api.Schema
	for _, c := range slices.Concat(w.creation(k), k.Update) {
		if body, _ := w.request(c.Route, c.Version); body != nil && c.Each == nil {
			out = append(out, body)
		}
	}
	return out
}

func (w *world) walk(out map[string]string, pointer string, v any, g guide, schemas []*api.Schema, ids bool) {
	switch v := v.(type) {
	case map[string]any:
		if len(schemas) > 0 && !slices.ContainsFunc(schemas, hasMembers) {
			out[pointer] = textOf(v)
			return
		}
		if g.f != nil && g.f.Type == spec.Map {
			for key, entry := range v {
				out[pointer+"/"+key] = textOf(entry)
			}
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			member := at(schemas, "/"+name)
			below := g.read(name)
			id := strings.Contains(pointer, "/") && isID(name, below.f)
			switch {
			case name == "links" || v[name] == nil:
			case id && ids && len(member) > 0 && (!isReadOnly(member) || below.f != nil && below.f.Carry): // one that no body has room for is Atlas's own affair
				out[pointer+"/"+name] = textOf(v[name])
			case id:
			case below.f == nil && g.sends(name): // a twin of what answers have elsewhere
			case below.f != nil && (below.f.ReadOnly || below.f.Void != nil && below.f.Void.Holds(v[name])):
			case len(member) == 0 && below.f == nil && below.prefix == "", len(member) > 0 && isReadOnly(member):
			default:
				w.walk(out, pointer+"/"+name, v[name], below, member, ids)
			}
		}
	case []any:
		items := api.Elements(schemas)
		list := slices.Clone(v)
		f := g.f
		if f != nil && f.Type == spec.Set || f != nil && f.Pairs[0] != "" {
			slices.SortFunc(list, func(a, b any) int { return strings.Compare(elementID(f, a), elementID(f, b)) })
		}
		for i, e := range list {
			token := fmt.Sprintf("%s/%d", pointer, i)
			if f != nil && f.Type == spec.Set {
				token = pointer + "/" + elementID(f, e)
			}
			w.walk(out, token, e, g.element(i), items, ids)
		}
	case nil:
	default:
		out[pointer] = textOf(v)
		if g.f != nil { // two spellings of one value are no difference
			out[pointer] = textOf(g.f.Canon(v))
		}
	}
}

// element is the guide of an element: of a list that is a field, or of one that
// the pointers of fields lead through.
func (g guide) element(i int) guide {
	below := guide{fields: g.fields, variant: g.variant}
	if g.f == nil && g.prefix != "" {
		below.prefix = fmt.Sprintf("%s/%d", g.prefix, i)
	}
	return below
}

// sends tells whether bodies have a field there that answers have elsewhere.
func (g guide) sends(name string) bool {
	return slices.ContainsFunc(g.fields, func(f spec.Field) bool { return f.SendAt == g.prefix+"/"+name && f.WireAt() != f.SendAt })
}

// isID tells whether a member is an id that Atlas gave.
func isID(name string, f *spec.Field) bool {
	return name == "id" || name == "_id" || f != nil && (f.Carry || f.ReadOnly && strings.HasSuffix(name, "Id"))
}

// read is down for what Atlas answers, where fields may stand elsewhere.
func (g guide) read(name string) guide {
	pointer := g.prefix + "/" + name
	for i := range g.fields {
		if f := &g.fields[i]; !f.Local && f.Backref == nil && f.WireAt() == pointer {
			return guideOf(f)
		}
	}
	for i := range g.fields {
		if f := &g.fields[i]; strings.HasPrefix(f.WireAt(), pointer+"/") {
			return guide{fields: g.fields, prefix: pointer}
		}
	}
	return guide{}
}

func hasMembers(s *api.Schema) bool {
	return slices.ContainsFunc(s.Whole(), func(part *api.Schema) bool { return len(part.Properties) > 0 })
}

func elementID(f *spec.Field, e any) string {
	if len(f.Fields) == 0 {
		return textOf(e)
	}
	return f.ElementID(decoded(f.Fields, e))
}

// differences lists the pointers at which two objects differ.
func differences(a, b map[string]string) []string {
	var out []string
	for _, p := range slices.Sorted(maps.Keys(a)) {
		if v, ok := b[p]; !ok {
			out = append(out, fmt.Sprintf("%s: %s -> nothing", p, a[p]))
		} else if v != a[p] {
			out = append(out, fmt.Sprintf("%s: %s -> %s", p, a[p], v))
		}
	}
	for _, p := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[p]; !ok {
			out = append(out, fmt.Sprintf("%s: nothing -> %s", p, b[p]))
		}
	}
	return out
}

// elsewhere is what is kept of an object without what differs from place to place.
func elsewhere(kept map[string]string) map[string]string {
	out := map[string]string{}
	for p, v := range kept {
		out[anyID.ReplaceAllString(p, "ID")] = anyID.ReplaceAllString(v, "ID")
	}
	return out
}

var anyID = regexp.MustCompile(`[0-9a-f]{24}`)
