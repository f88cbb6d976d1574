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

// Two kinds may take their objects from one answer, and only some parents have any.
func TestTwoKindsOfOneAnswer(t *testing.T) {
	kind := func(name, items string) *spec.Kind {
		return &spec.Kind{Name: name, Section: name, Parent: "Box", Doc: "trial", Key: []string{"name"}, Where: &spec.Cond{At: "/sort", Values: []string{"open"}},
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}},
			List:   spec.Read{Route: "GET /boxes/{box}/things", Version: "2023-01-01", Items: []string{items}}}
	}
	box := &spec.Kind{Name: "Box", Document: true, Doc: "trial", Key: []string{"name"}, Params: map[string]string{"box": "name"},
		Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}}, List: spec.Read{Route: "GET /boxes", Version: "2023-01-01"}}
	c, err := spec.NewCatalog(box, kind("hats", "/hats"), kind("coats", "/coats"))
	if err != nil {
		t.Fatal(err)
	}
	state, diags := spec.Load(c, []string{"-"}, strings.NewReader("apiVersion: atlasctl-sync/v1\nkind: Box\nname: a\nhats: [{name: h}]\ncoats: [{name: c}]\n---\n"+
		"apiVersion: atlasctl-sync/v1\nkind: Box\nname: b\nhats: [{name: h}]\n"))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	reader := &live.Reader{Catalog: c, Doer: serve(t, func(request, _ string) (int, string) {
		switch request {
		case "GET /boxes":
			return http.StatusOK, `[{"name":"a","sort":"open"},{"name":"b","sort":"shut"}]`
		case "GET /boxes/a/things":
			return http.StatusOK, `{"hats":[{"name":"h"}],"coats":[{"name":"c"},{"name":"d"}]}`
		}
		return http.StatusBadRequest, `{}`
	})}
	l, diags, err := reader.Read(t.Context(), state)
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	for _, want := range []struct {
		kind, box string
		n         int
	}{{"hats", "a", 1}, {"coats", "a", 2}, {"hats", "b", 0}} {
		listing, ok := l.Listing(c.Kind(want.kind), planner.Params{"box": want.box})
		if !ok || len(listing.Objects) != want.n {
			t.Errorf("%v: %v, %v", want, listing, ok)
		}
	}
}

// What the catalogue would ignore is refused.
func TestItemsAndOnlyAreForLists(t *testing.T) {
	for want, edit := range map[string]func(*spec.Kind){
		"list: items are for answers that have no pages": func(k *spec.Kind) { k.List.Paged = true },
		"get: items are for lists":                       func(k *spec.Kind) { k.Get.Items = []string{"/a"} },
		"get: only is for lists":                         func(k *spec.Kind) { k.Get.Only = &spec.Cond{At: "/a"} },
		"list: items are for kinds of several objects":   func(k *spec.Kind) { k.Singleton = true },
		"where is for what stands in another object":     func(k *spec.Kind) { k.Where = &spec.Cond{At: "/a"} },
		"list: only names no values":                     func(k *spec.Kind) { k.List.Only = &spec.Cond{At: "/a"} },
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
