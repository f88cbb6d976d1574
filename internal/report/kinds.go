package report

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Kinds lists the kinds of the catalogue, one line each.
func Kinds(w io.Writer, c *spec.Catalog) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tSECTION\tIN\tWHAT IT IS")
	for _, k := range c.Kinds() {
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
