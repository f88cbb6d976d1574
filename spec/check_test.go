package spec_test

import (
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// What the engine would ignore is refused.
func TestWordsOutOfPlace(t *testing.T) {
	lookup := func(answers bool) *spec.Lookup {
		return &spec.Lookup{List: "/zones", Name: "/name", ID: "/id", Answers: answers}
	}
	for want, edit := range map[string]func(*spec.Kind){
		"lookup is for strings without a ref": func(k *spec.Kind) {
			k.Fields = append(k.Fields, spec.Field{Name: "zones", Type: spec.Map, Doc: "trial", Lookup: lookup(false)})
		},
		"when.loses is for updates": func(k *spec.Kind) {
			k.Create = []spec.Call{{Route: "POST /things", Version: "2023-01-01", When: &spec.When{Field: "name", Loses: true}}}
		},
		"irreversible: \"name\" is no flag of the file's": func(k *spec.Kind) { k.Irreversible = &spec.Irreversible{Why: "trial", Unless: "name"} },
		"and stands alone": func(k *spec.Kind) {
			k.Update = []spec.Call{{Route: "POST /things", Version: "2023-01-01", When: &spec.When{Field: "name", Loses: true, Empty: true}}}
		},
	} {
		k := &spec.Kind{Name: "Thing", Document: true, Doc: "trial", Key: []string{"name"},
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}, {Name: "places", Type: spec.Map, Doc: "trial", Lookup: lookup(true)}},
			List:   spec.Read{Route: "GET /things", Version: "2023-01-01"}}
		if _, err := spec.NewCatalog(k); err != nil {
			t.Fatal(err)
		}
		edit(k)
		if _, err := spec.NewCatalog(k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
}
