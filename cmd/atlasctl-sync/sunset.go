package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// ending is how long before a call's end doctor tells of it.
const ending = 365 * 24 * time.Hour

// sunsets tells, once a declared kind, of calls that Atlas says it will end. They are
// no warnings about the files: --strict lets them pass.
func (s *session) sunsets() spec.Diagnostics {
	if s.client == nil {
		return nil
	}
	var out spec.Diagnostics
	told := map[string]bool{}
	for _, end := range s.client.Health().Sunsets {
		k, route := s.kindOf(end.Method, end.Path, end.Version)
		if k == nil || told[k.Name] {
			continue
		}
		told[k.Name] = true
		at := s.firstOf(k)
		if at.File == "" {
			continue // it was looked for, and nobody declares it
		}
		out.Warnf(at, "look for a newer version of this program, or remove what it declares", "%s", endOf(k.Name, route, end.Version, end.Day, s.env.now()))
	}
	return out
}

func endOf(kind, route, version string, day, now time.Time) string {
	verb := "ends"
	if day.Before(now) {
		verb = "ended"
	}
	return fmt.Sprintf("%s: Atlas %s version %s of %s on %s", kind, verb, version, route, day.Format(time.DateOnly))
}

// kindOf finds whose call a path is.
func (s *session) kindOf(method, path, version string) (*spec.Kind, string) {
	for _, k := range s.env.catalog().Kinds() {
		for _, u := range k.Uses() {
			if spec.Method(u.Route) == method && u.Version == version && routePattern(u.Route).MatchString(path) {
				return k, u.Route
			}
		}
	}
	return nil, ""
}

var placeholder = regexp.MustCompile(`\\\{[^}]*\\\}`)

func routePattern(route string) *regexp.Regexp {
	return regexp.MustCompile("^" + placeholder.ReplaceAllString(regexp.QuoteMeta(planner.APIPrefix+spec.PathOf(route)), "[^/]+") + "$")
}

// firstOf is where the files first declare something of a kind.
func (s *session) firstOf(k *spec.Kind) spec.Position {
	var at spec.Position
	if s.state != nil {
		s.state.Resources(func(r *spec.Resource) {
			if r.Kind == k && at.File == "" {
				at = r.Source()
			}
		})
	}
	return at
}

// checkSunsets tells which kinds that files declare make calls that end soon, or have
// ended. Files that cannot be read may declare any.
func (s *session) checkSunsets(say func(mark, format string, args ...any)) {
	state, diags := spec.Load(s.env.catalog(), s.paths(nil), s.env.Stdin)
	unread := diags.HasErrors() && len(state.Sources.Files()) > 0
	declared := map[string]bool{}
	state.Resources(func(r *spec.Resource) { declared[r.Kind.Name] = true })
	facts := s.env.api()
	told := map[string]bool{}
	for _, u := range kinds.Uses(facts, s.env.catalog()) {
		op := facts.Operation(u.Operation)
		day, err := time.Parse(time.DateOnly, op.Sunset(u.Version))
		if err != nil || told[u.By] || !unread && !declared[u.By] || day.Sub(s.env.now()) > ending {
			continue
		}
		told[u.By] = true
		unsure := ""
		if unread {
			unsure = ", if files declare it: validate says why they cannot be read"
		}
		say("warn", "%s%s", endOf(u.By, op.Method+" "+strings.TrimPrefix(op.Path, planner.APIPrefix), u.Version, day, s.env.now()), unsure)
	}
	if len(told) == 0 {
		say("ok", "nothing that the files declare makes calls that end within a year")
	}
}
