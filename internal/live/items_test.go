package live_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// fixed answers GETs below the API's prefix with the same text.
func fixed(t *testing.T, answers map[string]string) *live.Reader {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if req.URL.Path == "/api/oauth/token" {
			_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
			return
		}
		text, ok := answers[strings.TrimPrefix(req.URL.Path, planner.APIPrefix)]
		status, body, coded := strings.Cut(text, " ")
		switch {
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		case coded && status == "404":
			w.WriteHeader(http.StatusNotFound)
			text = body
		}
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)
	client, err := atlas.New(atlas.Options{BaseURL: server.URL, Credentials: atlas.Credentials{ClientID: "mdb_sa_id_000000000000000000000000", ClientSecret: "s"}})
	if err != nil {
		t.Fatal(err)
	}
	return &live.Reader{Doer: client, Parallelism: 1}
}

// Items may stand in several arrays of one object, and some rows may be none
// of ours.
func TestItemsAndOnly(t *testing.T) {
	role := &spec.Kind{Name: "Role", Section: "roles", Doc: "trial", Key: []string{"name"},
		Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}},
		List: spec.Read{Route: "GET /roles", Version: "2023-01-01", Items: []string{"/aws", "/clouds/azure", "/gcp"},
			Only: &spec.Cond{At: "/state", NotIn: []string{"DELETED"}}}}
	for answer, want := range map[string]string{
		`{"aws":[{"name":"a"},{"name":"b","state":"DELETED"}],"clouds":{"azure":[{"name":"c","state":"OK"}]},"gcp":null}`: "a c",
		`{"aws":[]}`:                          "",
		`{}`:                                  "",
		`{"aws":{"name":"a"}}`:                "error: its /aws is no list",
		`[{"name":"a"}]`:                      "error: the answer is no object with lists in it: check MONGODB_ATLAS_BASE_URL",
		`{"gcp":[{"name":"a"},{"name":"a"}]}`: "a",
	} {
		items, err := fixed(t, map[string]string{"/roles": answer}).List(t.Context(), role, planner.Params{})
		var got []string
		for _, raw := range items {
			got = append(got, spec.TextAt(raw, "/name"))
		}
		told := strings.Join(got, " ")
		if err != nil {
			told = "error: " + strings.TrimPrefix(err.Error(), "GET /api/atlas/v2/roles: ")
		}
		if told != want {
			t.Errorf("%s: %s, not %s", answer, told, want)
		}
	}
}

// What the catalogue would ignore is refused.
func TestItemsAndOnlyAreForLists(t *testing.T) {
	for want, edit := range map[string]func(*spec.Kind){
		"List: Items are for answers that have no pages": func(k *spec.Kind) { k.List.Paged = true },
		"Get: Items are for lists":                       func(k *spec.Kind) { k.Get.Items = []string{"/a"} },
		"Get: Only is for lists":                         func(k *spec.Kind) { k.Get.Only = &spec.Cond{At: "/a"} },
		"List: Items are for kinds of several objects":   func(k *spec.Kind) { k.Singleton = true },
		"List: Only names no values":                     func(k *spec.Kind) { k.List.Only = &spec.Cond{At: "/a"} },
	} {
		k := &spec.Kind{Name: "Role", Section: "roles", Doc: "trial", Key: []string{"name"},
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}},
			List:   spec.Read{Route: "GET /roles", Version: "2023-01-01", Items: []string{"/aws"}},
			Get:    spec.Read{Route: "GET /role", Version: "2023-01-01"}}
		if _, err := spec.NewCatalog(k); err != nil {
			t.Fatal(err)
		}
		edit(k)
		if _, err := spec.NewCatalog(k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
}
