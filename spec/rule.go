package spec

import (
	"fmt"
	"os"
	"time"
)

// A Rule says when an account's secrets are renewed and where they go.
type Rule struct {
	MaxAge, Overlap time.Duration
	File            string
	Command         []string
	Format          string // raw, env or json; "" is raw
}

// Hours is the lifetime to ask for: a secret has to outlive its age limit by
// the overlap. Atlas counts in whole hours.
func (r Rule) Hours() int {
	return int((r.MaxAge + r.Overlap + time.Hour - 1) / time.Hour)
}

// Delivers tells whether the rule says where a new secret goes.
func (r Rule) Delivers() bool { return r.File != "" || len(r.Command) > 0 }

// Rule returns the rotation rule that a resource declares, if any.
func (r *Resource) Rule() (Rule, bool) {
	rot := r.Kind.Rotation
	if rot == nil || r.Flag(rot.Unless) {
		return Rule{}, false
	}
	m, ok := r.Values[rot.Field].(map[string]any)
	if !ok {
		return Rule{}, false
	}
	var rule Rule
	rule.MaxAge, _ = m["maxAge"].(time.Duration)
	rule.Overlap, _ = m["overlap"].(time.Duration)
	to, _ := m["deliverTo"].(map[string]any)
	if rot.Once {
		to = m
	}
	rule.File, _ = to["file"].(string)
	rule.Format, _ = to["format"].(string)
	argv, _ := to["command"].([]any)
	for _, a := range argv {
		s, _ := a.(string)
		rule.Command = append(rule.Command, s)
	}
	return rule, true
}

// What stands beside a file that secrets are delivered to.
const (
	PendingSuffix = ".pending" // while a secret is being made
	IDsSuffix     = ".ids"     // which secret the file holds, and which it replaced
)

// Files returns the file that secrets are delivered to and those beside it.
func (r Rule) Files() []string { return []string{r.File, r.File + PendingSuffix, r.File + IDsSuffix} }

// rule checks a rotation rule against what Atlas allows.
func (l *loader) rule(r *Resource) {
	rule, ok := r.Rule()
	if !ok {
		return
	}
	rot := r.Kind.Rotation
	at := func(name string) Position { return r.Source(rot.Field+"."+name, rot.Field) }
	if rot.Once {
		if rule.File != "" && len(rule.Command) > 0 || !rule.Delivers() {
			l.diags.Errorf(at("file"), "deliverTo: {file: path} or {command: [program, argument]}", "%s takes a file or a command", rot.Field)
		}
		if rule.File != "" {
			l.target(r, rule, at("file"))
		}
		return
	}
	if rule.Overlap > rot.MaxOverlap {
		l.diags.Errorf(at("overlap"), "Atlas ends an old secret that soon after a new one is made", "overlap is to be at most %gh", rot.MaxOverlap.Hours())
	}
	if h := rule.Hours(); h < rot.MinHours || h > rot.MaxHours {
		l.diags.Errorf(at("maxAge"), "", "maxAge and overlap together are to be %d to %d hours, not %d", rot.MinHours, rot.MaxHours, h)
	}
	if !rule.Delivers() && !r.Absent {
		l.diags.Errorf(at("deliverTo"), "deliverTo: {file: path} or {command: [program, argument]}", "nothing says where a new secret of %s goes", r.Address)
	}
	if rule.File != "" {
		l.target(r, rule, at("deliverTo.file"))
	}
}

// target refuses a file that would be written over: another account's, one
// that stands beside another's, a declared one, or one that a value is read from.
func (l *loader) target(r *Resource, rule Rule, at Position) {
	for _, file := range rule.Files() {
		if other := l.taken.find(file, r); other != nil {
			hint := "give each account a file of its own"
			if other.by == nil {
				hint = "secrets go to files of their own"
			}
			l.diags.Errorf(at, hint, "%s %s", other.what, other.file)
			return
		}
	}
	for _, file := range rule.Files() {
		l.taken.add(taken{file: file, what: fmt.Sprintf("%s delivers to this file too, or what stands beside it:", r.Address), by: r})
	}
}

// A taken is a file that is written or read already, and why.
type taken struct {
	file, what string
	by         *Resource // the account that delivers to it, or nil

	info os.FileInfo // nil if it does not exist
}

// allTaken finds files by their one name, and those that exist by what they are.
type allTaken struct {
	byPath map[string]*taken
	there  []*taken
}

func (a *allTaken) add(t taken) {
	if a.byPath == nil {
		a.byPath = map[string]*taken{}
	}
	if info, err := os.Stat(t.file); err == nil {
		t.info = info
		a.there = append(a.there, &t)
	}
	a.byPath[RealPath(t.file)] = &t
}

// find returns what has taken a file already, other than an account itself.
func (a *allTaken) find(file string, by *Resource) *taken {
	if t := a.byPath[RealPath(file)]; t != nil && t.by != by {
		return t
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil
	}
	for _, t := range a.there {
		if t.by != by && os.SameFile(info, t.info) {
			return t // a hard link
		}
	}
	return nil
}

// inputs takes the files that are read: the declared ones, and those that
// sensitive values come from.
func (l *loader) inputs() {
	for _, f := range l.state.Sources.Files() {
		l.taken.add(taken{file: f.Name, what: "this is a declared file:"})
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case Secret:
			if v.FromFile != "" {
				l.taken.add(taken{file: v.FromFile, what: "a sensitive value is read from this file:"})
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	l.state.Resources(func(r *Resource) { walk(r.Values) })
}
