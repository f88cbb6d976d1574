package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// update compares a resource with the live object it means.
func (p *planning) update(r *spec.Resource, o *Object) {
	if state, reason, failed := r.Kind.Failed(o.Raw); failed {
		p.errorf(r.Source(r.Kind.KeyFields()...), "remove it with state: absent and declare it again", "%s is %s", r.Address, spec.Reasoned(state+" in Atlas", reason))
		return
	}
	live := p.live.Values(o)
	asked := p.effective(r)
	declared := unmoved(r.Kind.Fields, asked, live)
	changes := p.changes(r, declared, live)
	step := p.step(r, Update)
	step.object, step.Changes, step.Live = o, changes, dependedOn(r.Kind.Fields, declared, live)
	if !p.changeable(r, step, live) || len(changes) > 0 && !p.references(r, changes...) {
		return
	}
	b := &builder{planning: p, r: r, step: step, o: o, declared: declared, live: live, changes: changes, params: p.live.Params(r)}
	if step.Action == Replace {
		b.removing = true
		b.calls(r.Kind.Delete)
		b.removing = false
		b.changes, b.creating, b.o, b.params = flatten(r.Kind.Fields, declared), true, nil, p.live.newParams(r)
		b.calls(r.Kind.Create)
		step.Changes = append(step.Changes, givenUp(r.Kind, declared, live)...)
		step.Unchanged = unchanged(r.Kind, declared, changes)
		step.deletes++
	} else {
		step.Unchanged = unchanged(r.Kind, declared, changes)
		b.calls(r.Kind.Update)
		p.rotate(b, o)
	}
	p.moved(r, asked, declared, live)
	if len(step.Changes) == 0 {
		p.plan.Summary.None++
		p.awaits(r, o)
		return
	}
	p.add(step)
}

// givenUp lists the values that a replacement gives up: those that somebody has set
// and the file does not declare.
func givenUp(k *spec.Kind, declared, live map[string]any) []Change {
	var out []Change
	for i := range k.Fields {
		f := &k.Fields[i]
		v, there := live[f.Name]
		_, kept := declared[f.Name]
		if !there || kept || f.ReadOnly || f.Local || f.Sensitive || isVoid(v) || f.IsDefault(v) {
			continue
		}
		out = append(out, Change{Path: f.Name, Before: shown(f, v)})
	}
	return out
}

// awaits tells of what somebody outside Atlas has to do for an object that is as
// declared, and with what.
func (p *planning) awaits(r *spec.Resource, o *Object) {
	for _, out := range r.Kind.Outside {
		if !out.While.Holds(o.Raw) {
			continue
		}
		message := out.What
		outputs := p.live.Outputs(o)
		for _, name := range slices.Sorted(maps.Keys(outputs)) {
			message += fmt.Sprintf("; %s is %v", name, outputs[name])
		}
		p.find(Finding{Class: Outside, Address: r.Address, Kind: r.Kind.Name, Source: source(r), Message: message})
	}
}

// unchanged counts the declared fields that a comparison found equal; what
// identifies the resource does not count.
func unchanged(k *spec.Kind, declared map[string]any, changes []Change) int {
	n := 0
	for _, leaf := range flatten(k.Fields, declared) {
		differs := slices.ContainsFunc(changes, func(c Change) bool {
			return spec.PathWithin(c.Path, leaf.Path) || spec.PathWithin(leaf.Path, c.Path)
		})
		if !differs && !leaf.Sensitive && !k.Identifies(leaf.Path) {
			n++
		}
	}
	return n
}

// dependedOn returns the live values of the fields that a step depends on:
// the declared ones, or all where declared is nil.
func dependedOn(fields []spec.Field, declared, live map[string]any) map[string]any {
	out := map[string]any{}
	for i := range fields {
		f := &fields[i]
		d, isDeclared := declared[f.Name]
		v, ok := live[f.Name]
		if !ok || f.Sensitive || f.ReadOnly || declared != nil && !isDeclared {
			continue
		}
		if block, isBlock := v.(map[string]any); isBlock && f.Type == spec.Object {
			below, _ := d.(map[string]any)
			v = dependedOn(f.Fields, below, block)
		}
		if list, isList := v.([]any); isList && f.Type == spec.Set {
			v = sortedSet(f, list)
		}
		if f.Collection() {
			v = shown(f, v)
		}
		out[f.Name] = v
	}
	return out
}

func sortedSet(f *spec.Field, list []any) []any {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b any) int { return strings.Compare(f.ElementID(a), f.ElementID(b)) })
	return out
}

// effective returns what a resource really asks for: members whose invitation
// has lapsed cannot be had and are left out, with a finding.
func (p *planning) effective(r *spec.Resource) map[string]any {
	out := make(map[string]any, len(r.Values))
	for name, v := range r.Values {
		out[name] = v
		f := r.Kind.Field(name)
		list, ok := v.([]any)
		if f == nil || f.Backref == nil || !ok {
			continue
		}
		kept := []any{}
		for i, m := range list {
			if p.known(r, f, fmt.Sprint(m), r.Source(fmt.Sprintf("%s[%d]", name, i))) {
				kept = append(kept, m)
			}
		}
		out[name] = kept
	}
	return out
}

// changes returns what differs in the fields that can be compared, and what
// is to be sent although it cannot be.
func (p *planning) changes(r *spec.Resource, declared, live map[string]any) []Change {
	comparable, hidden := verifiable(r, r.Kind.Fields, declared, live, "")
	changes := Diff(r.Kind.Fields, comparable, live)
	for i := range changes {
		p.judge(r, &changes[i], declared, live)
	}
	b := &builder{planning: p, r: r, declared: declared, live: live, changes: changes}
	for _, path := range hidden {
		if reason := p.rewrite(b, path); reason != "" {
			changes = append(changes, hiddenChange(r, path, declared, reason))
			continue
		}
		p.find(Finding{Class: Unverifiable, Address: r.Address, Kind: r.Kind.Name, Path: path, Source: source(r),
			Message: "Atlas does not return it"})
		p.plan.Summary.Unverifiable++
	}
	return p.invalid(r, declared, live, changes)
}

// hiddenChange shows a value that is sent although it cannot be compared.
func hiddenChange(r *spec.Resource, path string, declared map[string]any, reason string) Change {
	tokens := spec.SplitPath(path)
	c := Change{Path: path, Reason: reason, Unknown: true}
	c.After, _ = spec.ValueAt(r.Kind.Fields, declared, tokens)
	if spec.FieldAt(r.Kind.Fields, tokens).Sensitive {
		c.After, c.Sensitive = spec.Masked, true
	}
	return c
}

// verifiable splits what is declared into what can be compared with live
// values and the paths that cannot. Of a block that is switched off only the
// switch counts.
func verifiable(r *spec.Resource, fields []spec.Field, declared, live map[string]any, prefix string) (map[string]any, []string) {
	out := map[string]any{}
	var hidden []string
	for i := range fields {
		f := &fields[i]
		v, ok := declared[f.Name]
		if !ok || !f.Compared() || prefix == "" && r.Ident == "" && r.Kind.IsKey(f.Name) && !r.Kind.Alternative(f.Name) {
			continue
		}
		path := prefix + f.Name
		was, returned := live[f.Name]
		list, isList := v.([]any)
		switch m, isObject := v.(map[string]any); {
		case f.Sensitive, f.NotReturned && !returned:
			hidden = append(hidden, path)
		case isObject && f.Type == spec.Object:
			if on, said := switchOf(f, m); said && !on {
				out[f.Name] = map[string]any{f.Switch.Field: false}
				continue
			}
			liveBlock, _ := was.(map[string]any)
			block, below := verifiable(r, f.Fields, m, liveBlock, path+".")
			out[f.Name], hidden = block, append(hidden, below...)
		case isList && f.Collection():
			liveList, _ := was.([]any)
			kept := make([]any, len(list))
			tokens := f.Tokens(list)
			for i, e := range list {
				m, _ := e.(map[string]any)
				token := tokens[i]
				partner, at := f.Find(liveList, token)
				liveElement, _ := partner.(map[string]any)
				element, below := verifiable(r, f.Fields, m, liveElement, path+token+".")
				kept[i] = element
				if at >= 0 { // else all of it is sent
					hidden = append(hidden, below...)
				}
			}
			out[f.Name] = kept
		default:
			out[f.Name] = v
		}
	}
	return out, hidden
}

func switchOf(f *spec.Field, block map[string]any) (on, said bool) {
	if f.Switch == nil {
		return false, false
	}
	on, said = block[f.Switch.Field].(bool)
	return on, said
}

// judge marks a change that is destructive, and reports what a block lacks
// that is being switched on.
func (p *planning) judge(r *spec.Resource, c *Change, declared, live map[string]any) {
	tokens := spec.SplitPath(c.Path)
	f := r.Kind.Field(tokens[0])
	if last := spec.FieldAt(r.Kind.Fields, tokens); last != nil && last.Destructive && lower(c.Before, c.After) {
		c.Destructive = true
	}
	if f.Switch == nil || len(tokens) != 2 || tokens[1] != f.Switch.Field {
		return
	}
	if off := c.After == false; off {
		c.Destructive = c.Before == true
		return
	}
	block, _ := declared[f.Name].(map[string]any)
	was, _ := live[f.Name].(map[string]any)
	for _, group := range f.Switch.Needs {
		if !slices.ContainsFunc(group, func(n string) bool { return block[n] != nil || was[n] != nil }) {
			p.errorf(r.Source(f.Name+"."+f.Switch.Field, f.Name), "", "%s: switching %s on takes %s", r.Address, f.Name, strings.Join(group, " or "))
		}
	}
}

// lower tells whether a value goes, or gets less: what Atlas keeps by it goes too.
func lower(before, after any) bool {
	if _, cleared := after.(spec.Null); cleared || after == nil {
		return before != nil
	}
	b, isNumber := decimal(before)
	a, _ := decimal(after)
	return isNumber && a < b || before == true && after == false
}

func decimal(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// rewrite says why a value that cannot be compared is to be sent; "" if not.
func (p *planning) rewrite(b *builder, path string) string {
	name := spec.HeadOf(path)
	if p.opts.RewriteSecrets {
		return "--rewrite-secrets"
	}
	if b.along(name) {
		return "sent with the block"
	}
	if f := b.r.Kind.Field(name); f.Switch != nil && invalidBlock(f, b.live) {
		return "Atlas says that the key is not valid"
	}
	return ""
}

func invalidBlock(f *spec.Field, live map[string]any) bool {
	block, _ := live[f.Name].(map[string]any)
	return block[f.Switch.Field] == true && block[f.Switch.Valid] == false
}

// invalid tells of a key that Atlas cannot use where there is nothing to
// send. Just after a write it is what Atlas did not keep.
func (p *planning) invalid(r *spec.Resource, declared, live map[string]any, changes []Change) []Change {
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if f.Switch == nil || declared[f.Name] == nil || !invalidBlock(f, live) ||
			slices.ContainsFunc(changes, func(c Change) bool { return strings.HasPrefix(c.Path, f.Name+".") }) {
			continue
		}
		path := f.Name + "." + f.Switch.Valid
		if p.opts.ReadBack {
			changes = append(changes, Change{Path: path, Before: false, After: true})
			continue
		}
		p.plan.Diagnostics.Warnf(r.Source(f.Name), "check the key and what may use it", "%s: Atlas says that %s is not valid", r.Address, f.Name)
		p.find(Finding{Class: Unverifiable, Address: r.Address, Kind: r.Kind.Name, Path: path, Source: source(r),
			Message: "Atlas says that the key is not valid"})
	}
	return changes
}

// changeable reports changes to fields that cannot change, and turns the step
// into a replacement where the file allows it.
func (p *planning) changeable(r *spec.Resource, step *Step, live map[string]any) bool {
	for _, c := range step.Changes {
		if !fixed(r.Kind.Fields, c, live) {
			continue
		}
		if r.Replace {
			step.Action = Replace
			return true
		}
		hint := ""
		if r.Kind.Replaceable {
			hint = "replace: true deletes it and creates it anew"
		}
		p.errorf(r.Place(c.Path), hint, "%s: %s cannot be changed from %v to %v", r.Address, c.Path, c.Before, c.After)
		return false
	}
	return true
}

// fixed tells whether a change is one that Atlas does not make: of an immutable
// field, or within one. An element that comes or goes as a whole is judged by
// its collection alone.
func fixed(fields []spec.Field, c Change, live map[string]any) bool {
	tokens := spec.SplitPath(c.Path)
	for i, t := range tokens {
		if strings.HasPrefix(t, "[") {
			continue
		}
		f := spec.FieldAt(fields, tokens[:i+1])
		was, there := spec.ValueAt(fields, live, tokens[:i+1])
		before, _ := c.Before.(string)
		after, _ := c.After.(string)
		switch {
		case f == nil || !f.Immutable && !(f.OneWay && there && !empty(was)):
		case slices.Contains(f.Becomes[before], after):
		default:
			return true
		}
	}
	return false
}
