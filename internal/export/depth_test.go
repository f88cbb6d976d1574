package export_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// things are of a kind that has all that values at depth can be.
var things = spec.Kind{
	Name: "Thing", Section: "things", Parent: "Organization", Doc: "d",
	Key: []string{"name"}, Params: map[string]string{"thing": "name"},
	Fields: []spec.Field{
		{Name: "name", Type: spec.String, Doc: "d"},
		{Name: "threshold", Type: spec.Number, Doc: "d"},
		{Name: "pipeline", Type: spec.Document, Doc: "d"},
		{Name: "cleared", Type: spec.Int, Nullable: true, NullAs: int64(-1), Doc: "d"},
		{Name: "force", Type: spec.Bool, Steer: true, Doc: "d"},
		{Name: "oldOnly", Type: spec.String, CreateOnly: true, Doc: "d"},
		{Name: "advanced", Type: spec.Object, Doc: "d", Fields: []spec.Field{
			{Name: "minimum", Type: spec.Int, Default: int64(4), Doc: "d"},
			{Name: "deeper", Type: spec.Object, Doc: "d", Fields: []spec.Field{{Name: "active", Type: spec.Bool, Default: true, Doc: "d"}}},
		}},
		{Name: "channels", Type: spec.Set, ElemKey: []string{"type", "to"}, Variant: "type", Doc: "d", Fields: []spec.Field{
			{Name: "id", Type: spec.String, ReadOnly: true, Carry: true, Doc: "d"},
			{Name: "type", Type: spec.String, Required: true, Enum: []string{"MAIL", "HOOK", "CHAT"}, Doc: "d"},
			{Name: "to", Type: spec.String, Default: "owner", Doc: "d"},
			{Name: "delay", Type: spec.Int, Default: int64(0), Doc: "d"},
			{Name: "secret", Type: spec.String, Sensitive: true, For: []string{"HOOK"}, Doc: "d"},
			{Name: "token", Type: spec.String, Sensitive: true, NotReturned: true, For: []string{"CHAT"}, Doc: "d"},
			{Name: "url", Type: spec.String, For: []string{"HOOK"}, Doc: "d"},
			{Name: "team", Type: spec.String, Ref: &spec.Ref{Kind: "Group", ByID: true, Known: []string{"everybody"}}, Doc: "d"},
		}},
		{Name: "parts", Type: spec.List, Doc: "d", Fields: []spec.Field{
			{Name: "size", Type: spec.Int, Default: int64(1), Doc: "d"},
			{Name: "words", Type: spec.Set, Doc: "d"},
			{Name: "at", Type: spec.String, Norm: spec.Instant, Doc: "d"},
		}},
	},
	List:   spec.Read{Route: "GET /orgs/{orgId}/things", Version: "2023-01-01"},
	Get:    spec.Read{Route: "GET /orgs/{orgId}/things/{thing}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /orgs/{orgId}/things", Version: "2023-01-01", Body: spec.Body{Send: spec.Declared}}},
	Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/things/{thing}", Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}}},
}

var organizations = spec.Kind{
	Name: "Organization", Document: true, Doc: "d", Key: []string{"name"}, Ident: "id", IdentAt: "/id", Params: map[string]string{"orgId": "/id"},
	Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "d"}},
	List:   spec.Read{Route: "GET /orgs", Version: "2023-01-01"},
	Get:    spec.Read{Route: "GET /orgs/{orgId}", Version: "2023-01-01"},
}

var groups = spec.Kind{
	Name: "Group", Section: "groups", Parent: "Organization", Doc: "d", Key: []string{"name"}, Params: map[string]string{"group": "/id"},
	Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "d"}},
	List:   spec.Read{Route: "GET /orgs/{orgId}/groups", Version: "2023-01-01"},
	Get:    spec.Read{Route: "GET /orgs/{orgId}/groups/{group}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /orgs/{orgId}/groups", Version: "2023-01-01", Body: spec.Body{Send: spec.Declared}}},
}

const thingsLive = `[
	{"name":"full","threshold":0.5,"pipeline":{"stages":[{"$match":{"a":null,"n":1e3,"<<":"x"}},[1,2.5]],"date":"2026-01-01","empty":{}},
	 "cleared":-1,"force":true,"oldOnly":"x","unknown":1,
	 "advanced":{"minimum":4,"deeper":{"active":true}},
	 "channels":[
	  {"id":"c3","type":"HOOK","to":"owner","delay":0,"secret":"****","url":"https://x/****"},
	  {"id":"c4","type":"HOOK","to":"b/c","delay":5,"url":"https://y","secret":null},
	  {"id":"c1","type":"CHAT","to":"room","team":"aaaaaaaaaaaaaaaaaaaaaaa1","url":""},
	  {"id":"c2","type":"MAIL","to":"a@example.com","team":"everybody","secret":"stray"}],
	 "parts":[{"size":1,"words":["b","a"],"at":"2027-03-31T18:00:00Z"},{"size":2,"words":[]},{"size":1}]},
	{"name":"plain","threshold":40.0,"cleared":null,"advanced":{"minimum":7,"deeper":{"active":true}},"channels":[],"parts":[]}
]`

const wholeFile = `apiVersion: atlasctl-sync/v1
kind: Organization
name: Acme

things:
  - name: full
    threshold: 0.5
    pipeline:
      date: "2026-01-01"
      empty: {}
      stages:
        - $match:
            "<<": x
            a: null
            "n": 1000
        - - 1
          - 2.5
    advanced:
      minimum: 4
      deeper:
        active: true
    channels:
      - type: CHAT
        to: room
        token: {fromEnv: ACME_THINGS_FULL_CHANNELS_CHAT_ROOM_TOKEN} # Atlas does not return it: put it into this variable, or say fromFile
        team: platform
      - {type: HOOK, to: b/c, delay: 5, url: 'https://y'}
      - type: HOOK
        to: owner
        delay: 0
        secret: {fromEnv: ACME_THINGS_FULL_CHANNELS_HOOK_OWNER_SECRET} # Atlas does not return it: put it into this variable, or say fromFile
      - {type: MAIL, to: a@example.com, team: everybody}
    parts:
      - size: 1
        words: [a, b]
        at: "2027-03-31T18:00:00Z"
      - size: 2
        words: []
      - {size: 1}
  - name: plain
    threshold: 40
    advanced:
      minimum: 7
      deeper:
        active: true
    channels: []
    parts: []
`

// shorter is what --skip-defaults leaves out of that, element keys apart.
var shorter = []string{"    advanced:\n      minimum: 4\n      deeper:\n        active: true\n    channels", "    channels",
	"        delay: 0\n", "", "      - size: 1\n        words: [a, b]\n", "      - words: [a, b]\n",
	"      - size: 2\n        words: []\n      - {size: 1}\n", "      - {size: 2}\n      - {}\n",
	"      minimum: 7\n      deeper:\n        active: true\n    channels: []\n    parts: []\n", "      minimum: 7\n"}

// TestDepth: what is exported of blocks and elements is what can be declared of
// them, none of it is secret or a mask, and the plan of it is empty.
func TestDepth(t *testing.T) {
	c, err := spec.NewCatalog(&organizations, &groups, &things)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.atlas.2023-01-01+json")
		answer := map[string]string{
			"/orgs":        `[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","name":"Acme"}]`,
			"/orgs/groups": `[{"id":"aaaaaaaaaaaaaaaaaaaaaaa1","name":"platform"}]`,
			"/orgs/things": thingsLive,
		}[strings.TrimPrefix(strings.Replace(r.URL.Path, "/aaaaaaaaaaaaaaaaaaaaaaaa", "", 1), planner.APIPrefix)]
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	client, err := atlas.New(atlas.Options{BaseURL: server.URL, ReadOnly: true, Credentials: atlas.Credentials{PublicKey: "p", PrivateKey: "k"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, skip := range []bool{false, true} {
		t.Run(fmt.Sprintf("skip-defaults=%v", skip), func(t *testing.T) {
			reader := &live.Reader{Doer: client, Catalog: c, Parallelism: 1}
			e := &export.Exporter{Reader: reader, SkipDefaults: skip, Filter: spec.Filter{Kinds: []string{"Thing"}}}
			docs, err := e.Export(t.Context())
			if err != nil || len(docs) != 1 {
				t.Fatal(docs, err)
			}
			want := wholeFile
			if skip {
				want = strings.NewReplacer(shorter...).Replace(want)
			}
			if diff := cmp.Diff(want, string(docs[0].Text)); diff != "" {
				t.Error(diff)
			}
			state, diags := spec.LoadFiles(c, []spec.File{{Name: "a.yaml", Text: string(docs[0].Text)}})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			found, diags, err := reader.Read(t.Context(), state)
			if err != nil || diags.HasErrors() {
				t.Fatal(err, diags)
			}
			plan := planner.Make(c, state, found, planner.Options{Now: time.Now(), MaxDeletes: planner.DefaultCeiling})
			for _, s := range plan.Steps {
				t.Errorf("the plan is not empty: %s %+v", s.Address, s.Changes)
			}
			if plan.Diagnostics.HasErrors() {
				t.Error(plan.Diagnostics)
			}
		})
	}
}
