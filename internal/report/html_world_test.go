package report_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var ended = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

// largePlan has 3,000 steps: in each of 500 projects the project itself, a team
// that is the same everywhere, two users of its own, a setting, and a deletion
// that comes last.
func largePlan() *report.Document {
	d := report.NewDocument("plan", &planner.Plan{})
	add := func(a spec.Address, kind string, action planner.Action, needs []spec.Address, changes ...planner.Change) *planner.Step {
		s := &planner.Step{Address: a, Kind: kind, Action: action, Status: planner.Planned, Needs: append([]spec.Address{}, needs...), Changes: changes,
			Source:   &spec.Position{File: "atlas/" + a.Project() + ".yaml", Line: 1 + len(d.Steps)%40, Column: 5},
			Requests: []planner.Request{{Method: "POST", Path: "/api/atlas/v2/groups/0123456789abcdef01234567/things", Version: "2025-02-19", Body: map[string]any{"roles": []any{"GROUP_OWNER"}}}}}
		d.Steps = append(d.Steps, s)
		switch action {
		case planner.Create:
			d.Summary.Create++
		case planner.Update:
			d.Summary.Update++
		case planner.Delete:
			d.Summary.Delete++
		}
		return s
	}
	for i := range 500 {
		p := spec.Address(fmt.Sprintf("project/p%03d", i))
		add(p, "Project", planner.Create, nil, planner.Change{Path: "name", After: p.Project(), Key: true}, planner.Change{Path: "tags.env", After: []string{"dev", "test", "live"}[i%3]})
		add(p+"/teams/platform", "ProjectTeam", planner.Create, []spec.Address{p}, planner.Change{Path: "name", After: "platform", Key: true}, planner.Change{Path: "roles", After: []any{"GROUP_READ_ONLY"}})
		add(p+"/managedSlowMs", "ManagedSlowMs", planner.Update, []spec.Address{p}, planner.Change{Path: "enabled", Before: false, After: true})
		for j := range 2 {
			add(p+spec.Address(fmt.Sprintf("/users/u%d-%d@example.com", i, j)), "ProjectUser", planner.Update, []spec.Address{p, p + "/teams/platform"},
				planner.Change{Path: "roles", Before: []any{"GROUP_READ_ONLY", fmt.Sprintf("R%d", i)}, After: []any{"GROUP_OWNER", fmt.Sprintf("R%d", i)}})
		}
		add(p+"/users/left@example.com", "ProjectUser", planner.Delete, []spec.Address{p + planner.All}).Notes = []string{"The user also leaves all teams of the project."}
	}
	d.Time, d.Tool, d.CommandLine = ended, "1.2.3", "atlasctl-sync plan --report=html=plan.html atlas"
	d.Stats = report.Stats{Requests: 4211, Retries: 3, WallMs: 12345}
	return d
}

// smallApply shows what a step can hold.
func smallApply(t *testing.T) *report.Document {
	t.Helper()
	d := report.NewDocument("apply", &planner.Plan{})
	// Sets and documents come with what they gain and lose, as the planner tells it.
	var changes []planner.Change
	if err := json.Unmarshal([]byte(`[
	  {"path":"roles","before":["read/shop","readWrite/shop","read/stock"],"after":["read/stock","dbAdmin/shop","read/shop"],"sensitive":false,"added":["dbAdmin/shop"],"removed":["readWrite/shop"]},
	  {"path":"definition","before":{"mappings":{"dynamic":false,"fields":{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"title":{"analyzer":"lucene.english","type":"string"},"price":{"type":"number"}}}},
	   "after":{"mappings":{"dynamic":false,"fields":{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"title":{"analyzer":"lucene.french","type":"string"}}}},"sensitive":false,"removed":["mappings.fields.price: x"],"changed":["x"]},
	  {"path":"password","before":"sentinel-old","after":{"$secret":{"fromEnv":"SENTINEL"}},"sensitive":true},
	  {"path":"regions","before":[{"name":"US_EAST_1","nodes":3},{"name":"EU_WEST_1","nodes":2}],"after":[{"name":"US_EAST_1","nodes":5},{"name":"EU_WEST_1","nodes":2},{"name":"AP_SOUTH_1","nodes":1}],"sensitive":false}]`), &changes); err != nil {
		t.Fatal(err)
	}
	d.Steps = []*planner.Step{
		{Address: "project/shop", Kind: "Project", Action: planner.Create, Status: planner.Verified, Changes: []planner.Change{{Path: "tags", After: map[string]any{"env": "live", "big": json.Number("9007199254740993")}}}, Outputs: map[string]any{"id": "0123456789abcdef01234567"}},
		{Address: "project/shop/customRoles/auditor", Kind: "CustomDatabaseRole", Action: planner.Update, Status: planner.Verified, Needs: []spec.Address{"project/shop"}, Changes: changes, Unchanged: 3,
			Requests: []planner.Request{{Method: "PATCH", Path: "/api/atlas/v2/groups/{groupId}/x", Version: "2025-02-19", Params: map[string]any{"groupId": planner.Ref{Step: "project/shop", Pointer: "/id"}}, Body: map[string]any{"password": spec.Secret{FromEnv: "SENTINEL"}, "roles": []any{"a", "b"}}}}},
		{Address: "project/shop/users/bo@example.com", Kind: "ProjectUser", Action: planner.Delete, Status: planner.Failed, Needs: []spec.Address{"project/shop/**"}, Error: &planner.StepError{Status: 403, ErrorCode: "NOT_GROUP_OWNER", Detail: "not allowed"},
			Takes: []planner.Taken{{Address: "project/shop/teams/platform", Path: "members", Member: "bo@example.com"}}},
		{Address: "project/shop/clusters/main", Kind: "Cluster", Action: planner.Replace, Status: planner.Skipped, Needs: []spec.Address{"project/shop"}, Error: &planner.StepError{Detail: "project/shop/users/bo@example.com failed"}, Provisional: true},
	}
	d.Diagnostics = spec.Diagnostics{{Severity: spec.SeverityWarning, Source: spec.Position{File: "shop.yaml", Line: 12, Column: 3}, Message: `role "GROUP_X" is not known to this version`, Hint: "did you mean GROUP_OWNER?"}}
	d.Violations = []planner.Violation{{Guard: "protect", Address: "project/shop/clusters/main", Message: "clusters/main is protected", Source: &spec.Position{File: "shop.yaml", Line: 4, Column: 1}}}
	d.Errors = []string{"apply project/shop/users/bo@example.com: 403 NOT_GROUP_OWNER: not allowed"}
	d.Done = []planner.Done{{Address: "org/Acme/users/gone@example.com", Source: &spec.Position{File: "acme.yaml", Line: 3, Column: 5}}}
	d.Summary = planner.Summary{Create: 1, Update: 1, Delete: 1, Replace: 1, None: 5, Unverifiable: 2}
	d.Time = ended
	return d
}

// driftDocument is a drift report as JSON has it: with who changed what.
const driftDocument = `{"formatVersion":"1","command":"drift","summary":{"create":0,"update":2,"delete":0,"replace":0,"none":40,"unmanaged":3,"unverifiable":1,"governed":38,"live":41},"steps":[],
"findings":[
 {"class":"changed","address":"project/payments/users/ana@example.com","kind":"ProjectUser","path":"roles","declared":["GROUP_READ_ONLY"],"live":["GROUP_OWNER","GROUP_READ_ONLY"],"source":{"file":"payments.yaml","line":9,"column":5},
  "who":{"actor":"bo@example.com","actorKind":"user","at":"2027-01-02T03:04:05Z","event":"USER_ROLES_CHANGED_AUDIT","eventId":"65f"}},
 {"class":"missing","address":"org/Acme/teams/platform","kind":"Team","source":{"file":"acme.yaml","line":4,"column":5},"who":{"note":"the event is older than what Atlas keeps"}},
 {"class":"unmanaged","address":"project/a/users/x@example.com","kind":"ProjectUser"},
 {"class":"unmanaged","address":"project/b/users/x@example.com","kind":"ProjectUser"},
 {"class":"unmanaged","address":"project/c/users/x@example.com","kind":"ProjectUser"},
 {"class":"changed","address":"project/payments/managedSlowMs","kind":"ManagedSlowMs","path":"enabled","declared":true,"live":false,"accepted":{"reason":"known","until":"2999-12-31"}}],
"diagnostics":[],"violations":[],"done":[],"errors":[],"stats":{"requests":17,"retries":0,"throttled":2,"wallMs":412}}`

// coverageDocument has many scopes, some of them governed as a whole.
func coverageDocument() map[string]any {
	var scopes []any
	live, governed := 0, 0
	for i := range 60 {
		address := fmt.Sprintf("project/p%02d", i)
		var missing []string
		for j := range i % 25 {
			missing = append(missing, fmt.Sprintf("%s/users/u%02d@example.com", address, j))
		}
		scopes = append(scopes, map[string]any{"address": address, "live": 30, "governed": 30 - len(missing), "kinds": []any{
			map[string]any{"kind": "ProjectUser", "live": 27, "governed": 27 - len(missing), "ungoverned": missing},
			map[string]any{"kind": "Cluster", "live": 3, "governed": 3, "ungoverned": []any{}}}})
		live, governed = live+30, governed+30-len(missing)
	}
	return map[string]any{"formatVersion": "1", "command": "coverage", "summary": map[string]any{"live": live, "governed": governed, "share": float64(governed) / float64(live)},
		"scopes": scopes, "diagnostics": []any{}, "stats": map[string]any{"requests": 300, "wallMs": 900}}
}
