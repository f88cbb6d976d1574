package sandbox_test

import (
	"strings"
	"testing"
)

// Clients of the version before shards were told apart.
func TestClustersBy2023(t *testing.T) {
	const v = "2023-02-01"
	a := acme(t)
	one := a.in("/clusters/c")
	body := `{"name":"c","clusterType":"SHARDED","diskSizeGB":60,"replicationSpecs":[{"numShards":2,"zoneName":"Zone 1","regionConfigs":[` + region("AWS", "US_EAST_1", 7, "") + `]}]}`
	r := a.sdk(v, "POST", a.in("/clusters"), body).want(201)
	equal(t, r.at("replicationSpecs")+r.at("replicationSpecs.0.numShards")+r.at("diskSizeGB"), "1260")
	r = a.settled("c")
	equal(t, r.at("replicationSpecs")+r.at("replicationSpecs.1.regionConfigs.0.electableSpecs.diskSizeGB"), "260")
	second := r.at("replicationSpecs.1.id")
	equal(t, a.sdk(v, "PATCH", one, `{"diskSizeGB":70}`).want(200).at("diskSizeGB"), "70")
	r = a.settled("c")
	equal(t, r.at("replicationSpecs.1.id")+r.at("replicationSpecs.1.regionConfigs.0.electableSpecs.diskSizeGB"), second+"70")
	equal(t, a.do("GET", "/api/atlas/v1.5"+one, "").want(200).at("replicationSpecs.0.numShards"), "2")
	a.sdk(v, "DELETE", one, "").want(202)
}

// Clients of the first version, and of the API before it.
func TestClustersOfOld(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	body := `{"name":"c","providerSettings":{"providerName":"AWS","regionName":"US_EAST_1","instanceSizeName":"M10"},"providerBackupEnabled":true,"autoScaling":{"diskGBEnabled":true}}`
	r := a.sdk(old, "POST", a.in("/clusters"), body).want(201)
	equal(t, r.at("clusterType")+r.at("providerSettings.instanceSizeName")+r.at("replicationSpecs.0.regionsConfig.US_EAST_1.electableNodes"), "REPLICASETM103")
	r = a.settled("c")
	equal(t, r.at("backupEnabled")+r.at("replicationSpecs.0.regionConfigs.0.autoScaling.diskGB.enabled"), "truetrue")
	id := r.at("replicationSpecs.0.id")
	r = a.sdk(old, "PATCH", one, `{"providerSettings":{"providerName":"AWS","instanceSizeName":"M20"},"diskSizeGB":50}`).want(200)
	equal(t, r.at("providerSettings.instanceSizeName")+r.at("providerSettings.regionName")+r.at("diskSizeGB")+r.at("autoScaling.diskGBEnabled")+r.at("providerBackupEnabled"), "M20US_EAST_150truetrue")
	equal(t, a.settled("c").at("replicationSpecs.0.id"), id)
	a.sdk(old, "PATCH", one, `{"backupEnabled":true}`).want(400, "CONTINUOUS_BACKUP_NOT_SUPPORTED_ON_NEW_CLUSTERS")
	equal(t, a.sdk(old, "PATCH", one, `{"paused":true}`).want(200).at("paused"), "true")
	equal(t, a.do("GET", "/api/atlas/v1.0"+a.in("/clusters"), "").want(200).at("results.0.providerSettings.instanceSizeName"), "M20")

	many := `{"name":"m","clusterType":"SHARDED","numShards":1,"providerSettings":{"providerName":"AWS","regionName":"US_EAST_1","instanceSizeName":"M30"},"replicationSpecs":[{"numShards":2,"zoneName":"Zone 1","regionsConfig":{"US_EAST_1":{"electableNodes":3,"priority":7,"readOnlyNodes":1},"US_WEST_2":{"readOnlyNodes":2,"priority":0}}}]}`
	a.do("POST", "/api/atlas/v1.0"+a.in("/clusters"), many).want(201)
	r = a.settled("m")
	equal(t, r.at("replicationSpecs")+r.each("replicationSpecs.1.regionConfigs", "regionName")+r.at("replicationSpecs.1.regionConfigs.1.readOnlySpecs.nodeCount"), "2US_EAST_1 US_WEST_22")
	a.sdk(old, "PATCH", a.in("/clusters/m"), `{"numShards":3}`).want(200)
	equal(t, a.settled("m").at("replicationSpecs"), "3")
	free := `{"name":"f","providerSettings":{"providerName":"TENANT","backingProviderName":"AWS","regionName":"US_EAST_1","instanceSizeName":"M0"}}`
	equal(t, a.sdk(old, "POST", a.in("/clusters"), free).want(201).at("providerSettings.backingProviderName"), "AWS")
	a.sdk(old, "DELETE", one, "").want(202)
	a.post(a.in("/clusters"), strings.Replace(free, `"f"`, `"g"`, 1)).want(400, "INVALID_ATTRIBUTE") // which the newest version does not know
}

// The life of a mongodbatlas_advanced_cluster as the Terraform provider lives it.
func TestTerraformAdvancedCluster(t *testing.T) {
	const read, write = "2024-08-05", "2024-10-23"
	a := acme(t)
	one, args := a.in("/clusters/tf"), a.in("/clusters/tf/processArgs")
	spec := func(id, size string) string {
		return `{` + id + `"zoneName":"ZoneName managed by Terraform","regionConfigs":[{"analyticsAutoScaling":{"compute":{"enabled":false},"diskGB":{"enabled":true}},` +
			`"autoScaling":{"compute":{"enabled":false},"diskGB":{"enabled":true}},"electableSpecs":{"diskSizeGB":10,"instanceSize":"` + size + `","nodeCount":3,"ebsVolumeType":"STANDARD","diskIOPS":3000},` +
			`"analyticsSpecs":{"instanceSize":"` + size + `","nodeCount":1,"diskSizeGB":10},"priority":7,"providerName":"AWS","regionName":"US_WEST_2"}]}`
	}
	a.sdk(write, "POST", a.in("/clusters"), `{"name":"tf","clusterType":"REPLICASET","backupEnabled":true,"labels":[],"tags":[],"retainBackups":false,"biConnector":{"enabled":false},`+
		`"advancedConfiguration":{"minimumEnabledTlsProtocol":"TLS1_2"},"replicationSpecs":[`+spec("", "M10")+`]}`).want(201)
	equal(t, a.settled("tf").at("replicationSpecs.0.regionConfigs.0.analyticsSpecs.nodeCount"), "1")
	a.sdk(read, "PATCH", args, `{"javascriptEnabled":false,"oplogMinRetentionHours":5.5,"defaultWriteConcern":"majority"}`).want(200)
	a.settled("tf")
	equal(t, a.sdk(read, "GET", args, "").want(200).at("oplogMinRetentionHours"), "5.5")
	equal(t, a.sdk(old, "GET", args, "").want(200).at("javascriptEnabled"), "false")
	got := a.sdk(read, "GET", one, "").want(200)
	ids := `"id":"` + got.at("replicationSpecs.0.id") + `","zoneId":"` + got.at("replicationSpecs.0.zoneId") + `",`
	equal(t, a.sdk(write, "PATCH", one, `{"replicationSpecs":[`+spec(ids, "M20")+`]}`).want(200).at("replicationSpecs.0.id"), got.at("replicationSpecs.0.id"))
	equal(t, a.settled("tf").at("replicationSpecs.0.regionConfigs.0.electableSpecs.instanceSize"), "M20")
	equal(t, a.sdk(read, "GET", a.in("/clusters?itemsPerPage=500"), "").want(200).each("results", "name"), "tf")
	a.sdk("2023-02-01", "DELETE", one+"?retainBackups=false", "").want(202)
	equal(t, a.sdk(read, "GET", one, "").want(200).at("stateName"), "DELETING")
	a.sdk(read, "GET", one, "").want(404, "CLUSTER_NOT_FOUND")
}
