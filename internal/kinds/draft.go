package kinds

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// todo marks what a draft leaves to people.
const todo = "TODO"

// Draft writes a first definition of the objects that some operations are about, as
// far as the facts tell: what they do not tell says TODO.
func Draft(facts *api.Facts, c *spec.Catalog, ids []string) (string, error) {
	d := drafting{facts: facts, catalog: c}
	for _, id := range ids {
		op := facts.Operation(id)
		if op == nil {
			return "", fmt.Errorf("the API has no operation %s%s", id, nearest(id, facts.Operations()))
		}
		if err := d.take(op); err != nil {
			return "", err
		}
	}
	if d.list.op == nil {
		if d.list = d.get; d.list.op == nil {
			return "", fmt.Errorf("a kind needs an operation that lists its objects, or reads the one there is")
		}
	}
	d.write()
	return d.b.String(), nil
}

func nearest(id string, known []string) string {
	if near := spec.Nearest(id, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

type drafting struct {
	facts   *api.Facts
	catalog *spec.Catalog
	b       strings.Builder

	list, get, create, update, remove drafted
}

// drafted is an operation at its newest version.
type drafted struct {
	op        *api.Operation
	version   string
	request   *api.Schema
	answer    *api.Schema
	isPaged   bool
	isSeveral bool
}

func (d drafted) route() string {
	return d.op.Method + " " + strings.TrimPrefix(d.op.Path, planner.APIPrefix)
}

func (d *drafting) take(op *api.Operation) error {
	versions := slices.DeleteFunc(op.Versions(), func(v string) bool { return v == "preview" })
	if len(versions) == 0 {
		return fmt.Errorf("%s has no dated version yet, and a kind names one", op.ID)
	}
	t := drafted{op: op, version: versions[len(versions)-1]}
	if b := op.Requests[t.version]; b != nil {
		t.request = b.Schema
	}
	for status, bodies := range op.Answers {
		if b := bodies[t.version]; strings.HasPrefix(status, "2") && b != nil && b.Schema != nil {
			t.answer = b.Schema.Resolve()
		}
	}
	if results := property(t.answer, "results"); results != nil {
		t.answer, t.isPaged = results.Resolve(), true
	}
	if t.answer != nil && t.answer.Type == "array" && t.answer.Items != nil {
		t.answer, t.isSeveral = t.answer.Items.Resolve(), true
	}
	into := map[string]*drafted{"POST": &d.create, "PUT": &d.update, "PATCH": &d.update, "DELETE": &d.remove, "GET": &d.get}[op.Method]
	if op.Method == "GET" && t.isSeveral {
		into = &d.list
	}
	if into.op != nil {
		return fmt.Errorf("%s and %s would both be its %s call: name one of each", into.op.ID, op.ID, op.Method)
	}
	*into = t
	return nil
}

func (d *drafting) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

func (d *drafting) write() {
	single := !d.list.isSeveral
	section := lastWord(d.list.op.Path)
	if by := d.covered(); by != "" {
		d.line("# The catalogue has this already, as %s: explain %s tells of it.", by, by)
	}
	d.line("apiVersion: %s\nkind: %s\nname: %s", spec.APIVersion, spec.DefinitionKind, strings.ToUpper(section[:1])+strings.TrimSuffix(section[1:], "s"))
	d.line("doc: %s what it is, in a sentence or two.\nsection: %s\nparent: %s", todo, section, d.parent())
	if single {
		d.line("singleton: true")
		if d.create.op != nil {
			d.line("optional: {} # %s how one that is not there answers: status, codes, empty", todo)
		}
	} else {
		key, unsure := d.key()
		d.line("key: [%s]%s", key, map[bool]string{true: " # " + todo + ": is it this that tells its objects apart?"}[unsure])
	}
	if params := d.params(); len(params) > 0 {
		d.line("params: # of the paths, from the live object")
		for _, name := range slices.Sorted(maps.Keys(params)) {
			d.line("  %s: %s", name, params[name])
		}
	}
	if roles := d.roles(); roles != "" {
		d.line("role: %s", roles)
	}
	d.line("fields:")
	omitted := map[string]string{}
	d.fields("  ", "", [][]*api.Schema{given(d.create.request), given(d.update.request)}, given(d.get.answer, d.list.answer), omitted, 0)
	if len(omitted) > 0 {
		d.line("omit: # what only answers hold: say why, or make fields of it (output: true)")
		for _, at := range slices.Sorted(maps.Keys(omitted)) {
			d.line("  %s: %s", at, omitted[at])
		}
	}
	d.read("list", d.list)
	if d.get.op != nil {
		d.read("get", d.get)
	}
	d.call("create", d.create, "declared")
	d.call("update", d.update, map[bool]string{true: "overlay", false: "changed"}[d.update.op != nil && d.update.op.Method == "PUT"])
	d.call("delete", d.remove, "")
}

func given(schemas ...*api.Schema) []*api.Schema {
	return slices.DeleteFunc(schemas, func(s *api.Schema) bool { return s == nil })
}

func (d *drafting) read(what string, t drafted) {
	d.line("%s:\n  route: %s\n  version: %q", what, t.route(), t.version)
	if t.isPaged {
		d.line("  paged: true")
	}
}

func (d *drafting) call(what string, t drafted, send string) {
	if t.op == nil {
		return
	}
	d.line("%s:\n  - route: %s\n    version: %q", what, t.route(), t.version)
	if send != "" && t.request != nil {
		d.line("    body: {send: %s}", send)
	}
}

// lastWord is the last part of a path that is no placeholder.
func lastWord(path string) string {
	parts := strings.Split(path, "/")
	for _, p := range slices.Backward(parts) {
		if !strings.HasPrefix(p, "{") {
			return p
		}
	}
	return parts[0]
}

// parent is the kind that gives all placeholders of the list, and no more than needed.
func (d *drafting) parent() string {
	best, size := todo, 0
	needs := spec.Placeholders(d.list.route())
	for _, k := range d.catalog.Kinds() {
		gives := map[string]bool{}
		for p := k; p != nil; p = d.catalog.Kind(p.Parent) {
			for name := range p.Params {
				gives[name] = true
			}
		}
		if !slices.ContainsFunc(needs, func(name string) bool { return !gives[name] }) && (size == 0 || len(gives) < size) && !(k.Singleton && len(needs) > 0) {
			best, size = k.Name, len(gives)
		}
	}
	return best
}

// params are the placeholders that the object itself gives.
func (d *drafting) params() map[string]string {
	out := map[string]string{}
	for _, t := range []drafted{d.get, d.update, d.remove} {
		if t.op == nil {
			continue
		}
		for _, name := range spec.Placeholders(t.route()) {
			if slices.Contains(spec.Placeholders(d.list.route()), name) {
				continue
			}
			out[name] = todo
			for _, at := range []string{name, "id", "_id", "name"} {
				if property(d.list.answer, at) != nil {
					out[name] = "/" + at
					break
				}
			}
		}
	}
	return out
}

// key guesses what tells the objects apart, and says whether that is a mere guess.
func (d *drafting) key() (name string, unsure bool) {
	var first string
	for _, t := range []drafted{d.create, d.list} {
		for _, part := range given(t.request, t.answer) {
			for _, name := range []string{"name", "description"} {
				if p := property(part, name); p != nil && !p.ReadOnly {
					return name, false
				}
			}
			for _, s := range whole(part) {
				if len(s.Required) > 0 && first == "" {
					first = s.Required[0]
				}
			}
		}
	}
	if first == "" {
		return todo, false
	}
	return first, true
}

// covered names the kind that lists the same objects, or "".
func (d *drafting) covered() string {
	for _, k := range d.catalog.Kinds() {
		if k.List.Route == d.list.route() {
			return k.Name
		}
	}
	return ""
}

func (d *drafting) roles() string {
	for _, t := range []drafted{d.create, d.update, d.remove} {
		if t.op != nil && len(t.op.Roles) > 0 {
			return t.op.Roles[0]
		}
	}
	return ""
}

// fields writes the members that bodies hold, and notes what only answers do.
func (d *drafting) fields(indent, base string, sent [][]*api.Schema, answered []*api.Schema, omitted map[string]string, depth int) {
	members := map[string][]*api.Schema{}
	for _, bodies := range sent {
		for name, all := range membersOf(bodies) {
			if slices.ContainsFunc(all, func(s *api.Schema) bool { return !s.ReadOnly }) {
				members[name] = append(members[name], all...)
			}
		}
	}
	answers := membersOf(answered)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		d.line("%s- name: %s", indent, name)
		below := api.Elements(members[name])
		inner := membersOf(below)
		if len(inner) > 0 && depth < 4 {
			isList := slices.ContainsFunc(members[name], func(s *api.Schema) bool { return s.Type == "array" })
			if isList {
				d.line("%s  type: set\n%s  elemKey: [%s] # what tells its elements apart", indent, indent, todo)
			}
			d.line("%s  doc: %s.\n%s  fields:", indent, todo, indent)
			d.fields(indent+"    ", base+"/"+name, [][]*api.Schema{below}, api.Elements(answers[name]), omitted, depth+1)
			continue
		}
		d.line("%s  doc: %s.", indent, todo)
	}
	for name := range answers {
		if members[name] == nil && name != "links" {
			omitted[base+"/"+name] = todo
			if name == "id" || name == "_id" {
				omitted[base+"/"+name] = "the id"
			}
		}
	}
}

// membersOf lists the members of some schemas by their names.
func membersOf(schemas []*api.Schema) map[string][]*api.Schema {
	out := map[string][]*api.Schema{}
	for _, s := range schemas {
		for _, part := range whole(s) {
			for name, p := range part.Properties {
				if p = p.Resolve(); name != "links" && p != nil && !slices.Contains(out[name], p) {
					out[name] = append(out[name], p)
				}
			}
		}
	}
	return out
}
