package sandbox_test

import "testing"

func TestExportBuckets(t *testing.T) {
	a := acme(t)
	path := a.in("/backup/exportBuckets")
	const role = "5f0000000000000000000001" // none of the project's: taken as it is
	made := a.post(path, `{"cloudProvider":"AWS","bucketName":"snapshots","iamRoleId":"`+role+`"}`).want(200)
	equal(t, made.at("requirePrivateNetworking")+made.at("bucketName"), "falsesnapshots")
	a.post(path, `{"cloudProvider":"AWS","bucketName":"snapshots","iamRoleId":"`+role+`"}`).want(400)
	a.post(path, `{"cloudProvider":"AWS","bucketName":"snapshots2"}`).want(400)
	azure := a.post(path, `{"cloudProvider":"AZURE","bucketName":"container","roleId":"`+role+`","serviceUrl":"https://account.blob.core.windows.net/"}`).want(200)
	equal(t, azure.at("serviceUrl"), "https://account.blob.core.windows.net/")
	one := path + "/" + made.at("_id")
	equal(t, a.patch(one, `{"requirePrivateNetworking":true}`).want(200).at("requirePrivateNetworking"), "true")
	a.patch(path+"/"+azure.at("_id"), `{"requirePrivateNetworking":true}`).want(400)

	// A schedule keeps it.
	a.born("c", `,"backupEnabled":true`)
	schedule := a.in("/clusters/c/backup/schedule")
	a.patch(schedule, `{"autoExportEnabled":true,"export":{"exportBucketId":"`+made.at("_id")+`","frequencyType":"monthly"}}`).want(200)
	a.delete(one).want(400)
	a.patch(schedule, `{"autoExportEnabled":false,"export":{"exportBucketId":"`+azure.at("_id")+`","frequencyType":"monthly"}}`).want(200)
	a.delete(one).want(204)
	a.get(one).want(404, "EXPORT_BUCKET_NOT_FOUND")
}

// The values of headers are never shown.
func TestMetricIntegrations(t *testing.T) {
	a := acme(t)
	path := a.in("/metricIntegrations")
	body := func(endpoint, more string) string {
		return `{"integrationType":"OTEL","authType":"HEADER","providerType":"CUSTOM","aggregationTemporality":"DELTA","metricSelection":["HARDWARE_METRICS"],"endpoint":"` + endpoint + `"` + more + `}`
	}
	made := a.post(path, body("https://a.example.com", `,"headers":[{"name":"authorization","value":"hush"}]`)).want(201)
	equal(t, made.at("headersRedacted.0.name")+made.at("headersRedacted.0.value"), "authorization****")
	a.post(path, `{"endpoint":"x"}`).want(400)
	one := path + "/" + made.at("metricIntegrationId")
	equal(t, a.do("PUT", one, body("https://b.example.com", "")).want(200).at("endpoint"), "https://b.example.com")
	equal(t, a.get(path).each("results", "endpoint"), "https://b.example.com")
	a.delete(one).want(204)
	a.get(one).want(404)
}
