package sandbox_test

import "testing"

func TestPushBasedLogExport(t *testing.T) {
	a := acme(t)
	path := a.in("/pushBasedLogExport")
	equal(t, a.get(path).want(200).at("state"), "UNCONFIGURED")
	body := `{"bucketName":"logs","iamRoleId":"5f0000000000000000000001","prefixPath":"atlas"}`
	a.patch(path, body).want(400)
	a.post(path, body).want(200)
	a.post(path, body).want(400)
	for a.get(path).at("state") != "ACTIVE" {
	}
	a.patch(path, `{"prefixPath":"other"}`).want(200)
	equal(t, a.get(path).at("prefixPath"), "other")
	a.delete(path).want(200)
	equal(t, a.get(path).at("state")+a.get(path).at("bucketName"), "UNCONFIGURED")
}
