package spec_test

import (
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Secrets that are listed by themselves do not come with their object.
func TestRotationList(t *testing.T) {
	for want, edit := range map[string]func(*spec.Kind){
		"":                              func(*spec.Kind) {},
		"rotation: list is for secrets": func(k *spec.Kind) { k.Rotation.First = "/secrets/0" },
		"rotation.list":                 func(k *spec.Kind) { k.Rotation.List.Route = "GET /accounts/{nobody}/secrets" },
	} {
		k := &spec.Kind{Name: "Account", Section: "accounts", Doc: "trial", Key: []string{"name"}, Params: map[string]string{"id": "/id"},
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}, {Name: "secrets", Type: spec.Object, Local: true, Doc: "trial",
				Fields: []spec.Field{{Name: "maxAge", Type: spec.Duration, Doc: "trial"}}}},
			List: spec.Read{Route: "GET /accounts", Version: "2023-01-01"}, Get: spec.Read{Route: "GET /accounts/{id}", Version: "2023-01-01"},
			Rotation: &spec.Rotation{Field: "secrets", Live: "/secrets", Expiry: "hours", List: &spec.Read{Route: "GET /accounts/{id}/secrets", Version: "2023-01-01"},
				Create: spec.Call{Route: "POST /accounts/{id}/secrets", Version: "2023-01-01"}, Delete: spec.Call{Route: "DELETE /accounts/{id}/secrets/{secretId}", Version: "2023-01-01"}}}
		edit(k)
		_, err := spec.NewCatalog(k)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
}
