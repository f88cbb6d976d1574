package sandbox_test

import (
	"strings"
	"testing"
	"time"
)

// cluster is the body of a replica set, with more members.
func cluster(name, more string) string {
	return `{"name":"` + name + `","clusterType":"REPLICASET","replicationSpecs":[{"regionConfigs":[` +
		region("AWS", "US_EAST_1", 7, "") + `]}]` + more + `}`
}

// region is a region with three electable M10s.
func region(provider, name string, priority int, more string) string {
	return `{"providerName":"` + provider + `","regionName":"` + name + `","priority":` + string(rune('0'+priority)) +
		`,"electableSpecs":{"instanceSize":"M10","nodeCount":3}` + more + `}`
}

// settled polls a cluster until it is IDLE, and stays so: the first look after
// an update may say it too early.
func (a *atlas) settled(name string) answer {
	a.Helper()
	for seen := 0; seen < 10; seen++ {
		r := a.get(a.in("/clusters/" + name)).want(200)
		if r.at("stateName") == "IDLE" && a.get(a.in("/clusters/"+name)).at("stateName") == "IDLE" {
			return r
		}
	}
	a.Fatalf("%s never is IDLE", name)
	return answer{}
}

// born makes a cluster and waits for it.
func (a *atlas) born(name, more string) answer {
	a.Helper()
	a.post(a.in("/clusters"), cluster(name, more)).want(201)
	return a.settled(name)
}

// renew logs in again: tokens do not outlive what tests do to the clock.
func (a *atlas) renew() {
	own := a.server.Credentials()
	a.client = a.login(own.ClientID, own.ClientSecret)
}

// states polls a cluster n times.
func (a *atlas) states(path string, n int) string {
	a.Helper()
	var all []string
	for range n {
		r := a.get(path)
		if r.status != 200 {
			all = append(all, r.at("errorCode"))
			continue
		}
		all = append(all, r.at("stateName"))
	}
	return strings.Join(all, " ")
}

func TestClusterLife(t *testing.T) {
	a := acme(t)
	path := a.in("/clusters")
	one := path + "/c"
	a.get(one).want(404, "CLUSTER_NOT_FOUND")
	made := a.post(path, cluster("c", `,"tags":[{"key":"a","value":"b"}]`)).want(201)
	equal(t, made.at("stateName")+" "+made.at("groupId")+" "+made.at("connectionStrings"), "CREATING "+a.project+" 0")
	equal(t, a.states(one, 3), "CREATING UPDATING IDLE")
	a.post(path, cluster("c", "")).want(400, "DUPLICATE_CLUSTER_NAME")
	a.post(path, cluster("legacy", "")).want(400, "DUPLICATE_CLUSTER_NAME") // a serverless instance

	r := a.get(one).want(200)
	equal(t, r.at("backupEnabled")+r.at("pitEnabled")+r.at("paused")+r.at("terminationProtectionEnabled"), "falsefalsefalsefalse")
	equal(t, r.at("mongoDBMajorVersion")+" "+r.at("featureCompatibilityVersion")+" "+r.at("versionReleaseSystem"), "8.0 8.0 LTS")
	equal(t, r.at("biConnector.readPreference")+" "+r.at("encryptionAtRestProvider")+" "+r.at("rootCertType"), "secondary NONE ISRGROOTX1")
	equal(t, r.at("advancedConfiguration.minimumEnabledTlsProtocol")+" "+r.at("replicaSetScalingStrategy"), "TLS1_2 WORKLOAD_TYPE")
	spec := "replicationSpecs.0."
	equal(t, r.at(spec+"zoneName"), "Zone 1")
	if len(r.at(spec+"id"))+len(r.at(spec+"zoneId")) != 48 {
		t.Errorf("no ids: %s", r.body)
	}
	first := spec + "regionConfigs.0."
	equal(t, r.at(first+"readOnlySpecs.nodeCount")+r.at(first+"readOnlySpecs.instanceSize")+r.at(first+"analyticsSpecs.nodeCount"), "0M100")
	equal(t, r.at(first+"autoScaling.compute.enabled")+r.at(first+"autoScaling.diskGB.enabled")+r.at(first+"analyticsAutoScaling.diskGB.enabled"), "falsefalsefalse")
	equal(t, r.at(first+"electableSpecs.ebsVolumeType")+r.at(first+"electableSpecs.diskIOPS"), "STANDARD3000")
	if !strings.Contains(r.body, `"diskSizeGB":10.0,`) {
		t.Errorf("a disk size without its fraction: %s", r.body)
	}
	equal(t, a.get(path).at("totalCount")+a.get(path).each("results", "name"), "1c")
	equal(t, a.get("/groups/"+a.project).at("clusterCount"), "2")
	equal(t, a.get(a.in("/ipAddresses")).at("services.clusters.0.clusterName"), "c")

	// The answer to an update, and the first look after it, may say IDLE.
	equal(t, a.patch(one, `{"backupEnabled":true,"mongoDBMajorVersion":"8"}`).want(200).at("stateName"), "IDLE")
	equal(t, a.states(one, 3), "IDLE UPDATING IDLE")
	equal(t, a.get(one).at("mongoDBMajorVersion")+a.get(one).at("backupEnabled"), "8.0true")
	equal(t, a.patch(one, `{"backupEnabled":true}`).want(200).at("stateName"), "IDLE")
	equal(t, a.states(one, 2), "IDLE IDLE") // nothing changed
	a.patch(one, `{"name":"d"}`).want(400, "CLUSTER_CANNOT_CHANGE_NAME")
	a.patch(one, `{"stateName":"IDLE"}`).want(200)
	a.patch(one, `{"magic":true}`).want(400, "INVALID_ATTRIBUTE")
	a.patch(one, `{"biConnector":{"enabled":true,"readPreference":"ANALYTICS"}}`).want(400, "INVALID_BI_CONNECTOR_READ_PREFERENCE_FOR_TOPOLOGY")
	equal(t, a.patch(one, `{"biConnector":{"enabled":true,"readPreference":"PRIMARY"}}`).want(200).at("biConnector.readPreference"), "primary")
	a.patch(one, `{"pitEnabled":true,"backupEnabled":false}`).want(400)

	// A protected cluster stays, and so does its project.
	a.delete(a.in("/serverless/none")).want(405)
	a.patch(one, `{"terminationProtectionEnabled":true}`).want(200)
	a.delete(one).want(400, "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED")
	a.patch(one, `{"terminationProtectionEnabled":false}`).want(200)
	a.delete(a.in("")).want(409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS")
	equal(t, a.delete(one+"?retainBackups=true").want(202).body, "")
	a.delete(one).want(400, "CLUSTER_ALREADY_REQUESTED_DELETION")
	a.post(path, cluster("c", "")).want(400, "DUPLICATE_CLUSTER_NAME") // as long as it is there
	equal(t, a.states(one, 2), "DELETING CLUSTER_NOT_FOUND")
	a.post(path, cluster("c", "")).want(201)
}

// A state passes by itself too.
func TestClusterStatesPass(t *testing.T) {
	a := acme(t)
	a.post(a.in("/clusters"), cluster("c", "")).want(201)
	a.clock.advance(time.Second)
	equal(t, a.states(a.in("/clusters/c"), 1), "IDLE")
}

func TestClusterRules(t *testing.T) {
	a := acme(t)
	path := a.in("/clusters")
	with := func(clusterType, specs string) answer {
		t.Helper()
		return a.post(path, `{"name":"c","clusterType":"`+clusterType+`","replicationSpecs":[`+specs+`]}`)
	}
	of := func(regions ...string) string { return `{"regionConfigs":[` + strings.Join(regions, ",") + `]}` }
	east := region("AWS", "US_EAST_1", 7, "")
	a.post(path, `{"name":"c","clusterType":"REPLICASET"}`).want(400, "MISSING_ATTRIBUTE")
	a.post(path, `{"name":"a b","clusterType":"REPLICASET","replicationSpecs":[]}`).want(400, "VALIDATION_ERROR")
	with("REPLICASET", of(east)+","+of(east)).want(400, "INVALID_CLUSTER_CONFIGURATION")
	with("REPLICASET", of(region("AWS", "NOWHERE", 7, ""))).want(400, "INVALID_REGION")
	with("REPLICASET", of(region("AWS", "EUROPE_NORTH", 7, ""))).want(400, "INVALID_REGION") // which Azure has
	with("REPLICASET", of(strings.Replace(east, "M10", "M90", 1))).want(400, "INVALID_ENUM_VALUE")
	with("REPLICASET", of(region("AWS", "US_EAST_1", 6, ""))).want(400, "INVALID_CLUSTER_CONFIGURATION")
	with("REPLICASET", of(strings.Replace(east, `"nodeCount":3`, `"nodeCount":4`, 1))).want(400, "CLUSTER_REPLICATION_FACTOR_INVALID")
	with("REPLICASET", `{"regionConfigs":[{"providerName":"AWS","regionName":"US_EAST_1","priority":7}]}`).want(400, "MISSING_ATTRIBUTE")
	with("REPLICASET", of(region("AWS", "US_EAST_1", 7, `,"readOnlySpecs":{"instanceSize":"M10","nodeCount":1,"diskSizeGB":20},"analyticsSpecs":{"instanceSize":"M10","nodeCount":1,"diskSizeGB":30}`))).want(400, "DISK_SIZE_GB_INCONSISTENT")
	with("REPLICASET", of(region("AWS", "US_EAST_1", 7, `,"readOnlySpecs":{"instanceSize":"M20","nodeCount":1}`))).want(400, "INVALID_CLUSTER_CONFIGURATION")
	scaling := func(compute string) string { return `,"autoScaling":{"compute":{` + compute + `}}` }
	with("REPLICASET", of(region("AWS", "US_EAST_1", 7, scaling(`"enabled":true`)))).want(400, "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED")
	with("REPLICASET", of(region("AWS", "US_EAST_1", 7, scaling(`"enabled":true,"scaleDownEnabled":true,"maxInstanceSize":"M20"`)))).want(400, "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED")
	a.post(path, cluster("c", `,"mongoDBMajorVersion":"3.6"`)).want(400, "MONGODB_VERSION_INVALID")
	a.post(path, cluster("c", `,"mongoDBMajorVersion":"8.0","versionReleaseSystem":"CONTINUOUS"`)).want(400, "MONGODB_VERSION_INVALID")
	a.post(path, cluster("c", `,"paused":true`)).want(400, "CANNOT_CREATE_PAUSED_CLUSTER")
	a.post(path, cluster("c", `,"encryptionAtRestProvider":"AWS"`)).want(400, "ENCRYPTION_AT_REST_NOT_ENABLED")
	a.post(path, cluster("c", `,"globalClusterSelfManagedSharding":true`)).want(400, "CANNOT_SET_SELF_MANAGED_SHARDING_FOR_NON_GLOBAL_CLUSTER")
	a.post(path, cluster("c", `,"tags":[{"key":"a","value":"b"},{"key":"a","value":"c"}]`)).want(400, "VALIDATION_ERROR")
	two := strings.Replace(region("AWS", "US_WEST_2", 6, scaling(`"enabled":true,"maxInstanceSize":"M20"`)), `"nodeCount":3`, `"nodeCount":2`, 1)
	with("REPLICASET", of(east, two)).want(400, "AUTO_SCALINGS_MUST_MATCH")
	equal(t, a.get(path).at("totalCount"), "0")

	// In whichever order regions without electable nodes are sent, they come back sorted.
	reads := func(name string) string {
		return `{"providerName":"AWS","regionName":"` + name + `","priority":0,"readOnlySpecs":{"instanceSize":"M10","nodeCount":1}}`
	}
	r := with("REPLICASET", of(reads("EU_WEST_1"), east, reads("US_WEST_2"))).want(201)
	equal(t, r.each("replicationSpecs.0.regionConfigs", "regionName"), "US_EAST_1 US_WEST_2 EU_WEST_1")
}

// What an update leaves out of replicationSpecs is gone.
func TestClusterShards(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	spec := func(id, zone, size string) string {
		if id != "" {
			id = `"id":"` + id + `",`
		}
		return `{` + id + `"zoneName":"` + zone + `","regionConfigs":[{"providerName":"AWS","regionName":"US_EAST_1","priority":7,` +
			`"electableSpecs":{"instanceSize":"` + size + `","nodeCount":3},"readOnlySpecs":{"instanceSize":"` + size + `","nodeCount":2}}]}`
	}
	of := func(specs ...string) string { return `{"replicationSpecs":[` + strings.Join(specs, ",") + `]}` }
	a.born("c", "")
	id, zone := a.get(one).at("replicationSpecs.0.id"), a.get(one).at("replicationSpecs.0.zoneId")
	a.patch(one, `{"clusterType":"GEOSHARDED","globalClusterSelfManagedSharding":true}`).want(400, "CANNOT_MODIFY_GLOBAL_CLUSTER_MANAGEMENT_SETTING")
	a.patch(one, `{"clusterType":"SHARDED"}`).want(200)
	a.patch(one, `{"clusterType":"REPLICASET"}`).want(400, "SHARDED_CLUSTER_CANT_BECOME_REPLICA_SET")
	a.patch(one, of(spec("", "Zone 1", "M30"), spec("", "Zone 2", "M30"))).want(400)

	// Without ids the shards are the same by zone and place.
	r := a.patch(one, of(spec("", "Zone 1", "M30"), spec("", "Zone 1", "M40"))).want(200)
	equal(t, r.at("replicationSpecs.0.id")+r.at("replicationSpecs.1.zoneId"), id+zone)
	second := r.at("replicationSpecs.1.id")
	r = a.patch(one, of(spec(second, "Zone 1", "M40"))).want(200)
	equal(t, r.each("replicationSpecs", "id")+r.at("replicationSpecs.0.regionConfigs.0.readOnlySpecs.nodeCount"), second+"2")
	r = a.patch(one, `{"clusterType":"GEOSHARDED","replicationSpecs":[`+spec(second, "Zone 1", "M40")+`,`+spec("", "Far", "M30")+`]}`).want(200)
	equal(t, r.each("replicationSpecs", "zoneName")+" "+r.at("replicationSpecs.0.zoneId"), "Zone 1 Far "+zone)
	a.patch(one, `{"clusterType":"SHARDED"}`).want(400)

	// A set of nodes, or a whole region, that is left out goes.
	r = a.patch(one, of(strings.Replace(strings.Replace(spec(second, "Zone 1", "M40"), `"readOnlySpecs":{"instanceSize":"M40","nodeCount":2}`, "", 1), "},}", "}}", 1))).want(200)
	equal(t, r.at("replicationSpecs")+r.at("replicationSpecs.0.regionConfigs.0.readOnlySpecs.nodeCount"), "10")

	// Older versions count the shards of a zone.
	a.patch(one, of(spec(second, "Zone 1", "M40"), spec("", "Zone 1", "M40"), spec("", "Far", "M30"))).want(200)
	old := a.sdk("2023-02-01", "GET", one, "").want(200)
	equal(t, old.each("replicationSpecs", "numShards")+" "+old.at("diskSizeGB")+old.at("replicationSpecs.0.regionConfigs.0.electableSpecs.diskSizeGB"), "2 1 80")
}

func TestClusterPause(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	a.born("c", "")
	a.patch(one, `{"paused":true,"backupEnabled":true}`).want(409, "CANNOT_UPDATE_AND_PAUSE_CLUSTER")
	equal(t, a.patch(one, `{"paused":true}`).want(200).at("paused"), "true")
	a.settled("c")
	a.patch(one, `{"paused":true}`).want(409, "CLUSTER_ALREADY_PAUSED")
	a.patch(one, `{"backupEnabled":true}`).want(409, "CANNOT_UPDATE_PAUSED_CLUSTER")
	a.patch(one, `{"paused":false,"backupEnabled":true}`).want(409, "CANNOT_UPDATE_PAUSED_CLUSTER")
	a.patch(one, `{"paused":true,"backupEnabled":false}`).want(200) // says nothing new
	a.post(one+":pinFeatureCompatibilityVersion", `{}`).want(409, "CANNOT_UPDATE_PAUSED_CLUSTER")
	equal(t, a.patch(one, `{"paused":false}`).want(200).at("paused"), "false")
	a.patch(one, `{"paused":true}`).want(409, "CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES")
	a.settled("c")
	a.patch(one, `{"paused":true}`).want(400, "CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER")
	a.clock.advance(time.Hour)
	a.renew()
	a.patch(one, `{"paused":true}`).want(200)
	a.clock.advance(30 * 24 * time.Hour)
	a.renew()
	equal(t, a.settled("c").at("paused"), "false") // it ends by itself
}

func TestClusterVersions(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	pin, unpin := one+":pinFeatureCompatibilityVersion", one+":unpinFeatureCompatibilityVersion"
	a.born("c", `,"mongoDBMajorVersion":"6"`)
	a.patch(one, `{"mongoDBMajorVersion":"8.0"}`).want(400, "MONGODB_VERSION_INVALID")
	at := func(d time.Duration) string {
		return `{"expirationDate":"` + a.clock.Now().Add(d).Format(time.RFC3339) + `"}`
	}
	a.post(pin, at(29*24*time.Hour)).want(400)
	a.post(pin, at(-time.Hour)).want(400)
	a.do("POST", pin, at(7*24*time.Hour), "Accept: application/vnd.atlas.2024-05-30+json").want(204)
	equal(t, a.states(one, 3), "IDLE UPDATING IDLE")
	equal(t, a.get(one).at("featureCompatibilityVersionExpirationDate"), "2026-01-08T12:00:00Z")
	r := a.patch(one, `{"mongoDBMajorVersion":"7.0"}`).want(200)
	equal(t, r.at("mongoDBMajorVersion")+" "+r.at("featureCompatibilityVersion"), "7.0 6.0")
	a.clock.advance(24 * time.Hour)
	a.renew()
	a.post(pin, at(28*24*time.Hour)).want(400) // the day of the first pin counts
	a.post(pin, at(14*24*time.Hour)).want(204)
	equal(t, a.get(one).at("featureCompatibilityVersionExpirationDate"), "2026-01-16T12:00:00Z")
	a.patch(one, `{"mongoDBMajorVersion":"6.0"}`).want(200)
	a.patch(one, `{"mongoDBMajorVersion":"7.0"}`).want(200)
	a.post(unpin, "").want(204)
	equal(t, a.get(one).at("featureCompatibilityVersion")+a.get(one).at("featureCompatibilityVersionExpirationDate"), "7.0")
	a.patch(one, `{"mongoDBMajorVersion":"6.0"}`).want(400, "CLUSTER_UPGRADE_INVALID")
	a.post(pin, "").want(204)
	a.clock.advance(28 * 24 * time.Hour)
	a.renew()
	equal(t, a.settled("c").at("featureCompatibilityVersionExpirationDate"), "")
}

// Scaling changes what is there, and not what a client has asked for.
func TestClusterScaling(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	specs := `{"replicationSpecs":[{"regionConfigs":[` + region("AWS", "US_EAST_1", 7, `,"autoScaling":{"compute":{"enabled":true,"maxInstanceSize":"M40"}}`) + `]}]}`
	plant := "/sandbox" + one
	a.born("c", "")
	a.do("PATCH", plant, `{"instanceSize":"M30"}`).want(409)
	a.patch(one, specs).want(200)
	a.do("PATCH", plant, `{"instanceSize":"M30","diskSizeGB":60}`).want(200)
	a.do("PATCH", strings.Replace(plant, "/c", "/d", -1), `{"instanceSize":"M30"}`).want(404)
	first := "replicationSpecs.0.regionConfigs.0."
	const effective = "Use-Effective-Instance-Fields: true"
	read := func(headers ...string) string {
		t.Helper()
		r := a.do("GET", one, "", headers...).want(200)
		return r.at(first+"electableSpecs.instanceSize") + r.at(first+"electableSpecs.diskSizeGB") + " " + r.at(first+"effectiveElectableSpecs.instanceSize") + r.at(first+"effectiveElectableSpecs.diskSizeGB")
	}
	equal(t, read(), "M3060 ")
	equal(t, read(effective), "M1010 M3060")
	equal(t, a.do("GET", a.in("/clusters"), "", effective).want(200).at("results.0."+first+"electableSpecs.instanceSize"), "M10")
	both := a.do("GET", one, "", "Use-Effective-Fields-Replication-Specs: true").want(200)
	equal(t, both.at(first+"electableSpecs.instanceSize")+both.at("effectiveReplicationSpecs.0.regionConfigs.0.electableSpecs.instanceSize"), "M10M30")

	// With the header what scales stays where it is, and nothing needs to be said of it.
	a.do("PATCH", one, strings.Replace(specs, `"M10"`, `"M20"`, 1), effective).want(200)
	equal(t, read(effective), "M2010 M3060")
	a.do("PATCH", one, strings.Replace(specs, `"electableSpecs":{"instanceSize":"M10","nodeCount":3},`, "", 1), effective).want(200)
	equal(t, read(effective), "M2010 M3060")
	a.patch(one, strings.Replace(specs, `"electableSpecs":{"instanceSize":"M10","nodeCount":3},`, "", 1)).want(400, "MISSING_ATTRIBUTE")

	// Without it a cluster is made what the client says: M10 again.
	a.patch(one, specs).want(200)
	equal(t, read(effective), "M1010 M1010")
}

// Keys of the project, and those who may do what.
func TestClusterAndItsProject(t *testing.T) {
	a := acme(t)
	keys := a.in("/encryptionAtRest")
	on := `{"awsKms":{"enabled":true,"customerMasterKeyID":"k","region":"US_EAST_1","roleId":"` + strings.Repeat("0", 24) + `"}}`
	a.patch(keys, on).want(200)
	a.born("c", `,"encryptionAtRestProvider":"AWS"`)
	a.patch(keys, `{"awsKms":{"enabled":false}}`).want(409, "CANNOT_DISABLE_ENCRYPTION_AT_REST")
	a.patch(a.in("/clusters/c"), `{"encryptionAtRestProvider":"NONE"}`).want(200)
	a.patch(keys, `{"awsKms":{"enabled":false}}`).want(200)

	free := `{"name":"free","clusterType":"REPLICASET","replicationSpecs":[{"regionConfigs":[{"providerName":"TENANT","backingProviderName":"AWS","regionName":"US_EAST_1","priority":7,"electableSpecs":{"instanceSize":"M0"}}]}]}`
	a.post(a.in("/clusters"), free).want(201)
	a.settled("free")
	a.patch(a.in("/clusters/free"), `{"tags":[]}`).want(400, "TENANT_CLUSTER_UPDATE_UNSUPPORTED")
	a.delete(a.in("/clusters/free")).want(202)
}
