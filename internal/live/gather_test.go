package live_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// crowd is an organization of n people, with a project that is to have them all.
func crowd(n int, role string) (seed, file string) {
	var s, f strings.Builder
	s.WriteString("organizations:\n  - name: Acme\n    users:\n      - {username: ana@example.com, roles: [ORG_OWNER]}\n")
	f.WriteString("apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\norganization: Acme\nusers:\n")
	for i := range n {
		fmt.Fprintf(&s, "      - {username: user%d@example.com, roles: [ORG_MEMBER]}\n", i)
		fmt.Fprintf(&f, "  - {username: user%d@example.com, roles: [%s]}\n", i, role)
	}
	s.WriteString("projects:\n  - {name: p, organization: Acme}\n")
	return s.String(), f.String()
}

// Resources are read before a change and after a write in a few lists, not one by
// one.
func TestManyStepsFewReads(t *testing.T) {
	const n = 60
	seed, file := crowd(n, "GROUP_READ_ONLY")
	tr := newTrial(t, seed)
	for _, c := range []struct {
		what, file string
		most       int // one by one it would be 2n and 3n
	}{
		{"creations", file, n + n/2},
		{"changes", strings.ReplaceAll(file, "GROUP_READ_ONLY", "GROUP_READ_ONLY, GROUP_CLUSTER_MANAGER"), n + n},
	} {
		p := tr.read(c.file)
		tr.requests()
		plan := p.plan()
		if err := p.apply(plan, executor.Options{}); err != nil || len(plan.Steps) != n {
			t.Fatal(err, steps(plan))
		}
		for _, s := range plan.Steps {
			if s.Status != planner.Verified {
				t.Errorf("%s is %s", s.Address, s.Status)
			}
		}
		sent := tr.requests()
		if len(sent) > c.most || count(sent, "POST ") != n {
			t.Errorf("%d %s took %d requests, %d of them POSTs", n, c.what, len(sent), count(sent, "POST "))
		}
	}
	if plan := tr.read(strings.ReplaceAll(file, "GROUP_READ_ONLY", "GROUP_READ_ONLY, GROUP_CLUSTER_MANAGER")).plan(); len(plan.Steps) > 0 {
		t.Error(steps(plan))
	}
}

// colored is a made-up kind over a server whose objects have the color that it is
// told; its lists can be held up, or refused.
type colored struct {
	mu      sync.Mutex
	color   string
	lists   int
	refuses bool
	begun   chan bool // a list has been answered, and is held up
	goOn    chan bool
}

func (c *colored) answer(request, _ string) (int, string) {
	c.mu.Lock()
	color, isList := c.color, strings.HasSuffix(request, "/tags")
	if isList {
		c.lists++
	}
	held, refused := isList && c.lists == 2 && c.begun != nil, isList && c.refuses
	c.mu.Unlock()
	if held {
		c.begun <- true
		<-c.goOn
	}
	switch {
	case request == "GET /orgs":
		return http.StatusOK, `{"results":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","name":"Acme"}],"totalCount":1}`
	case refused:
		return http.StatusForbidden, `{}`
	case isList:
		return http.StatusOK, fmt.Sprintf(`[{"name":"a","color":"%[1]s"},{"name":"b","color":"%[1]s"}]`, color)
	}
	return http.StatusOK, fmt.Sprintf(`{"name":"%s","color":"%s"}`, request[strings.LastIndex(request, "/")+1:], color)
}

func (c *colored) turn(color string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.color = color
}

// refresh starts reading all resources again, which are to be green.
func (c *colored) refresh(t *testing.T, get spec.Read) func(check func(*planner.Step)) *sync.WaitGroup {
	t.Helper()
	k := tagged(nil)
	k.Get = get
	k.Fields = append(k.Fields, spec.Field{Name: "color", Type: spec.String, Doc: "trial"})
	k.Update = []spec.Call{{Route: "PATCH /orgs/{orgId}/tags/{tagName}", Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}}}
	kinds.Catalog()
	catalog, err := spec.NewCatalog(kinds.Catalog().Kind("Organization"), k)
	if err != nil {
		t.Fatal(err)
	}
	client := serve(t, c.answer)
	p := (&trial{t: t, catalog: catalog, client: client}).read(acmeHead + "tags: [{name: a, color: green}, {name: b, color: green}]\n")
	plan := p.plan()
	refresher := &live.Refresher{Reader: &live.Reader{Doer: client, Catalog: catalog}, State: p.state, Live: p.live}
	return func(check func(*planner.Step)) *sync.WaitGroup {
		var all sync.WaitGroup
		for _, s := range plan.Steps {
			all.Go(func() {
				now, err := refresher.Refresh(t.Context(), s, nil)
				if err != nil {
					t.Error(err)
					return
				}
				check(now)
			})
		}
		return &all
	}
}

// No read is answered by a list that began before it was asked for.
func TestNoReadIsAnsweredByAnOlderList(t *testing.T) {
	c := &colored{color: "red", begun: make(chan bool), goOn: make(chan bool)}
	refresh := c.refresh(t, spec.Read{})
	older := refresh(func(*planner.Step) {})
	<-c.begun // it will say red
	c.turn("green")
	younger := refresh(func(now *planner.Step) {
		if now.Action != planner.None {
			t.Errorf("%s, when it was green: %v", now.Address, now.Changes)
		}
	})
	time.Sleep(20 * time.Millisecond)
	close(c.goOn)
	older.Wait()
	younger.Wait()
}

// What a list does not answer is read by itself.
func TestWhatAListDoesNotAnswer(t *testing.T) {
	c := &colored{color: "red"}
	refresh := c.refresh(t, spec.Read{Route: "GET /orgs/{orgId}/tags/{tagName}", Version: "2023-01-01"})
	c.turn("green")
	c.mu.Lock()
	c.refuses = true
	c.mu.Unlock()
	tried := func() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.lists > 1 }
	for try := 0; !tried(); try++ { // until two came together, and a list was tried
		if try == 100 {
			t.Fatal("no list was tried")
		}
		refresh(func(now *planner.Step) {
			if now.Action != planner.None {
				t.Errorf("%s: %v", now.Address, now.Changes)
			}
		}).Wait()
	}
}
