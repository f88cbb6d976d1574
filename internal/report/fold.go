package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A fold is steps that do the same to what is called the same, in several
// organizations or projects; most hold one step.
type fold struct {
	steps []*planner.Step
	same  []string // what each of them does, in full
	of    int      // organizations or projects in which the plan has steps
}

// fewest is how many equal steps are told as one.
const fewest = 3

// folds gathers equal steps, each at the place of the first of them. Those
// that differ from the most follow them.
func folds(steps []*planner.Step) []*fold {
	scopes := map[bool]map[spec.Address]bool{true: {}, false: {}}
	byName := map[string][]*fold{} // what happens to what, wherever
	var names []string
	for _, s := range steps {
		scopes[inProject(s)][s.Address.Scope()] = true
		name := fmt.Sprintf("%s %s %v %s %s", s.Action, s.Kind, inProject(s), s.Status, below(s))
		if s.Error != nil || len(s.Outputs) > 0 {
			name += " " + string(s.Address) // told by itself
		}
		if byName[name] == nil {
			names = append(names, name)
		}
		same := Text{Full: true, several: true}.changes(s)
		i := slices.IndexFunc(byName[name], func(f *fold) bool { return slices.Equal(f.same, same) })
		if i < 0 {
			byName[name] = append(byName[name], &fold{steps: []*planner.Step{s}, same: same})
			continue
		}
		byName[name][i].steps = append(byName[name][i].steps, s)
	}
	at := map[*planner.Step]int{}
	for i, s := range steps {
		at[s] = i
	}
	var out []*fold
	alone := func(f *fold) {
		for _, s := range f.steps {
			out = append(out, single(s))
		}
	}
	for _, name := range names {
		same := byName[name]
		slices.SortStableFunc(same, func(a, b *fold) int { return len(b.steps) - len(a.steps) })
		folded := len(same[0].steps) >= fewest
		for _, f := range same {
			if len(f.steps) < fewest {
				alone(f)
				continue
			}
			f.of = len(scopes[inProject(f.steps[0])])
			out = append(out, f)
		}
		if !folded { // nothing was: each keeps its own place
			continue
		}
		first := slices.MinFunc(same, func(a, b *fold) int { return at[a.steps[0]] - at[b.steps[0]] }).steps[0]
		for _, f := range same {
			for _, s := range f.steps {
				at[s] = at[first]
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *fold) int { return at[a.steps[0]] - at[b.steps[0]] })
	return out
}

// unfolded makes a fold of each step.
func unfolded(steps []*planner.Step) []*fold {
	out := make([]*fold, len(steps))
	for i, s := range steps {
		out[i] = single(s)
	}
	return out
}

func single(s *planner.Step) *fold { return &fold{steps: []*planner.Step{s}} }

func inProject(s *planner.Step) bool { return s.Address.Project() != "" }

// below is the address of a step without its organization or project.
func below(s *planner.Step) string {
	return strings.TrimPrefix(strings.TrimPrefix(string(s.Address), string(s.Address.Scope())), "/")
}

// several tells whether the fold stands for more than one step.
func (f *fold) several() bool { return len(f.steps) > 1 }

// takes tells whether the steps take something away: then none goes unnamed.
func (f *fold) takes() bool { return weight(f.steps[0]) < 2 }

// head names what the fold is about.
func (f *fold) head() string {
	if !f.several() {
		return Clean(string(f.steps[0].Address)) + place(f.steps[0])
	}
	scope := "organization"
	if inProject(f.steps[0]) {
		scope = "project"
	}
	name := below(f.steps[0])
	if name == "" {
		return Count(len(f.steps), scope)
	}
	return fmt.Sprintf("%s in %d of %s", Clean(name), len(f.steps), Count(f.of, scope))
}

// place is where a step is declared.
func place(s *planner.Step) string {
	if s.Source == nil {
		return ""
	}
	return fmt.Sprintf("  (%s:%d)", Clean(s.Source.File), s.Source.Line)
}

// some is how many scopes are named where nothing is taken away.
const some = 3

// where lists the scopes of a fold: all where something is taken away.
func (f *fold) where() []string {
	if !f.several() {
		return nil
	}
	if f.takes() {
		var out []string
		for _, s := range f.steps {
			out = append(out, fmt.Sprintf("    in %s%s", Clean(string(s.Address.Scope())), place(s)))
		}
		return out
	}
	var names []string
	for _, s := range f.steps[:some] {
		names = append(names, Clean(string(s.Address.Scope())))
	}
	line := "    in " + strings.Join(names, ", ")
	if more := len(f.steps) - some; more > 0 {
		line += fmt.Sprintf(" and %d more (--full names them)", more)
	}
	return []string{line}
}
