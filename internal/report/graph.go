package report

import (
	"fmt"
	"io"
	"strconv"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Graph prints the declared resources and what they refer to in the DOT
// language of Graphviz. An arrow points at what comes first.
func Graph(w io.Writer, c *spec.Catalog, s *spec.State) error {
	var err error
	printf := func(format string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(w, format, args...)
		}
	}
	printf("digraph atlas {\n  rankdir=RL\n  node [shape=box]\n")
	s.Resources(func(r *spec.Resource) {
		style := ""
		if r.Absent {
			style = " [style=dashed]" // to be deleted
		}
		printf("  %s%s\n", quoted(r.Address), style)
		seen := map[spec.Address]bool{}
		edge := func(to *spec.Resource) {
			if to != nil && to != r && !seen[to.Address] {
				seen[to.Address] = true
				printf("  %s -> %s\n", quoted(r.Address), quoted(to.Address))
			}
		}
		if r.Parent != nil {
			edge(r.Parent)
		}
		r.EachRef(func(f *spec.Field) string { return f.RefFor(r) }, func(_ *spec.Field, kind, key, _ string) {
			edge(s.Referenced(r, c.Kind(kind), key))
		})
	})
	printf("}\n")
	return err
}

func quoted(a spec.Address) string { return strconv.Quote(Clean(string(a))) }
