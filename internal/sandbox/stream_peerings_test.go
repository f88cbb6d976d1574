package sandbox_test

import "testing"

// What another account has asked for is told to who names the account, and is
// accepted or goes.
func TestStreamPeerings(t *testing.T) {
	a := acme(t)
	path := a.in("/streams/vpcPeeringConnections")
	a.do("POST", "/sandbox"+path, `{"requesterAccountId":"210987654321","requesterVpcId":"vpc-1"}`).want(200)
	a.get(path).want(400)
	equal(t, a.get(path+"?requesterAccountId=1").each("results", "requesterVpcId"), "")
	one := a.get(path + "?requesterAccountId=210987654321").want(200)
	equal(t, one.at("results.0.localStatus"), "NONE")
	id := path + "/" + one.at("results.0._id")
	a.post(id+":accept", `{"requesterAccountId":"1","requesterVpcId":"vpc-1"}`).want(404)
	a.post(id+":accept", `{"requesterAccountId":"210987654321","requesterVpcId":"vpc-1"}`).want(202)
	for a.get(path+"?requesterAccountId=210987654321").at("results.0.localStatus") != "ACTIVE" {
	}
	equal(t, a.get(a.in("/streams/activeVpcPeeringConnections")).each("results", "requesterVpcId"), "vpc-1")
	a.delete(id).want(202)
}
