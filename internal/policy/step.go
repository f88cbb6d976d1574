package policy

import (
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// unborn is what rules see of a value that an earlier step makes.
const unborn = "(known after apply)"

// stepOf returns what rules see of a step: what it is and changes, and none of its
// requests or secrets. It is nil without a step.
func stepOf(s *planner.Step) map[string]any {
	if s == nil {
		return nil
	}
	changes, takes := []any{}, []any{}
	for _, c := range s.Changes {
		changes = append(changes, map[string]any{"path": c.Path, "before": shown(c, c.Before), "after": shown(c, c.After),
			"added": members(c, c.Added()), "removed": members(c, c.Removed()), "destructive": c.Destructive})
	}
	for _, t := range s.Takes {
		takes = append(takes, map[string]any{"address": string(t.Address), "path": t.Path, "member": t.Member})
	}
	return map[string]any{"action": string(s.Action), "kind": s.Kind, "address": string(s.Address), "changes": changes, "takes": takes}
}

// shown returns a value of a change as expressions see it.
func shown(c planner.Change, v any) any {
	if c.Sensitive && v != nil {
		return spec.Masked
	}
	return known(v)
}

func members(c planner.Change, list []any) []any {
	out := []any{}
	for _, v := range list {
		out = append(out, shown(c, v))
	}
	return out
}

func known(v any) any {
	switch v := v.(type) {
	case planner.Ref:
		return unborn
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = known(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = known(v[name])
		}
		return out
	}
	return spec.Plain(v)
}
