package planner_test

import (
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Who has taken over a half-made object keeps it, whatever is read meanwhile and in
// whichever order: else one role is authorized for the other, while both are written.
func TestTakenOverForGood(t *testing.T) {
	const (
		role = `{"roleId":"%","providerName":"AWS"}`
		one  = "aaaaaaaaaaaaaaaaaaaaaaa1"
		two  = "aaaaaaaaaaaaaaaaaaaaaaa2"
	)
	c := kinds.Catalog()
	state, diags := spec.Load(c, []string{"-"}, strings.NewReader(`apiVersion: atlasctl-sync/v1
kind: Project
name: payments
cloudProviderAccess:
  - {providerName: AWS, iamAssumedRoleArn: "arn:aws:iam::123456789012:role/first"}
  - {providerName: AWS, iamAssumedRoleArn: "arn:aws:iam::123456789012:role/second"}
`))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	k, params := c.Kind("CloudProviderAccess"), planner.Params{"groupId": orgID}
	l := planner.NewLive(c, state)
	half := func(id string) string { return strings.Replace(role, "%", id, 1) }
	if err := l.Set(c.Kind("Project"), planner.Params{}, items(t, `[{"id":"`+orgID+`","orgId":"`+orgID+`","name":"payments"}]`)); err != nil {
		t.Fatal(err)
	}
	if err := l.Set(k, params, items(t, "["+half(one)+","+half(two)+"]")); err != nil {
		t.Fatal(err)
	}
	var declared []*spec.Resource
	state.Resources(func(r *spec.Resource) {
		if r.Kind == k {
			declared = append(declared, r)
		}
	})
	taken := func(r *spec.Resource) string {
		o := l.Find(r).Object
		if o == nil {
			return ""
		}
		return spec.TextAt(o.Raw, "/roleId")
	}
	if a, b := taken(declared[0]), taken(declared[1]); a != one || b != two {
		t.Fatalf("taken over: %q and %q", a, b)
	}
	was := l.Find(declared[0]).Object
	if err := l.Put(k, params, was, was.Raw); err != nil { // read once more before the write
		t.Fatal(err)
	}
	if a, b := taken(declared[0]), taken(declared[1]); a != one || b != two {
		t.Errorf("after one was read again: %q and %q", a, b)
	}
}
