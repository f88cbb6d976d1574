package report

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// accepted is what findings are counted as that somebody accepted.
const accepted = planner.Class("accepted")

// A tally counts something of each organization and project.
type tally[K comparable] struct {
	sorts  []K
	spell  func(int, K) string
	order  []spec.Address
	counts map[spec.Address]map[K]int
}

func newTally[K comparable](sorts []K, spell func(int, K) string) *tally[K] {
	return &tally[K]{sorts: sorts, spell: spell, counts: map[spec.Address]map[K]int{}}
}

func (c *tally[K]) add(scope spec.Address, what K) {
	if c.counts[scope] == nil {
		c.order, c.counts[scope] = append(c.order, scope), map[K]int{}
	}
	c.counts[scope][what]++
}

// print writes a line for each organization and project.
func (c *tally[K]) print(t Text) {
	if len(c.order) == 0 {
		return
	}
	w := tabwriter.NewWriter(t.W, 0, 0, 2, ' ', 0)
	for _, scope := range c.order {
		var parts []string
		for _, what := range c.sorts {
			if n := c.counts[scope][what]; n > 0 {
				parts = append(parts, c.spell(n, what))
			}
		}
		fmt.Fprintf(w, "%s\t%s\n", Clean(string(scope)), strings.Join(parts, ", "))
	}
	_ = w.Flush() // a writer that fails is noticed by who gave it
	t.printf("\n")
}
