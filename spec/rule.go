package spec

import (
	"path/filepath"
	"time"
)

// A Rule says when an account's secrets are renewed and where they go.
type Rule struct {
	MaxAge, Overlap time.Duration
	File            string
	Command         []string
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
	rule.File, _ = to["file"].(string)
	argv, _ := to["command"].([]any)
	for _, a := range argv {
		s, _ := a.(string)
		rule.Command = append(rule.Command, s)
	}
	return rule, true
}

// really returns the one name of a file that several paths may lead to, as far
// as it exists.
func really(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	return path
}

// rule checks a rotation rule against what Atlas allows.
func (l *loader) rule(r *Resource, targets map[string]*Resource) {
	rule, ok := r.Rule()
	if !ok {
		return
	}
	rot := r.Kind.Rotation
	at := func(name string) Position { return r.Source(rot.Field+"."+name, rot.Field) }
	if rule.Overlap > rot.MaxOverlap {
		l.diags.Errorf(at("overlap"), "Atlas ends an old secret that soon after a new one is made", "overlap is to be at most %gh", rot.MaxOverlap.Hours())
	}
	if rule.Overlap > rule.MaxAge {
		l.diags.Errorf(at("overlap"), "", "overlap is not to be longer than maxAge")
	}
	if h := rule.Hours(); h < rot.MinHours || h > rot.MaxHours {
		l.diags.Errorf(at("maxAge"), "", "maxAge and overlap together are to be %d to %d hours, not %d", rot.MinHours, rot.MaxHours, h)
	}
	if rule.File != "" && len(rule.Command) > 0 {
		l.diags.Errorf(at("deliverTo"), "", "deliverTo takes a file or a command, not both")
	}
	if !rule.Delivers() && !r.Absent {
		l.diags.Errorf(at("deliverTo"), "deliverTo: {file: path} or {command: [program, argument]}", "nothing says where a new secret of %s goes", r.Address)
	}
	if rule.File != "" {
		file := really(rule.File)
		if other := targets[file]; other != nil {
			l.diags.Errorf(at("deliverTo.file"), "give each account a file of its own", "%s delivers to this file too", other.Address)
		}
		targets[file] = r
	}
}
