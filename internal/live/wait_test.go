package live_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// tagged is a made-up kind whose creation is waited for elsewhere.
func tagged(w *spec.Wait) *spec.Kind {
	return &spec.Kind{Name: "Tag", Section: "tags", Parent: "Organization", Doc: "trial",
		Key: []string{"name"}, Params: map[string]string{"tagName": "name"},
		Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}},
		List:   spec.Read{Route: "GET /orgs/{orgId}/tags", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/tags", Version: "2023-01-01", Body: spec.Body{Send: spec.Declared}, Wait: w}}}
}

// What a call is followed by may stand elsewhere, in one object or in all of a
// list; the run goes on when it is so.
func TestWaitOnAnotherRoute(t *testing.T) {
	one := &spec.Read{Route: "GET /orgs/{orgId}/tags/{tagName}/status", Version: "2023-01-01", Query: map[string][]string{"deep": {"true"}}}
	all := &spec.Read{Route: "GET /orgs/{orgId}/clusters", Version: "2023-01-01", Paged: true, Only: &spec.Cond{At: "/name", NotIn: []string{"other"}}}
	for name, c := range map[string]struct {
		wait *spec.Wait
		path string
		busy string
		done string
	}{
		"one": {&spec.Wait{Read: one, At: "/STATUS", Until: []string{"ACTIVE"}, Max: time.Minute}, "/orgs/aaaaaaaaaaaaaaaaaaaaaaaa/tags/a/status", `{"STATUS":"PENDING"}`, `{"STATUS":"ACTIVE"}`},
		"all": {&spec.Wait{Read: all, All: true, At: "/idle", Until: []string{"true"}, Max: time.Minute}, "/orgs/aaaaaaaaaaaaaaaaaaaaaaaa/clusters",
			`{"results":[{"name":"x","idle":true},{"name":"y","idle":false}]}`, `{"results":[{"name":"x","idle":true},{"name":"other","idle":false}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			made, looks := false, 0
			client := serve(t, func(request, _ string) (int, string) {
				switch method, path, _ := strings.Cut(request, " "); {
				case path == "/orgs":
					return http.StatusOK, `{"results":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","name":"Acme"}],"totalCount":1}`
				case path == c.path:
					if looks++; looks < 3 {
						return http.StatusOK, c.busy
					}
					return http.StatusOK, c.done
				case method == http.MethodPost:
					made = true
					return http.StatusCreated, `{"name":"a"}`
				case made && looks < 3:
					t.Errorf("%s before it was done", request)
				case made:
					return http.StatusOK, `[{"name":"a"}]`
				}
				return http.StatusOK, `[]`
			})
			kinds.Catalog()
			catalog, err := spec.NewCatalog(kinds.Catalog().Kind("Organization"), tagged(c.wait))
			if err != nil {
				t.Fatal(err)
			}
			p := (&trial{t: t, catalog: catalog, client: client}).read(acmeHead + "tags: [{name: a}]\n")
			plan := p.plan()
			if got := fmt.Sprint(plan.Steps[0].Requests[0].Wait.Read.Query); !strings.Contains(got, "deep:[true]") && !strings.Contains(got, "itemsPerPage:500") {
				t.Error(got)
			}
			if err := p.apply(plan, executor.Options{Pace: 0.01}); err != nil || looks != 3 || !made {
				t.Errorf("%v after %d looks", err, looks)
			}
		})
	}
}

// What the catalogue would ignore is refused.
func TestWaitIsChecked(t *testing.T) {
	read := func() *spec.Read { return &spec.Read{Route: "GET /orgs/{orgId}/x", Version: "2023-01-01"} }
	for want, w := range map[string]*spec.Wait{
		"nothing fills {nobody}":           {Read: &spec.Read{Route: "GET /{nobody}", Version: "2023-01-01"}, Until: []string{"A"}, Max: 1},
		"all is for a list":                {All: true, Until: []string{"A"}, Max: 1},
		"a list is read with all":          {Read: &spec.Read{Route: "GET /x", Version: "2023-01-01", Paged: true}, Until: []string{"A"}, Max: 1},
		"all and gone exclude each other":  {Read: read(), All: true, Gone: true, Max: 1},
		"wait: it settles after its bound": {Read: read(), Gone: true, Settle: 2, Max: 1},
	} {
		k := tagged(w)
		k.Get = spec.Read{Route: "GET /orgs/{orgId}/tags/{tagName}", Version: "2023-01-01"}
		kinds.Catalog()
		if _, err := spec.NewCatalog(kinds.Catalog().Kind("Organization"), k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
}
