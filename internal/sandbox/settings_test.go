package sandbox_test

import (
	"strings"
	"testing"
)

func TestManagedSlowMs(t *testing.T) {
	a := acme(t)
	path := a.in("/managedSlowMs")
	equal(t, a.get(path).want(200).body, "true\n")
	a.delete(path + "/disable").want(204)
	a.delete(path + "/disable").want(204)
	equal(t, a.get(path).body, "false\n")
	a.post(path+"/enable", "").want(204)
	equal(t, a.get(path).body, "true\n")
}

func TestEncryptionAtRest(t *testing.T) {
	a := acme(t)
	path := a.in("/encryptionAtRest")
	fresh := a.get(path).want(200)
	equal(t, fresh.at("awsKms.enabled")+" "+fresh.at("awsKms.valid")+" "+fresh.at("googleCloudKms"), "false  1")

	r := a.patch(path, `{"awsKms":{"enabled":true,"region":"US_EAST_1"}}`).want(400, "VALIDATION_ERROR")
	equal(t, r.each("badRequestDetail.fields", "field"), "awsKms.customerMasterKeyID awsKms.accessKeyID awsKms.secretAccessKey")
	a.patch(path, `{"awsKms":{"region":"MOON"}}`).want(400)

	role := strings.Repeat("a", 24)
	r = a.patch(path, `{"awsKms":{"enabled":true,"region":"US_EAST_1","customerMasterKeyID":"key","roleId":"`+role+`"}}`).want(200)
	equal(t, r.at("awsKms.roleId")+" "+r.at("awsKms.valid"), role+" true")
	r = a.patch(path, `{"awsKms":{"customerMasterKeyID":"an-invalid-key"}}`).want(200) // merged
	equal(t, r.at("awsKms.region")+" "+r.at("awsKms.valid"), "US_EAST_1 false")

	r = a.patch(path, `{"googleCloudKms":{"enabled":true,"keyVersionResourceID":"k","serviceAccountKey":"top secret"}}`).want(200)
	if strings.Contains(a.get(path).body+r.body, "top secret") {
		t.Error("a write-only field came back")
	}
	equal(t, r.at("awsKms.enabled"), "true") // another block
	equal(t, a.patch(path, `{"awsKms":{"enabled":false,"region":"US_EAST_1"}}`).want(200).at("awsKms"), "1")
}

func TestQueryLimits(t *testing.T) {
	a := acme(t)
	lake := a.in("/dataFederation/lake")
	equal(t, a.get(a.in("/dataFederation")).want(200).at("0.name"), "lake")
	equal(t, a.get(lake+"/limits").want(200).at("0.name"), "bytesProcessed.daily")
	if one, two := a.get(lake+"/limits").at("0.currentUsage"), a.get(lake+"/limits").at("0.currentUsage"); one == two {
		t.Error("the usage rests")
	}
	weekly := lake + "/limits/bytesProcessed.weekly"
	a.get(weekly).want(404)
	equal(t, a.get(lake+"/limits/bytesProcessed.daily").want(200).at("tenantName"), "lake")
	a.patch(weekly, `{"overrunPolicy":"BLOCK_AND_KILL"}`).want(400, "VALIDATION_ERROR")
	equal(t, a.patch(weekly, `{"value":5}`).want(200).at("overrunPolicy"), "BLOCK")
	a.patch(weekly, `{"value":5,"overrunPolicy":"BLOCK_AND_KILL"}`).want(200)
	r := a.patch(weekly, `{"value":6}`).want(200)
	equal(t, r.at("overrunPolicy")+" "+r.at("value"), "BLOCK_AND_KILL 6")
	a.patch(lake+"/limits/bytesProcessed.yearly", `{"value":5}`).want(400)
	a.delete(weekly).want(204)
	a.delete(weekly).want(404)

	a.post(a.in("/dataFederation"), `{"name":"pond","storage":{"databases":[],"stores":[]}}`).want(200)
	a.post(a.in("/dataFederation"), `{"name":"pond"}`).want(400)
	equal(t, a.get(a.in("/dataFederation/pond/limits")).body, "[]\n")
	equal(t, a.get(a.in("/dataFederation/pond")).want(200).at("state"), "ACTIVE")
	a.delete(a.in("/dataFederation/pond")).want(204)
	a.get(a.in("/dataFederation/pond")).want(404)
}

func TestServerlessEndpoints(t *testing.T) {
	a := acme(t)
	equal(t, a.get(a.in("/serverless")).want(200).each("results", "name"), "legacy")
	a.get(a.in("/serverless/legacy")).want(200)
	a.get(a.in("/serverless/other")).want(404)
	path := a.in("/privateEndpoint/serverless/instance/legacy/endpoint")
	a.get(a.in("/privateEndpoint/serverless/instance/other/endpoint")).want(404)
	equal(t, a.get(path).want(200).body, "[]\n")

	made := a.post(path, `{"comment":"one"}`).want(201)
	one := path + "/" + made.at("_id")
	equal(t, made.at("status")+made.at("endpointServiceName"), "RESERVATION_REQUESTED")
	connect := func(id string) string { return `{"providerName":"AWS","cloudProviderEndpointId":"` + id + `"}` }
	id := "vpce-0123456789abcdef0"
	a.patch(one, connect(id)).want(400, "SERVERLESS_TENANT_ENDPOINT_NOT_RESERVED")
	equal(t, a.get(one).at("status"), "RESERVATION_REQUESTED")
	equal(t, a.get(path).at("0.status"), "RESERVED")

	a.patch(one, `{"cloudProviderEndpointId":"`+id+`"}`).want(400)
	a.patch(one, `{"providerName":"AZURE"}`).want(400)
	a.patch(one, connect("vpce-1")).want(400)
	equal(t, a.patch(one, connect(id)).want(200).at("status"), "INITIATING")
	equal(t, a.get(one).at("status"), "INITIATING")
	r := a.get(one)
	equal(t, r.at("status")+" "+r.at("cloudProviderEndpointId")+" "+r.at("comment"), "AVAILABLE "+id+" one")

	a.patch(one, connect("vpce-00000000000000000")).want(200)
	a.clock.advance(1e9) // time passes states too
	r = a.get(one)
	if r.at("status") != "FAILED" || r.at("errorMessage") == "" {
		t.Errorf("got %s", r.body)
	}

	a.delete(one).want(204)
	equal(t, a.get(one).at("status"), "DELETING")
	a.get(one).want(404)
	a.delete(one).want(404)
	equal(t, a.get(path).body, "[]\n")
}
