package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Right is one role that somebody has in one place, with the way it comes.
type Right struct {
	Principal     string       `json:"principal"`
	PrincipalKind string       `json:"principalKind"` // user, team, serviceAccount, apiKey, databaseUser, group
	Target        spec.Address `json:"target"`        // an organization, a project, or what stands in one
	Role          string       `json:"role"`
	Way           Way          `json:"way"`
	Grant         spec.Address `json:"grant"`             // the object that gives it
	Pending       bool         `json:"pending,omitempty"` // the invitation is not accepted yet
	Until         string       `json:"until,omitempty"`   // when it ends, as the file or Atlas spells it

	self string // who it is, whatever the plan renames
}

// A Way is how a role comes to somebody: as its own, or through something.
type Way struct {
	By   string `json:"by"`             // own, team, organization
	Name string `json:"name,omitempty"` // the team's
	Role string `json:"role,omitempty"` // the one in the organization that brings it along
}

// Own is the way of a role that somebody holds directly.
const Own = "own"

// Rights tells who may do what in the organizations and projects of a state, in
// the order of principals and places, as far as lists were read; those that are
// lacking come back as wants. until says when a file has what an object grants end.
func Rights(c *spec.Catalog, s *spec.State, l *Live, until func(spec.Address) string) ([]Right, []Want) {
	p := &planning{catalog: c, state: s, live: l, plan: &Plan{}}
	a := &access{planning: p, until: until}
	rights := a.now().rights()
	var wants []Want
	for _, u := range a.unread {
		if _, err := ListKey(u.kind, u.params); err == nil {
			wants = append(wants, Want{u.kind, u.params})
		}
	}
	return rights, wants
}

// An access is the question who may do what.
type access struct {
	*planning
	until  func(spec.Address) string
	unread []unread
}

// An unread is a list that would tell more.
type unread struct {
	kind   *spec.Kind
	params Params
	scope  spec.Address // of the organization or project, or of a project in the former
	where  string
}

func (u unread) String() string { return u.kind.Section + " of " + u.where }

// A grant is an object that lets somebody do something, or that helps to tell
// whom: a person, a team.
type grant struct {
	kind     *spec.Kind
	scope    *spec.Resource // the organization or project; nil: one that no file declares
	params   Params
	address  spec.Address
	object   *Object        // nil: one that the plan creates
	declared *spec.Resource // where the plan creates or changes it
	values   map[string]any
	who      string
	self     string // what who was before the plan
	pending  bool
}

func (g *grant) id() string {
	if g.object == nil {
		return ""
	}
	return g.object.id()
}

// linkID is the id of what the object's key refers to, and the kind of that.
func (g *grant) linkID() (id, kind string) {
	f := g.kind.Link()
	if f == nil || g.object == nil {
		return "", ""
	}
	if f.Ref.ByID {
		return spec.TextAt(g.object.Raw, f.WireAt()), f.Ref.Kind
	}
	return g.object.id(), f.Ref.Kind
}

// A world is all that grants something at one time.
type world struct {
	*access
	scopes []*spec.Resource
	grants []*grant
	byID   map[string]*grant           // by kind and id
	byName map[string]*grant           // by kind, name and what it stands in
	inside map[string][]*spec.Resource // see within
}

// settle makes the indexes, and gives those who are known by what they refer to
// the name that it has.
func (w *world) settle() {
	w.byID, w.byName, w.inside = map[string]*grant{}, map[string]*grant{}, map[string][]*spec.Resource{}
	for _, g := range w.grants {
		if g.kind.Link() != nil {
			continue
		}
		w.byName[w.nameKey(g.kind, g.who, g.params)] = g
		if id := g.id(); id != "" {
			w.byID[g.kind.Name+" "+id] = g
		}
	}
	for _, g := range w.grants {
		f := g.kind.Link()
		if f == nil {
			continue
		}
		if other := w.referred(g); other != nil {
			g.who, g.self = other.who, other.self
			g.pending = g.pending && (g.object != nil || !f.Ref.Same || other.pending)
		}
	}
}

// nameKey tells an object by its name in what its kind stands in.
func (w *world) nameKey(k *spec.Kind, name string, params Params) string {
	key := k.Name + "\x00" + name
	if parent := w.catalog.Kind(k.Parent); parent != nil {
		for _, p := range slices.Sorted(maps.Keys(parent.Params)) {
			key += fmt.Sprintf("\x00%v", params[p])
		}
	}
	return key
}

// referred returns what an object's key refers to, or nil.
func (w *world) referred(g *grant) *grant {
	f := g.kind.Link()
	if g.object != nil {
		id, kind := g.linkID()
		return w.byID[kind+" "+id]
	}
	o, declared := w.live.Lookup(g.declared, w.catalog.Kind(f.Ref.Kind), g.declared.KeyParts()[0])
	for _, other := range w.grants {
		if other.kind.Name == f.Ref.Kind && (o != nil && other.object == o || declared != nil && other.declared == declared) {
			return other
		}
	}
	return nil
}

// rights lists what everybody may do.
func (w *world) rights() []Right {
	var out []Right
	for _, g := range w.grants {
		if g.kind.Grant != nil {
			out = append(out, w.of(g)...)
		}
	}
	slices.SortFunc(out, func(x, y Right) int {
		return cmp.Or(strings.Compare(x.Principal, y.Principal), strings.Compare(x.PrincipalKind, y.PrincipalKind), strings.Compare(string(x.Target), string(y.Target)),
			strings.Compare(x.Role, y.Role), strings.Compare(x.Way.By, y.Way.By), strings.Compare(x.Way.Name+x.Way.Role, y.Way.Name+y.Way.Role), strings.Compare(string(x.Grant), string(y.Grant)))
	})
	return slices.Compact(out)
}

// of lists what one object lets somebody do.
func (w *world) of(g *grant) []Right {
	var out []Right
	until := w.ends(g)
	for _, who := range w.principals(g) {
		for _, r := range w.roles(g) {
			right := Right{Principal: who.name, PrincipalKind: who.kind, Target: r.at, Role: r.name, Way: who.way, Grant: g.address, Pending: who.pending, Until: until, self: who.self}
			if r.at != "" {
				out = append(out, right)
			}
			implied, ok := g.kind.Grant.Implies[r.name]
			if !ok {
				continue
			}
			for _, scope := range w.within(g, r.scope) {
				right.Target, right.Role = scope.Address, implied
				right.Way = Way{By: strings.ToLower(w.catalog.Kind(scope.Kind.Parent).Name), Role: r.name}
				out = append(out, right)
			}
		}
	}
	return out
}

// ends says when what an object grants is over: by the file, else by itself.
func (w *world) ends(g *grant) string {
	if w.until != nil {
		if until := w.until(g.address); until != "" {
			return until
		}
	}
	end, _ := g.values[g.kind.Expires].(string)
	return end
}

type principal struct {
	name, kind, self string
	way              Way
	pending          bool
}

// principals lists whom an object lets do something: its own, and who is in it.
func (w *world) principals(g *grant) []principal {
	out := []principal{{name: g.who, self: g.self, kind: g.kind.Grant.To, way: Way{By: Own}, pending: g.pending}}
	if g.kind.Grant.Members == "" {
		return out
	}
	of := w.referred(g)
	if of == nil {
		return out
	}
	f := of.kind.Field(g.kind.Grant.Members)
	members, _ := of.values[f.Name].([]any)
	for _, m := range members {
		name, _ := f.Canon(m).(string)
		if person := w.member(of, f, name); person != nil {
			out = append(out, principal{name: person.who, self: person.self, kind: person.kind.Grant.To, way: Way{By: g.kind.Grant.To, Name: g.who}, pending: person.pending})
		}
	}
	return out
}

// member returns the person of a name in the organization of a team, or nil.
func (w *world) member(of *grant, f *spec.Field, name string) *grant {
	if f.Backref == nil {
		return nil
	}
	k := w.catalog.Kind(f.Backref.Kind)
	if k.Grant == nil {
		return nil
	}
	return w.byName[w.nameKey(k, name, of.params)]
}

// sameParams tells whether two objects stand in the same object of a kind.
func sameParams(x, y Params, parent *spec.Kind) bool {
	for name := range parent.Params {
		if x[name] != y[name] {
			return false
		}
	}
	return true
}

// within lists the scopes that stand in another: in the one that a role counts
// in, or, where that is not declared, in the one that the object is of.
func (w *world) within(g *grant, in *spec.Resource) []*spec.Resource {
	if in == nil && g.scope != nil {
		return nil // it counts elsewhere, and no file declares where
	}
	key := fmt.Sprint(g.params)
	if in != nil {
		key = string(in.Address)
	}
	if out, ok := w.inside[key]; ok {
		return out
	}
	var out []*spec.Resource
	for _, scope := range w.scopes {
		parent := w.catalog.Kind(scope.Kind.Parent)
		switch {
		case parent == nil:
		case in != nil && in.Kind == parent && w.mayBeBelow(scope, in),
			in == nil && g.kind.Parent == parent.Name && sameParams(w.live.Params(scope), g.params, parent):
			out = append(out, scope)
		}
	}
	w.inside[key] = out
	return out
}
