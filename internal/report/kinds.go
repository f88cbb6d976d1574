package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Kinds lists the kinds of the catalogue, one line each.
func Kinds(w io.Writer, c *spec.Catalog) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tSECTION\tIN\tWHAT IT IS")
	for _, k := range inOrder(c) {
		section := k.Section
		if k.Document {
			section = "kind: " + k.Name
		}
		parent := k.Parent
		if parent == "" {
			parent = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", k.Name, section, parent, k.Doc)
	}
	return t.Flush()
}

// inOrder returns the kinds by where they stand, then by name: first what stands
// alone, then what is in an organization, in a project, and in what those hold.
func inOrder(c *spec.Catalog) []*spec.Kind {
	documents := c.Documents()
	rank := func(k *spec.Kind) int {
		if k.Document {
			return -1
		}
		i := slices.IndexFunc(documents, func(d *spec.Kind) bool { return d.Name == k.Parent })
		if i < 0 {
			i = len(documents)
		}
		return i
	}
	all := slices.Clone(c.Kinds())
	slices.SortStableFunc(all, func(a, b *spec.Kind) int {
		if i, j := rank(a), rank(b); i != j || i < 0 {
			return i - j
		}
		return cmp.Or(strings.Compare(a.Parent, b.Parent), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return all
}
