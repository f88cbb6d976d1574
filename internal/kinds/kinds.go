// Package kinds is the catalogue: one file per kind, one literal each. To add
// a kind, add a file; nothing else in the program names one.
package kinds

import (
	"sync"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var registered []*spec.Kind

func register(k spec.Kind) *spec.Kind {
	registered = append(registered, &k)
	return &k
}

// Catalog returns the kinds that this version knows, with what follows from
// the facts of the API. It panics if a literal is wrong, which the tests of this
// package find first.
var Catalog = sync.OnceValue(func() *spec.Catalog {
	facts := api.Load()
	for _, k := range registered {
		if err := follow(facts, k); err != nil {
			panic(err)
		}
	}
	c, err := spec.NewCatalog(registered...)
	if err != nil {
		panic(err)
	}
	return c
})
