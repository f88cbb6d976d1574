package sandbox_test

import "testing"

// What is in storage is replaced whole, and a source names a store; the bucket by
// which a role is tried is not kept.
func TestFederatedDatabases(t *testing.T) {
	a := acme(t)
	path := a.in("/dataFederation")
	const role = "5f0000000000000000000001" // none of the project's: taken as it is
	stores := `"stores":[{"name":"files","provider":"s3","bucket":"b","region":"US_EAST_1"}]`
	databases := func(store string) string {
		return `"databases":[{"name":"d","collections":[{"name":"*","dataSources":[{"storeName":"` + store + `","path":"/x/*"}]}]}]`
	}
	a.post(path, `{"name":"f","storage":{`+stores+`,`+databases("other")+`}}`).want(400)
	a.post(path, `{"name":"f","storage":{"stores":[{"name":"files","provider":"s3","urls":["x"]}]}}`).want(400)
	a.post(path, `{"name":"f","cloudProviderConfig":{"aws":{"roleId":"`+role+`"}}}`).want(400)
	made := a.post(path, `{"name":"f","cloudProviderConfig":{"aws":{"roleId":"`+role+`","testS3Bucket":"b"}},"storage":{`+stores+`,`+databases("files")+`}}`).want(200)
	equal(t, made.at("cloudProviderConfig.aws.roleId")+made.at("cloudProviderConfig.aws.testS3Bucket"), role)
	equal(t, made.at("state")+made.at("storage.stores.0.public")+made.at("storage.databases.0.maxWildcardCollections"), "ACTIVEfalse100")
	one := path + "/f"
	a.patch(one, `{"storage":{}}`).want(400)
	changed := a.patch(one+"?skipRoleValidation=true", `{"storage":{"stores":[{"name":"c","provider":"atlas","clusterName":"x"}]}}`).want(200)
	equal(t, changed.each("storage.stores", "name")+changed.at("cloudProviderConfig.aws.roleId"), "c"+role)
	equal(t, a.patch(one+"?skipRoleValidation=true", `{"cloudProviderConfig":{"azure":{"roleId":"`+role+`"}}}`).want(200).at("state"), "UNVERIFIED")
	equal(t, a.get(path+"?type=ONLINE_ARCHIVE").body, "[]\n")
	a.delete(one).want(204)
}
