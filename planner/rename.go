package planner

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A stranger is a live object that no file declares, by the address that it
// would have.
type stranger struct {
	address spec.Address
	parent  *spec.Resource // nil of an organization or project
	object  *Object
	twin    bool // others have its name
}

// mostPairs is how many pairs of a new and an old object are compared: who
// creates hundreds among hundreds renames none.
const mostPairs = 10_000

// renames asks, at each creation, whether a rename is meant: of the one live
// object that no file declares any more and that is alike in all else. Where
// several could be meant it says nothing.
func (p *planning) renames() {
	claims := map[*Object][]*Step{}
	only := map[*Step]stranger{}
	creations := map[string]int{}
	for _, s := range p.plan.Steps {
		if s.Action == Create {
			creations[s.Kind]++
		}
	}
	for _, s := range p.plan.Steps {
		if s.Action != Create || s.Resource.Kind.Ident == "" || creations[s.Kind]*len(p.strangers(s.Resource.Kind)) > mostPairs {
			continue
		}
		var alike []stranger
		for _, old := range p.strangers(s.Resource.Kind) {
			if old.parent == s.Resource.Parent && p.live.isWithin(s.Resource, old.object) && p.alike(s.Resource, old.object) {
				alike = append(alike, old)
				claims[old.object] = append(claims[old.object], s)
			}
		}
		if len(alike) == 1 {
			only[s] = alike[0]
		}
	}
	for s, old := range only {
		if len(claims[old.object]) == 1 {
			s.Notes = append(s.Notes, fmt.Sprintf("rename? say %s: %s to rename %s instead", s.Resource.Kind.Ident, old.object.id(), old.address))
		}
	}
}

// strangers returns the live objects of a kind that no file declares: in the
// declared sections; of organizations and projects, all.
func (p *planning) strangers(k *spec.Kind) []stranger {
	if !k.Document {
		return p.leftovers[k]
	}
	if out, known := p.leftovers[k]; known {
		return out
	}
	owned := map[*Object]bool{}
	for _, r := range p.state.Scopes {
		found := p.live.Find(r)
		owned[found.Object] = true
		for _, o := range found.Candidates {
			owned[o] = true
		}
	}
	out := []stranger{}
	if listing, ok := p.live.Listing(k, Params{}); ok {
		for _, o := range listing.Objects {
			values := p.live.Values(o)
			twins := len(p.live.byKey(listing)[joinKey(k.AddressParts(values))]) > 1
			if !owned[o] {
				out = append(out, stranger{address: p.state.Outside(k, values, twins), object: o, twin: twins})
			}
		}
	}
	p.leftovers[k] = out
	return out
}

// alike tells whether a live object is what a resource declares but for its
// name: all that is declared is so there, and either that is more than nothing
// or the names are nearly the same.
func (p *planning) alike(r *spec.Resource, o *Object) bool {
	live := p.live.Values(o)
	declared, _ := verifiable(r, r.Kind.Fields, r.Values, live, "")
	if len(Diff(r.Kind.Fields, declared, live)) > 0 {
		return false
	}
	for name, v := range declared {
		if f := r.Kind.Field(name); !r.Kind.Identifies(name) && !empty(v) && !reflect.DeepEqual(v, f.Default) {
			return true
		}
	}
	return nearly(strings.Join(r.KeyParts(), "/"), strings.Join(r.Kind.AddressParts(live), "/"))
}

// empty tells whether a value is what Atlas answers for one that nobody set.
func empty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return v == nil || v == ""
}

// nearly tells whether two names are as close as a typo. What differs only in
// its numbers is one more of a kind.
func nearly(a, b string) bool {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return -1
			}
			return r
		}, s)
	}
	return letters(a) != letters(b) && spec.Nearest(a, []string{b}) != ""
}
