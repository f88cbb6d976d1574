package live_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// seat is a made-up kind three levels down: its routes need the team's id,
// which stands in the team's own object.
func seat() *spec.Kind {
	return &spec.Kind{
		Name: "Seat", Section: "seats", Parent: "Team", Doc: "trial",
		Key:    []string{"username"},
		Params: map[string]string{"userId": "/id"},
		Fields: []spec.Field{
			{Name: "username", Type: spec.String, Norm: spec.Email, Doc: "trial", Ref: &spec.Ref{Kind: "OrganizationUser", Same: true}},
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/teams/{teamId}/users", Version: "2025-02-19", Paged: true},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/teams/{teamId}:addUser", Version: "2025-02-19",
			Body: spec.Body{Set: map[string]spec.Expr{"/id": {RefOf: "username"}}}}},
		Delete: []spec.Call{{Route: "POST /orgs/{orgId}/teams/{teamId}:removeUser", Version: "2025-02-19",
			Body: spec.Body{Set: map[string]spec.Expr{"/id": {RefOf: "username"}}}}},
	}
}

// A trial is a catalogue of a few kinds, some of them made up, over a sandbox.
type trial struct {
	t       *testing.T
	catalog *spec.Catalog
	client  *atlas.Client

	mu   sync.Mutex
	sent []string
}

func newTrial(t *testing.T, seed string, extra ...*spec.Kind) *trial {
	t.Helper()
	kinds.Catalog() // the fields of the real ones follow from the facts
	tr := &trial{t: t}
	var err error
	all := append([]*spec.Kind{kinds.Catalog().Kind("Organization"), kinds.Catalog().Kind("OrganizationUser"), kinds.Catalog().Kind("Team"), kinds.Catalog().Kind("Project"), kinds.Catalog().Kind("ProjectUser"), kinds.Catalog().Kind("ProjectTeam")}, extra...)
	if tr.catalog, err = spec.NewCatalog(all...); err != nil {
		t.Fatal(err)
	}
	server, url, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Seed: []byte(seed), Tap: tr.tap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	c := server.Credentials()
	tr.client, err = atlas.New(atlas.Options{BaseURL: url, Parallelism: 8,
		Credentials: atlas.Credentials{ClientID: c.ClientID, ClientSecret: c.ClientSecret}})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func (tr *trial) tap(x sandbox.Exchange) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if path, ours := strings.CutPrefix(x.Path, planner.APIPrefix); ours {
		tr.sent = append(tr.sent, x.Method+" "+path)
	}
}

// requests returns what was sent since it was asked last, sorted.
func (tr *trial) requests() []string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	out := tr.sent
	tr.sent = nil
	slices.Sort(out)
	return out
}

// A picture is what the files declare and what was read for them.
type picture struct {
	*trial
	state *spec.State
	live  *planner.Live
}

func (tr *trial) read(files string) picture {
	tr.t.Helper()
	p, err := tr.tryRead(files)
	if err != nil {
		tr.t.Fatal(err)
	}
	return p
}

func (tr *trial) tryRead(files string) (picture, error) {
	tr.t.Helper()
	state, diags := spec.Load(tr.catalog, []string{"-"}, strings.NewReader(files))
	if diags.HasErrors() {
		tr.t.Fatal(diags)
	}
	reader := &live.Reader{Doer: tr.client, Catalog: tr.catalog, Parallelism: 8}
	got, found, err := reader.Read(tr.t.Context(), state)
	return picture{tr, state, got}, errors.Join(err, found.Err())
}

func (p picture) plan() *planner.Plan {
	return planner.Make(p.catalog, p.state, p.live, planner.Options{Now: time.Now(), MaxDeletes: planner.DefaultCeiling})
}

func (p picture) apply(plan *planner.Plan, o executor.Options) error {
	p.t.Helper()
	reader := &live.Reader{Doer: p.client, Catalog: p.catalog, Parallelism: 8}
	o.Parallelism = 8
	e := &executor.Executor{Doer: p.client, Options: o,
		Refresher: &live.Refresher{Reader: reader, State: p.state, Live: p.live, Options: planner.Options{Now: time.Now()}}}
	_, err := e.Run(context.WithoutCancel(p.t.Context()), plan)
	return err
}

func steps(plan *planner.Plan) string {
	var out []string
	for _, s := range plan.Steps {
		out = append(out, string(s.Action)+" "+string(s.Address))
	}
	return strings.Join(out, "\n")
}

const acme = `
organizations:
  - name: Acme
    users:
      - {username: ana@example.com, roles: [ORG_OWNER]}
      - {username: bo@example.com, roles: [ORG_MEMBER]}
    teams:
      - {name: platform, members: [ana@example.com]}
      - {name: other, members: [bo@example.com]}
`

const seats = `
apiVersion: atlasctl-sync/v1
kind: Organization
name: Acme
teams:
  - name: platform
    seats:
      - username: ana@example.com
      - username: bo@example.com
  - name: unborn
    seats:
      - username: ana@example.com
`

// What stands below an object with an id is read once that id is known, in one
// list for each parent that there is.
func TestReadsGoByDepth(t *testing.T) {
	tr := newTrial(t, acme, seat())
	p := tr.read(seats)
	sent := tr.requests()
	if n := count(sent, "/teams/"); n != 1 || len(sent) != 4 {
		t.Errorf("%d lists of seats among\n%s", n, strings.Join(sent, "\n"))
	}
	plan := p.plan()
	want := "create org/Acme/teams/unborn\ncreate org/Acme/teams/platform/seats/bo@example.com\ncreate org/Acme/teams/unborn/seats/ana@example.com"
	if got := steps(plan); got != want || plan.Diagnostics.HasErrors() || plan.Summary.None != 3 {
		t.Fatalf("%s\n%v %+v", got, plan.Diagnostics, plan.Summary)
	}
	if err := p.apply(plan, executor.Options{}); err != nil {
		t.Fatal(err)
	}
	if plan := tr.read(seats).plan(); len(plan.Steps) > 0 || plan.Diagnostics.HasErrors() {
		t.Error(steps(plan), plan.Diagnostics)
	}
}

func count(sent []string, part string) int {
	n := 0
	for _, s := range sent {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

// What goes with a parent is counted at every depth, not only below documents.
func TestChildrenGoWithTheirParent(t *testing.T) {
	tr := newTrial(t, acme, seat())
	p := tr.read("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n  - {name: platform, state: absent}\n")
	plan := p.plan()
	for len(plan.Wants) > 0 {
		reader := &live.Reader{Doer: tr.client, Catalog: tr.catalog}
		if err := reader.More(t.Context(), p.live, plan.Wants); err != nil {
			t.Fatal(err)
		}
		plan = p.plan()
	}
	if len(plan.Steps) != 1 || !strings.Contains(strings.Join(plan.Steps[0].Notes, " "), "Deleted with it: 1 seat") {
		t.Errorf("%s: %+v", steps(plan), plan.Steps)
	}
}

// In a project that does not exist yet there is nobody but whom a file puts
// there: what could not be looked up is not taken on trust.
func TestReferencesInWhatIsUnborn(t *testing.T) {
	watcher := &spec.Kind{
		Name: "Watcher", Section: "watchers", Parent: "Project", Doc: "trial",
		Key:    []string{"name"},
		Params: map[string]string{"watcherId": "/id"},
		Fields: []spec.Field{
			{Name: "name", Type: spec.String, Doc: "trial"},
			{Name: "user", Type: spec.String, Doc: "trial", Ref: &spec.Ref{Kind: "ProjectUser", ByID: true}},
		},
		List:   spec.Read{Route: "GET /groups/{groupId}/watchers", Version: "2025-02-19", Paged: true},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/watchers", Version: "2025-02-19", Body: spec.Body{Send: spec.Declared}}},
	}
	for user, wrong := range map[string]bool{"ana@example.com": false, "ghost@example.com": true} {
		tr := newTrial(t, acme, watcher)
		plan := tr.read("apiVersion: atlasctl-sync/v1\nkind: Project\nname: fresh\norganization: Acme\n" +
			"users:\n  - {username: ana@example.com, roles: [GROUP_READ_ONLY]}\nwatchers:\n  - {name: w, user: " + user + "}\n").plan()
		if plan.Diagnostics.HasErrors() != wrong || wrong && !strings.Contains(plan.Diagnostics.Err().Error(), "project user \"ghost@example.com\" is neither in Atlas nor declared") {
			t.Errorf("%s: %v\n%s", user, plan.Diagnostics, steps(plan))
		}
	}
}
