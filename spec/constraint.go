package spec

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/interpreter"
)

// A Constraint is a rule between the members of a resource, of a block, or of
// each element of a collection: an expression of CEL (cel.dev) over self, the
// declared mapping, that is true where all is well. A member that is not declared
// is absent (has(self.x) is false), a duration is a duration, and a sensitive
// value is some text that says nothing. It is looked at once baselines are merged,
// and not for what is to be absent.
type Constraint struct {
	CEL     string
	Message string // what is wrong where it is false; the address goes before it
	At      string // the member to point at: a dotted path; else all that self is
}

// constraints reports the rules of its kind that a resource breaks.
func (l *loader) constraints(r *Resource) {
	if r.Absent {
		return
	}
	rules, err := l.catalog.rulesOf(r.Kind)
	if err != nil {
		l.diags.Errorf(r.At[""], "this is a mistake in the program: please report it", "%s: %v", r.Address, err)
		return
	}
	if rules == nil {
		return
	}
	l.obey(r, rules, "", r.declared())
}

// obey evaluates the rules of a mapping and of what stands in it.
func (l *loader) obey(r *Resource, rules *rules, path string, values map[string]any) {
	for _, rule := range rules.own {
		if path == "" && slices.ContainsFunc(rule.reads, func(name string) bool { return r.told(name) }) {
			continue
		}
		if ok, why := rule.holds(values); !ok {
			l.diags.Errorf(r.nearest(path, rule.At), why, "%s: %s", r.Address, rule.Message)
		}
	}
	for _, name := range sortedKeys(rules.below) {
		at := join(path, name)
		switch v := values[name].(type) {
		case map[string]any:
			l.obey(r, rules.below[name], at, v)
		case []any:
			for i, e := range v {
				if m, ok := e.(map[string]any); ok {
					l.obey(r, rules.below[name], fmt.Sprintf("%s[%d]", at, i), m)
				}
			}
		}
	}
}

// derive gives the values that follow from others where a file leaves them out.
func (l *loader) derive(r *Resource) {
	if !slices.ContainsFunc(r.Kind.Fields, func(f Field) bool { return f.Derive != "" && r.Values[f.Name] == nil && r.At[f.Name].Line == 0 }) {
		return
	}
	rules, err := l.catalog.rulesOf(r.Kind)
	if err != nil {
		return // reported with the constraints
	}
	self := plain(r.Values).(map[string]any)
	for _, name := range sortedKeys(rules.derive) {
		if r.Values[name] != nil || r.At[name].Line > 0 {
			continue
		}
		in, err := interpreter.NewActivation(map[string]any{"self": self})
		if err != nil {
			continue
		}
		if text, ok := rules.derive[name].Eval(in).Value().(string); ok {
			r.Values[name] = text
		}
	}
}

// told tells whether a field is reported already: declared and not understood, or
// missing. A rule that reads it would only repeat that.
func (r *Resource) told(name string) bool {
	f := r.Kind.Field(name)
	if f == nil {
		return false
	}
	_, there := r.Values[name]
	missing := f.Required && f.Fits(r.Values[r.Kind.Variant]) && !r.Flag(f.Unless) || r.Kind.IsKey(name) && !r.Kind.Alternative(name) && r.Ident == ""
	return !there && (missing || r.At[name].Line > 0)
}

// nearest returns the place of a member, else of what it would stand in.
func (r *Resource) nearest(path, member string) Position {
	for tokens := SplitPath(member); len(tokens) > 0; tokens = tokens[:len(tokens)-1] {
		if at, ok := r.At[join(path, JoinPath(tokens))]; ok {
			return at
		}
	}
	return r.Source(path)
}

// plain copies declared values into what expressions can hold. No secret's place
// or text gets there.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, e := range v {
			out[name] = plain(e)
		}
		return out
	case Ordered:
		return plain(v.Values)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case Secret:
		return Masked
	case Null:
		return nil
	}
	return v
}

// constrained tells whether there are rules for fields or for what stands in them.
func constrained(own []Constraint, fields []Field) bool {
	return len(own) > 0 || slices.ContainsFunc(fields, func(f Field) bool { return f.Derive != "" || constrained(f.Constraints, f.Fields) })
}

// Rules lists what the constraints of a kind say, each after the path of what it
// is about.
func (k *Kind) Rules() []string {
	var out []string
	var add func(path string, own []Constraint, fields []Field)
	add = func(path string, own []Constraint, fields []Field) {
		for _, c := range own {
			text := c.Message
			if path != "" {
				text = path + ": " + text
			}
			out = append(out, text)
		}
		for _, f := range fields {
			add(join(path, f.Name), f.Constraints, f.Fields)
		}
	}
	add("", k.Constraints, k.Fields)
	return out
}

// validateConstraints checks what can be told of rules without compiling them,
// which takes milliseconds: Catalog.Compile does that, in tests.
func validateConstraints(what string, rules []Constraint, fields []Field, fail func(string, ...any)) {
	if len(rules) > 0 && len(fields) == 0 {
		fail("%s: constraints are for what has fields", what)
	}
	for _, rule := range rules {
		if rule.CEL == "" || rule.Message == "" {
			fail("%s: a constraint needs an expression and a message", what)
		}
		in := fields
		for _, name := range strings.Split(rule.At, ".") {
			f := fieldNamed(in, name)
			if rule.At != "" && (f == nil || f.ReadOnly) {
				fail("%s: a constraint is told at %s, which cannot be declared", what, rule.At)
				break
			}
			if in = nil; f != nil && f.Type == Object {
				in = f.Fields
			}
		}
	}
}
