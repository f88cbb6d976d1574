package sandbox_test

import "testing"

// A cluster makes the network that it needs, and holds it; one that is declared
// first is the one that it takes.
func TestNetworksOfClusters(t *testing.T) {
	a := acme(t)
	path := a.in("/containers")
	made := a.post(path, `{"providerName":"AWS","regionName":"US_EAST_1","atlasCidrBlock":"10.8.0.0/21"}`).want(200)
	equal(t, made.at("provisioned"), "false")
	a.post(path, `{"providerName":"AWS","regionName":"US_EAST_1","atlasCidrBlock":"10.9.0.0/21"}`).want(409)
	a.post(path, `{"providerName":"AWS","regionName":"US_EAST_2","atlasCidrBlock":"8.8.0.0/21"}`).want(400)
	a.post(path, `{"providerName":"GCP","atlasCidrBlock":"10.0.0.0/21"}`).want(400)
	one := path + "/" + made.at("id")
	a.patch(one, `{"providerName":"AWS","regionName":"US_EAST_1","atlasCidrBlock":"10.16.0.0/21"}`).want(200)
	a.born("c", "")
	equal(t, a.get(path+"/all").each("results", "atlasCidrBlock"), "10.16.0.0/21")
	equal(t, a.get(one).at("provisioned"), "true")
	a.patch(one, `{"providerName":"AWS","regionName":"US_EAST_1","atlasCidrBlock":"10.24.0.0/21"}`).want(409, "CONTAINERS_IN_USE")
	a.delete(one).want(409, "CONTAINERS_IN_USE")
	a.post(path, `{"providerName":"AZURE","region":"EUROPE_NORTH","atlasCidrBlock":"10.32.0.0/21"}`).want(200)
	equal(t, a.get(path).each("results", "providerName"), "AWS")
	equal(t, a.get(path+"?providerName=AZURE").each("results", "region"), "EUROPE_NORTH")
}

// The other side accepts a peering, or does not.
func TestPeerings(t *testing.T) {
	a := acme(t)
	network := a.post(a.in("/containers"), `{"providerName":"AWS","regionName":"EU_WEST_1"}`).want(200).at("id")
	path := a.in("/peers")
	body := `{"providerName":"AWS","containerId":"` + network + `","accepterRegionName":"eu-west-1","awsAccountId":"123456789012","vpcId":"vpc-0a1b2c3d4e5f60718","routeTableCidrBlock":"172.31.0.0/16"}`
	made := a.post(path, body).want(200)
	equal(t, made.at("statusName")+made.at("accepterRegionName"), "INITIATING")
	one := path + "/" + made.at("id")
	for a.get(one).at("statusName") == "INITIATING" {
	}
	equal(t, a.get(one).at("statusName"), "PENDING_ACCEPTANCE")
	equal(t, a.get(path+"?providerName=GCP").each("results", "id"), "")
	a.do("PATCH", "/sandbox"+one, `{"accepted":true}`).want(200)
	for a.get(one).at("statusName") == "FINALIZING" {
	}
	equal(t, a.get(one).at("statusName"), "AVAILABLE")
	a.delete(a.in("/containers")+"/"+network).want(409, "CONTAINERS_IN_USE")
	a.delete(a.in("")).want(409)
	a.delete(one).want(202)
	a.post(path, body[:10]+"").want(400)
}
