package spec

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Rebuild has the files of one organization mean another one, in which all that
// they declare is made anew.
type Rebuild struct {
	From string `json:"from"` // the organization as the files call it: its name, else its id
	Into string `json:"into"` // the other one's name
	// DeliverTo is the directory to which new secrets go instead of where the files
	// say, which is where those of the old organization are; "" is as the files say.
	DeliverTo string `json:"deliverTo,omitempty"`
	// Old is what the files call the organization that they declare: its name and,
	// where they say it, its id.
	Old []string `json:"-"`
}

// LoadInto loads files that were read before, for a rebuild. What pins an object of
// the old organization is left out, and so is what would take something away; what
// refers to one by an id that no file explains is an error.
func LoadInto(c *Catalog, files []File, into Rebuild) (*State, Diagnostics) {
	l := newLoader(c)
	for _, f := range files {
		l.text(f.Name, []byte(f.Text))
	}
	l.rebuild = &into
	return l.finish()
}

// Organizations lists the organizations that the files declare or name, as they
// call them.
func (s *State) Organizations() []string {
	var out []string
	for _, scope := range s.Scopes {
		name := scopeName(scope)
		if scope.Kind.Parent != "" {
			if name = within(scope); name == "" || s.byAddress[ScopeAddress("org", name)] != nil || s.calledBy(name) != nil {
				continue
			}
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// calledBy returns the declared organization of that id.
func (s *State) calledBy(id string) *Resource {
	for _, scope := range s.Scopes {
		if scope.Kind.Parent == "" && scope.Ident != "" && scope.Ident == id {
			return scope
		}
	}
	return nil
}

// A moving turns what is declared of one organization into what is declared of
// another.
type moving struct {
	*loader
	to       *Resource // the organization to build
	old      []string  // what the files call the one that they declare: name and id
	labels   map[string]string
	ids      Position // the first id that is left out
	dropped  int      // ids
	absent   Position
	removals int
}

func (l *loader) move() {
	m := &moving{loader: l, old: []string{l.rebuild.From}, labels: map[string]string{}}
	m.choose()
	for _, scope := range l.state.Scopes {
		m.learn(scope)
	}
	l.state.byAddress, l.state.Protects = map[Address]*Resource{}, nil // there is nothing to protect from
	for _, scope := range l.state.Scopes {
		m.rename(scope)
		m.keep(scope)
	}
	l.state.Resources(m.literals)
	l.state.Resources(m.deliver)
	l.state.Rebuild = l.rebuild
	l.state.Rebuild.Old = m.old
	if m.dropped > 0 {
		l.diags.Warnf(m.ids, "the objects are found by their names in the other organization", "%s of Atlas's left out, this one first: a rebuild makes the objects anew", Counted(m.dropped, "id"))
	}
	if m.removals > 0 {
		l.diags.Warnf(m.absent, "", "%s left out, this one first: a rebuild takes nothing away", Counted(m.removals, "removal"))
	}
}

// choose leaves only the organization that is rebuilt and its projects.
func (m *moving) choose() {
	from := m.state.byAddress[ScopeAddress("org", m.rebuild.From)]
	if from != nil && from.Ident != "" {
		m.old = append(m.old, from.Ident)
	}
	several := len(m.state.Organizations()) > 1
	m.state.Scopes = slices.DeleteFunc(m.state.Scopes, func(scope *Resource) bool {
		owner := within(scope)
		if scope.Kind.Parent == "" {
			owner = scopeName(scope)
		}
		if owner == "" && several {
			m.diags.Errorf(scope.Source(), fmt.Sprintf("say so with %s:", strings.Join(scope.Kind.Within, ", ")), "%s: nothing says which organization it is of", scope.Address)
		}
		if owner != "" && !slices.Contains(m.old, owner) {
			return true
		}
		if scope.Absent {
			m.remove(scope)
		}
		return scope.Absent
	})
	if m.to = from; from != nil || len(m.state.Scopes) == 0 {
		return
	}
	kind := m.catalog.Kind(m.state.Scopes[0].Kind.Parent)
	m.to = &Resource{Kind: kind, Values: map[string]any{}, At: map[string]Position{"": m.state.Scopes[0].Source()}}
	m.state.Scopes = slices.Insert(m.state.Scopes, 0, m.to)
}

// learn notes which name files give to an id, before ids are left out.
func (m *moving) learn(r *Resource) {
	if parts := r.KeyParts(); r.Ident != "" && strings.Join(parts, "") != "" {
		m.labels[r.Kind.Name+" "+r.Ident] = r.Kind.Label(parts)
	}
	for _, sec := range r.Sections {
		for _, child := range sec.Resources {
			m.learn(child)
		}
	}
}

// rename has an organization or project belong to the other organization.
func (m *moving) rename(scope *Resource) {
	k := scope.Kind
	if scope == m.to {
		m.drop(scope)
		scope.Ident, scope.Values[k.Key[0]] = "", m.rebuild.Into
	} else {
		for _, name := range k.Within {
			scope.Values[name] = m.rebuild.Into
		}
	}
	scope.Address = ScopeAddress(k.addressPrefix(), scopeName(scope))
}

// keep leaves out ids and removals, and gives each resource its new address.
func (m *moving) keep(r *Resource) {
	if r != m.to && r.Ident != "" && strings.Join(r.KeyParts(), "") == "" {
		m.diags.Errorf(r.Source(r.Kind.Ident), fmt.Sprintf("give its %s too", strings.Join(r.Kind.KeyFields(), " or ")),
			"%s is declared by its id alone, which no object of another organization has", r.Address)
	} else if r != m.to {
		m.drop(r)
		r.Ident = ""
	}
	r.Replace = false
	m.state.byAddress[r.Address] = r
	for _, sec := range r.Sections {
		if sec.Prune != nil {
			m.count(*sec.Prune)
			sec.Prune = nil
		}
		sec.Resources = slices.DeleteFunc(sec.Resources, func(child *Resource) bool {
			if child.Absent {
				m.remove(child)
			}
			return child.Absent
		})
		for _, child := range sec.Resources {
			key := addressKey(child)
			child.Address = r.Address.Child(sec.Kind.Section, key...)
			for n := 2; m.state.byAddress[child.Address] != nil && child.Kind.Paired; n++ {
				child.Address = r.Address.Child(sec.Kind.Section, append(slices.Clone(key), fmt.Sprint(n))...)
			}
			m.keep(child)
		}
	}
	r.Sections = slices.DeleteFunc(r.Sections, func(sec *Section) bool { return sec.Kind.Singleton && len(sec.Resources) == 0 && !sec.Implied })
}

func (m *moving) drop(r *Resource) {
	if r.Ident == "" {
		return
	}
	if m.dropped++; m.dropped == 1 {
		m.ids = r.Source(r.Kind.Ident)
	}
}

func (m *moving) remove(r *Resource) { m.count(r.Source("state")) }

func (m *moving) count(at Position) {
	if m.removals++; m.removals == 1 {
		m.absent = at
	}
}

// literals has what refers to the old organization mean the other one, and
// replaces ids by the names that files give them. Other ids are errors.
func (m *moving) literals(r *Resource) {
	Leaves(r.Kind.Fields, r.Values, func(f *Field, path string, v any, beside map[string]any) {
		one := func(v any, at string) any {
			text, ok := v.(string)
			if !ok || f.ReadOnly {
				return v
			}
			return m.literal(r, f, text, at)
		}
		list, isList := v.([]any)
		if !isList {
			beside[f.Name] = one(v, path)
			return
		}
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = one(e, fmt.Sprintf("%s[%d]", path, i))
		}
		beside[f.Name] = out
	})
}

func (m *moving) literal(r *Resource, f *Field, text, at string) string {
	kind := m.catalog.Kind(f.RefFor(r))
	switch {
	case kind == nil && slices.Contains(m.old[1:], text):
		m.diags.Errorf(r.Source(at, f.Name), "", "%s: %s is the id of the old organization", r.Address, at)
	case kind == nil && f.Ref == nil && isIDPattern(f.Pattern):
		m.diags.Errorf(r.Source(at, f.Name), "leave it out, and declare it once the other organization has one",
			"%s: %s is the id of something that only the old organization has", r.Address, at)
	case kind == nil:
	case kind == m.to.Kind && slices.Contains(m.old, text):
		return m.rebuild.Into
	case m.labels[kind.Name+" "+text] != "":
		return m.labels[kind.Name+" "+text]
	case f.Ref != nil && f.Ref.AnyID && kind.IsID(text) && m.state.Referenced(r, kind, text) == nil:
		m.diags.Errorf(r.Source(at, f.Name), fmt.Sprintf("call it by its %s, or declare it under %s: with %s: %s, which says its name", strings.Join(kind.KeyFields(), " or "), kind.Section, kind.Ident, text),
			"%s: %s is the id of a %s of the old organization", r.Address, at, kind.Name)
	}
	return text
}

// isIDPattern tells whether a pattern is that of Atlas's own ids.
func isIDPattern(pattern string) bool {
	if pattern == "" || !strings.Contains(pattern, "24") {
		return false
	}
	re, err := regexp.Compile(pattern)
	return err == nil && re.MatchString("0123456789abcdef01234567") && !re.MatchString("0123456789abcdef0123456g")
}

// notInPath is what stands in no part of a delivered file's name.
var notInPath = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// deliver has a new secret go to a file of its own, named after its account, also where
// the files leave the secrets of one alone that there is: making it anew makes one.
func (m *moving) deliver(r *Resource) {
	rot := r.Kind.Rotation
	if rot == nil || r.Flag(rot.Unless) || r.Absent || m.rebuild.DeliverTo == "" {
		return
	}
	rule, ok := r.Rule()
	if ok && !rule.Delivers() || !ok && rot.List != nil {
		return
	}
	name := strings.TrimPrefix(string(r.Address), string(m.to.Address)+"/")
	to := map[string]any{"file": filepath.Join(m.rebuild.DeliverTo, notInPath.ReplaceAllString(name, "_"))}
	if rule.Format != "" {
		to["format"] = rule.Format
	}
	switch {
	case rot.Once:
		r.Values[rot.Field] = to
	case !ok:
		r.Values[rot.Field] = map[string]any{"maxAge": time.Duration(min(rot.MaxHours, defaultHours)) * time.Hour, "deliverTo": to}
	default:
		r.Values[rot.Field].(map[string]any)["deliverTo"] = to
	}
}

// defaultHours is how long a secret lives that no file has a rule for.
const defaultHours = 720

// Delivering lists the declared resources whose new secrets are handed over.
func (s *State) Delivering() []*Resource {
	var out []*Resource
	s.Resources(func(r *Resource) {
		if rule, ok := r.Rule(); ok && rule.Delivers() && !r.Absent {
			out = append(out, r)
		}
	})
	return out
}
