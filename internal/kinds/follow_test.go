package kinds

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestNothingIsLeftOut: what the calls of a kind hold is a field of its, or left
// out with a reason; and what is left out is really there.
func TestNothingIsLeftOut(t *testing.T) {
	for _, k := range Catalog().Kinds() {
		d, err := describe(api.Load(), k)
		if err != nil {
			t.Fatal(err)
		}
		for _, pointer := range d.unsaid(k) {
			t.Errorf("%s: %s is neither a field nor in Omit", k.Name, pointer)
		}
		for pointer, why := range k.Omit {
			if why == "" || len(every(slices.Concat(d.created, d.updated, d.answered), pointer)) == 0 {
				t.Errorf("%s: Omit names %s, which no call holds, or gives no reason", k.Name, pointer)
			}
		}
	}
}

// What follows from the calls: type, values, bounds, what is needed, what only
// answers hold, what is not returned; alternatives that disagree give nothing.
func TestFollow(t *testing.T) {
	facts, err := api.Read(`operation make request 2023-01-01: ref="Thing"
operation make: POST path="/api/atlas/v2/things"
operation see answer 200 2023-01-01: ref="Thing"
operation see: GET path="/api/atlas/v2/things"
schema Thing.count: integer max=9 min=2
schema Thing.gone: string write-only
schema Thing.key: string format="uuid"
schema Thing.list: array min-items=1
schema Thing.list[]: string enum=["A","B"]
schema Thing.name: string max-length=5 min-length=2 pattern="^a"
schema Thing.odd: string pattern="^(?!x)"
schema Thing.on: boolean default=true
schema Thing.state: string read-only
schema Thing|a.size: string pattern="^1"
schema Thing|a: object
schema Thing|b.size: string pattern="^2"
schema Thing|b: object
schema Thing: object required=["count","name"]
`, "")
	if err != nil {
		t.Fatal(err)
	}
	k := &spec.Kind{Name: "Thing", Key: []string{"name"}, List: spec.Read{Route: "GET /things", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /things", Version: "2023-01-01", Body: spec.Body{Send: spec.Declared}}}}
	for _, name := range []string{"name", "count", "gone", "key", "list", "odd", "on", "state", "size"} {
		k.Fields = append(k.Fields, spec.Field{Name: name})
	}
	k.Fields = append(k.Fields, spec.Field{Name: "renamed", Wire: "/name", MaxLen: 3})
	if err := follow(facts, k); err != nil {
		t.Fatal(err)
	}
	want := []spec.Field{
		{Name: "name", Type: spec.String, Pattern: "^a", MinLen: 2, MaxLen: 5},
		{Name: "count", Type: spec.Int, Required: true, Min: 2, Max: 9},
		{Name: "gone", Type: spec.String, NotReturned: true},
		{Name: "key", Type: spec.String, Pattern: uuid},
		{Name: "list", Type: spec.Set, MinItems: 1, Enum: []string{"A", "B"}},
		{Name: "odd", Type: spec.String},
		{Name: "on", Type: spec.Bool, Default: true},
		{Name: "state", Type: spec.String, ReadOnly: true},
		{Name: "size", Type: spec.String},
		{Name: "renamed", Wire: "/name", Type: spec.String, Required: true, Pattern: "^a", MinLen: 2, MaxLen: 3},
	}
	if diff := cmp.Diff(want, k.Fields); diff != "" {
		t.Error(diff)
	}
	k.Fields = []spec.Field{{Name: "nowhere"}}
	if err := follow(facts, k); err == nil {
		t.Error("a field that no call holds was taken")
	}
	k.Create[0].Version = "2024-01-01"
	if err := follow(facts, k); err == nil {
		t.Error("a version that the call does not have was taken")
	}
}

// TestItemsFollow: what stands in several arrays of one answer is described by
// all of them.
func TestItemsFollow(t *testing.T) {
	said, err := answerOf(api.Load(), spec.Read{Route: "GET /groups/{groupId}/cloudProviderAccess", Version: "2023-01-01",
		Items: []string{"/awsIamRoles", "/azureServicePrincipals", "/gcpServiceAccounts"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, pointer := range []string{"/iamAssumedRoleArn", "/servicePrincipalId", "/gcpServiceAccountForAtlas"} {
		if len(every(said, pointer)) == 0 {
			t.Errorf("nothing tells of %s", pointer)
		}
	}
}
