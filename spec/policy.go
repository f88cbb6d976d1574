package spec

import (
	"path"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/interpreter"
	"gopkg.in/yaml.v3"
)

// PolicyKind is the kind of documents that hold rules of the user's own.
const PolicyKind = "Policy"

// The words that a rule says, in the order in which fmt puts them.
var (
	PolicyWords    = []string{"apiVersion", "kind", "rules"}
	RuleWords      = []string{"name", "severity", "on", "match", "cel", "at", "message", "exempt"}
	MatchWords     = []string{"kind", "organizations", "projects", "tags"}
	ExemptionWords = []string{"address", "reason", "until"}
)

// What rules look at: declared resources, or the steps of a plan.
const (
	OnResource = "resource"
	OnStep     = "step"
)

// A PolicyRule is one rule of a policy: an expression of CEL that is true where all
// is well.
type PolicyRule struct {
	Name     string // of all declared rules no two have one
	Severity Severity
	OnSteps  bool
	CEL      string
	At       string // the member to point at: a dotted path; else the resource
	Message  string // what is wrong where it is broken
	Exempt   []*Exemption
	Source   Position

	// Where it holds; what is empty is no condition.
	Kinds                   []*Kind
	Organizations, Projects []string          // patterns of names
	Tags                    map[string]string // that the scope has

	file     string
	cel, at  *yaml.Node
	programs map[*Kind]interpreter.Interpretable // by kind; nil: any
}

// An Exemption says that a rule does not hold for one resource, and why.
type Exemption struct {
	Address Address // a part of it may be a pattern
	Reason  string
	Until   time.Time // the last day on which it counts, UTC; zero: no end
	Source  Position
}

// DayFormat is how files write a day.
const DayFormat = "2006-01-02"

// Over tells whether the last day of the exemption has passed.
func (e *Exemption) Over(now time.Time) bool {
	return !e.Until.IsZero() && !now.Before(EndOfDay(e.Until))
}

// policy decodes a document of kind Policy. Its expressions are compiled where
// something is held to them, see CompilePolicies.
func (l *loader) policy(file string, n *yaml.Node, in []member) {
	told := false
	for _, m := range in {
		switch m.name {
		case "apiVersion", "kind":
		case "rules":
			told = true
			all := l.entries(file, m)
			if m.value.Kind == yaml.SequenceNode && len(all) == 0 {
				l.diags.Errorf(pos(file, m.value), "", "rules holds none")
			}
			for _, c := range all {
				if rule := l.policyRule(file, c); rule != nil {
					l.state.Rules = append(l.state.Rules, rule)
				}
			}
		default:
			l.unknown(file, m, "field "+m.name+" in kind "+PolicyKind, PolicyWords)
		}
	}
	if !told {
		l.diags.Errorf(pos(file, n), "rules: [{name: …, cel: …, message: …}]", "rules is missing")
	}
}

// entries returns what stands in a list.
func (l *loader) entries(file string, m member) []*yaml.Node {
	if m.value.Kind != yaml.SequenceNode {
		l.diags.Errorf(pos(file, m.value), "start each entry with a dash", "%s is to be a list, not %s", m.name, describe(m.value))
		return nil
	}
	return m.value.Content
}

// line returns a text that is not empty.
func (l *loader) line(file string, m member) string {
	if m.value.Kind != yaml.ScalarNode || m.value.Tag == "!!null" {
		l.diags.Errorf(pos(file, m.value), "", "%s is to be text, not %s", m.name, describe(m.value))
		return ""
	}
	text := strings.TrimSpace(m.value.Value)
	if text == "" {
		l.diags.Errorf(pos(file, m.value), "", "%s is empty", m.name)
	}
	return text
}

// oneWord returns one of some words, the first where it is none.
func (l *loader) oneWord(file string, m member, words ...string) string {
	if m.value.Kind == yaml.ScalarNode && slices.Contains(words, m.value.Value) {
		return m.value.Value
	}
	l.diags.Errorf(pos(file, m.value), "one of "+strings.Join(words, ", "), "%s: that is no word for it", m.name)
	return words[0]
}

func (l *loader) policyRule(file string, n *yaml.Node) *PolicyRule {
	n = unalias(n)
	in := l.members(file, n, "a rule")
	if in == nil {
		return nil
	}
	r := &PolicyRule{Severity: SeverityError, Source: pos(file, n), file: file}
	for _, m := range in {
		switch m.name {
		case "name":
			r.Name = l.line(file, m)
			r.Source = pos(file, m.value)
		case "severity":
			r.Severity = Severity(l.oneWord(file, m, string(SeverityError), string(SeverityWarning)))
		case "on":
			r.OnSteps = l.oneWord(file, m, OnResource, OnStep) == OnStep
		case "match":
			l.policyMatch(file, m, r)
		case "cel":
			if l.line(file, m) != "" {
				r.CEL, r.cel = m.value.Value, m.value
			}
		case "at":
			r.At, r.at = l.line(file, m), m.value
		case "message":
			r.Message = l.line(file, m)
		case "exempt":
			for _, c := range l.entries(file, m) {
				if e := l.exemption(file, c); e != nil {
					r.Exempt = append(r.Exempt, e)
				}
			}
		default:
			l.unknown(file, m, "field "+m.name+" in a rule", RuleWords)
		}
	}
	said := func(word string) bool {
		return slices.ContainsFunc(in, func(m member) bool { return m.name == word })
	}
	for _, word := range []string{"name", "cel", "message"} {
		if !said(word) {
			l.diags.Errorf(pos(file, n), "a rule has name, cel and message", "%s is missing", word)
		}
	}
	for _, other := range l.state.Rules {
		if r.Name != "" && other.Name == r.Name {
			l.diags.Errorf(r.Source, "give it another name: reports tell rules by their names", "there is a rule %s already, at %s", r.Name, other.Source)
		}
	}
	return r
}

// policyMatch decodes where a rule holds.
func (l *loader) policyMatch(file string, m member, r *PolicyRule) {
	for _, c := range l.members(file, m.value, "match") {
		switch c.name {
		case "kind":
			for _, n := range listed(c.value) {
				if k := l.policyKind(file, n); k != nil && !slices.Contains(r.Kinds, k) {
					r.Kinds = append(r.Kinds, k)
				}
			}
		case "organizations":
			r.Organizations = l.globs(file, c)
		case "projects":
			r.Projects = l.globs(file, c)
		case "tags":
			r.Tags = map[string]string{}
			for _, tag := range l.members(file, c.value, "match.tags") {
				r.Tags[tag.name] = l.line(file, tag)
			}
		default:
			l.unknown(file, c, "field match."+c.name, MatchWords)
			continue
		}
		if c.value.Kind != yaml.ScalarNode && len(c.value.Content) == 0 {
			l.diags.Errorf(pos(file, c.value), "leave it out, and it is no condition", "match.%s is empty", c.name)
		}
	}
}

// listed returns the elements of a list, or the one value that stands for it.
func listed(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

func (l *loader) globs(file string, m member) []string {
	var out []string
	for _, n := range listed(m.value) {
		n = unalias(n)
		if _, err := path.Match(n.Value, ""); n.Kind != yaml.ScalarNode || n.Value == "" || err != nil {
			l.diags.Errorf(pos(file, n), `such as "prod-*"`, "match.%s: this is not a pattern", m.name)
			continue
		}
		out = append(out, n.Value)
	}
	return out
}

func (l *loader) policyKind(file string, n *yaml.Node) *Kind {
	n = unalias(n)
	if k := l.catalog.byName[n.Value]; k != nil && n.Kind == yaml.ScalarNode {
		return l.catalog.whole(k)
	}
	var names []string
	for _, k := range l.catalog.kinds {
		names = append(names, k.Name)
	}
	hint := didYouMean(n.Value, names)
	if meant := l.catalog.Called(n.Value); meant != nil {
		hint = "did you mean " + meant.Name + "?"
	}
	if hint == "" {
		hint = "kinds lists them"
	}
	l.diags.Errorf(pos(file, n), hint, "match.kind: there is no kind %q", n.Value)
	return nil
}

func (l *loader) exemption(file string, n *yaml.Node) *Exemption {
	n = unalias(n)
	in := l.members(file, n, "an exemption")
	if in == nil {
		return nil
	}
	e := &Exemption{Source: pos(file, n)}
	said := map[string]bool{}
	for _, m := range in {
		said[m.name] = true
		switch m.name {
		case "address":
			e.Address = Address(strings.TrimSuffix(l.line(file, m), "/"))
			if _, err := path.Match(string(e.Address), ""); err != nil {
				l.diags.Errorf(pos(file, m.value), `\[ is a bracket that means itself`, "address: this is not a pattern")
			}
		case "reason":
			e.Reason = l.line(file, m)
		case "until":
			day, err := time.Parse(DayFormat, m.value.Value)
			if err != nil {
				l.diags.Errorf(pos(file, m.value), "such as 2027-01-31", "until is to be a day: the last on which the exemption counts")
			}
			e.Until = day
		default:
			l.unknown(file, m, "field "+m.name+" in an exemption", ExemptionWords)
		}
	}
	for _, word := range []string{"address", "reason"} {
		if !said[word] {
			l.diags.Errorf(pos(file, n), "{address: …, reason: …, until: 2027-01-31}", "%s is missing", word)
		}
	}
	return e
}
