package fence_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/fence"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/planner"
)

// An atlas has two organizations with a project each, and notes what is sent.
type atlas struct{ sent []planner.Request }

const (
	oldOrg, newOrg         = "aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbb"
	oldProject, newProject = "aaaaaaaaaaaaaaaaaaaaaaa1", "bbbbbbbbbbbbbbbbbbbbbbb1"
	fresh, unknown         = "bbbbbbbbbbbbbbbbbbbbbbb2", "cccccccccccccccccccccccc"
)

func (a *atlas) Do(_ context.Context, r planner.Request) (any, error) {
	object := func(id, org string) any { return map[string]any{"id": id, "orgId": org, "name": id} }
	switch {
	case r.Method != "GET":
		a.sent = append(a.sent, r)
		if strings.HasSuffix(r.Path, "/groups") {
			return object(fresh, newOrg), nil
		}
	case strings.HasSuffix(r.Path, "/orgs"):
		return map[string]any{"results": []any{object(oldOrg, ""), object(newOrg, "")}}, nil
	case strings.HasSuffix(r.Path, "/groups"):
		return map[string]any{"results": []any{object(oldProject, oldOrg), object(newProject, newOrg)}}, nil
	}
	return nil, nil
}

func send(f *fence.Fence, method, path string, body any) error {
	_, err := f.Do(context.Background(), planner.Request{Method: method, Path: planner.APIPrefix + path, Body: body})
	return err
}

func opened(t interface{ Fatal(...any) }, a *atlas) *fence.Fence {
	f := fence.New(a, kinds.Catalog())
	for _, path := range []string{"/orgs", "/groups"} {
		if err := send(f, "GET", path, nil); err != nil {
			t.Fatal(err)
		}
	}
	f.Open(newOrg)
	return f
}

// TestFence: writes go where they are known to stay inside, and to what was just
// made there.
func TestFence(t *testing.T) {
	a := &atlas{}
	f := opened(t, a)
	project := func(org string) any { return map[string]any{"name": "x", "orgId": org} }
	for _, c := range []struct {
		method, path string
		body         any
		stays        bool
	}{
		{"GET", "/orgs/" + oldOrg + "/teams", nil, true},
		{"POST", "/orgs/" + oldOrg + "/teams", nil, false},
		{"POST", "/orgs/" + newOrg + "/teams", nil, true},
		{"DELETE", "/groups/" + oldProject, nil, false},
		{"PATCH", "/groups/" + newProject, nil, true},
		{"PATCH", "/groups/" + unknown, nil, false},
		{"PATCH", "/groups/" + fresh + "/clusters/x", nil, false}, // not made yet
		{"POST", "/groups", project(oldOrg), false},
		{"POST", "/groups", project(unknown), false},
		{"POST", "/groups", map[string]any{"name": "x"}, false},
		{"POST", "/groups", project(newOrg), true},
		{"PATCH", "/groups/" + fresh + "/clusters/x", nil, true},
		{"PATCH", "/groups/" + newProject + "/streams", map[string]any{"a": []any{map[string]any{"projectId": oldProject}}}, false},
		{"PATCH", "/federationSettings/" + unknown + "/connectedOrgConfigs/" + oldOrg, nil, false},
		{"PATCH", "/federationSettings/" + unknown + "/connectedOrgConfigs/" + newOrg, nil, true},
	} {
		before := len(a.sent)
		err := send(f, c.method, c.path, c.body)
		if c.stays != (err == nil) || err != nil && !errors.Is(err, fence.ErrOutside) || !c.stays && len(a.sent) > before {
			t.Errorf("%s %s %v: %v", c.method, c.path, c.body, err)
		}
	}
}

// TestClosedFence lets nothing through before it is known what is inside, nor when
// that was never seen.
func TestClosedFence(t *testing.T) {
	a := &atlas{}
	f := fence.New(a, kinds.Catalog())
	for _, open := range []func(){func() {}, func() { f.Open(newOrg) }, func() { f.Open("") }} {
		if open(); !errors.Is(send(f, "POST", "/orgs/"+newOrg+"/teams", nil), fence.ErrOutside) || len(a.sent) > 0 {
			t.Error("a closed fence let a write through")
		}
	}
}

// TestNothingGetsOut: wherever an id of the old organization stands in a write, it
// is not sent.
func TestNothingGetsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := &atlas{}
		f := opened(t, a)
		id := rapid.SampledFrom([]string{oldOrg, newOrg, oldProject, newProject, fresh, unknown, "x"})
		for range rapid.IntRange(1, 6).Draw(t, "writes") {
			path := ""
			for range rapid.IntRange(1, 3).Draw(t, "parts") {
				path += "/" + rapid.SampledFrom([]string{"orgs", "groups", "federationSettings", "teams"}).Draw(t, "collection")
				if rapid.Bool().Draw(t, "deeper") {
					path += "/" + id.Draw(t, "id")
				}
			}
			body := map[string]any{"a": []any{map[string]any{"b": id.Draw(t, "value")}}}
			_ = send(f, rapid.SampledFrom([]string{"POST", "PATCH", "PUT", "DELETE"}).Draw(t, "method"), path, body)
		}
		for _, r := range a.sent {
			if names := planner.Names(r); slices.Contains(names, oldOrg) || slices.Contains(names, oldProject) {
				t.Fatal(fmt.Sprint(r.Method, r.Path, r.Body))
			}
		}
	})
}
