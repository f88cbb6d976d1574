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
		most       int
	}{
		{"creations", file, n + n/3},
		{"changes", strings.ReplaceAll(file, "GROUP_READ_ONLY", "GROUP_READ_ONLY, GROUP_CLUSTER_MANAGER"), n + n/2},
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

// A read is not answered by a list that began before it was asked for, and one
// that fails for the others is still tried by itself.
func TestNoReadIsAnsweredByAnOlderList(t *testing.T) {
	var mu sync.Mutex
	color, lists, gets := "red", 0, 0
	begun, goOn := make(chan bool, 10), make(chan bool)
	broken := false
	client := serve(t, func(request, _ string) (int, string) {
		mu.Lock()
		now := color
		isList := strings.HasSuffix(request, "/tags")
		switch {
		case request == "GET /orgs":
			mu.Unlock()
			return http.StatusOK, `{"results":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","name":"Acme"}],"totalCount":1}`
		case isList:
			lists++
		default:
			gets++
		}
		first, bad := lists == 2 && isList, broken && isList
		mu.Unlock()
		if bad {
			return http.StatusForbidden, `{}`
		}
		if first {
			begun <- true
			<-goOn
		}
		if isList {
			return http.StatusOK, fmt.Sprintf(`[{"name":"a","color":"%s"},{"name":"b","color":"%s"}]`, now, now)
		}
		return http.StatusOK, fmt.Sprintf(`{"name":"%s","color":"%s"}`, request[strings.LastIndex(request, "/")+1:], now)
	})
	k := tagged(nil)
	k.Get = spec.Read{Route: "GET /orgs/{orgId}/tags/{tagName}", Version: "2023-01-01"}
	k.Fields = append(k.Fields, spec.Field{Name: "color", Type: spec.String, Doc: "trial"})
	k.Update = []spec.Call{{Route: "PATCH /orgs/{orgId}/tags/{tagName}", Version: "2023-01-01", Body: spec.Body{Send: spec.Changed}}}
	kinds.Catalog()
	catalog, err := spec.NewCatalog(kinds.Organization, k)
	if err != nil {
		t.Fatal(err)
	}
	tr := &trial{t: t, catalog: catalog, client: client}
	p := tr.read(acmeHead + "tags: [{name: a, color: green}, {name: b, color: green}]\n")
	plan := p.plan()
	refresher := &live.Refresher{Reader: &live.Reader{Doer: client, Catalog: catalog}, State: p.state, Live: p.live}
	all := func() *sync.WaitGroup {
		var w sync.WaitGroup
		for _, s := range plan.Steps {
			w.Go(func() {
				mu.Lock()
				want := color
				mu.Unlock()
				now, err := refresher.Refresh(t.Context(), s, nil)
				switch {
				case err != nil:
					t.Error(err)
				case want == "green" && now.Action != planner.None, want == "red" && now.Changes[0].Before != "red":
					t.Errorf("%s: %s %v, when it was %s", s.Address, now.Action, now.Changes, want)
				}
			})
		}
		return &w
	}
	older := all()
	<-begun // the list is being read, and has seen red
	mu.Lock()
	color = "green"
	mu.Unlock()
	younger := all()
	time.Sleep(20 * time.Millisecond)
	close(goOn)
	older.Wait()
	younger.Wait()
	if lists != 3 || gets != 0 {
		t.Errorf("%d lists, %d single reads", lists, gets)
	}
	broken = true
	all().Wait()
	if lists != 4 || gets != 2 {
		t.Errorf("%d lists, %d single reads once lists fail", lists, gets)
	}
}
