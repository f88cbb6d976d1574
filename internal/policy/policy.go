// Package policy holds declared resources, and the steps of a plan, to the rules that
// files declare as policies.
package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Guard is what a plan that breaks rules is refused by.
const Guard = "policy"

// A Result is what came of all rules.
type Result struct {
	Counts      []planner.RuleCount
	Diagnostics spec.Diagnostics // broken rules, by Rule, and exemptions that are for nothing
}

// A check is one run over all rules. They are compiled.
type check struct {
	state  *spec.State
	now    time.Time
	counts map[*spec.PolicyRule]*planner.RuleCount
	covers map[covered]bool
	seen   map[*spec.Exemption]bool // an exemption that was for something
	diags  spec.Diagnostics
}

type covered struct {
	rule  *spec.PolicyRule
	scope *spec.Resource
}

// Check holds what a state declares to its compiled rules, and the steps of a plan, if
// there is one. What a selection has left out is not looked at.
func Check(state *spec.State, plan *planner.Plan, now time.Time) Result {
	c := &check{state: state, now: now, counts: map[*spec.PolicyRule]*planner.RuleCount{}, covers: map[covered]bool{}, seen: map[*spec.Exemption]bool{}}
	onResources, onSteps := byKind{}, byKind{}
	for _, r := range state.Rules {
		n := &planner.RuleCount{Rule: r.Name, Severity: r.Severity, On: spec.OnResource, Source: r.Source}
		if c.counts[r] = n; r.OnSteps {
			n.On, n.Unseen = spec.OnStep, plan == nil
		}
		for _, e := range r.Exempt {
			e.Address = state.Meant(state.Spelt(e.Address))
		}
	}
	rules := func(cache byKind, k *spec.Kind, steps bool) []*spec.PolicyRule {
		if _, known := cache[k]; !known {
			cache[k] = slices.DeleteFunc(slices.Clone(state.Rules), func(r *spec.PolicyRule) bool { return r.OnSteps != steps || !r.Concerns(k) })
		}
		return cache[k]
	}
	state.Resources(func(r *spec.Resource) {
		if r.Context || r.Excluded || r.Absent {
			return
		}
		c.all(rules(onResources, r.Kind, false), r, nil)
	})
	if plan != nil {
		for _, s := range plan.Steps {
			c.all(rules(onSteps, s.Resource.Kind, true), s.Resource, s)
		}
	}
	c.idle(plan)
	out := Result{Diagnostics: c.diags}
	for _, r := range state.Rules {
		out.Counts = append(out.Counts, *c.counts[r])
	}
	out.Diagnostics.Sort()
	state.Sources.Annotate(out.Diagnostics)
	return out
}

type byKind map[*spec.Kind][]*spec.PolicyRule

// all holds a resource, or the step on it, to the rules that are about its kind.
func (c *check) all(rules []*spec.PolicyRule, r *spec.Resource, step *planner.Step) {
	var view *spec.View
	for _, rule := range rules {
		place := covered{rule, r.Root()}
		covers, known := c.covers[place]
		if !known {
			covers = rule.Covers(c.state, place.scope)
			c.covers[place] = covers
		}
		if !covers {
			continue
		}
		if view == nil {
			view = c.state.View(r, stepOf(step))
		}
		c.counts[rule].Met++
		if ok, why := rule.Holds(view); !ok {
			c.broken(rule, r, step, why)
		}
	}
}

// broken notes that a rule is broken, unless the resource is exempt.
func (c *check) broken(rule *spec.PolicyRule, r *spec.Resource, step *planner.Step, why string) {
	n := c.counts[rule]
	hint := fmt.Sprintf("the rule is at %s", rule.Source)
	for _, e := range rule.Exempt {
		if !e.Meets(r.Address) {
			continue
		}
		c.seen[e] = true
		if !e.Over(c.now) {
			n.Exempt++
			return
		}
		hint += fmt.Sprintf("; the exemption at %s ended on %s", e.Source, e.Until.Format(spec.DayFormat))
	}
	n.Broken++
	if why != "" {
		hint += "; it cannot be told whether it holds: " + why
	}
	at, what := r.PlaceOf(rule.At), string(r.Address)
	if step != nil {
		what = fmt.Sprintf("%s %s", step.Action, r.Address)
		if at.Line == 0 && step.Source != nil {
			at = *step.Source
		}
	}
	if at.Line == 0 {
		at = rule.Source
	}
	c.diags = append(c.diags, spec.Diagnostic{Severity: rule.Severity, Source: at, Rule: rule.Name, Hint: hint,
		Message: fmt.Sprintf("%s: %s [%s]", what, rule.Message, rule.Name)})
}

// idle warns of exemptions that are for nothing: a selection does not show that, nor a
// check without a plan for rules about steps.
func (c *check) idle(plan *planner.Plan) {
	if c.state.Partial() {
		return
	}
	there := map[spec.Address]bool{}
	c.state.Resources(func(r *spec.Resource) { there[r.Address] = true })
	if plan != nil {
		for _, s := range plan.Steps {
			there[s.Address] = true
		}
	}
	for _, rule := range c.state.Rules {
		for _, e := range rule.Exempt {
			exists := there[e.Address]
			for a := range there {
				exists = exists || e.Meets(a)
				if exists {
					break
				}
			}
			switch {
			case c.seen[e] || rule.OnSteps && (plan == nil || exists && !e.Over(c.now)):
			case e.Over(c.now):
				c.diags.Warnf(e.Source, "drop it from the policy", "rule %s: the exemption of %s ended on %s", rule.Name, e.Address, e.Until.Format(spec.DayFormat))
			case !exists:
				c.diags.Warnf(e.Source, "drop it from the policy, or mend its address", "rule %s: the exemption of %s is for nothing: no file declares that", rule.Name, e.Address)
			default:
				c.diags.Warnf(e.Source, "drop it from the policy", "rule %s: the exemption of %s is for nothing: the rule holds there, or does not look there", rule.Name, e.Address)
			}
		}
	}
}

// Violation returns what a plan is refused with for the broken rules that are errors;
// nil if there are none.
func (r Result) Violation() *planner.Violation {
	times := map[string]int{}
	for _, d := range r.Diagnostics {
		if d.Rule != "" && d.Severity == spec.SeverityError {
			times[d.Rule]++
		}
	}
	var parts []string
	for _, c := range r.Counts {
		if n := times[c.Rule]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%d)", c.Rule, n))
		}
	}
	if parts == nil {
		return nil
	}
	verb := "are"
	if len(parts) == 1 {
		verb = "is"
	}
	return &planner.Violation{Guard: Guard, Message: fmt.Sprintf("%s of the policies %s broken: %s", spec.Counted(len(parts), "rule"), verb, strings.Join(parts, ", "))}
}
