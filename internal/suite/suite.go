// Package suite holds the tests that come with every kind of a catalogue. They
// know of a kind what its literal and the facts of the API say, make random
// objects of it by HTTP as a stranger would, and hold against them what the
// program does. No kind has a line of its own here.
package suite

import (
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Suite tests the kinds of one catalogue.
type Suite struct {
	Catalog *spec.Catalog
	Facts   *api.Facts
	// Run runs the program with the catalogue, and tells what it printed.
	Run func(c *spec.Catalog, env map[string]string, args ...string) (code int, stdout, stderr string)
	// Examples are texts that a field can have, by the kind's and the field's
	// name: what no pattern tells, such as a policy in a language of its own.
	Examples map[string][]string
	// Models are whole objects, as examples declare them, by kind.
	Models map[string][]map[string]any
	// Parents are what the examples have objects of a kind stand in, if that is
	// no organization or project.
	Parents map[string][]map[string]any
	// Tap sees all exchanges, so that they can be held against the contract.
	Tap func(sandbox.Exchange)
	// Told counts what happened, by kind and what it was.
	Told map[string]int
}

// A Point is one thing that has to hold for every kind.
type Point struct {
	Name string
	// cannot says why a kind cannot be held to it, as its literal shows.
	cannot func(k *spec.Kind) string
	hold   func(w *world, k *spec.Kind)
}

// Points are all of them.
var Points = []Point{
	{"export", cannotExport, (*world).exported},
	{"part", cannotChange, (*world).partDeclared},
	{"leaves", cannotChange, (*world).leavesChanged},
	{"born", cannotBeBorn, (*world).bornWithParent},
	{"faults", cannotBeBorn, (*world).amongFaults},
}

// Check holds a kind to a point, in as many random worlds as rapid is told.
func (s *Suite) Check(t rapid.TB, k *spec.Kind, p Point) {
	t.Helper()
	rapid.Check(t, func(r *rapid.T) {
		w := s.open(r, p.Name == "faults")
		defer w.close()
		p.hold(w, k)
	})
}

// Learn takes the texts of valid files for examples.
func (s *Suite) Learn(state *spec.State) {
	if s.Examples == nil {
		s.Examples, s.Models, s.Parents = map[string][]string{}, map[string][]map[string]any{}, map[string][]map[string]any{}
	}
	state.Resources(func(r *spec.Resource) {
		if !r.Absent {
			s.Models[r.Kind.Name] = append(s.Models[r.Kind.Name], r.Values)
			if p := r.Parent; p != nil && !p.Kind.Document {
				s.Parents[r.Kind.Name] = append(s.Parents[r.Kind.Name], p.Values)
			}
		}
		spec.Leaves(r.Kind.Fields, r.Values, func(f *spec.Field, _ string, v any, _ map[string]any) {
			if text, ok := v.(string); ok && f.Type == spec.String && !f.Sensitive && f.Ref == nil {
				name := r.Kind.Name + "." + f.Name
				s.Examples[name] = append(s.Examples[name], text)
			}
		})
	})
}

// Cannot says why a kind is not held to a point; "" if it is.
func (s *Suite) Cannot(k *spec.Kind, p Point) string {
	if why := k.Untested[p.Name]; why != "" {
		return why
	}
	return p.cannot(k)
}

func (s *Suite) tell(what string) {
	if s.Told != nil {
		s.Told[what]++
	}
}
