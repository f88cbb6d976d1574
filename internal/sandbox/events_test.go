package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mongodb-forks/digest"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// Every type that the emulator writes is one that the API has, in the list in
// which the API has it; and an operation that is told of exists.
func TestEventTypes(t *testing.T) {
	known := map[string]string{}
	for list, schema := range map[string]string{"org": "EventTypeForOrg", "project": "EventTypeForNdsGroup"} {
		for _, one := range api.Load().Schema(schema).OneOf {
			for _, typ := range one.Enum {
				known[list] += " " + typ.(string) + " "
			}
		}
	}
	for typ, lists := range sandbox.EventTypes() {
		for _, list := range lists {
			if !strings.Contains(known[list], " "+typ+" ") {
				t.Errorf("the events of a %s have no type %s", list, typ)
			}
		}
	}
	for id, typ := range sandbox.UsualEvents() {
		if api.Load().Operation(id) == nil {
			t.Errorf("there is no operation %s", id)
		}
		if len(sandbox.EventTypes()[typ]) == 0 {
			t.Errorf("%s: no list shows %s", id, typ)
		}
	}
}

// What happens in a project is told where the project's other settings are, too.
func TestEventsOfManyParts(t *testing.T) {
	a := acme(t)
	last := func() string {
		a.Helper()
		return a.get(a.in("/events?itemsPerPage=1")).want(200).at("results.0.eventTypeName")
	}
	a.patch(a.in("/auditLog"), `{"enabled":true}`).want(200)
	equal(t, last(), "AUDIT_LOG_CONFIGURATION_UPDATED")
	a.patch(a.in("/userSecurity"), `{"customerX509":{"cas":"PEM"}}`).want(202)
	equal(t, last(), "USER_SECURITY_SETTINGS_UPDATED")
	a.delete(a.in("/userSecurity/customerX509")).want(202)
	equal(t, last(), "USER_SECURITY_SETTINGS_UPDATED")
	a.patch(a.in("/privateEndpoint/regionalMode"), `{"enabled":true}`).want(200)
	equal(t, last(), "REGIONALIZED_PRIVATE_ENDPOINT_MODE_ENABLED")
	a.patch(a.in("/privateEndpoint/regionalMode"), `{"enabled":false}`).want(200)
	equal(t, last(), "REGIONALIZED_PRIVATE_ENDPOINT_MODE_DISABLED")
	bucket := a.post(a.in("/backup/exportBuckets"), `{"cloudProvider":"AWS","bucketName":"bucket","iamRoleId":"5f0000000000000000000001"}`).want(200)
	equal(t, last(), "BUCKET_CREATED_AUDIT")
	a.delete(a.in("/backup/exportBuckets/" + bucket.at("_id"))).want(204)
	equal(t, last(), "BUCKET_DELETED_AUDIT")
	endpoint := `{"endpointId":"vpce-3bf78b0ddee411ba1","comment":"one"}`
	a.post(a.in("/privateNetworkSettings/endpointIds"), endpoint).want(201)
	equal(t, last(), "PRIVATE_NETWORK_ENDPOINT_ENTRY_ADDED")
	a.post(a.in("/privateNetworkSettings/endpointIds"), strings.Replace(endpoint, "one", "two", 1)).want(201)
	equal(t, last(), "PRIVATE_NETWORK_ENDPOINT_ENTRY_UPDATED")
	a.post(a.in("/streams"), `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"}}`).want(200)
	equal(t, last(), "STREAM_TENANT_CREATED")
	a.post(a.in("/streams/w/connections"), `{"name":"s","type":"Https","url":"https://x"}`).want(200)
	equal(t, last(), "STREAM_TENANT_CONNECTION_CREATED")

	a.patch("/orgs/"+a.org, `{"name":"Acme"}`).want(200) // as it was
	equal(t, a.get("/orgs/"+a.org+"/events").at("totalCount"), "0")
	a.patch("/orgs/"+a.org, `{"name":"Acme Two"}`).want(200)
	equal(t, a.get("/orgs/"+a.org+"/events").at("results.0.eventTypeName"), "ORG_RENAMED")
}

// The list of a project can be asked for what concerns a cluster, though no event
// says which that is.
func TestEventsOfClusters(t *testing.T) {
	a := acme(t)
	a.born("c", "")
	a.born("d", "")
	a.patch(a.in("/clusters/c"), `{"terminationProtectionEnabled":true}`).want(200)
	a.settled("c")
	a.patch(a.in("/clusters/d/processArgs"), `{"noTableScan":true}`).want(200)
	a.post(a.in("/flexClusters"), flex).want(201)
	hash := strings.Repeat("A", 64)
	a.patch(a.in("/clusters/c/queryShapes/"+hash), `{"status":"REJECTED"}`).want(200)
	of := func(names string) string {
		return a.get(a.in("/events?clusterNames="+names)).want(200).each("results", "eventTypeName")
	}
	equal(t, of("c"), "QUERY_SHAPE_BLOCKED CLUSTER_UPDATE_SUBMITTED CLUSTER_CREATED")
	equal(t, of("d"), "CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED CLUSTER_CREATED")
	equal(t, of("f"), "CLUSTER_CREATED")
	equal(t, of("c&clusterNames=f&eventType=CLUSTER_CREATED"), "CLUSTER_CREATED CLUSTER_CREATED")
	equal(t, of("nothing"), "")
	if got := a.get(a.in("/events?clusterNames=c")); got.at("results.0.clusterName") != "" {
		t.Errorf("%s", got.body)
	}
}

// Raw, an event says what its project was called; a deletion, too, when there is
// no project any more.
func TestRawEvents(t *testing.T) {
	a := acme(t)
	own := a.server.Credentials()
	a.client, _ = digest.NewTransport(own.PublicKey, own.PrivateKey).Client()
	made := a.post("/groups", `{"name":"brief","orgId":"`+a.org+`"}`).want(200)
	a.delete("/groups/" + made.at("id")).want(204)
	all := a.get("/orgs/" + a.org + "/events?includeRaw=true&eventType=GROUP_DELETED").want(200)
	equal(t, all.at("results.0.groupId")+" "+all.at("results.0.raw.gn"), made.at("id")+" brief")
	equal(t, all.at("results.0.publicKey"), own.PublicKey)
	equal(t, a.get("/orgs/"+a.org+"/events").at("results.0.raw.gn"), "")
	types := strings.Fields(a.get("/orgs/"+a.org+"/events").each("results", "eventTypeName"))
	if !slices.Equal(types, []string{"GROUP_DELETED", "GROUP_CREATED"}) {
		t.Error(types)
	}
}
