package fleet

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// steps puts creates and updates first, organizations before projects, and deletes
// last and in reverse. Within one scope the order of its run stays.
func steps(d *report.Document) {
	slices.SortStableFunc(d.Steps, func(a, b *planner.Step) int {
		goes := func(s *planner.Step) int {
			if s.Action == planner.Delete {
				return 1
			}
			return 0
		}
		switch of := scopeOrder(a.Address, b.Address); {
		case goes(a) != goes(b):
			return goes(a) - goes(b)
		case goes(a) == 1:
			return -of
		default:
			return of
		}
	})
}

// findings puts what drift tells in the order of its reports.
func findings(d *report.Document, also []planner.Class) {
	slices.SortStableFunc(d.Findings, func(a, b planner.Finding) int {
		if of := strings.Compare(string(a.Address), string(b.Address)); of != 0 {
			return of
		}
		return strings.Compare(a.Path, b.Path)
	})
	if d.Command == "drift" {
		d.Fails = func(f planner.Finding) bool { return drift.Failing(f, also) }
		report.Order(d.Findings, d.Fails)
	}
}

// access makes one entry of the same change in several shards.
func access(all []planner.AccessChange) []planner.AccessChange {
	at := map[string]int{}
	var out []planner.AccessChange
	for _, c := range all {
		targets := c.Targets
		c.Targets = nil
		key := text(c)
		if len(targets) > 0 { // below, or of the project or organization itself
			scope := targets[0].Scope()
			key += text([]bool{targets[0] == scope, scope.Project() == ""})
		}
		i, there := at[key]
		if !there {
			i = len(out)
			at[key], out = i, append(out, c)
		}
		out[i].Targets = append(out[i].Targets, targets...)
	}
	for i := range out {
		slices.Sort(out[i].Targets)
	}
	slices.SortStableFunc(out, func(a, b planner.AccessChange) int {
		return strings.Compare(a.Principal+"\x00"+a.PrincipalKind+"\x00"+first(a.Targets), b.Principal+"\x00"+b.PrincipalKind+"\x00"+first(b.Targets))
	})
	return out
}

func first(list []spec.Address) string {
	if len(list) == 0 {
		return ""
	}
	return string(list[0])
}

// distinct drops what several shards tell alike.
func distinct[T any](all []T) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(v T) bool {
		key := text(v)
		was := seen[key]
		seen[key] = true
		return was
	})
}

func text(v any) string {
	data, _ := json.Marshal(v) // of documents, which were JSON
	return string(data)
}
