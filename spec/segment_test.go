package spec_test

import (
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// What could lead a path elsewhere is never part of one; what only looks odd
// is escaped.
func TestSegment(t *testing.T) {
	for _, c := range []struct{ placeholder, value, want string }{
		{"userId", "5f0000000000000000000001", "5f0000000000000000000001"},
		{"clientId", "mdb_sa_id_5f00", "mdb_sa_id_5f00"},
		{"teamName", "50%/x: y", "50%25%2Fx%3A%20y"},
		{"groupName", "null", "null"},
		{"tenantName", "..hidden", "..hidden"},
		{"endpointId", "/subscriptions/1/resourceGroups/net", "%2Fsubscriptions%2F1%2FresourceGroups%2Fnet"},
		{"endpointId", "/subscriptions/../users", ""}, {"endpointId", "/subscriptions//", ""},
		{"userId", "", ""}, {"userId", ".", ""}, {"userId", "..", ""}, {"userId", "null", ""}, {"userId", "<nil>", ""},
		{"userId", "/", ""}, {"userId", "a/b", ""}, {"userId", "a b", ""}, {"userId", "a\n", ""}, {"userId", `a\b`, ""},
		{"teamName", "", ""}, {"teamName", ".", ""}, {"teamName", "..", ""}, {"teamName", "/", ""}, {"teamName", "a/../b", ""},
		{"teamName", `a\..\b`, ""}, {"userId", "a\x00", ""}, {"teamName", "a\nb", "a%0Ab"},
	} {
		got, err := spec.Segment(c.placeholder, c.value)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s %q: %q, %v; want %q", c.placeholder, c.value, got, err, c.want)
		}
	}
}
