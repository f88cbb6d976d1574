package schema_test

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

var organizations = spec.Kind{
	Name: "Organization", Document: true, Doc: "d", Key: []string{"name"}, Params: map[string]string{"orgId": "/id"},
	Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "d"}},
	List:   spec.Read{Route: "GET /orgs", Version: "2023-01-01"},
	Get:    spec.Read{Route: "GET /orgs/{orgId}", Version: "2023-01-01"},
}

var things = spec.Kind{
	Name: "Thing", Section: "things", Parent: "Organization", Doc: "d",
	Key: []string{"place", "block|group"}, Params: map[string]string{"thing": "/id"},
	Fields: []spec.Field{
		{Name: "place", Type: spec.String, Derive: "'here'", Doc: "d"},
		{Name: "block", Type: spec.String, Doc: "d"},
		{Name: "group", Type: spec.String, Doc: "d"},
		{Name: "threshold", Type: spec.Number, Min: 0, Max: 10, Doc: "d"},
		{Name: "size", Type: spec.Int, Nullable: true, Min: 1, Max: 5, Doc: "d"},
		{Name: "mode", Type: spec.String, Nullable: true, Enum: []string{"A", "B"}, Doc: "d"},
		{Name: "open", Type: spec.String, Nullable: true, Enum: []string{"A"}, OpenEnum: true, Doc: "d"},
		{Name: "pipeline", Type: spec.Document, Doc: "d"},
		{Name: "until", Type: spec.String, Norm: spec.Instant, Doc: "d"},
		{Name: "block2", Type: spec.Object, Nullable: true, Doc: "d", Fields: []spec.Field{{Name: "a", Type: spec.Bool, Doc: "d"}}},
		{Name: "rows", Type: spec.Set, ElemKey: []string{"k"}, Nullable: true, Doc: "d", Fields: []spec.Field{
			{Name: "k", Type: spec.String, Required: true, Doc: "d"}, {Name: "at", Type: spec.String, Norm: spec.Instant, Doc: "d"}}},
		{Name: "given", Type: spec.String, ReadOnly: true, Output: true, Doc: "d"},
	},
	List:   spec.Read{Route: "GET /orgs/{orgId}/things", Version: "2023-01-01"},
	Get:    spec.Read{Route: "GET /orgs/{orgId}/things/{thing}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /orgs/{orgId}/things", Version: "2023-01-01", Body: spec.Body{Send: spec.Declared}}},
	Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/things/{thing}", Version: "2023-01-01", Body: spec.Body{Send: spec.Declared}}},
	Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/things/{thing}", Version: "2023-01-01"}},
}

// settings can be reset, which state: absent says.
var settings = spec.Kind{
	Name: "Settings", Section: "settings", Parent: "Organization", Singleton: true, Doc: "d", Unset: &spec.Cond{At: "/on", Values: []string{"false"}},
	Fields: []spec.Field{{Name: "on", Type: spec.Bool, Doc: "d"}},
	List:   spec.Read{Route: "GET /orgs/{orgId}/settings", Version: "2023-01-01"},
	Get:    spec.Read{Route: "GET /orgs/{orgId}/settings", Version: "2023-01-01"},
	Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/settings", Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}}},
	Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/settings", Version: "2023-01-01"}},
}

// TestValues: the schema takes and refuses what the loader does.
func TestValues(t *testing.T) {
	c, err := spec.NewCatalog(&organizations, &things, &settings)
	if err != nil {
		t.Fatal(err)
	}
	compiled, _ := compile(t, c)
	for entry, want := range map[string]bool{
		"things: [{block: a}]":                                                  true,
		"things: [{group: a}]":                                                  true,
		"things: [{place: a}]":                                                  false,
		"things: [{block: a, threshold: 0.5}]":                                  true,
		"things: [{block: a, threshold: 11}]":                                   false,
		"things: [{block: a, threshold: x}]":                                    false,
		"things: [{block: a, threshold: null}]":                                 false,
		"things: [{block: a, size: null, mode: null, open: null}]":              true,
		"things: [{block: a, block2: null, rows: null}]":                        true,
		"things: [{block: a, size: 9}]":                                         false,
		"things: [{block: a, size: 5, mode: A, open: other}]":                   true,
		"things: [{block: a, mode: C}]":                                         false,
		"things: [{block: a, pipeline: [{$match: {a: null}}, 1]}]":              true,
		"things: [{block: a, pipeline: {a: [b]}}]":                              true,
		"things: [{block: a, until: '2027-03-31T18:00:00Z'}]":                   true,
		"things: [{block: a, until: tomorrow}]":                                 false,
		"things: [{block: a, rows: [{k: a, at: '2027-03-31T18:00:00+02:00'}]}]": true,
		"things: [{block: a, rows: [{at: '2027-03-31T18:00:00Z'}]}]":            false,
		"things: [{block: a, rows: [{k: a, at: never}]}]":                       false,
		"things: [{block: a, given: x}]":                                        false,
		"things: [{block: a, state: absent}]":                                   true,
		"settings: {state: absent}":                                             true,
		"settings: {on: null}":                                                  false,
	} {
		file := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n" + entry + "\n"
		var instance any
		if err := yaml.Unmarshal([]byte(file), &instance); err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(instance); (err == nil) != want {
			t.Errorf("%s: %v", entry, err)
		}
		_, diags := spec.Load(c, []string{"-"}, strings.NewReader(file))
		if diags.HasErrors() == want {
			t.Errorf("the loader says otherwise of %s: %v", entry, diags)
		}
	}
}
