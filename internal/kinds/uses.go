package kinds

import (
	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Uses lists the operations that the kinds of a catalogue use, with the kind.
func Uses(facts *api.Facts, c *spec.Catalog) []api.Use {
	var out []api.Use
	for _, k := range c.Kinds() {
		for _, u := range k.Uses() {
			if op, err := operationOf(facts, u.Route); err == nil {
				out = append(out, api.Use{Operation: op.ID, Version: u.Version, By: k.Name})
			}
		}
	}
	return out
}
