package kinds

import (
	"slices"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// The literals below are trials, made before spec.Kind was settled: do its
// verbs carry four kinds that are unlike those of today? They are checked like
// real ones, and are not in the catalogue.

// An access list's POST takes an array and forbids concurrency: Lane and
// Array. Two spellings of one block are one: Norm. Entries that expire by
// themselves would need the date to be compared with the clock; it is left
// CreateOnly here.
var trialAccessList = spec.Kind{
	Name: "AccessListEntry", Section: "accessList", Parent: "Project", Doc: "trial",
	Key:    []string{"cidrBlock"},
	Params: map[string]string{"entryValue": "cidrBlock"},
	Lane:   &spec.Lane{Name: "accessList", By: []string{"groupId"}},
	Fields: []spec.Field{
		{Name: "cidrBlock", Type: spec.String, Norm: spec.CIDR, Doc: "trial"},
		{Name: "comment", Type: spec.String, MaxLen: 80, Doc: "trial"},
		{Name: "deleteAfterDate", Type: spec.String, CreateOnly: true, Doc: "trial"},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/accessList", Version: "2023-01-01", Paged: true},
	Get:  spec.Read{Route: "GET /groups/{groupId}/accessList/{entryValue}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /groups/{groupId}/accessList", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Declared, Array: true}}},
	Update: []spec.Call{{Route: "POST /groups/{groupId}/accessList", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Overlay, Fields: []string{"cidrBlock", "comment"}, Array: true}, Idempotent: true}},
	Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/accessList/{entryValue}", Version: "2023-01-01"}},
}

// An alert configuration has no name: its key here is a label of ours that
// Atlas does not keep, which does not hold (identity comes only from fields
// that Atlas returns). What it needs is a match by several fields together:
// event type and matchers. Notifications are objects in a Set with an element
// key, and PUT wants the whole object: Overlay.
var trialAlert = spec.Kind{
	Name: "AlertConfiguration", Section: "alerts", Parent: "Project", Doc: "trial",
	Key:   []string{"eventTypeName"},
	Ident: "id", IdentAt: "/id",
	Params: map[string]string{"alertConfigId": "/id"},
	Fields: []spec.Field{
		{Name: "eventTypeName", Type: spec.String, Immutable: true, Doc: "trial"},
		{Name: "enabled", Type: spec.Bool, Doc: "trial"},
		{Name: "matchers", Type: spec.Set, ElemKey: []string{"fieldName"}, Doc: "trial", Fields: []spec.Field{
			{Name: "fieldName", Type: spec.String, Required: true, Doc: "trial"},
			{Name: "operator", Type: spec.String, Doc: "trial"},
			{Name: "value", Type: spec.String, Doc: "trial"},
		}},
		{Name: "notifications", Type: spec.List, Doc: "trial", Fields: []spec.Field{
			{Name: "typeName", Type: spec.String, Required: true, Doc: "trial"},
			{Name: "delayMin", Type: spec.Int, Doc: "trial"},
			{Name: "slackApiToken", Wire: "/apiToken", Type: spec.String, Sensitive: true, NotReturned: true, Doc: "trial"},
		}},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/alertConfigs", Version: "2023-01-01", Paged: true},
	Get:  spec.Read{Route: "GET /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01"},
	Create: []spec.Call{{Route: "POST /groups/{groupId}/alertConfigs", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Declared}}},
	Update: []spec.Call{
		{Route: "PATCH /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01", When: &spec.When{Field: "enabled"},
			Body: spec.Body{Send: spec.Declared, Fields: []string{"enabled"}}},
		{Route: "PUT /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay, Fields: []string{"eventTypeName", "matchers", "notifications"}}},
	},
	Delete:         []spec.Call{{Route: "DELETE /groups/{groupId}/alertConfigs/{alertConfigId}", Version: "2023-01-01"}},
	NamesNotUnique: true,
}

// A cluster: versions that belong to calls, lists of objects that a PATCH
// replaces whole, a state to wait for, tags as pairs, data that forbids
// replacing.
var trialCluster = spec.Kind{
	Name: "Cluster", Section: "clusters", Parent: "Project", Doc: "trial",
	Key:    []string{"name"},
	Params: map[string]string{"clusterName": "name"},
	Fields: []spec.Field{
		{Name: "name", Type: spec.String, Doc: "trial"},
		{Name: "clusterType", Type: spec.String, Enum: []string{"REPLICASET", "SHARDED", "GEOSHARDED"}, Immutable: true, Doc: "trial"},
		{Name: "mongoDBMajorVersion", Type: spec.String, Doc: "trial"},
		{Name: "tags", Type: spec.Map, Pairs: [2]string{"key", "value"}, Doc: "trial"},
		{Name: "replicationSpecs", Type: spec.List, Doc: "trial", Fields: []spec.Field{
			{Name: "zoneName", Type: spec.String, Doc: "trial"},
			{Name: "regionConfigs", Type: spec.List, Doc: "trial", Fields: []spec.Field{
				{Name: "providerName", Type: spec.String, Doc: "trial"},
				{Name: "regionName", Type: spec.String, Doc: "trial"},
				{Name: "priority", Type: spec.Int, Doc: "trial"},
			}},
		}},
		{Name: "stateName", Type: spec.String, ReadOnly: true, Doc: "trial"},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/clusters", Version: "2024-08-05", Paged: true},
	Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}", Version: "2024-08-05"},
	Create: []spec.Call{{Route: "POST /groups/{groupId}/clusters", Version: "2024-10-23",
		Body: spec.Body{Send: spec.Declared}, Wait: idle()}},
	Update: []spec.Call{{Route: "PATCH /groups/{groupId}/clusters/{clusterName}", Version: "2024-10-23",
		Body: spec.Body{Send: spec.Changed}, Wait: idle()}},
	Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/clusters/{clusterName}", Version: "2023-02-01",
		Wait: &spec.Wait{Gone: true, Max: time.Hour}}},
	NeverPrune: "it holds data",
}

func idle() *spec.Wait {
	return &spec.Wait{At: "/stateName", Until: []string{"IDLE"}, Max: 3 * time.Hour}
}

// A cloud provider access role has no name and two calls to create it: the
// second authorizes what the first made. Its list answers three arrays, one for
// each provider: a Read that says where its items are (Items) is still to come.
var trialRole = spec.Kind{
	Name: "CloudProviderAccessRole", Section: "cloudProviderAccess", Parent: "Project", Doc: "trial",
	Key:   []string{"iamAssumedRoleArn"},
	Ident: "roleId", IdentAt: "/roleId",
	Params: map[string]string{"roleId": "/roleId"},
	Fields: []spec.Field{
		{Name: "iamAssumedRoleArn", Type: spec.String, Doc: "trial"},
		{Name: "providerName", Type: spec.String, Enum: []string{"AWS"}, Immutable: true, Doc: "trial"},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/cloudProviderAccess", Version: "2023-01-01"},
	Get:  spec.Read{Route: "GET /groups/{groupId}/cloudProviderAccess/{roleId}", Version: "2023-01-01"},
	Create: []spec.Call{
		{Route: "POST /groups/{groupId}/cloudProviderAccess", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"providerName"}}},
		{Route: "PATCH /groups/{groupId}/cloudProviderAccess/{roleId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}, Retry: []string{"CANNOT_ASSUME_ROLE"}},
	},
	NamesNotUnique: true,
}

func TestTrialLiterals(t *testing.T) {
	Catalog() // the others follow from the facts
	kinds := append(slices.Clone(registered), &trialAccessList, &trialAlert, &trialCluster, &trialRole)
	if _, err := spec.NewCatalog(kinds...); err != nil {
		t.Fatal(err)
	}
}
