package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What no area needs by itself is tried here with resources that do nothing
// but what the store does: objects in objects, singletons, bodies that replace.
var (
	workspaces = &resource{
		name: "workspaces",
		list: "listGroupStreamWorkspaces", get: "getGroupStreamWorkspace", create: "createGroupStreamWorkspace",
		update: "updateGroupStreamWorkspace", remove: "deleteGroupStreamWorkspace",
		id: "_id", identity: []string{"name"}, params: []string{"tenantName=name"},
		taken: "TAKEN", missing: "MISSING", blocks: "BLOCKED",
		show: func(c *call, t *thing, v map[string]any) {
			var names []any
			for _, one := range c.below(t, "connections") {
				names = append(names, one.Fields["name"])
			}
			if names != nil {
				v["hostnames"] = append(names, t.Kept["host"])
			}
		},
		check: func(_ *call, _, t *thing) error { t.keep("host", "kept"); return nil },
		cycle: &cycle{created: "NEW", removing: "GOING", next: map[string]string{"NEW": "OLD", "GOING": gone}},
		initial: func(*project) []map[string]any {
			return []map[string]any{{"name": "first", "hostnames": []string{"host"}}}
		},
	}
	connections = &resource{
		name: "connections", of: workspaces,
		list: "listGroupStreamConnections", get: "getGroupStreamConnection", create: "createGroupStreamConnection",
		update: "updateGroupStreamConnection", remove: "deleteGroupStreamConnection",
		identity: []string{"name"}, params: []string{"connectionName=name"},
		cycle: &cycle{member: "state", created: "PENDING", next: map[string]string{"PENDING": "READY"}},
	}
	window = &resource{
		name: "window", singleton: true,
		get: "getGroupMaintenanceWindow", update: "updateGroupMaintenanceWindow", remove: "resetGroupMaintenanceWindow",
		defaults: map[string]any{"dayOfWeek": 0.0},
	}
	hooks = &resource{
		name: "hooks",
		list: "listGroupIntegrations", get: "getGroupIntegration", create: "createGroupIntegration",
		replace: "updateGroupIntegration", remove: "deleteGroupIntegration",
		id: "id", identity: []string{"type"}, params: []string{"integrationType=type"},
		secrets: []string{"apiKey"},
	}
)

// A trial is a server with these resources alone.
type trial struct {
	*testing.T
	*Server
	project string
	now     time.Time
}

func newTrial(t *testing.T, dir string) *trial {
	r := &trial{T: t, now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
	var err error
	if r.Server, err = Open(Options{Dir: dir, Now: func() time.Time { return r.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p := part{id: "trial", scope: perProject, resources: []*resource{workspaces, connections, window, hooks}}
	r.resources = map[string]*resource{}
	for _, one := range p.resources {
		r.resources[one.name] = one
	}
	var routes []*route
	for _, o := range p.all() {
		routes = append(routes, newRoute(o, newEndpointSet(p)))
	}
	for _, old := range r.routes {
		if old.id == "createGroup" || old.id == "deleteGroup" {
			routes = append(routes, old)
		}
	}
	sortRoutes(routes)
	r.routes = routes
	r.project = r.world.Projects[0].ID
	r.Audit(func(noted, is string) {
		if noted != is {
			t.Errorf("not all changes are noted\nnoted: %s\nis:    %s", noted, is)
		}
	})
	return r
}

// call sends a request and returns the answer with its status, like "200 {…}".
func (r *trial) call(method, path, body string) string {
	r.Helper()
	request := httptest.NewRequest(method, apiRoot+strings.Replace(path, "PROJECT", r.project, 1), strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	rep := r.serve(request, []byte(body), r.credentials.PublicKey)
	var value map[string]any
	json.Unmarshal(rep.body, &value)
	for _, name := range []string{"links", "groupId", "_id", "id", "detail", "parameters", "reason", "badRequestDetail", "error"} {
		delete(value, name)
	}
	if results, ok := value["results"].([]any); ok {
		for _, one := range results {
			delete(one.(map[string]any), "links")
			delete(one.(map[string]any), "id")
			delete(one.(map[string]any), "_id")
			delete(one.(map[string]any), "groupId")
		}
	}
	if value == nil {
		return http.StatusText(rep.status)
	}
	return strings.TrimSpace(http.StatusText(rep.status) + " " + jsonOf(value))
}

func (r *trial) want(method, path, body, want string) {
	r.Helper()
	if got := r.call(method, path, body); got != want {
		r.Errorf("%s %s\ngot  %s\nwant %s", method, path, got, want)
	}
}

const streams = "/groups/PROJECT/streams"

func TestObjectsInObjects(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	r := newTrial(t, dir)
	r.want("POST", streams, `{"name":"one"}`, `OK {"name":"one"}`)
	r.want("POST", streams, `{"name":"one"}`, `Conflict {"errorCode":"TAKEN"}`)
	r.want("POST", streams+"/two/connections", `{"name":"c","type":"Sample"}`, `Not Found {"errorCode":"MISSING"}`)
	r.want("GET", streams+"/one/connections", "", `OK {"results":[],"totalCount":0}`)
	r.want("POST", streams+"/one/connections", `{"name":"c","type":"Sample"}`, `OK {"name":"c","state":"PENDING","type":"Sample"}`)
	r.want("GET", streams+"/one", "", `OK {"hostnames":["c","kept"],"name":"one"}`) // seen, so that it moves on
	r.want("GET", streams+"/one/connections/c", "", `OK {"name":"c","state":"PENDING","type":"Sample"}`)
	r.want("GET", streams+"/one/connections/c", "", `OK {"name":"c","state":"READY","type":"Sample"}`)
	r.want("POST", streams+"/one/connections", `{"name":"c","type":"Sample"}`, `Conflict {"errorCode":"RESOURCE_ALREADY_EXISTS"}`)
	r.want("POST", streams+"/one/connections", `{"name":"d","type":"Https","url":"https://example.com"}`, `OK {"name":"d","state":"PENDING","type":"Https","url":"https://example.com"}`)
	r.want("POST", streams+"/one/connections", `{"name":"e","type":"Sample","url":"https://example.com"}`, `Bad Request {"errorCode":"INVALID_ATTRIBUTE"}`)
	r.want("PATCH", streams+"/one/connections/d", `{"type":"Https","url":"https://example.org"}`, `OK {"name":"d","state":"PENDING","type":"Https","url":"https://example.org"}`)
	r.want("DELETE", streams+"/one/connections/c", "", "Accepted")
	r.want("DELETE", streams+"/one/connections/c", "", `Not Found {"errorCode":"RESOURCE_NOT_FOUND"}`)

	// It is all there after a start.
	r.Close()
	r = newTrial(t, dir)
	r.now = r.now.Add(time.Hour)
	r.want("GET", streams+"/one/connections", "", `OK {"results":[{"name":"d","state":"READY","type":"Https","url":"https://example.org"}],"totalCount":1}`)
	r.world.Projects[0].Serverless, r.world.Projects[0].Federation = nil, nil
	r.want("DELETE", "/groups/PROJECT", "", `Conflict {"errorCode":"BLOCKED"}`)

	// A parent that goes takes what is in it.
	r.want("DELETE", streams+"/one", "", "Accepted")
	r.want("GET", streams, "", `OK {"results":[{"hostnames":["d","kept"],"name":"one"}],"totalCount":1}`)
	r.now = r.now.Add(time.Second)
	r.want("GET", streams+"/one", "", `Not Found {"errorCode":"MISSING"}`)
	r.want("POST", streams, `{"name":"one"}`, `OK {"name":"one"}`)
	r.want("GET", streams+"/one/connections", "", `OK {"results":[],"totalCount":0}`)

	// A new project has what it starts with.
	made := r.call("POST", "/groups", `{"name":"new","orgId":"`+r.world.Organizations[0].ID+`"}`)
	r.project = r.world.Projects[len(r.world.Projects)-1].ID
	r.want("GET", streams, "", `OK {"results":[{"hostnames":["host"],"name":"first"}],"totalCount":1}`)
	if !strings.HasPrefix(made, "OK ") {
		t.Error(made)
	}
}

func TestSingletons(t *testing.T) {
	r := newTrial(t, "")
	const path = "/groups/PROJECT/maintenanceWindow"
	r.want("GET", path, "", `OK {"dayOfWeek":0}`)
	r.want("PATCH", path, `{"dayOfWeek":3,"hourOfDay":4}`, "OK")
	r.want("PATCH", path, `{"hourOfDay":5}`, "OK")
	r.want("GET", path, "", `OK {"dayOfWeek":3,"hourOfDay":5}`)
	r.want("PATCH", path, `{"hourOfDay":24}`, `Bad Request {"errorCode":"VALIDATION_ERROR"}`)
	r.want("DELETE", path, "", "No Content")
	r.want("DELETE", path, "", "No Content")
	r.want("GET", path, "", `OK {"dayOfWeek":0}`)
}

func TestBodiesThatReplace(t *testing.T) {
	r := newTrial(t, "")
	const path = "/groups/PROJECT/integrations"
	r.want("POST", path+"/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"secret","region":"EU"}`, `OK {"results":[{"region":"EU","type":"OPS_GENIE"}],"totalCount":1}`)
	id := r.world.Objects[r.project]["hooks"][0].text("id")
	r.want("PUT", path+"/OPS_GENIE", `{"type":"OPS_GENIE"}`, `Bad Request {"errorCode":"VALIDATION_ERROR"}`)                                         // the key is required
	r.want("PUT", path+"/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"secret"}`, `OK {"results":[{"region":"US","type":"OPS_GENIE"}],"totalCount":1}`) // what it lacks is as in a new one
	kept := r.world.Objects[r.project]["hooks"][0]
	if kept.text("id") != id || !kept.has("apiKey") || strings.Contains(jsonOf(r.world), "secret\"") {
		t.Errorf("%s was kept", jsonOf(kept))
	}
	r.want("PUT", path+"/OPS_GENIE", `{"type":"VICTOR_OPS","apiKey":"secret"}`, `Bad Request {"errorCode":"VALIDATION_ERROR"}`)
	r.want("PUT", path+"/DATADOG", `{"type":"DATADOG","apiKey":"secret"}`, `Not Found {"errorCode":"RESOURCE_NOT_FOUND"}`)
	r.want("PUT", path+"/NOTHING", `{}`, `Bad Request {"errorCode":"INVALID_PATH_PARAMETER"}`)
}
