package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// references reports values that name nobody, neither live nor declared: of all
// fields, or of an update those that change and are sent as ids.
func (p *planning) references(r *spec.Resource, changes ...Change) bool {
	ok := true
	changed := func(f *spec.Field, path string) bool {
		return f.Ref != nil && f.Ref.ByID && slices.ContainsFunc(changes, func(c Change) bool { return spec.HeadOf(c.Path) == spec.HeadOf(path) })
	}
	r.EachRef(func(f *spec.Field) string {
		if f.Backref != nil || f.Ref != nil && f.Ref.Maybe {
			return "" // members are checked one by one where they are sent
		}
		return f.RefFor(r)
	}, func(f *spec.Field, _, key, path string) {
		if changes == nil || changed(f, path) {
			ok = p.known(r, f, key, r.Source(path)) && ok
		}
	})
	return ok
}

// known tells whether a key names a live or declared object, and reports it
// if not.
func (p *planning) known(r *spec.Resource, f *spec.Field, key string, at spec.Position) bool {
	kind := p.catalog.Kind(f.RefFor(r))
	o, declared := p.live.Lookup(r, kind, key)
	if o != nil {
		return true
	}
	params := p.live.ScopeParams(r, kind)
	if _, read := p.live.Listing(kind, params); !read && (declared != nil || p.live.hasFailed(ListKey(kind, params))) {
		return true // in what does not exist yet; or the failed read is an error of its own
	}
	if declared != nil {
		live := p.live.Find(declared).Object
		if live == nil || kind.Lapse == nil || p.opts.Allow[optionOf(kind)] {
			return true
		}
		// Declared and there, yet not found by Lookup: it has lapsed.
		why := fmt.Sprintf("whose %s has lapsed", kind.Lapse.What)
		if kind.Lapse.Option == "" {
			why = "which Atlas is deleting"
		}
		p.find(Finding{Class: Missing, Address: r.Address, Kind: r.Kind.Name, Path: f.Name, Source: &at,
			Message: fmt.Sprintf("waits for %s, %s; %s", declared.Address, why, again(kind.Lapse))})
		return false
	}
	if f.Ref != nil && f.Ref.AnyID && kind.IsID(key) {
		return true
	}
	hint := fmt.Sprintf("declare it under %s: of the %s", kind.Section, strings.ToLower(kind.Parent))
	switch {
	case kind.Document && kind.Parent != "":
		hint = fmt.Sprintf("declare it in a document of kind: %s, or check that these credentials can see it", kind.Name)
	case kind.Parent == "":
		hint = "check the name, and that these credentials can see it"
	}
	if renamed := p.live.renamed(r, kind, key); renamed != nil {
		hint = fmt.Sprintf("it is called %s now: %s", strings.Join(renamed.KeyParts(), "/"), renamed.Source())
	} else if near := p.nearestKey(r, kind, key); near != "" {
		hint = fmt.Sprintf("did you mean %s? Else %s", near, hint)
	}
	if f.Ref != nil && f.Ref.Unless != "" {
		hint += fmt.Sprintf(", or say %s: true", f.Ref.Unless)
	}
	p.errorf(at, hint, "%s: %s %q is neither in Atlas nor declared", r.Address, words(kind.Name), key)
	return false
}

// nearestKey returns the key of a live or declared object that a wrong one may
// mean.
func (p *planning) nearestKey(r *spec.Resource, kind *spec.Kind, key string) string {
	var known []string
	if listing, ok := p.live.Listing(kind, p.live.ScopeParams(r, kind)); ok {
		for _, o := range listing.Objects {
			known = append(known, strings.Join(kind.AddressParts(p.live.Values(o)), "/"))
		}
	}
	p.state.Resources(func(other *spec.Resource) {
		if other.Kind == kind && !other.Absent {
			known = append(known, strings.Join(other.KeyParts(), "/"))
		}
	})
	return spec.Nearest(key, known)
}
