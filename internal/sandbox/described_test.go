package sandbox

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// Every body of the description has a shape, and every pattern compiles.
func TestEveryBodyHasAShape(t *testing.T) {
	facts := api.Load()
	for _, id := range facts.Operations() {
		for version, body := range facts.Operation(id).Requests {
			if body.Schema == nil {
				continue
			}
			var f findings
			describedBy(body.Schema).check("", map[string]any{"noSuchMember": true}, &f)
			if len(f.unknown)+len(f.violations) == 0 && declares(facetsOf(nil, facet{schema: body.Schema})[0]) {
				t.Errorf("%s %s takes anything", id, version)
			}
		}
	}
	var walk func(s *api.Schema)
	seen := map[*api.Schema]bool{}
	walk = func(s *api.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		if s.Pattern != "" {
			matches(s.Pattern, "x") // panics if it is none
		}
		for _, p := range s.Properties {
			walk(p)
		}
		walk(s.Items)
		walk(s.Additional)
		for _, list := range [][]*api.Schema{s.AllOf, s.OneOf, s.AnyOf} {
			for _, p := range list {
				walk(p)
			}
		}
	}
	for _, name := range facts.Schemas() {
		walk(facts.Schema(name))
	}
	for _, id := range facts.Operations() {
		for _, p := range facts.Operation(id).Parameters {
			walk(p.Schema)
		}
	}
}

// A body is held to what the description says of it, and told as the shapes
// written by hand tell it.
func TestDescribedBodies(t *testing.T) {
	const text = `
schema S.name: string min-length=2 pattern="^(?!x)"
schema S.count: integer min=1
schema S.note: string nullable
schema S.id: string read-only
schema S.any: object
schema S.list: array unique min-items=1
schema S.list[]: string enum=["A","B"]
schema S.part: ref="P"
schema S: object required=["name","id"]
schema P: object by="type" picks={"one":"P1","two":"P2"} required=["type"]
schema P.type: string enum=["one","two"]
schema P1&a: ref="P"
schema P1.x: number
schema P1: object required=["x"]
schema P2&a: ref="P"
schema P2.y: string format="date-time"
schema P2: object
`
	facts, err := api.Read(text, "")
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"name":"ok","id":"echoed","links":[]}`:                         `{"name":"ok"}`,
		`{"name":"ok","note":null}`:                                      `{"name":"ok","note":null}`,
		`{"name":"ok","count":40.0,"any":{"deep":[1]}}`:                  `{"any":{"deep":[1]},"count":40.0,"name":"ok"}`,
		`{"name":"ok","part":{"type":"one","x":0.5}}`:                    `{"name":"ok","part":{"type":"one","x":0.5}}`,
		`{"name":"ok","part":{"type":"two","y":"2026-01-01T00:00:00Z"}}`: `{"name":"ok","part":{"type":"two","y":"2026-01-01T00:00:00Z"}}`,
		`{"name":"ok","nmae":1}`:                                         "unknown nmae",
		`{"name":"ok","part":{"type":"two","x":1}}`:                      "unknown part.x",
		`{"name":"ok","part":{"type":"one"}}`:                            "part.x is required",
		`{"name":"ok","part":{"type":"six"}}`:                            "part.type must be one of one, two",
		`{"name":"ok","part":{"type":"two","y":"soon"}}`:                 "part.y must be a time such as 2026-01-31T12:00:00Z",
		`{"count":1}`:                    "name is required",
		`{"name":"xx"}`:                  "name must match ^(?!x)",
		`{"name":"a"}`:                   "name must have at least 2 characters",
		`{"name":null}`:                  "name must not be null",
		`{"name":7}`:                     "name must be a string",
		`{"name":"ok","count":0}`:        "count must be at least 1",
		`{"name":"ok","count":1.5}`:      "count must be a whole number",
		`{"name":"ok","list":[]}`:        "list must have at least 1 items",
		`{"name":"ok","list":["A","A"]}`: `list must not repeat "A"`,
		`{"name":"ok","list":["C"]}`:     "list[0] must be one of A, B",
		`[]`:                             "body must be an object",
	} {
		value, err := parseJSON([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		var f findings
		kept := describedBy(facts.Schema("S")).check("", value, &f)
		got := ""
		switch {
		case len(f.unknown) > 0:
			got = "unknown " + f.unknown[0]
		case len(f.violations) > 0:
			got = f.violations[0].Field + " " + f.violations[0].Description
		default:
			data, _ := json.Marshal(kept)
			got = string(data)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

// An answer has what its version has, and no write-only member.
func TestShown(t *testing.T) {
	facts, err := api.Read(`
schema S.name: string
schema S.password: string write-only
schema S.list: array
schema S.list[]: ref="P"
schema P.x: string
schema P: object
schema S: object
`, "")
	if err != nil {
		t.Fatal(err)
	}
	value := map[string]any{"name": "a", "password": "p", "newer": 1.0, "list": []any{map[string]any{"x": "1", "y": "2"}}}
	got := shown(value, facet{schema: facts.Schema("S")})
	if diff := cmp.Diff(map[string]any{"name": "a", "list": []any{map[string]any{"x": "1"}}}, got); diff != "" {
		t.Error(diff)
	}
}
