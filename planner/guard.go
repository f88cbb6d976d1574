package planner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Ceiling is how many deletions a plan may hold: a number, or a percentage
// of the live resources in the declared sections.
type Ceiling struct {
	N       int
	Percent bool
}

// DefaultCeiling is what holds without --max-deletes.
var DefaultCeiling = Ceiling{N: 10}

// ParseCeiling reads "10" or "5%".
func ParseCeiling(s string) (Ceiling, error) {
	digits, percent := strings.CutSuffix(s, "%")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || percent && n > 100 {
		return Ceiling{}, fmt.Errorf("--max-deletes takes a number or a percentage, such as 10 or 5%%, not %q", s)
	}
	return Ceiling{N: n, Percent: percent}, nil
}

func (c Ceiling) String() string {
	if c.Percent {
		return fmt.Sprintf("%d%%", c.N)
	}
	return strconv.Itoa(c.N)
}

// guard finds what the plan may not do.
func (p *planning) guard() {
	deletes := 0
	for _, s := range p.plan.Steps {
		for _, c := range s.Changes {
			s.deletes += p.loses(s, c)
		}
		deletes += s.deletes
		p.protected(s)
		p.blocked(s)
		p.irreversible(s)
		p.ownCredentials(s)
	}
	p.lastOwners()
	p.idleProtections()
	limit := p.opts.MaxDeletes.N
	if p.opts.MaxDeletes.Percent {
		limit = p.managed * p.opts.MaxDeletes.N / 100
	}
	if deletes > limit {
		p.plan.Violations = append(p.plan.Violations, Violation{Guard: "max-deletes",
			Message: fmt.Sprintf("the plan removes %s (deleted and replaced resources with what they hold, removed members, destructive changes) and --max-deletes is %s", spec.Counted(deletes, "thing"), p.opts.MaxDeletes)})
	}
}

// loses counts what one change takes away: members of a set, keys of a mapping,
// and what is destructive as such.
func (p *planning) loses(s *Step, c Change) int {
	n := 0
	if c.Destructive {
		n++
	}
	if s.Action != Update {
		return n
	}
	f := spec.FieldAt(s.Resource.Kind.Fields, spec.SplitPath(c.Path))
	switch {
	case f == nil || c.After != nil || c.Destructive:
	case f.Type == spec.Map && c.Path != f.Name, strings.HasSuffix(c.Path, "]"):
		n++ // a key of a mapping, an element of a list
	}
	return n + len(c.removed)
}

// irreversible refuses what nobody can undo, unless the file says that it is meant.
func (p *planning) irreversible(s *Step) {
	i := s.Resource.Kind.Irreversible
	if i == nil || s.Action != Create && s.Action != Update {
		return
	}
	s.Notes = append(s.Notes, "This cannot be undone: "+i.Why+".")
	if !s.Resource.Flag(i.Unless) {
		p.plan.Violations = append(p.plan.Violations, Violation{Guard: "irreversible", Address: s.Address, Source: s.Source,
			Message: fmt.Sprintf("%s is to be %sd, and that cannot be undone: %s (%s: true in the file, if it is meant)", s.Address, s.Action, i.Why, i.Unless)})
	}
}

// protected refuses deletions, replacements and cascades that a header protects from.
func (p *planning) protected(s *Step) {
	if s.Action != Delete && s.Action != Replace {
		return
	}
	live := s.Address // by the name that it has, where the file says another
	if s.object != nil && s.Resource.Parent != nil {
		live = p.live.address(s.Resource.Parent, s.object)
	}
	for _, pr := range p.state.Protects {
		if pr.Covers(s.Address) || pr.Below(s.Address) || pr.Covers(live) || pr.Below(live) {
			at := pr.Source
			p.plan.Violations = append(p.plan.Violations, Violation{Guard: "protect", Address: s.Address, Source: &at,
				Message: fmt.Sprintf("%s is to be %sd, and %s is protected at %s", s.Address, s.Action, pr.Entry, pr.Source)})
		}
	}
}

// idleProtections warns of entries that name one resource which is neither in
// Atlas nor declared: a misspelt one protects nothing.
func (p *planning) idleProtections() {
	for _, pr := range p.state.Protects {
		key := pr.Key()
		if key == nil || pr.Kind.Parent != pr.Scope.Kind.Name || p.state.Lookup(pr.Scope.Address.Child(pr.Kind.Section, key...)) != nil {
			continue
		}
		listing, read := p.live.Listing(pr.Kind, p.live.Params(pr.Scope))
		if !read || len(p.live.byKey(listing)[joinKey(key)]) > 0 {
			continue
		}
		near := p.nearestLive(&spec.Resource{Kind: pr.Kind, Parent: pr.Scope, Values: valuesOf(pr.Kind, key)})
		hint := ""
		if near != "" {
			hint = "did you mean " + near + "?"
		}
		p.plan.Diagnostics.Warnf(pr.Source, hint, "%s protects nothing: it is neither in Atlas nor declared", pr.Entry)
	}
}

// valuesOf returns the key fields that have these values.
func valuesOf(k *spec.Kind, key []string) map[string]any {
	return k.Named(key...)
}

// Guards are the names of the guards that --allow can switch off.
var Guards = []string{"last-owner", "own-credentials"}

func (p *planning) refuse(guard string, a spec.Address, at *spec.Position, format string, args ...any) {
	if slices.Contains(p.opts.AllowGuards, guard) {
		return
	}
	p.plan.Violations = append(p.plan.Violations, Violation{Guard: guard, Address: a, Source: at,
		Message: fmt.Sprintf(format, args...) + fmt.Sprintf(" (--allow %s, if that is meant)", guard)})
}

// ownCredentials refuses to take away what the tool itself works through.
func (p *planning) ownCredentials(s *Step) {
	for _, c := range s.Changes {
		if f := spec.FieldAt(s.Resource.Kind.Fields, spec.SplitPath(c.Path)); f != nil && f.LocksOut != "" && c.After == true {
			p.refuse("own-credentials", s.Address, s.Source, "%s: %s shuts out %s", s.Address, c.Path, f.LocksOut)
		}
	}
	if s.object == nil || s.object.id() == "" || !slices.Contains(p.opts.Self, s.object.id()) {
		return
	}
	takes := s.Action == Delete || s.Action == Replace
	for _, c := range s.Changes {
		takes = takes || len(c.removed) > 0
	}
	if takes {
		p.refuse("own-credentials", s.Address, s.Source, "%s is what this run is logged in as", s.Address)
	}
}

func has(list any, value string) bool {
	l, _ := list.([]any)
	return slices.Contains(l, any(value))
}
