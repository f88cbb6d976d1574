package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// withoutName heads what a project leaves out.
const withoutName = "without"

// A LeftOut is what a project does not take from its baselines, and why.
type LeftOut struct {
	Address Address  `json:"address"`
	Reason  string   `json:"reason"`
	Source  Position `json:"source"` // of the entry that says so
	Given   Position `json:"given"`  // where the baseline has it
}

// An exception is an entry under without.
type exception struct {
	text   string // as addresses have it: managedSlowMs, users/ana@example.com
	reason string
	source Position
	used   bool
}

// leaving is what a scope leaves out.
type leaving struct {
	scope   *Resource
	entries []*exception
	offered map[string]bool // what its baselines give, as entries are written
}

// exceptions decodes what a document leaves out.
func (l *loader) exceptions(file string, m member) []*exception {
	if m.value.Kind == yaml.SequenceNode {
		l.diags.Errorf(pos(file, m.value), "write a reason for each: {users/ana@example.com: has left}", "%s is to be a mapping, not a list", m.name)
		return nil
	}
	var out []*exception
	for _, e := range l.members(file, m.value, m.name) {
		if e.value.Kind != yaml.ScalarNode || e.value.Tag != "!!str" || strings.TrimSpace(e.value.Value) == "" {
			l.diags.Errorf(pos(file, e.value), "write why: it is told where the project is explained", "%s.%s is to have a reason", m.name, e.name)
		}
		out = append(out, &exception{text: e.name, reason: strings.Join(strings.Fields(e.value.Value), " "), source: pos(file, e.key)})
	}
	return out
}

// declareWithout joins what the documents of a scope leave out; nil if nothing.
func (l *loader) declareWithout(scope *Resource, docs []*document) *leaving {
	w := &leaving{scope: scope, offered: map[string]bool{}}
	for _, doc := range docs {
		for _, e := range doc.without {
			i := slices.IndexFunc(w.entries, func(was *exception) bool { return was.text == e.text })
			if i >= 0 {
				l.diags.Errorf(e.source, "", "%s: %s is left out already, at %s", scope.Address, e.text, w.entries[i].source)
				continue
			}
			w.entries = append(w.entries, e)
		}
	}
	if len(w.entries) == 0 {
		return nil
	}
	return w
}

// leaves tells whether the scope leaves out a section or, with a key, an entry of
// one, that stands below an address; it notes what is given.
func (w *leaving) leaves(below Address, k *Kind, key []string) (*exception, Address) {
	if w == nil {
		return nil, ""
	}
	at := Address(strings.TrimPrefix(string(below.Child(k.Section, key...)), "/"))
	w.offered[string(at)] = true
	for _, e := range w.entries {
		if e.text == string(at) || len(key) > 0 && k.folds() && strings.EqualFold(e.text, string(at)) {
			return e, at
		}
	}
	return nil, at
}

// leave notes what is left out.
func (w *leaving) leave(e *exception, at Address, given Position) {
	e.used = true
	for _, below := range w.entries { // left out with it
		below.used = below.used || Address(below.text).Within(at)
	}
	full := w.scope.Address + "/" + at
	if !slices.ContainsFunc(w.scope.Without, func(o LeftOut) bool { return o.Address == full }) {
		w.scope.Without = append(w.scope.Without, LeftOut{full, e.reason, e.source, given})
	}
}

// folds tells whether a part of the kind's key compares without case.
func (k *Kind) folds() bool {
	for i := range k.Key {
		if f := k.KeyField(i); f.Norm == Email || f.Norm == Fold {
			return true
		}
	}
	return false
}

// unknownExceptions reports what is left out and given by no baseline.
func (l *loader) unknownExceptions(w *leaving, covered bool) {
	if w == nil {
		return
	}
	for _, e := range w.entries {
		known := sortedKeys(w.offered)
		switch {
		case e.used || e.text == "":
		case !covered:
			l.diags.Warnf(e.source, "load the baseline too, or leave the entry out", "there is no baseline for %s that could give %s", w.scope.Address, e.text)
		default:
			hint := didYouMean(e.text, known)
			if hint == "" {
				const most = 10
				hint = "given are " + strings.Join(known[:min(most, len(known))], ", ")
				if len(known) > most {
					hint += fmt.Sprintf(" and %d more", len(known)-most)
				}
			}
			l.diags.Errorf(e.source, hint, "no baseline gives %s to %s", e.text, w.scope.Address)
		}
	}
}

// LeftOut lists what the selected projects do not take from their baselines.
func (s *State) LeftOut() []LeftOut {
	var out []LeftOut
	for _, scope := range s.Scopes {
		if !s.filter.inScope(scope) {
			continue
		}
		for _, o := range scope.Without {
			if !slices.ContainsFunc(s.filter.Excludes, o.Address.Within) &&
				(len(s.filter.Targets) == 0 || slices.ContainsFunc(s.filter.Targets, o.Address.Within)) {
				out = append(out, o)
			}
		}
	}
	return out
}
