// Package kinds is the catalogue: one file per kind, one literal each. To add
// a kind, add a file; nothing else in the program names one.
package kinds

import (
	"sync"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var registered []func() spec.Kind

// register takes a literal, which is made when the catalogue is asked for:
// every start of the program would pay for them all.
func register(literal func() spec.Kind) bool {
	registered = append(registered, literal)
	return true
}

// Catalog returns the kinds that this version knows, each with what follows
// from the facts of the API when it is first asked for. It panics if a literal is
// wrong, which the tests of this package find first.
var Catalog = sync.OnceValue(func() *spec.Catalog { return Of(api.Load()) })
