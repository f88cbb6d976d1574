package drift

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// An Acceptance is an entry of a file of accepted findings: what a person has
// looked at and leaves as it is, for a reason and until a day.
type Acceptance struct {
	Address spec.Address  // of a resource, or of what it is below; a part may be a pattern
	Path    string        // a field, or what it is in, or a pattern; "" is any
	Class   planner.Class // "" is any
	Reason  string
	Until   time.Time // the last day on which it counts, UTC
	Source  spec.Position

	used bool
}

const dayFormat = "2006-01-02"

// ParseAccepted reads a file of accepted findings: a list of entries with
// address, reason and until, and optionally path and class.
func ParseAccepted(file spec.File) (out []*Acceptance, diags spec.Diagnostics) {
	name := file.Name
	defer func() { spec.SourcesOf(file).Annotate(diags) }()
	at := func(n *yaml.Node) spec.Position { return spec.Position{File: name, Line: n.Line, Column: n.Column} }
	var doc yaml.Node
	if err := yaml.NewDecoder(strings.NewReader(file.Text)).Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			diags.Errorf(spec.Position{File: name}, "", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		return nil, diags // an empty file accepts nothing
	}
	list := doc.Content[0]
	if list.Kind != yaml.SequenceNode {
		diags.Errorf(at(list), "- {address: …, reason: …, until: 2026-12-31}", "accepted findings are to be a list")
		return nil, diags
	}
	for _, n := range list.Content {
		if a := acceptance(n, at, &diags); a != nil {
			out = append(out, a)
		}
	}
	return out, diags
}

func acceptance(n *yaml.Node, at func(*yaml.Node) spec.Position, diags *spec.Diagnostics) *Acceptance {
	if n.Kind != yaml.MappingNode {
		diags.Errorf(at(n), "", "an entry is to be a mapping with address, reason and until")
		return nil
	}
	a := &Acceptance{Source: at(n)}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if value.Kind != yaml.ScalarNode {
			diags.Errorf(at(value), "", "%s is to be text", key.Value)
			continue
		}
		if seen[key.Value] {
			diags.Errorf(at(key), "", "%s is there twice", key.Value)
		}
		seen[key.Value] = true
		switch key.Value {
		case "address":
			a.Address = spec.Address(strings.TrimSuffix(value.Value, "/"))
			checkPattern(value, at, diags)
		case "path":
			a.Path = value.Value
			checkPattern(value, at, diags)
		case "class":
			a.Class = planner.Class(value.Value)
			if !slices.Contains(acceptable, a.Class) {
				diags.Errorf(at(value), fmt.Sprintf("one of %v", acceptable), "there is no class %q", value.Value)
			}
		case "reason":
			a.Reason = strings.TrimSpace(value.Value)
		case "until":
			day, err := time.Parse(dayFormat, value.Value)
			if err != nil {
				diags.Errorf(at(value), "write it as 2026-12-31", "until is not a day")
			}
			a.Until = day
		default:
			diags.Errorf(at(key), "known: address, path, class, reason, until", "unknown field %s", key.Value)
		}
	}
	for _, required := range []string{"address", "reason", "until"} {
		if !seen[required] || required == "reason" && a.Reason == "" || required == "address" && a.Address == "" {
			diags.Errorf(at(n), "", "%s is missing", required)
		}
	}
	return a
}

var acceptable = []planner.Class{planner.Changed, planner.Missing, planner.Present, planner.Unmanaged, planner.Unverifiable, planner.Due, planner.Outside}

// Accept marks the findings that are accepted, and tells of entries that have
// expired or accept nothing any more.
func Accept(findings []planner.Finding, accepted []*Acceptance, now time.Time) spec.Diagnostics {
	var diags spec.Diagnostics
	for i := range findings {
		for _, a := range accepted {
			if a.covers(findings[i]) && !a.expired(now) {
				a.used = true
				findings[i].Accepted = &planner.Accepted{Reason: a.Reason, Until: a.Until.Format(dayFormat)}
				break
			}
		}
	}
	for _, a := range accepted {
		switch {
		case a.expired(now):
			diags.Warnf(a.Source, "look at it again: mend it, or give it another day", "the acceptance of %s has expired on %s", a.Address, a.Until.Format(dayFormat))
		case !a.used:
			diags.Warnf(a.Source, "remove the entry", "nothing is to be accepted at %s any more", a.Address)
		}
	}
	return diags
}

func (a *Acceptance) covers(f planner.Finding) bool {
	return within(folded(f.Address), folded(a.Address)) && a.leadsTo(f.Path) && (a.Class == "" || a.Class == f.Class)
}

// leadsTo tells whether the entry is for a path, or for what it is below.
func (a *Acceptance) leadsTo(path string) bool {
	if a.Path == "" || fits(a.Path, path) {
		return true
	}
	tokens := spec.SplitPath(path)
	for i := range tokens {
		if i > 0 && fits(a.Path, spec.JoinPath(tokens[:i])) {
			return true
		}
	}
	return false
}

// within tells whether an address is below one that may hold patterns, or fits
// it. A pattern stands for no more than one part.
func within(a, pattern spec.Address) bool {
	parts, patterns := strings.Split(string(a), "/"), strings.Split(string(pattern), "/")
	if len(parts) < len(patterns) {
		return false
	}
	for i, p := range patterns {
		if !fits(p, parts[i]) {
			return false
		}
	}
	return true
}

// fits tells whether a text is as a pattern says: * is anything, ? one
// character, and a backslash takes their meaning away.
func fits(pattern, text string) bool {
	if pattern == text {
		return true
	}
	ok, err := path.Match(literal.Replace(pattern), literal.Replace(text))
	return err == nil && ok
}

// literal takes its meaning from what path.Match knows besides.
var literal = strings.NewReplacer("[", "\x00", "/", "\x01")

func checkPattern(n *yaml.Node, at func(*yaml.Node) spec.Position, diags *spec.Diagnostics) {
	if strings.HasSuffix(strings.ReplaceAll(n.Value, `\\`, ""), `\`) {
		diags.Errorf(at(n), `write \\ for a backslash`, "a pattern ends in a backslash")
	}
}

// folded is an address without regard to case: usernames have none.
func folded(a spec.Address) spec.Address { return spec.Address(strings.ToLower(string(a))) }

func (a *Acceptance) expired(now time.Time) bool { return !now.Before(spec.EndOfDay(a.Until)) }
