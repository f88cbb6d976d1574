package main

import (
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Every operation has its line, and every call of a kind is one of the API in a
// version that it has.
func TestPage(t *testing.T) {
	facts := api.Load()
	text, err := page(facts, kinds.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range facts.Operations() {
		if strings.Count(text, "| `"+id+"`:") != 1 {
			t.Errorf("%s has no line of its own", id)
		}
	}
	for _, want := range []string{
		"`addGroupUserRole`: POST /groups/{groupId}/users/{userId}:addRole | ProjectUser (update) |",
		"`createGroupPeer`: POST /groups/{groupId}/peers | NetworkPeering (create) |",
		"`getGroupByName`: GET /groups/byName/{groupName} | answers one of several projects",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
}

// A route or a version that the API does not have is an error.
func TestRoutesThatAreNone(t *testing.T) {
	for _, read := range []spec.Read{
		{Route: "GET /groups/{groupId}/nothing", Version: "2023-01-01"},
		{Route: "GET /orgs", Version: "2023-01-02"},
	} {
		c, err := spec.NewCatalog(&spec.Kind{Name: "Wrong", Document: true, Key: []string{"name"}, Params: map[string]string{"groupId": "/id"}, List: read,
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "d"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := page(api.Load(), c); err == nil {
			t.Errorf("%s was taken", read.Route)
		}
	}
}
