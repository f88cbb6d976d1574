package sandbox_test

import "testing"

func TestSearchNodes(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c/search/deployment")
	spec := func(more string) string {
		return `{"specs":[{"instanceSize":"S20_HIGHCPU_NVME","nodeCount":2` + more + `}]}`
	}
	a.get(one).want(404, "CLUSTER_NOT_FOUND")
	a.born("c", "")
	equal(t, a.get(one).want(200).at("id"), "") // the newest version answers with nothing
	a.sdk("2024-05-30", "GET", one, "").want(404, "ATLAS_SEARCH_DEPLOYMENT_DOES_NOT_EXIST")
	a.delete(one).want(404, "ATLAS_SEARCH_DEPLOYMENT_DOES_NOT_EXIST")
	a.post(one, spec(`,"cloudProvider":"AWS","regionName":"EU_WEST_1"`)).want(400, "INVALID_ATTRIBUTE")
	a.post(one, `{"specs":[]}`).want(400, "VALIDATION_ERROR")
	a.post(one, spec("")).want(201)
	equal(t, a.settled("c").at("stateName"), "IDLE") // the cluster worked on it
	r := a.get(one).want(200)
	equal(t, r.at("specs.0.nodeCount")+r.at("effectiveSpecs.0.cloudProvider")+r.at("effectiveSpecs.0.regionName"), "2AWSUS_EAST_1")
	a.post(one, spec("")).want(409, "ATLAS_SEARCH_DEPLOYMENT_ALREADY_EXISTS")

	// A change may say that it is done before it has begun.
	equal(t, a.states(one, 2), "IDLE IDLE")
	equal(t, a.patch(one, `{"specs":[{"instanceSize":"S30_HIGHCPU_NVME"}],"defaultNodeCount":3}`).want(200).at("stateName"), "IDLE")
	equal(t, a.states(one, 3), "IDLE UPDATING IDLE")
	r = a.get(one).want(200)
	equal(t, r.at("effectiveSpecs.0.instanceSize")+r.at("effectiveSpecs.0.nodeCount"), "S30_HIGHCPU_NVME3")

	a.settled("c")
	a.patch(a.in("/clusters/c"), `{"paused":true}`).want(200)
	equal(t, a.get(one).at("stateName"), "PAUSED")
	a.patch(one, spec("")).want(409, "CANNOT_UPDATE_PAUSED_CLUSTER")
	a.patch(a.in("/clusters/c"), `{"paused":false}`).want(200)
	a.delete(one).want(204)
	equal(t, a.states(one, 1), "UPDATING")
	equal(t, a.get(one).want(200).at("id"), "")
}
