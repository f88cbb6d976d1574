package spec_test

import (
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestRefAt: it says which id, so there has to be one.
func TestRefAt(t *testing.T) {
	for want, ref := range map[string]spec.Ref{"": {Kind: "Thing", ByID: true, At: "/other"}, "ref.at is the place of an id": {Kind: "Thing", At: "/other"}} {
		k := &spec.Kind{Name: "Thing", Section: "things", Doc: "trial", Key: []string{"name"},
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}, {Name: "like", Type: spec.String, Doc: "trial", Ref: &ref}},
			List:   spec.Read{Route: "GET /things", Version: "2023-01-01"}}
		_, err := spec.NewCatalog(k)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
		if ref.IDAt(k) != "/other" || (*spec.Ref)(nil).IDAt(k) != "/id" {
			t.Error("another place than the kind's own id")
		}
	}
}
