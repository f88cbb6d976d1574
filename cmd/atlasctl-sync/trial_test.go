package main

import (
	"os"
	"slices"
	"sync"

	"github.com/atlasctl/atlasctl-sync/internal/contract"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// trial is the program with two kinds in the place of the real ones, which have values at depth: elements,
// elements in them, blocks, and what is sensitive or Atlas's own there. Scripts
// look with it at how all that is told.
func trial() {
	catalog := kinds.Catalog()
	kinds.Catalog = sync.OnceValue(func() *spec.Catalog {
		others := slices.DeleteFunc(slices.Clone(catalog.Kinds()), func(k *spec.Kind) bool {
			return k.List.Route == trialUser.List.Route // the real role stays: others name it
		})
		c, err := spec.NewCatalog(append(others, &trialUser, &trialRole)...)
		if err != nil {
			panic(err)
		}
		return c
	})
	env := System()
	env.Tap = contract.FromEnv().Tap
	os.Exit(guarded(func() int { return Run(os.Args[1:], env) }))
}

var trialUser = spec.Kind{
	Name: "TrialUser", Section: "trialUsers", Parent: "Project", Doc: "A user of a project's clusters.",
	Key:    []string{"username"},
	Params: map[string]string{"username": "username", "databaseName": "databaseName"},
	Role:   "Project Owner",
	Fields: []spec.Field{
		{Name: "username", Type: spec.String, Immutable: true, Doc: "Who."},
		{Name: "databaseName", Type: spec.String, Required: true, Immutable: true, Default: "admin", Doc: "Where the user is known."},
		{Name: "description", Type: spec.String, Nullable: true, Doc: "What for."},
		{Name: "password", Type: spec.String, Sensitive: true, NotReturned: true, Doc: "What the user logs in with."},
		{Name: "deleteAfterDate", Type: spec.String, Norm: spec.Instant, CreateOnly: true, Doc: "When it ends."},
		{Name: "roles", Type: spec.Set, ElemKey: []string{"roleName", "databaseName", "collectionName"}, MinItems: 1, Doc: "What the user may do.", Fields: []spec.Field{
			{Name: "roleName", Type: spec.String, Required: true, Ref: &spec.Ref{Kind: "TrialRole", Known: []string{"read", "readWrite"}, Holds: true}, Doc: "The role."},
			{Name: "databaseName", Type: spec.String, Required: true, Doc: "Where it counts."},
			{Name: "collectionName", Type: spec.String, Doc: "And in which collection."},
		}},
		{Name: "labels", Type: spec.Set, ElemKey: []string{"key"}, Doc: "Words.", Fields: []spec.Field{
			{Name: "key", Type: spec.String, Required: true, Doc: "Which."},
			{Name: "value", Type: spec.String, Required: true, Doc: "What."},
		}},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/databaseUsers", Version: "2023-01-01", Paged: true},
	Get:  spec.Read{Route: "GET /groups/{groupId}/databaseUsers/{databaseName}/{username}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /groups/{groupId}/databaseUsers", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Declared, Set: map[string]spec.Expr{"/groupId": {Param: "groupId"}}}}},
	Update: []spec.Call{{Route: "PATCH /groups/{groupId}/databaseUsers/{databaseName}/{username}", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Changed, Set: map[string]spec.Expr{"/databaseName": {Field: "databaseName"}, "/groupId": {Param: "groupId"}, "/username": {Field: "username"}}}}},
	Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/databaseUsers/{databaseName}/{username}", Version: "2023-01-01"}},
}

var trialRole = spec.Kind{
	Name: "TrialRole", Section: "trialRoles", Parent: "Project", Doc: "A role of a project's clusters.",
	Key:    []string{"roleName"},
	Params: map[string]string{"roleName": "roleName"},
	Role:   "Project Owner",
	Fields: []spec.Field{
		{Name: "roleName", Type: spec.String, Immutable: true, Doc: "Its name."},
		{Name: "actions", Type: spec.Set, ElemKey: []string{"action"}, Doc: "What it allows.", Fields: []spec.Field{
			{Name: "action", Type: spec.String, Required: true, Doc: "What."},
			{Name: "resources", Type: spec.Set, ElemKey: []string{"cluster", "db", "collection"}, Doc: "On what.", Fields: []spec.Field{
				{Name: "cluster", Type: spec.Bool, Required: true, Doc: "The cluster."},
				{Name: "db", Type: spec.String, Required: true, Doc: "A database."},
				{Name: "collection", Type: spec.String, Required: true, Doc: "A collection."},
			}},
		}},
		{Name: "inheritedRoles", Type: spec.Set, ElemKey: []string{"role", "db"}, Doc: "What it has from others.", Fields: []spec.Field{
			{Name: "role", Type: spec.String, Required: true, Doc: "Which."},
			{Name: "db", Type: spec.String, Required: true, Doc: "Where."},
		}},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/customDBRoles/roles", Version: "2023-01-01"},
	Get:  spec.Read{Route: "GET /groups/{groupId}/customDBRoles/roles/{roleName}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /groups/{groupId}/customDBRoles/roles", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Declared}}},
	Update: []spec.Call{{Route: "PATCH /groups/{groupId}/customDBRoles/roles/{roleName}", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Changed, Fields: []string{"actions", "inheritedRoles"}}}},
	Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/customDBRoles/roles/{roleName}", Version: "2023-01-01"}},
}
