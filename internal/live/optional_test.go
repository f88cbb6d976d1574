package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// nodes is a made-up singleton that may not exist.
func nodes() *spec.Kind {
	const route, version = "/orgs/{orgId}/nodes", "2023-01-01"
	return &spec.Kind{
		Name: "Nodes", Section: "nodes", Parent: "Organization", Singleton: true, Doc: "trial",
		Optional: &spec.Optional{Codes: []string{"NO_NODES"}, At: "/id"},
		Fields:   []spec.Field{{Name: "count", Type: spec.Int, Doc: "trial"}},
		List:     spec.Read{Route: "GET " + route, Version: version},
		Get:      spec.Read{Route: "GET " + route, Version: version},
		Create:   []spec.Call{{Route: "POST " + route, Version: version, Body: spec.Body{Send: spec.Declared}}},
		Update:   []spec.Call{{Route: "PATCH " + route, Version: version, Body: spec.Body{Send: spec.Changed}}},
		Delete:   []spec.Call{{Route: "DELETE " + route, Version: version, Wait: &spec.Wait{Gone: true, Max: 5e9}}},
	}
}

// A nodeServer is an organization with or without nodes.
type nodeServer struct {
	mu      sync.Mutex
	nodes   map[string]any // nil: there are none
	none    int            // the status that says so
	code    string         // with which code
	lingers int            // how many looks still see what was deleted
	left    int
	sent    []string
}

func (s *nodeServer) answer(request, body string) (int, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, request)
	method, path, _ := strings.Cut(request, " ")
	if path == "/orgs" {
		return http.StatusOK, `{"results":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","name":"Acme"}],"totalCount":1}`
	}
	switch method {
	case http.MethodGet:
		if s.left > 0 {
			s.left--
			return http.StatusOK, `{"id":"n","count":3}`
		}
	case http.MethodDelete:
		s.nodes, s.left = nil, s.lingers
		return http.StatusNoContent, ""
	default:
		if (method == http.MethodPost) != (s.nodes == nil) {
			return http.StatusConflict, `{"error":409,"errorCode":"WRONG_CALL"}`
		}
		if s.nodes == nil {
			s.nodes = map[string]any{"id": "n"}
		}
		_ = json.Unmarshal([]byte(body), &s.nodes)
	}
	if s.nodes == nil {
		return s.none, `{"errorCode":"` + s.code + `","detail":"none"}`
	}
	text, _ := json.Marshal(s.nodes)
	return http.StatusOK, string(text)
}

func (s *nodeServer) trial(t *testing.T, k *spec.Kind) *trial {
	t.Helper()
	kinds.Catalog()
	c, err := spec.NewCatalog(kinds.Catalog().Kind("Organization"), k)
	if err != nil {
		t.Fatal(err)
	}
	return &trial{t: t, catalog: c, client: serve(t, s.answer)}
}

const acmeHead = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"

// A singleton that is not there is created, kept, and deleted; both ways of
// saying that it is not there count.
func TestOptionalSingleton(t *testing.T) {
	for _, s := range []*nodeServer{{none: 404, code: "NO_NODES", lingers: 2}, {none: 200}} {
		tr := s.trial(t, nodes())
		for _, c := range []struct{ file, step, writes string }{
			{"nodes: {state: absent}\n", "", ""},
			{"nodes: {count: 2}\n", "create org/Acme/nodes", "POST"},
			{"nodes: {count: 2}\n", "", ""},
			{"nodes: {count: 3}\n", "update org/Acme/nodes", "PATCH"},
			{"nodes: {state: absent}\n", "delete org/Acme/nodes", "DELETE"},
			{"nodes: {state: absent}\n", "", ""},
			{"nodes: {}\n", "create org/Acme/nodes", "POST"},
			{"nodes: {state: absent}\n", "delete org/Acme/nodes", "DELETE"},
		} {
			s.sent = nil
			p := tr.read(acmeHead + c.file)
			plan := p.plan()
			if got := steps(plan); got != c.step || plan.Diagnostics.HasErrors() {
				t.Fatalf("%s: %s, not %s: %v %v", c.file, got, c.step, plan.Diagnostics, s.sent)
			}
			if err := p.apply(plan, executor.Options{}); err != nil {
				t.Fatalf("%s: %v", c.file, err)
			}
			if writes := written(s.sent); writes != c.writes {
				t.Errorf("%s: sent %s, not %s", c.file, writes, c.writes)
			}
		}
	}
}

func written(sent []string) string {
	var out []string
	for _, request := range sent {
		if method, _, _ := strings.Cut(request, " "); method != http.MethodGet {
			out = append(out, method)
		}
	}
	return strings.Join(out, " ")
}

// Another code than those that say so is an error, not an absence.
func TestAnotherCodeIsNoAbsence(t *testing.T) {
	s := &nodeServer{none: 404, code: "ORG_NOT_FOUND"}
	tr := s.trial(t, nodes())
	if _, err := tr.tryRead(acmeHead + "nodes: {count: 2}\n"); err == nil || !strings.Contains(err.Error(), "ORG_NOT_FOUND") {
		t.Error(err)
	}
}

// What nothing can create is an error that says what to do.
func TestOptionalThatNothingCreates(t *testing.T) {
	k := nodes()
	k.Create, k.Optional.Hint = nil, "switch nodes on"
	s := &nodeServer{none: 404, code: "NO_NODES"}
	plan := s.trial(t, k).read(acmeHead + "nodes: {count: 2}\n").plan()
	if err := plan.Diagnostics.Err(); err == nil || !strings.Contains(err.Error(), "org/Acme/nodes is not there, and this tool cannot create it") || plan.Diagnostics[0].Hint != "switch nodes on" {
		t.Error(plan.Diagnostics)
	}
}

// What comes with a change of its parent in the same plan is looked at again
// after that; if it has not come, that is the error.
func TestOptionalThatItsParentBrings(t *testing.T) {
	cluster := &spec.Kind{Name: "Cluster", Section: "clusters", Parent: "Organization", Doc: "trial",
		Key: []string{"name"}, Params: map[string]string{"clusterName": "name"},
		Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}, {Name: "backup", Type: spec.Bool, Doc: "trial"}},
		List:   spec.Read{Route: "GET /orgs/{orgId}/clusters", Version: "2023-01-01"},
		Get:    spec.Read{Route: "GET /orgs/{orgId}/clusters/{clusterName}", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/clusters/{clusterName}", Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}}}}
	const route = "/orgs/{orgId}/clusters/{clusterName}/schedule"
	schedule := &spec.Kind{Name: "Schedule", Section: "schedule", Parent: "Cluster", Doc: "trial", Singleton: true,
		Optional: &spec.Optional{Hint: "switch the cluster's backup on"},
		Fields:   []spec.Field{{Name: "hour", Type: spec.Int, Doc: "trial"}},
		List:     spec.Read{Route: "GET " + route, Version: "2023-01-01"},
		Get:      spec.Read{Route: "GET " + route, Version: "2023-01-01"},
		Update:   []spec.Call{{Route: "PATCH " + route, Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}}}}
	for _, comes := range []bool{true, false} {
		backup, hour := false, 0
		client := serve(t, func(request, _ string) (int, string) {
			method, path, _ := strings.Cut(request, " ")
			switch _, below, _ := strings.Cut(path, "/clusters"); {
			case path == "/orgs":
				return http.StatusOK, `{"results":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","name":"Acme"}],"totalCount":1}`
			case below == "":
				return http.StatusOK, fmt.Sprintf(`[{"name":"c","backup":%v}]`, backup)
			case below == "/c":
				backup = backup || method == http.MethodPatch
				return http.StatusOK, fmt.Sprintf(`{"name":"c","backup":%v}`, backup)
			case !backup || !comes:
				return http.StatusNotFound, `{"errorCode":"BACKUP_CONFIG_NOT_FOUND"}`
			case method == http.MethodPatch:
				hour = 7
			}
			return http.StatusOK, fmt.Sprintf(`{"hour":%d}`, hour)
		})
		kinds.Catalog()
		c, err := spec.NewCatalog(kinds.Catalog().Kind("Organization"), cluster, schedule)
		if err != nil {
			t.Fatal(err)
		}
		tr := &trial{t: t, catalog: c, client: client}
		p := tr.read(acmeHead + "clusters:\n  - {name: c, backup: true, schedule: {hour: 7}}\n")
		plan := p.plan()
		if got := steps(plan); got != "update org/Acme/clusters/c\nupdate org/Acme/clusters/c/schedule" || plan.Diagnostics.HasErrors() {
			t.Fatal(got, plan.Diagnostics)
		}
		err = p.apply(plan, executor.Options{})
		if comes && (err != nil || hour != 7) || !comes && (err == nil || !strings.Contains(err.Error(), "schedule is not there, and this tool cannot create it")) {
			t.Errorf("comes: %v: %v, hour %d", comes, err, hour)
		}
	}
}

// What the catalogue would ignore is refused.
func TestOptionalIsForSingletons(t *testing.T) {
	for want, edit := range map[string]func(*spec.Kind){
		"optional is for singletons":             func(k *spec.Kind) { k.Singleton, k.Key = false, []string{"count"} },
		"create is for singletons with optional": func(k *spec.Kind) { k.Optional = nil },
		"nothing says what to do about it":       func(k *spec.Kind) { k.Create = nil },
		"delete calls, and nothing says when":    func(k *spec.Kind) { k.Optional, k.Create = nil, nil },
		"wait: nothing to read":                  func(k *spec.Kind) { k.Get = spec.Read{} },
		"wait: nothing to wait for":              func(k *spec.Kind) { k.Delete[0].Wait.Gone = false },
		"wait: no bound":                         func(k *spec.Kind) { k.Delete[0].Wait.Max = 0 },
	} {
		k := nodes()
		edit(k)
		kinds.Catalog()
		if _, err := spec.NewCatalog(kinds.Catalog().Kind("Organization"), k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
}
