package live_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// serve answers what is sent below the API's prefix, "GET /orgs", with a status
// and a text, over real HTTP.
func serve(t *testing.T, answer func(request, body string) (int, string)) *atlas.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if req.URL.Path == "/api/oauth/token" {
			_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
			return
		}
		body, _ := io.ReadAll(req.Body)
		status, text := answer(req.Method+" "+strings.TrimPrefix(req.URL.Path, planner.APIPrefix), string(body))
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)
	client, err := atlas.New(atlas.Options{BaseURL: server.URL, Parallelism: 8, FirstWait: time.Millisecond,
		Credentials: atlas.Credentials{ClientID: "mdb_sa_id_000000000000000000000000", ClientSecret: "s"}})
	if err != nil {
		t.Fatal(err)
	}
	return client
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
		reader := &live.Reader{Doer: serve(t, func(string, string) (int, string) { return http.StatusOK, answer })}
		items, err := reader.List(t.Context(), role, planner.Params{})
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
