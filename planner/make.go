package planner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Make compares everything declared with everything live and returns the plan.
func Make(c *spec.Catalog, s *spec.State, l *Live, opts Options) *Plan {
	s.EndAt(opts.Now)
	p := &planning{catalog: c, state: s, live: l, opts: opts, plan: &Plan{Time: opts.Now, LeftOut: s.LeftOut()}, leftovers: map[*spec.Kind][]stranger{}}
	s.Resources(p.forgetLost)
	s.Resources(p.resource)
	s.Walk(p.unmanaged)
	p.outside()
	p.renames()
	p.order()
	p.indirect()
	p.guard()
	p.astray()
	p.plan.Access, p.plan.AccessUnread = p.accessChanges()
	p.plan.Diagnostics.Sort()
	s.Sources.Annotate(p.plan.Diagnostics)
	return p.plan
}

// Remake plans one resource anew, from what is live by now. It returns the
// step that is still to be done, of action None if there is nothing left.
func Remake(c *spec.Catalog, s *spec.State, l *Live, opts Options, r *spec.Resource) (*Step, spec.Diagnostics) {
	p := &planning{catalog: c, state: s, live: l, opts: opts, plan: &Plan{Time: opts.Now}}
	p.forgetLost(r)
	p.resource(r)
	p.state.Sources.Annotate(p.plan.Diagnostics)
	if len(p.plan.Steps) == 0 {
		s := &Step{Address: r.Address, Kind: r.Kind.Name, Action: None, Resource: r, object: l.Find(r).Object}
		if s.object != nil && !r.Absent {
			s.Outputs = l.Outputs(s.object)
		}
		return s, p.plan.Diagnostics
	}
	return p.plan.Steps[0], p.plan.Diagnostics
}

type planning struct {
	catalog *spec.Catalog
	state   *spec.State
	live    *Live
	opts    Options
	plan    *Plan
	// leftovers are the live objects that no file declares, as far as was looked.
	leftovers map[*spec.Kind][]stranger
	managed   int                        // live objects in declared sections, for a ceiling in percent
	meant     map[*Object]*spec.Resource // what declares each object
	steps     map[*Object]*Step
	needs     map[string][]need                 // what the files name, see declaredNeeds
	links     map[*Listing]map[string][]*Object // by the id of what each exists with
}

func (p *planning) errorf(at spec.Position, hint, format string, args ...any) {
	p.plan.Diagnostics.Errorf(at, hint, format, args...)
}

// resource plans one declared resource.
func (p *planning) resource(r *spec.Resource) {
	found := p.live.Find(r)
	if p.isTwin(r, found.Object) || r.Context {
		return
	}
	if found.Unread {
		p.unread(r)
		return
	}
	if len(found.Candidates) > 1 {
		p.ambiguous(r, found.Candidates)
		return
	}
	o := found.Object
	if o != nil {
		if r.Parent != nil {
			p.managed++
		}
		if state, lapsed := r.Kind.Lapsed(o.Raw); lapsed {
			if !p.lapsed(r, state) {
				return
			}
			o = nil
		}
	}
	if o != nil {
		p.plan.Summary.Governed++
		p.plan.Summary.Live++
	}
	if r.Absent && o != nil && r.Kind.Untouched(o.Raw) {
		o = nil // as Atlas makes it
	}
	if !r.Absent && p.expired(r) {
		p.plan.Summary.None++
		return
	}
	switch {
	case r.Absent && o == nil:
		p.plan.Summary.None++
		p.plan.Done = append(p.plan.Done, Done{Address: r.Address, Source: source(r), Until: ended(r)})
	case r.Absent:
		p.remove(r, o, false)
	case o == nil:
		p.create(r, found.Unborn)
	default:
		p.endsSoon(r)
		p.update(r, o)
	}
}

// expired tells whether what is declared has ended by itself: it is not made
// again, and what Atlas still has of it will go.
func (p *planning) expired(r *spec.Resource) bool {
	until, _ := r.Values[r.Kind.Expires].(string)
	end, err := time.Parse(time.RFC3339, until)
	return err == nil && !end.After(p.opts.Now)
}

// isTwin reports a resource that means the same object as another, by its id
// and by its name: each would undo what the other does.
func (p *planning) isTwin(r *spec.Resource, o *Object) bool {
	if o == nil {
		return false
	}
	if p.meant == nil {
		p.meant = map[*Object]*spec.Resource{}
	}
	other := p.meant[o]
	if other == nil || other == r {
		p.meant[o] = r
		return false
	}
	if r.Parent == nil || p.meant[p.live.Find(r.Parent).Object] == r.Parent { // else its scope is told already
		p.errorf(r.Source(r.Kind.Ident), fmt.Sprintf("declared at %s", other.Source()), "%s is the same object in Atlas as %s", r.Address, other.Address)
	}
	return true
}

func (p *planning) ambiguous(r *spec.Resource, candidates []*Object) {
	var ids []string
	for _, o := range candidates {
		ids = append(ids, o.Describe(p.live))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	hint := "candidates: " + strings.Join(ids, ", ")
	if r.Kind.Ident != "" {
		hint = fmt.Sprintf("say which with %s; %s", r.Kind.Ident, hint)
	}
	p.errorf(r.Source(r.Kind.KeyFields()...), hint, "%s: Atlas has %s that match", r.Address, spec.Counted(len(ids), "object"))
}

// lapsed judges a live object that counts as not there. It tells whether to
// create it again.
func (p *planning) lapsed(r *spec.Resource, state string) bool {
	lapse := r.Kind.Lapse
	switch {
	case r.Absent:
		p.plan.Summary.None++
		return false
	case p.opts.Allow[lapse.Option]:
		return true
	}
	p.find(Finding{Class: Missing, Address: r.Address, Kind: r.Kind.Name, Source: source(r),
		Message: lapse.Says(state) + "; " + again(lapse)})
	return false
}

// again says what makes something anew that has lapsed.
func again(l *spec.Lapse) string {
	if l.Option == "" {
		return "plan again once it is gone"
	}
	return fmt.Sprintf("--%s sends it again", l.Option)
}

// create plans a resource that is not there.
func (p *planning) create(r *spec.Resource, unborn bool) {
	if r.Ident != "" {
		p.errorf(r.Source(r.Kind.Ident), "leave it out to create one by name", "%s: Atlas has no %s with the %s %s", r.Address, r.Kind.Name, r.Kind.Ident, r.Ident)
		return
	}
	if unborn && r.Parent.Context {
		p.errorf(r.Source(), "select it too", "%s: %s does not exist yet and is left out", r.Address, r.Parent.Address)
		return
	}
	unborn = unborn || p.mayCome(r)
	if !p.creatable(r, unborn) || !p.references(r) {
		return
	}
	step := p.step(r, Create)
	step.Provisional, step.Uncertain = unborn, r.Kind.NamesNotUnique
	calls := r.Kind.Create
	if r.Kind.Singleton && len(calls) == 0 {
		step.Action, calls = Update, r.Kind.Update
	}
	step.Changes = flatten(r.Kind.Fields, r.Values)
	for i := range step.Changes {
		step.Changes[i].Unknown = unborn && r.Kind.Singleton && len(r.Kind.Create) == 0
		step.Changes[i].Key = inAddress(r, step.Changes[i].Path)
	}
	b := &builder{planning: p, r: r, step: step, creating: true, changes: step.Changes, params: p.live.Params(r)}
	if lost := p.live.lostOf(r); lost != nil {
		b.dropLost(lost)
	}
	b.calls(calls)
	if when := firstWhen(r.Kind.Create); when != nil && len(step.Requests) == 0 {
		p.errorf(r.Source(r.Kind.KeyFields()...), fmt.Sprintf("create it in Atlas first; this tool does so where %s is %v", when.Field, when.Is),
			"%s: there is no such %s in Atlas, and this tool cannot create one with the %s %v", r.Address, r.Kind.Name, when.Field, r.Values[when.Field])
		return
	}
	p.rotate(b, nil)
	if p.state.Rebuild != nil && r.Kind.Contents != "" {
		step.Notes = append(step.Notes, r.Kind.Contents)
	}
	if r.Until != "" {
		step.Notes = append(step.Notes, "until "+r.Until+": apply then removes it")
	}
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if why := f.Warns[fmt.Sprint(f.Canon(r.Values[f.Name]))]; why != "" {
			step.Notes = append(step.Notes, why)
		}
	}
	p.add(step)
}

// mayCome tells whether a singleton that no call creates may come with what the
// same plan does to its parent: it is looked at again after that.
func (p *planning) mayCome(r *spec.Resource) bool {
	return r.Kind.Optional != nil && len(r.Kind.Create) == 0 && r.Parent != nil &&
		slices.ContainsFunc(p.plan.Steps, func(s *Step) bool { return s.Resource == r.Parent && s.Action != Delete })
}

// creatable reports what must be in Atlas beforehand and is not.
func (p *planning) creatable(r *spec.Resource, unborn bool) bool {
	if o := r.Kind.Optional; o != nil && len(r.Kind.Create) == 0 && !unborn {
		p.errorf(r.Source(), o.Hint, "%s is not there, and this tool cannot create it", r.Address)
		return false
	}
	if len(r.Kind.Create) == 0 && !r.Kind.Singleton {
		hint := "create it in Atlas first"
		if r.Kind.Document {
			hint += ", if it is not there; else these credentials cannot see it"
		}
		if near := p.nearestLive(r); near != "" {
			hint = "did you mean " + near + "?"
		}
		p.errorf(r.Source(r.Kind.KeyFields()...), hint, "%s: there is no such %s in Atlas, and this tool cannot create one", r.Address, r.Kind.Name)
		return false
	}
	for _, f := range r.Kind.Fields {
		if f.Preexisting && unborn {
			p.errorf(r.Source(f.Name), "create it in Atlas first", "%s: %s names something that must exist, in a project that does not exist yet", r.Address, f.Name)
			return false
		}
	}
	for _, name := range r.Kind.Within {
		if _, ok := r.Values[name]; !ok {
			p.errorf(r.Source(r.Kind.KeyFields()...), fmt.Sprintf("give its %s to create it", name), "%s does not exist in Atlas (or these credentials cannot see it)", r.Address)
			return false
		}
	}
	return true
}

func optionOf(k *spec.Kind) string {
	if k.Lapse == nil {
		return ""
	}
	return k.Lapse.Option
}

// words spells a kind's name for a sentence: OrganizationUser, organization
// user; IPAccessList, IP access list.
func words(name string) string {
	parts := spec.Words(name)
	for i, w := range parts {
		if len(w) == 1 || strings.ToUpper(w) != w {
			parts[i] = strings.ToLower(w)
		}
	}
	return strings.Join(parts, " ")
}

func source(r *spec.Resource) *spec.Position {
	at := r.Source(r.Kind.KeyFields()...)
	if at.Line == 0 && at.File == "" {
		return nil
	}
	return &at
}

func (p *planning) step(r *spec.Resource, a Action) *Step {
	s := &Step{Address: r.Address, Kind: r.Kind.Name, Action: a, Source: source(r), Status: Planned, Resource: r,
		Changes: []Change{}, Requests: []Request{}, Needs: []spec.Address{}}
	if lane := r.Kind.Lane; lane != nil {
		s.Lane = lane.Name
		params := p.live.Params(r)
		for _, name := range lane.By {
			s.Lane += fmt.Sprintf("/%v", params[name])
		}
	}
	return s
}

func (p *planning) add(s *Step) {
	for i := range s.Changes {
		if s.Resource == nil {
			break
		}
		if at, ok := s.Resource.GivenAt(s.Changes[i].Path); ok {
			s.Changes[i].Source = &at
			s.Changes[i].Origins = s.Resource.Origins(s.Resource.Place(s.Changes[i].Path))
		}
	}
	if s.Resource != nil && len(s.Resource.NeededBy) > 0 {
		s.Notes = append(s.Notes, neededBy(s.Resource))
	}
	p.plan.Steps = append(p.plan.Steps, s)
}

func (p *planning) find(f Finding) { p.plan.Findings = append(p.plan.Findings, f) }
