package sandbox_test

import "testing"

// Each cloud has a list of its own. What is being made cannot go.
func TestPrivateEndpointsOfKeys(t *testing.T) {
	a := acme(t)
	path := a.in("/encryptionAtRest")
	aws, azure := path+"/AWS/privateEndpoints", path+"/AZURE/privateEndpoints"
	made := a.post(aws, `{"regionName":"US_EAST_1"}`).want(202)
	equal(t, made.at("status")+made.at("cloudProvider"), "INITIATINGAWS")
	one := aws + "/" + made.at("id")
	a.delete(one).want(400, "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING")
	a.get(azure + "/" + made.at("id")).want(404)
	equal(t, a.get(azure).each("results", "id"), "")
	for a.get(one).at("status") == "INITIATING" {
	}
	equal(t, a.get(aws).each("results", "status"), "ACTIVE")
	a.delete(one).want(204)
	equal(t, a.get(one).at("status"), "DELETING")
}

func TestPrivateEndpointsOfBackups(t *testing.T) {
	a := acme(t)
	path := a.in("/backup/AWS/privateEndpoints")
	made := a.post(path, `{"regionName":"US_EAST_1"}`).want(201)
	equal(t, made.at("vpcRegionName")+made.at("cloudProvider"), "US_EAST_1AWS")
	a.post(a.in("/backup/AZURE/privateEndpoints"), `{"regionName":"US_EAST"}`).want(400)
	a.post(path, `{}`).want(400)
	a.delete(path + "/" + made.at("id")).want(204)
}
