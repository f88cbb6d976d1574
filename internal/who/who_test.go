package who_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/who"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const group = "5f0000000000000000000001"

var noon = time.Date(2027, 1, 2, 12, 0, 0, 0, time.UTC)

// A world is one project, payments, with what is live in it and the events that
// Atlas keeps of it, newest first.
type world struct {
	files  string
	live   map[string]string // kind to the objects of its list
	events []string
	fail   error
	err    error // what Tell ended with
	asked  []planner.Request
}

// Do answers a page of the list of events.
func (w *world) Do(_ context.Context, req planner.Request) (any, error) {
	query := map[string]any{}
	for name, v := range req.Query {
		query[name] = v
	}
	req.Query = query
	w.asked = append(w.asked, req)
	if w.fail != nil {
		return nil, w.fail
	}
	var page int
	fmt.Sscan(req.Query["pageNum"].(string), &page)
	from := min((page-1)*planner.PageSize, len(w.events))
	to := min(from+planner.PageSize, len(w.events))
	return decode(`{"results":[` + strings.Join(w.events[from:to], ",") + `]}`), nil
}

func decode(text string) any {
	var doc any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		panic(text + ": " + err.Error())
	}
	return doc
}

// tell asks who has brought the findings about: "CLASS ADDRESS [PATH]", each of a
// declared resource.
func (w *world) tell(t *testing.T, asked ...string) []*planner.Who {
	t.Helper()
	c := kinds.Catalog()
	state, diags := spec.LoadFiles(c, []spec.File{{Name: "a.yaml", Text: "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\n" + w.files}})
	if diags.HasErrors() {
		t.Fatal(diags.Err())
	}
	live := planner.NewLive(c, state)
	set := func(kind, objects string, params planner.Params) {
		if err := live.Set(c.Kind(kind), params, decode("["+objects+"]").([]any)); err != nil {
			t.Fatal(err)
		}
	}
	set("Project", `{"id":"`+group+`","name":"payments","orgId":"5f0000000000000000000009"}`, nil)
	for kind, objects := range w.live {
		set(kind, objects, planner.Params{"groupId": group})
	}
	var findings []planner.Finding
	for _, text := range asked {
		parts := append(strings.Fields(text), "")
		f := planner.Finding{Class: planner.Class(parts[0]), Address: spec.Address(parts[1]), Path: parts[2]}
		if f.Resource = state.Lookup(f.Address); f.Resource == nil {
			t.Fatalf("no %s", f.Address)
		}
		f.Kind, f.Object = f.Resource.Kind.Name, live.Find(f.Resource).Object
		findings = append(findings, f)
	}
	teller := &who.Teller{Doer: w, Catalog: c, State: state, Live: live, Since: noon.Add(-24 * time.Hour), Own: []string{"mdb_sa_id_own"}, Parallelism: 1}
	w.err = teller.Tell(context.Background(), findings)
	var out []*planner.Who
	for _, f := range findings {
		out = append(out, f.Who)
	}
	return out
}

// event spells one that happened some minutes before noon.
func event(minutes int, typ, rest string) string {
	return fmt.Sprintf(`{"id":"%d","eventTypeName":"%s","created":"%s",%s}`, minutes, typ, noon.Add(-time.Duration(minutes)*time.Minute).Format(time.RFC3339), rest)
}

const (
	ana = `"username":"ana@example.com","userId":"5f00000000000000000000aa"`
	bo  = `"username":"bo@example.com","userId":"5f00000000000000000000bb"`
)

func actors(all []*planner.Who) string {
	var out []string
	for _, w := range all {
		switch {
		case w == nil:
			out = append(out, "nobody asked")
		case w.Actor == "":
			out = append(out, "?")
		default:
			out = append(out, w.Actor)
		}
	}
	return strings.Join(out, " ")
}

var oneUser = world{
	files: "databaseUsers:\n  - {username: app, databaseName: admin, description: a, roles: [{roleName: read, databaseName: x}]}\n",
	live:  map[string]string{"DatabaseUser": `{"username":"app","databaseName":"admin","description":"b"},{"username":"other","databaseName":"admin"}`},
}

const app = "project/payments/databaseUsers/admin/app"

func TestActors(t *testing.T) {
	at := noon.Add(-time.Minute)
	for name, c := range map[string]struct {
		by   string
		want planner.Who
	}{
		"a person":             {ana, planner.Who{Actor: "ana@example.com", ActorKind: planner.User}},
		"an API key":           {`"apiKeyId":"5f00000000000000000000cc","publicKey":"abcdefgh"`, planner.Who{Actor: "abcdefgh", ActorKind: planner.APIKey}},
		"a key without a name": {`"apiKeyId":"5f00000000000000000000cc"`, planner.Who{Actor: "5f00000000000000000000cc", ActorKind: planner.APIKey}},
		"a service account":    {`"publicKey":"mdb_sa_id_x"`, planner.Who{Actor: "mdb_sa_id_x", ActorKind: planner.ServiceAccount}},
		"for somebody":         {`"delegatePrincipal":{"id":"mdb_sa_id_y","name":"agent"}`, planner.Who{Actor: "mdb_sa_id_y", ActorKind: planner.ServiceAccount}},
		"this run":             {`"publicKey":"mdb_sa_id_own"`, planner.Who{Actor: "mdb_sa_id_own", ActorKind: planner.ServiceAccount, Own: true}},
		"MongoDB":              {`"isGlobalAdmin":true`, planner.Who{Actor: "an employee of MongoDB", ActorKind: planner.AtlasItself}},
		"MongoDB's Cy":         {`"isGlobalAdmin":true,"username":"cy@mongodb.com"`, planner.Who{Actor: "cy@mongodb.com", ActorKind: planner.AtlasItself}},
		"nobody":               {`"isGlobalAdmin":false`, planner.Who{Note: "the event names nobody"}},
	} {
		w := oneUser
		w.events = []string{event(1, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+c.by)}
		c.want.At, c.want.Event, c.want.EventID = &at, "MONGODB_USER_UPDATED", "1"
		if diff := cmp.Diff(&c.want, w.tell(t, "changed "+app+" description")[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What names its object is told for certain; of several actors the last, and how
// many others there were. What was before it was made does not count.
func TestNamed(t *testing.T) {
	w := oneUser
	w.events = []string{
		event(1, "MONGODB_USER_UPDATED", `"dbUserUsername":"other",`+bo),
		event(2, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+ana),
		event(3, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+ana),
		event(4, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+bo),
		event(5, "MONGODB_USER_UPDATED", `"dbUserUsername":"app","publicKey":"mdb_sa_id_own"`),
		event(6, "MONGODB_USER_ADDED", `"dbUserUsername":"app","publicKey":"abcdefgh"`),
		event(7, "MONGODB_USER_DELETED", `"dbUserUsername":"app","publicKey":"zzzzzzzz"`),
		event(8, "MONGODB_USER_UPDATED", `"dbUserUsername":"app","publicKey":"yyyyyyyy"`),
	}
	got := w.tell(t, "changed "+app+" description")[0]
	if got.Actor != "ana@example.com" || got.EventID != "2" || got.Others != 2 {
		t.Errorf("%+v", got)
	}
	if got := w.tell(t, "present "+app)[0]; got.Actor != "abcdefgh" || got.Others != 0 {
		t.Errorf("who made it: %+v", got)
	}
	w.live = map[string]string{"DatabaseUser": ""}
	if got := w.tell(t, "missing "+app)[0]; got.Actor != "zzzzzzzz" || got.Event != "MONGODB_USER_DELETED" {
		t.Errorf("who took it away: %+v", got)
	}
	if got := actors(w.tell(t, "unverifiable "+app, "pending "+app, "released "+app, "waiting "+app)); got != "nobody asked nobody asked nobody asked nobody asked" {
		t.Error(got)
	}
}

// A name that two objects have, one that is gone among them, tells neither.
func TestTwins(t *testing.T) {
	w := world{
		files: "databaseUsers:\n  - {username: app, databaseName: admin, description: a, roles: [{roleName: read, databaseName: x}]}\n" +
			"  - {username: app, databaseName: $external, ldapAuthType: USER, roles: [{roleName: read, databaseName: x}]}\n",
		live:   map[string]string{"DatabaseUser": `{"username":"app","databaseName":"admin","description":"b"},{"username":"app","databaseName":"$external"}`},
		events: []string{event(1, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+ana), event(2, "MONGODB_USER_DELETED", `"dbUserUsername":"app",`+ana)},
	}
	got := w.tell(t, "changed "+app+" description")[0]
	if want := "1 event since 2027-01-01T12:00:00Z that may be about it, and do not say so; the last: MONGODB_USER_UPDATED by ana@example.com at 2027-01-02T11:59:00Z"; got.Actor != "" || got.At != nil || got.Note != want {
		t.Errorf("%+v", got)
	}
	w.live = map[string]string{"DatabaseUser": ""}
	if got := actors(w.tell(t, "missing "+app, "missing project/payments/databaseUsers/$external/app")); got != "? ?" {
		t.Error(got)
	}
}

// An event that names no object is claimed only of what there is one of; and of no
// two settings that share its type.
func TestUnnamed(t *testing.T) {
	w := world{
		files: "customRoles:\n  - {roleName: r, actions: [{action: FIND, resources: [{db: x, collection: y}]}]}\n" +
			"maintenanceWindow: {dayOfWeek: 1, hourOfDay: 2}\nauditing: {enabled: true}\nldap: {authenticationEnabled: false}\n",
		live: map[string]string{"CustomDatabaseRole": `{"roleName":"r"}`, "MaintenanceWindow": `{"dayOfWeek":2}`, "Auditing": `{"enabled":false}`, "LDAPConfiguration": `{"ldap":{"authenticationEnabled":true}}`},
		events: []string{
			event(1, "MONGODB_ROLE_UPDATED", ana), event(2, "USER_SECURITY_SETTINGS_UPDATED", ana), event(3, "AUDIT_LOG_CONFIGURATION_UPDATED", ana),
			event(4, "ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED", bo), event(5, "ATLAS_MAINTENANCE_WINDOW_MODIFIED", ana),
		},
	}
	got := w.tell(t, "changed project/payments/customRoles/r actions", "changed project/payments/maintenanceWindow dayOfWeek",
		"changed project/payments/maintenanceWindow autoDeferOnceEnabled", "changed project/payments/auditing enabled", "changed project/payments/ldap authenticationEnabled")
	if actors(got) != "? ana@example.com bo@example.com ana@example.com ?" {
		t.Error(actors(got))
	}
	if len(w.asked) != 1 {
		t.Errorf("%d requests", len(w.asked))
	}
}

// A cluster's events are asked for by its name; each cluster takes one list.
func TestAsked(t *testing.T) {
	w := world{
		files: "clusters:\n  - {name: a, clusterType: REPLICASET, replicationSpecs: [{regionConfigs: [{providerName: AWS, regionName: US_EAST_1, priority: 7, electableSpecs: {instanceSize: M10, nodeCount: 3}}]}], processArguments: {noTableScan: true}, searchIndexes: [{database: x, collectionName: y, name: z, definition: {mappings: {dynamic: true}}}]}\n",
		live:  map[string]string{"Cluster": `{"id":"5f00000000000000000000a1","name":"a"},{"id":"5f00000000000000000000a2","name":"b"}`},
		events: []string{event(1, "CLUSTER_TAGS_MODIFIED", `"resourceId":"5f00000000000000000000a2",`+bo), event(2, "CLUSTER_UPDATE_SUBMITTED", ana),
			event(3, "FTS_INDEX_DELETED", bo), event(4, "CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED", bo)},
	}
	got := w.tell(t, "changed project/payments/clusters/a paused", "changed project/payments/clusters/a/processArguments noTableScan",
		"missing project/payments/clusters/a/searchIndexes/x/y/z", "changed project/payments/clusters/a tags")
	if actors(got) != "ana@example.com bo@example.com ? ana@example.com" {
		t.Error(actors(got), got[2].Note)
	}
	if len(w.asked) != 1 || w.asked[0].Query["clusterNames"] != "a" {
		t.Errorf("%v", w.asked)
	}
}

// A list is read as far back as it has to be.
func TestPages(t *testing.T) {
	w := oneUser
	other := event(1, "MONGODB_USER_UPDATED", `"dbUserUsername":"other",`+bo)
	for i := range 3 * planner.PageSize {
		w.events = append(w.events, strings.Replace(other, `"1"`, fmt.Sprintf(`"%d"`, i+10), 1))
	}
	whole := slices.Concat(w.events, []string{event(2, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+ana)})
	w.events = whole
	if got := w.tell(t, "changed "+app+" description")[0]; got.Actor != "ana@example.com" || len(w.asked) != 4 {
		t.Errorf("%+v after %d pages", got, len(w.asked))
	}
	first := w.asked[0]
	if diff := cmp.Diff(map[string]any{"itemsPerPage": "500", "pageNum": "1", "minDate": "2027-01-01T12:00:00Z", "eventType": []string{"MONGODB_USER_ADDED", "MONGODB_USER_UPDATED"}}, first.Query); diff != "" || first.Path != "/api/atlas/v2/groups/"+group+"/events" {
		t.Errorf("%s: %s", first.Path, diff)
	}

	// Not beyond what made it, nor beyond the time.
	w.asked, w.events = nil, slices.Concat([]string{event(1, "MONGODB_USER_ADDED", `"dbUserUsername":"app",`+ana)}, whole)
	if got := w.tell(t, "changed "+app+" description")[0]; got.Actor != "ana@example.com" || len(w.asked) != 1 {
		t.Errorf("made: %+v after %d pages", got, len(w.asked))
	}
	w.asked, w.events = nil, slices.Concat([]string{event(60*24+1, "MONGODB_USER_UPDATED", `"dbUserUsername":"app",`+ana)}, whole)
	if got := w.tell(t, "changed "+app+" description")[0]; got.Note != "no event since 2027-01-01T12:00:00Z tells of it" || len(w.asked) != 1 {
		t.Errorf("old: %+v after %d pages", got, len(w.asked))
	}
	w.asked, w.events = nil, nil
	for i := range 30 * planner.PageSize {
		w.events = append(w.events, strings.Replace(other, `"1"`, fmt.Sprintf(`"%d"`, i+10), 1))
	}
	if got := w.tell(t, "changed "+app+" description")[0]; got.Note != "no event among the newest 10000 since 2027-01-01T12:00:00Z tells of it" || len(w.asked) != 20 {
		t.Errorf("too many: %+v after %d pages", got, len(w.asked))
	}
}

// That events may not be read is told with the findings; other failures are errors,
// too.
func TestRefused(t *testing.T) {
	w := oneUser
	w.fail = &spec.APIError{Method: "GET", Path: "/x", Status: 403, Code: "USER_UNAUTHORIZED"}
	if got := w.tell(t, "changed "+app+" description")[0]; !strings.HasPrefix(got.Note, "these credentials may not read the events (403 USER_UNAUTHORIZED)") || w.err != nil {
		t.Errorf("%+v, %v", got, w.err)
	}
	w.fail = &spec.APIError{Method: "GET", Path: "/x", Status: 500}
	if got := w.tell(t, "changed "+app+" description")[0]; got.Note != "the events could not be read" || w.err == nil || w.err.Error() != "reading who has changed it: GET /x: 500" {
		t.Errorf("%+v, %v", got, w.err)
	}
}

// What nobody can have an event of asks for none.
func TestNothingToAsk(t *testing.T) {
	w := world{files: "managedSlowMs: {enabled: true}\nsettings: {isPerformanceAdvisorEnabled: true}\n",
		live: map[string]string{"ManagedSlowMs": `{"enabled":false}`, "ProjectSettings": `{}`}}
	for _, got := range w.tell(t, "changed project/payments/managedSlowMs enabled", "changed project/payments/settings isPerformanceAdvisorEnabled") {
		if got.Note != "Atlas keeps no event of this" {
			t.Errorf("%+v", got)
		}
	}
	if len(w.asked) != 0 {
		t.Errorf("%v", w.asked)
	}
}
