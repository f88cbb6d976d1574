package planner_test

import (
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// What was not read although it is declared is no reason to do nothing.
func TestNotRead(t *testing.T) {
	const head = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"
	for file, want := range map[string]string{
		"teams: [{name: a}]\n":        "org/Acme/teams/a: it was not read",
		"prune: [teams]\nteams: []\n": "org/Acme: its teams were not read",
	} {
		p := plan(t, head+file, map[string]string{"Team": ""})
		if got := p.Diagnostics.Err(); got == nil || !strings.Contains(got.Error(), want) || len(p.Steps) > 0 {
			t.Errorf("%s: %v %v", file, got, told(p))
		}
	}
}

// What is read again takes the place of what a list has shown meanwhile, with an
// id or without; what is gone goes from it.
func TestPutAfterAnotherList(t *testing.T) {
	c := kinds.Catalog()
	for kind, raw := range map[string]string{
		"QueryLimit":  `[{"name":"bytesProcessed.daily","value":1}]`,
		"ProjectTeam": `[{"teamId":"32b6e34b3d91647abb20e7b8","roleNames":["GROUP_OWNER"]}]`,
		"Auditing":    `[{"enabled":true}]`,
		"Team":        `[{"id":"32b6e34b3d91647abb20e7b8","name":"a"}]`,
	} {
		k, params := c.Kind(kind), planner.Params{"orgId": orgID, "groupId": orgID, "tenantName": "lake"}
		for _, gone := range []bool{false, true} {
			l := planner.NewLive(c, &spec.State{})
			set := func() *planner.Object {
				if err := l.Set(k, params, items(t, raw)); err != nil {
					t.Fatal(err)
				}
				listing, _ := l.Listing(k, params)
				return listing.Objects[0]
			}
			was := set()
			set() // somebody else lists it while it is being read
			fresh, left := items(t, raw)[0], 1
			if gone {
				fresh, left = nil, 0
			}
			if err := l.Put(k, params, was, fresh); err != nil {
				t.Fatal(err)
			}
			if listing, _ := l.Listing(k, params); len(listing.Objects) != left {
				t.Errorf("%s, gone %v: %d objects", kind, gone, len(listing.Objects))
			}
		}
	}
}
