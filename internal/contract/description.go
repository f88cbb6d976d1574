package contract

import "github.com/atlasctl/atlasctl-sync/internal/api"

// A Description is the description of the API, ready to check exchanges. It is
// safe for concurrent use.
type Description struct {
	facts   *api.Facts
	routes  []*route
	schemas *compiledSchemas
}

// Describe returns the description that some facts are.
func Describe(facts *api.Facts) *Description {
	return &Description{facts: facts, routes: routesOf(facts), schemas: newCompiledSchemas()}
}
