package spec

import (
	"path"
	"slices"

	"gopkg.in/yaml.v3"
)

// Covers tells whether the rule holds in an organization or project, by its name and
// tags. Names of projects leave organizations out.
func (r *PolicyRule) Covers(s *State, scope *Resource) bool {
	if len(r.Projects) > 0 && (scope.Kind.Parent == "" || !fits(r.Projects, scopeName(scope))) {
		return false
	}
	if name := s.organization(scope); len(r.Organizations) > 0 && !fits(r.Organizations, name) && !fits(r.Organizations, s.asDeclared(name)) {
		return false
	}
	tags := s.tagsOf(scope)
	for key, want := range r.Tags {
		if tags[key] != want {
			return false
		}
	}
	return true
}

// GuardedBy has another state's protections and its rules about steps hold for this one,
// which declares no more than a part of some resources.
func (s *State) GuardedBy(other *State) {
	s.guard, s.Protects = other, other.Protects
	s.Rules = slices.DeleteFunc(slices.Clone(other.Rules), func(r *PolicyRule) bool { return !r.OnSteps })
}

// tagsOf returns the declared tags of an organization or project.
func (s *State) tagsOf(scope *Resource) map[string]any {
	if s.guard != nil {
		if known := s.guard.Lookup(scope.Address); known != nil {
			return known.tags()
		}
	}
	return scope.tags()
}

// asDeclared is what the files call an organization that a rebuild makes of theirs.
func (s *State) asDeclared(organization string) string {
	if s.Rebuild != nil && organization == s.Rebuild.Into {
		return s.Rebuild.From
	}
	return organization
}

// Meant is what an address of the files means: in a rebuild, what is made anew.
func (s *State) Meant(a Address) Address {
	if s.Rebuild == nil {
		return a
	}
	old := ScopeAddress("org", s.Rebuild.From)
	if !a.Within(old) {
		return a
	}
	return ScopeAddress("org", s.Rebuild.Into) + a[len(old):]
}

func fits(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { ok, _ := path.Match(g, name); return ok })
}

// Meets tells whether the exemption is for a resource. A part of its address may be
// a pattern.
func (e *Exemption) Meets(a Address) bool {
	if e.Address == a {
		return true
	}
	ok, _ := path.Match(string(e.Address), string(a))
	return ok
}

// PlaceOf returns where a member of the resource stands, else what it would stand in;
// no line if no file declares the resource.
func (r *Resource) PlaceOf(member string) Position { return r.nearest("", member) }

// Plain copies a value of a plan into what expressions can hold: no secret's place or
// text gets there.
func Plain(v any) any { return plain(v) }

var spokenWords = []string{"cel", "message", "reason"}

// spokenIn finds the expressions and messages in a document of kind Policy.
func spokenIn(doc *yaml.Node) map[*yaml.Node]bool {
	out := map[*yaml.Node]bool{}
	if !isKind(doc, PolicyKind) {
		return out
	}
	var below func(n *yaml.Node, depth int)
	below = func(n *yaml.Node, depth int) {
		for i, c := range n.Content {
			value := n.Kind == yaml.MappingNode && i%2 == 1
			switch {
			case value && c.Kind == yaml.ScalarNode && slices.Contains(spokenWords, n.Content[i-1].Value):
				out[c] = true
			case depth > 0:
				below(c, depth-1)
			}
		}
	}
	below(doc, 5) // the document, rules, a rule, exempt, an exemption
	return out
}
