package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// blocked refuses what Atlas would refuse in the state that an object is in, and
// says in which order it works.
func (p *planning) blocked(s *Step) {
	if s.object == nil {
		return
	}
	gone := s.Action == Delete || s.Action == Replace
	refuse := func(a spec.Address, why, way string) {
		p.plan.Violations = append(p.plan.Violations, Violation{Guard: "blocked", Address: s.Address, Source: s.Source,
			Message: fmt.Sprintf("%s is to be %s, and Atlas refuses that: %s %s%s", s.Address, map[bool]string{true: "deleted", false: "changed"}[gone], a, why, way)})
	}
	for _, b := range s.Resource.Kind.Blocks {
		switch {
		case !b.While.Holds(s.object.Raw):
		case b.Of == "change" && s.Action == Update:
			refuse(s.Address, b.Why, "")
		case b.Of == "delete" && gone:
			if staying, freed := p.holders(s, b); !freed {
				refuse(s.Address, b.Why, wayOut(staying))
			}
		}
	}
	if !gone {
		return
	}
	for _, k := range p.catalog.Children(s.Resource.Kind) {
		listing, ok := p.live.Listing(k, s.object.Params)
		if !ok {
			continue
		}
		for _, o := range listing.Objects {
			for _, b := range k.Blocks {
				if own := p.steps[o]; b.Of == "parent" && b.While.Holds(o.Raw) && (own == nil || own.Action != Delete) {
					refuse(p.live.address(s.Resource, o), b.Why, "; delete that first, in an apply of its own")
				}
			}
		}
	}
}

// wayOut says what is to happen first to what holds an object.
func wayOut(staying []string) string {
	if len(staying) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s); take that away too, or first", strings.Join(staying, ", "))
}

// holders returns what holds an object back from its deletion and stays: addresses.
// freed says that the plan takes away all there is of it, and something at all: else
// the state has a reason that no list tells.
func (p *planning) holders(s *Step, b spec.Block) (staying []string, freed bool) {
	leaving := 0
	for _, name := range b.By {
		k := p.catalog.Kind(name)
		listing, ok := p.listing(k, p.live.Params(s.Resource.Parent))
		if !ok {
			return nil, false // it is planned again once that is read
		}
		for _, o := range listing.Objects {
			values := p.live.Values(o)
			if !p.mayName(k.Fields, values, s.object) && p.refersAtAll(k.Fields, s.Kind) {
				continue
			}
			own, lapsed := p.steps[o], false
			if _, lapsed = k.Lapsed(o.Raw); !lapsed && (own == nil || own.Action != Delete && !p.letsGo(own, values, s.object)) {
				staying = append(staying, string(p.live.address(s.Resource.Parent, o)))
				continue
			}
			leaving++
		}
	}
	slices.Sort(staying)
	return staying, leaving > 0 && len(staying) == 0
}

// letsGo tells whether an object does not name another any more once a step is done.
func (p *planning) letsGo(s *Step, live map[string]any, other *Object) bool {
	fields := s.Resource.Kind.Fields
	return p.refersAtAll(fields, other.Kind.Name) && !p.mayName(fields, over(live, s.Resource.Values), other)
}

// over returns live values with the declared ones in their place, blocks by member.
func over(live, declared map[string]any) map[string]any {
	out := maps.Clone(live)
	if out == nil {
		out = map[string]any{}
	}
	for name, v := range declared {
		block, isBlock := v.(map[string]any)
		if was, ok := out[name].(map[string]any); isBlock && ok {
			v = over(was, block)
		}
		out[name] = v
	}
	return out
}

// refersAtAll tells whether some field means objects of a kind.
func (p *planning) refersAtAll(fields []spec.Field, kind string) bool {
	return slices.ContainsFunc(fields, func(f spec.Field) bool {
		return f.Ref != nil && f.Ref.Kind == kind || p.refersAtAll(f.Fields, kind)
	})
}

// mayName tells whether values name an object, or hold what Atlas does not show and
// may name it. A block that is switched off names nothing.
func (p *planning) mayName(fields []spec.Field, values map[string]any, o *Object) bool {
	return slices.ContainsFunc(fields, func(f spec.Field) bool {
		v, there := values[f.Name]
		switch v := v.(type) {
		case map[string]any:
			return (f.Switch == nil || v[f.Switch.Field] == true) && p.mayName(f.Fields, v, o)
		case []any:
			return slices.ContainsFunc(v, func(e any) bool {
				m, isMap := e.(map[string]any)
				return isMap && p.mayName(f.Fields, m, o) || p.means(f, e, o)
			})
		}
		if !there && f.Ref != nil && f.Ref.Kind == o.Kind.Name {
			return f.NotReturned
		}
		return p.means(f, v, o)
	})
}

// means tells whether a field's value is an object's name or id.
func (p *planning) means(f spec.Field, v any, o *Object) bool {
	name, ok := v.(string)
	if !ok || f.Ref == nil || f.Ref.Kind != o.Kind.Name {
		return false
	}
	return name == spec.TextAt(o.Raw, f.Ref.IDAt(o.Kind)) ||
		slices.Equal(o.Kind.AddressParts(o.Kind.Called(name)), o.Kind.AddressParts(p.live.Values(o)))
}
