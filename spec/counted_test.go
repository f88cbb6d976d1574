package spec_test

import (
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

func TestCounted(t *testing.T) {
	for _, of := range [][2]string{{"step", "steps"}, {"users", "users"}, {"searchIndexes", "searchIndexes"}, {"resourcePolicies", "resourcePolicies"},
		{"policy", "policies"}, {"apiKeys", "apiKeys"}, {"entry", "entries"}, {"access", "accesses"}, {"day", "days"}} {
		if got := spec.Counted(2, of[0]); got != "2 "+of[1] {
			t.Error(got)
		}
	}
	for _, of := range [][2]string{{"steps", "step"}, {"searchIndexes", "searchIndex"}, {"resourcePolicies", "resourcePolicy"}, {"access", "access"}, {"apiKeys", "apiKey"}} {
		if got := spec.Counted(1, of[0]); got != "1 "+of[1] {
			t.Error(got)
		}
	}
}
