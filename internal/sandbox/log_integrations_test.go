package sandbox_test

import (
	"strings"
	"testing"
)

// The list tells types apart, secrets come back masked or not at all, and the
// role has to be one of the project's, which it then holds.
func TestLogIntegrations(t *testing.T) {
	a := acme(t)
	path := a.in("/logIntegrations")
	datadog := `{"type":"DATADOG_LOG_EXPORT","region":"EU","logTypes":["MONGOD"],"apiKey":"0123456789abcdef"}`
	made := a.post(path, datadog).want(201)
	equal(t, made.at("apiKey"), "****cdef")
	a.post(path, datadog).want(201) // several of one sort are normal
	one := path + "/" + made.at("id")
	a.do("PUT", one, strings.Replace(datadog, "0123456789abcdef", "****cdef", 1)).want(400)
	a.do("PUT", one, strings.Replace(datadog, "DATADOG", "SPLUNK", 1)).want(400)
	equal(t, a.do("PUT", one, strings.Replace(datadog, "EU", "US1", 1)).want(200).at("region"), "US1")
	a.post(path, strings.Replace(datadog, `["MONGOD"]`, `[]`, 1)).want(400)

	otel := a.post(path, `{"type":"OTEL_LOG_EXPORT","otelEndpoint":"https://otel.example.com","logTypes":["MONGOD"],"otelSuppliedHeaders":[{"name":"key","value":"hush"}]}`).want(201)
	equal(t, otel.at("otelSuppliedHeaders.0.name")+otel.at("otelSuppliedHeaders.0.value"), "key")
	a.do("PUT", path+"/"+otel.at("id"), `{"type":"OTEL_LOG_EXPORT","otelEndpoint":"https://otel.example.com","logTypes":["MONGOD"],"otelSuppliedHeaders":[{"name":"key","value":"a"},{"name":"key","value":"b"}]}`).want(400)
	equal(t, a.get(path+"?integrationType=OTEL_LOG_EXPORT").each("results", "type"), "OTEL_LOG_EXPORT")

	bucket := `{"type":"GCS_LOG_EXPORT","bucketName":"logs","prefixPath":"a/","roleId":"ROLE","logTypes":["MONGOS"]}`
	a.post(path, strings.Replace(bucket, "ROLE", "5f0000000000000000000001", 1)).want(400, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND")
	roles := a.in("/cloudProviderAccess")
	role := a.post(roles, `{"providerName":"AZURE","atlasAzureAppId":"9f2deb0d-be22-4524-a403-df531868bac0","servicePrincipalId":"22f1d2a6-d0e9-482a-83a4-b8dd7dddc2c1","tenantId":"91402384-d71e-22f5-22dd-759e272cdc1c"}`).want(200).at("_id")
	a.post(path, strings.Replace(bucket, "ROLE", role, 1)).want(404)
	azure := `{"type":"AZURE_LOG_EXPORT","storageAccountName":"acme","storageContainerName":"logs","prefixPath":"a/","roleId":"` + role + `","logTypes":["MONGOS"]}`
	used := a.post(path, azure).want(201)
	a.delete(roles + "/AZURE/" + role).want(400)
	a.delete(path + "/" + used.at("id")).want(204)
	a.get(path+"/"+used.at("id")).want(404, "LOG_INTEGRATION_NOT_FOUND")
	a.delete(roles + "/AZURE/" + role).want(204)
}
