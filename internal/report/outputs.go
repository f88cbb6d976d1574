package report

import (
	"fmt"
	"maps"
	"slices"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// mostOutputs is of how many resources the outputs are told.
const mostOutputs = 20

// outputs tells what people need of a step's object elsewhere, line by line.
func outputs(s *planner.Step) []string {
	var out []string
	for _, path := range slices.Sorted(maps.Keys(s.Outputs)) {
		out = append(out, fmt.Sprintf("%s: %s", Clean(path), Value(s.Outputs[path])))
	}
	return out
}

// outputs prints, at the end of an apply, what people need elsewhere.
func (t Text) outputs(steps []*planner.Step) {
	n := 0
	for _, s := range steps {
		all := outputs(s)
		if len(all) == 0 {
			continue
		}
		if n++; n > mostOutputs && !t.Full {
			continue
		}
		if n == 1 {
			t.printf("\nOutputs:\n")
		}
		t.printf("  %s\n", Clean(string(s.Address)))
		for _, line := range all {
			t.printf("    %s\n", line)
		}
	}
	if more := n - mostOutputs; more > 0 && !t.Full {
		t.printf("  and %d more: -o json has all of them, and get ADDRESS FIELD one\n", more)
	}
}
