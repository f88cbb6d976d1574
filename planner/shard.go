package planner

import (
	"slices"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// elsewhere tells that a selected resource needs one that another shard writes:
// this run does not, since two runs would write it at the same time. A creation
// cannot do without; a deletion waits until the other is gone.
func (a *along) elsewhere(other, by *spec.Resource) {
	at := by.Source(by.Kind.KeyFields()...)
	switch {
	case by.Absent:
		by.Context = true
		if !slices.Contains(by.HeldBy, other.Address) {
			by.HeldBy = append(by.HeldBy, other.Address)
		}
	case a.opts.Tentative:
		a.plan.Diagnostics.Warnf(at, applyFirst(a.state, other), "%s needs %s, which is not in Atlas yet and in another shard", by.Address, other.Address)
	default:
		a.errorf(at, applyFirst(a.state, other), "%s needs %s, which is not in Atlas yet and in another shard", by.Address, other.Address)
	}
}

func applyFirst(s *spec.State, r *spec.Resource) string {
	return "apply --shard " + s.ShardWith(r).String() + " first"
}

// tellHeld says which deletions wait for other shards.
func (a *along) tellHeld() {
	a.state.Resources(func(r *spec.Resource) {
		if len(r.HeldBy) == 0 {
			return
		}
		first, rest := r.HeldBy[0], ""
		if more := len(r.HeldBy) - 1; more > 0 {
			rest = " and " + spec.Counted(more, "other resource")
		}
		a.plan.Diagnostics.Warnf(r.Source(r.Kind.KeyFields()...), "apply this shard once more after the others",
			"%s is not deleted yet: %s%s in another shard goes first", r.Address, first, rest)
	})
}
