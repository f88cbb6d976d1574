package planner_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// TestUntil: a date holds to the end of its day in UTC, an instant until then; the
// last two weeks are told, and afterwards the entry is one that is to be absent.
func TestUntil(t *testing.T) {
	lists := map[string]string{"OrganizationUser": `[{"id":"3","username":"ana@example.com","orgMembershipStatus":"ACTIVE","roles":{"orgRoles":["ORG_OWNER"]}},
		{"id":"4","username":"bo@example.com","orgMembershipStatus":"ACTIVE","roles":{"orgRoles":["ORG_MEMBER"]}}]`}
	for _, c := range []struct {
		until, now string
		deletes    int
		says       string
	}{
		{"2027-03-31", "2027-03-17T00:00:00Z", 0, ""},
		{"2027-03-31", "2027-03-18T00:00:00Z", 0, "ends within 14 days (until 2027-03-31): apply then removes it, unless the file says a later day"},
		{"2027-03-31", "2027-03-31T23:59:59Z", 0, "ends within a day (until 2027-03-31): apply then removes it, unless the file says a later day"},
		{"2027-03-31", "2027-04-01T00:00:00Z", 1, ""},
		{"2027-03-31T18:00:00+02:00", "2027-03-31T15:59:59Z", 0, "ends within a day (until 2027-03-31T18:00:00+02:00): apply then removes it, unless the file says a later day"},
		{"2027-03-31T18:00:00+02:00", "2027-03-31T16:00:00Z", 1, ""},
	} {
		file := fmt.Sprintf("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n  - {username: bo@example.com, roles: [ORG_MEMBER], until: %q}\n", c.until)
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		p := plan(t, file, lists, func(o *planner.Options) { o.Now = now })
		said := ""
		for _, f := range p.Findings {
			if f.Class == planner.Outside {
				said = f.Message
			}
		}
		if p.Diagnostics.HasErrors() || p.Summary.Delete != c.deletes || len(p.Steps) != c.deletes || said != c.says {
			t.Errorf("until %s at %s: %+v, %q, %v", c.until, c.now, p.Summary, said, p.Diagnostics)
		}
	}
}
