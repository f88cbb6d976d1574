package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// astray refuses of a rebuild what would take something away, and what would reach
// another organization than the one that is built.
func (p *planning) astray() {
	rb := p.state.Rebuild
	if rb == nil {
		return
	}
	scope := p.rebuilt()
	to := p.live.Find(scope).Object
	if to == nil {
		return // an error already
	}
	name, _ := p.live.Values(to)[scope.Kind.Key[0]].(string)
	if slices.Contains(rb.Old, to.id()) || slices.Contains(rb.Old, name) {
		p.violated(scope.Address, nil, "%s is the organization that the files declare: apply changes it, and a rebuild is for another one", scope.Address)
		return
	}
	foreign := p.foreign(to)
	for _, s := range p.plan.Steps {
		if s.Action == Delete || s.Action == Replace {
			p.violated(s.Address, s.Source, "%s is to be %sd, and a rebuild takes nothing away", s.Address, s.Action)
		}
		owners := p.shared(s, to)
		for _, r := range s.Requests {
			for _, text := range Names(r) {
				owner := foreign[text]
				if owner == "" {
					owner = owners[text]
				}
				if owner != "" {
					p.violated(s.Address, s.Source, "%s: %s %s would reach %s, which is not part of %s", s.Address, r.Method, r.Path, owner, scope.Address)
				}
			}
		}
	}
}

func (p *planning) violated(a spec.Address, at *spec.Position, format string, args ...any) {
	p.plan.Violations = append(p.plan.Violations, Violation{Guard: "rebuild", Address: a, Source: at, Message: fmt.Sprintf(format, args...)})
}

// rebuilt returns the organization that the files mean.
func (p *planning) rebuilt() *spec.Resource {
	return p.state.Scopes[slices.IndexFunc(p.state.Scopes, func(s *spec.Resource) bool { return s.Kind.Parent == "" })]
}

// foreign returns the live organizations and projects outside of one, by id.
func (p *planning) foreign(to *Object) map[string]string {
	out := map[string]string{}
	for _, k := range p.catalog.Documents() {
		listing, ok := p.live.Listing(k, Params{})
		if !ok {
			continue
		}
		for _, o := range listing.Objects {
			if !o.Inside(to) {
				out[o.id()] = strings.ToLower(k.Name) + " " + k.NameOf(o.Raw)
			}
		}
	}
	return out
}

// Inside tells whether an organization or project is another one or stands in it:
// it has the same values for the placeholders that the other gives.
func (o *Object) Inside(of *Object) bool {
	for name := range of.Kind.Params {
		if o.Params[name] != of.Params[name] {
			return false
		}
	}
	return true
}

// shared returns the ids of what the step's resource stands in that other
// organizations have too, as several can be of one federation: a call that names
// only such an id reaches them all. The lists that tell it are read first.
func (p *planning) shared(s *Step, to *Object) map[string]string {
	out := map[string]string{}
	for r := s.Resource.Parent; r != nil && !r.Kind.Document; r = r.Parent {
		if r.Parent.Kind != to.Kind || len(r.Kind.Params) == 0 {
			continue
		}
		own := p.live.Find(r).Object
		listing, _ := p.live.Listing(to.Kind, Params{})
		if own == nil || listing == nil {
			continue
		}
		for _, other := range listing.Objects {
			if other.Inside(to) {
				continue
			}
			theirs, read := p.live.Listing(r.Kind, other.Params)
			if !read {
				p.plan.Wants = append(p.plan.Wants, Want{Kind: r.Kind, Params: other.Params})
				continue
			}
			for _, o := range theirs.Objects {
				for name := range r.Kind.Params {
					if id, ok := own.Params[name].(string); ok && o.Params[name] == id {
						out[id] = "organization " + to.Kind.NameOf(other.Raw) + " too"
					}
				}
			}
		}
	}
	return out
}

// Names returns the texts by which a request can mean something: the parts of its
// path, and what its query and body hold.
func Names(r Request) []string {
	out := strings.Split(strings.TrimPrefix(r.Path, APIPrefix+"/"), "/")
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(map[string]any(r.Params))
	walk(map[string]any(r.Query))
	walk(r.Body)
	return out
}
