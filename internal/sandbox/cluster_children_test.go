package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestProcessArguments(t *testing.T) {
	a := acme(t)
	args, one := a.in("/clusters/c/processArgs"), a.in("/clusters/c")
	a.get(args).want(404, "CLUSTER_NOT_FOUND")
	a.born("c", `,"mongoDBMajorVersion":"7.0"`)
	r := a.get(args).want(200)
	equal(t, r.at("javascriptEnabled")+r.at("noTableScan")+r.at("minimumEnabledTlsProtocol")+r.at("changeStreamOptionsPreAndPostImagesExpireAfterSeconds"), "truefalseTLS1_2-1")
	equal(t, r.at("defaultMaxTimeMS"), "") // which 8.0 brought
	if !strings.Contains(r.body, `"oplogMinRetentionHours":null`) || strings.Contains(r.body, "defaultReadConcern") {
		t.Errorf("got %s", r.body)
	}
	equal(t, a.sdk(old, "GET", args, "").want(200).at("defaultReadConcern"), "available")
	a.patch(args, `{"defaultMaxTimeMS":10}`).want(400, "INVALID_ATTRIBUTE")
	a.patch(args, `{"oplogSizeMB":900}`).want(400, "OPLOG_SIZE_MB_LESS_THAN_990")
	equal(t, a.patch(args, `{"noTableScan":true,"oplogSizeMB":2000,"minimumEnabledTlsProtocol":"TLS1_3"}`).want(200).at("oplogSizeMB"), "2000")
	equal(t, a.states(one, 3), "IDLE UPDATING IDLE") // it is the cluster that works
	r = a.patch(args, `{"oplogSizeMB":null,"minimumEnabledTlsProtocol":"TLS1_3"}`).want(200)
	equal(t, r.at("oplogSizeMB")+r.at("noTableScan")+r.at("minimumEnabledTlsProtocol"), "990trueTLS1_3")
	equal(t, a.settled("c").at("advancedConfiguration.minimumEnabledTlsProtocol"), "TLS1_3")
	a.patch(args, `{"noTableScan":true}`).want(200)
	equal(t, a.states(one, 2), "IDLE IDLE") // it was so

	// The oplog's least time needs a disk that grows, whichever is changed last.
	disk := func(on string) string {
		return `{"replicationSpecs":[{"regionConfigs":[` + region("AWS", "US_EAST_1", 7, `,"autoScaling":{"diskGB":{"enabled":`+on+`}}`) + `]}]}`
	}
	a.patch(args, `{"oplogMinRetentionHours":24}`).want(400, "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING")
	a.patch(one, disk("true")).want(200)
	r = a.patch(args, `{"oplogMinRetentionHours":24}`).want(200)
	if !strings.Contains(r.body, `"oplogMinRetentionHours":24.0`) {
		t.Errorf("got %s", r.body)
	}
	a.patch(one, disk("false")).want(400, "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING")
	a.patch(args, `{"oplogMinRetentionHours":null}`).want(200)
	a.patch(one, disk("false")).want(200)

	a.settled("c")
	a.patch(one, `{"paused":true}`).want(200)
	a.patch(args, `{"noTableScan":false}`).want(409, "CANNOT_UPDATE_PAUSED_CLUSTER")
	a.delete(one).want(202)
	a.get(one)
	a.get(args).want(404, "CLUSTER_NOT_FOUND")
	equal(t, a.get(a.in("/events?itemsPerPage=1")).want(200).at("results.0.eventTypeName"), "CLUSTER_DELETE_SUBMITTED")
}

const flex = `{"name":"f","providerSettings":{"backingProviderName":"AWS","regionName":"US_EAST_1"}}`

func TestFlexClusters(t *testing.T) {
	a := acme(t)
	path := a.in("/flexClusters")
	one := path + "/f"
	a.post(path, `{"name":"f"}`).want(400, "VALIDATION_ERROR")
	made := a.post(path, flex).want(201)
	equal(t, made.at("stateName")+made.at("name")+made.at("providerSettings.providerName")+made.at("providerSettings.regionName"), "CREATINGfFLEXUS_EAST_1")
	equal(t, a.states(one, 2), "CREATING IDLE")
	r := a.get(one).want(200)
	equal(t, r.at("backupSettings.enabled")+r.at("clusterType")+r.at("tags")+r.at("terminationProtectionEnabled")+r.at("groupId"), "trueREPLICASET0false"+a.project)

	// One space of names, and each kind of cluster has its own paths.
	a.post(path, flex).want(400, "DUPLICATE_CLUSTER_NAME")
	a.post(a.in("/clusters"), cluster("f", "")).want(400, "DUPLICATE_CLUSTER_NAME")
	a.get(a.in("/clusters/f")).want(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
	a.delete(a.in("/clusters/f")).want(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
	a.get(a.in("/clusters/f/processArgs")).want(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
	a.get(a.in("/clusters/f/backup/schedule")).want(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
	a.born("c", "")
	a.get(path+"/c").want(400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API")
	a.get(path+"/g").want(404, "CLUSTER_NOT_FOUND")
	equal(t, a.get(a.in("/clusters")).each("results", "name")+a.get(path).each("results", "name"), "cf")

	a.patch(one, `{"name":"g"}`).want(400, "INVALID_ATTRIBUTE")
	equal(t, a.patch(one, `{"tags":[{"key":"a","value":"b"}],"terminationProtectionEnabled":true}`).want(200).at("stateName"), "IDLE")
	equal(t, a.states(one, 3), "IDLE UPDATING IDLE")
	a.delete(one).want(400, "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED")
	a.patch(one, `{"terminationProtectionEnabled":false}`).want(200)
	equal(t, a.get(one).at("tags.0.key"), "a")
	a.delete(one).want(204)
	equal(t, a.states(one, 2), "DELETING CLUSTER_NOT_FOUND")

	// The tiers that are no more come as Flex clusters.
	shared := `{"name":"m2","clusterType":"REPLICASET","replicationSpecs":[{"regionConfigs":[{"providerName":"TENANT","backingProviderName":"AWS","regionName":"US_EAST_1","priority":7,"electableSpecs":{"instanceSize":"M2"}}]}]}`
	equal(t, a.post(a.in("/clusters"), shared).want(201).at("replicationSpecs.0.regionConfigs.0.electableSpecs.effectiveInstanceSize"), "FLEX")
	a.get(a.in("/clusters/m2")).want(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API")
	equal(t, a.get(path+"/m2").want(200).at("providerSettings.backingProviderName"), "AWS")
}

func TestBackupSchedule(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	path := one + "/backup/schedule"
	a.born("c", "")
	a.get(path).want(404, "BACKUP_CONFIG_NOT_FOUND")
	a.patch(one, `{"backupEnabled":true}`).want(200)
	a.settled("c")
	r := a.get(path).want(200)
	equal(t, r.each("policies.0.policyItems", "frequencyType"), "hourly daily weekly monthly yearly")
	equal(t, r.at("clusterName")+r.at("restoreWindowDays")+r.at("autoExportEnabled"), "c7false")
	policy, daily := r.at("policies.0.id"), r.at("policies.0.policyItems.1.id")
	item := func(id, kind, interval, unit, value string) string {
		if id != "" {
			id = `"id":"` + id + `",`
		}
		return `{` + id + `"frequencyType":"` + kind + `","frequencyInterval":` + interval + `,"retentionUnit":"` + unit + `","retentionValue":` + value + `}`
	}
	of := func(items ...string) string {
		return `{"policies":[{"id":"` + policy + `","policyItems":[` + strings.Join(items, ",") + `]}]}`
	}
	// An item that names its id stays that one, and others are new.
	r = a.patch(path, of(item(daily, "daily", "1", "days", "8"), item("", "weekly", "1", "weeks", "2"))).want(200)
	equal(t, r.at("policies.0.policyItems.0.id")+r.at("policies.0.policyItems.0.retentionValue")+r.at("policies.0.policyItems"), daily+"82")
	equal(t, a.states(one, 3), "IDLE UPDATING IDLE")
	a.patch(path, of(item(daily, "weekly", "1", "days", "8"))).want(400, "INVALID_FREQUENCY_TYPE_CHANGE")
	a.patch(path, of(item(strings.Repeat("0", 24), "weekly", "1", "days", "8"))).want(400, "INVALID_POLICY_ITEM_ID")
	a.patch(path, strings.Replace(of(), policy, strings.Repeat("0", 24), 1)).want(400, "INVALID_POLICY_ID")
	a.patch(path, `{"policies":[]}`).want(400, "INVALID_NUM_OF_POLICIES")

	// The ladder of retention.
	for _, items := range []string{
		item("", "hourly", "3", "days", "2"), item("", "daily", "2", "days", "2"), item("", "weekly", "8", "weeks", "1"),
		item("", "weekly", "1", "days", "6"), item("", "monthly", "1", "days", "30"), item("", "yearly", "1", "months", "11"),
		item("", "hourly", "6", "days", "8") + "," + item("", "daily", "1", "days", "7"),
		item("", "daily", "1", "days", "7") + "," + item("", "daily", "1", "days", "7"),
	} {
		a.patch(path, of(items)).want(400, "INVALID_BACKUP_POLICY")
	}
	a.patch(path, of(item("", "weekly", "1", "days", "7"), item("", "weekly", "5", "weeks", "2"), item("", "monthly", "1", "months", "1"), item("", "monthly", "40", "months", "2"))).want(200)
	a.patch(path, `{"referenceHourOfDay":24}`).want(400, "INVALID_REFERENCE_HOUR_OF_DAY")
	a.patch(path, `{"referenceMinuteOfHour":60}`).want(400, "INVALID_REFERENCE_MINUTE_OF_HOUR")
	a.patch(path, `{"restoreWindowDays":0}`).want(400, "INVALID_RESTORE_WINDOW")
	a.patch(path, `{"autoExportEnabled":true}`).want(400, "MISSING_ATTRIBUTE")
	r = a.patch(path, `{"referenceHourOfDay":3,"referenceMinuteOfHour":30,"updateSnapshots":true}`).want(200)
	equal(t, r.at("nextSnapshot")+r.at("updateSnapshots"), "2026-01-02T03:30:00Z")

	// Continuous backup needs hourly snapshots, kept as long as its window.
	a.patch(one, `{"pitEnabled":true}`).want(400, "INVALID_BACKUP_POLICY")
	a.patch(path, of(item("", "hourly", "6", "days", "7"))).want(200)
	a.patch(one, `{"pitEnabled":true}`).want(200)
	for _, refused := range []answer{a.patch(path, of()), a.delete(path), a.patch(path, `{"restoreWindowDays":8}`)} {
		refused.want(400, "INVALID_BACKUP_POLICY")
	}
	a.patch(one, `{"pitEnabled":false}`).want(200)
	equal(t, a.delete(path).want(200).at("policies.0.policyItems"), "0")
	equal(t, a.get(path).want(200).at("nextSnapshot"), "")
	a.patch(one, `{"backupEnabled":false}`).want(200)
	a.get(path).want(404, "BACKUP_CONFIG_NOT_FOUND")
}

func TestBackupCopies(t *testing.T) {
	a := acme(t)
	c := a.born("c", `,"backupEnabled":true`)
	path := a.in("/clusters/c/backup/schedule")
	copies := func(more string) string {
		return `"copySettings":[{"cloudProvider":"AWS","regionName":"EU_WEST_1","zoneId":"` + c.at("replicationSpecs.0.zoneId") + `",` + more + `}]`
	}
	items := `"copyPolicyItems":[{"frequencyType":"daily","retentionUnit":"days","retentionValue":3},{"frequencyType":"ondemand"}]`
	a.patch(path, `{`+copies(items)+`}`).want(400, "INVALID_ATTRIBUTE")
	a.patch(path, `{"copyPolicyItemsEnabled":true,`+copies(`"frequencies":["DAILY"]`)+`}`).want(400, "INVALID_ATTRIBUTE")
	a.patch(path, `{`+copies(`"frequencies":["DAILY"],"lastNumberOfSnapshots":3`)+`}`).want(400, "INVALID_ATTRIBUTE")
	a.patch(path, `{"copySettings":[{"zoneId":"`+strings.Repeat("0", 24)+`"}]}`).want(400, "INVALID_ATTRIBUTE")
	equal(t, a.patch(path, `{`+copies(`"frequencies":["DAILY"],"shouldCopyOplogs":true`)+`}`).want(200).at("copySettings.0.frequencies.0"), "DAILY")
	equal(t, a.sdk(old, "GET", path, "").want(200).at("copySettings.0.replicationSpecId"), c.at("replicationSpecs.0.id"))
	r := a.patch(path, `{"copyPolicyItemsEnabled":true,`+copies(items)+`}`).want(200)
	equal(t, r.each("copySettings.0.copyPolicyItems", "frequencyType")+r.at("copySettings.0.frequencies"), "daily ondemand")
}

func TestSearchIndexes(t *testing.T) {
	a := acme(t)
	a.get(a.in("/clusters/c/search/indexes")).want(404, "CLUSTER_NOT_FOUND")
	a.born("c", "")
	path := a.in("/clusters/c/search/indexes")
	equal(t, a.get(path).want(200).body, "[]\n")
	text := func(name, definition string) string {
		return `{"database":"shop","collectionName":"items","name":"` + name + `","definition":` + definition + `}`
	}
	made := a.post(path, text("default", `{"mappings":{"dynamic":true},"analyzer":"lucene.english","storedSource":{"include":["a"]}}`)).want(201)
	equal(t, made.at("type")+made.at("status")+made.at("queryable")+made.at("latestDefinitionVersion.version")+made.at("definition"), "searchPENDINGfalse0")
	equal(t, made.at("latestDefinition.numPartitions")+made.at("latestDefinition.mappings.fields")+made.at("latestDefinition.mappings.dynamic"), "10true")
	one := path + "/" + made.at("indexID")
	poll := func(n int) string {
		var all []string
		for range n {
			r := a.get(one)
			all = append(all, r.at("status")+r.at("latestDefinitionVersion.version"))
		}
		return strings.Join(all, " ")
	}
	equal(t, poll(3), "PENDING0 BUILDING0 READY0")
	a.post(path, text("default", `{"mappings":{"dynamic":true}}`)).want(409)
	a.post(path, text("empty", `{"mappings":{"dynamic":true},"analyzers":[]}`)).want(400)
	a.post(path, text("none", `{}`)).want(400)
	a.post(path, strings.Replace(text("there", `{"mappings":{"dynamic":true}}`), "items", "sandbox-missing", 1)).want(400, "ATLAS_SEARCH_COLLECTION_NOT_FOUND")

	// An update is the definition, whole; the first look after it may say READY.
	r := a.patch(one, `{"definition":{"mappings":{"dynamic":false,"fields":{"title":[{"type":"string"},{"type":"autocomplete"}],"n":{"type":"number"}}},"analyzers":[{"name":"x","tokenizer":{"type":"nGram","minGram":1,"maxGram":2}}]}}`).want(200)
	equal(t, r.at("latestDefinition.analyzer")+r.at("latestDefinition.mappings.fields.title.1.type")+r.at("latestDefinition.analyzers.0.tokenizer.minGram"), "autocomplete1")
	equal(t, poll(3), "READY1 BUILDING1 READY1")
	a.patch(one, `{"name":"other","definition":{"mappings":{"dynamic":true}}}`).want(400, "INVALID_ATTRIBUTE")

	vector := `{"fields":[{"type":"vector","path":"v","numDimensions":1536,"similarity":"cosine"}]}`
	a.post(path, strings.Replace(text("v", `{"fields":[{"type":"filter","path":"x"}]}`), `{`, `{"type":"vectorSearch",`, 1)).want(400)
	r = a.post(path, strings.Replace(text("v", vector), `{`, `{"type":"vectorSearch",`, 1)).want(201)
	equal(t, r.at("type")+r.at("latestDefinition.fields.0.numDimensions"), "vectorSearch1536")
	equal(t, a.get(path+"/shop/items").each("", "name")+a.get(path+"/shop/items").at("1.name")+a.get(path+"/shop/others").want(200).body, "v[]\n")
	equal(t, a.get(path+"/shop/items/v").want(200).at("indexID"), r.at("indexID"))
	a.get(path + "/shop/others/v").want(404)

	// What the emulator is told to fail fails.
	bad := a.post(path, text("bad", `{"mappings":{"dynamic":false,"fields":{"sandbox-fails":{"type":"string"}}}}`)).want(201)
	a.clock.advance(time.Minute)
	r = a.get(path + "/" + bad.at("indexID")).want(200)
	equal(t, r.at("status")+r.at("queryable"), "FAILEDfalse")

	a.delete(path + "/shop/items/v").want(204)
	equal(t, a.get(path+"/shop/items/v").want(200).at("status"), "DELETING")
	a.get(path + "/shop/items/v").want(404)
	equal(t, a.get(a.in("/events?eventType=FTS_INDEX_DELETED,FTS_INDEX_UPDATED,FTS_INDEX_CREATED")).want(200).at("totalCount"), "5")

	// A Flex cluster has indexes as well, though not many.
	a.post(a.in("/flexClusters"), flex).want(201)
	for i := range 10 {
		a.post(a.in("/clusters/f/search/indexes"), text(string(rune('a'+i)), `{"mappings":{"dynamic":true}}`)).want(201)
	}
	a.post(a.in("/clusters/f/search/indexes"), text("more", `{"mappings":{"dynamic":true}}`)).want(400)
	equal(t, a.get(a.in("/clusters/f/search/indexes/shop/items/a")).want(200).at("name"), "a")
}

// Clusters and what is in them survive.
func TestClustersAreKept(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir})
	id := a.born("c", `,"backupEnabled":true`).at("id")
	a.patch(a.in("/clusters/c/processArgs"), `{"noTableScan":true}`).want(200)
	a.server.Close()
	b := openAcme(t, sandbox.Options{Dir: dir})
	equal(t, b.get(b.in("/clusters/c")).want(200).at("id"), id)
	equal(t, b.get(b.in("/clusters/c/processArgs")).want(200).at("noTableScan"), "true")
	b.get(b.in("/clusters/c/backup/schedule")).want(200)
}

func TestRejectedQueryShapes(t *testing.T) {
	a := acme(t)
	a.born("c", "")
	path, hash := a.in("/clusters/c/queryShapes"), strings.Repeat("aB", 32)
	equal(t, a.get(path).want(200).at("totalCount"), "0")
	equal(t, a.patch(path+"/"+hash, `{"status":"REJECTED"}`).want(200).at("queryShapeHash"), strings.ToUpper(hash))
	a.patch(path+"/"+strings.ToLower(hash), `{"status":"REJECTED"}`).want(200)
	equal(t, a.get(path).each("results", "status"), "REJECTED")
	a.patch(path+"/"+hash, `{"status":"UNREJECTED"}`).want(200)
	equal(t, a.get(path).at("totalCount")+a.get(path+"/"+hash).want(200).at("status"), "0UNREJECTED")
	a.patch(path+"/"+hash, `{}`).want(400)
	a.get(path + "/" + strings.Repeat("0", 64)).want(404)
}

func TestPinnedNamespaces(t *testing.T) {
	a := acme(t)
	a.born("c", "")
	path := a.in("/clusters/c/collStats")
	equal(t, a.get(path+"/pinned").want(200).at("pinnedNamespaces"), "0")
	equal(t, a.do("PUT", path+"/pinned", `{"namespaces":["a.b","a.c"]}`).want(200).at("pinnedNamespaces"), "2")
	equal(t, a.patch(path+"/pinned", `{"namespaces":["a.c","a.d"]}`).want(200).at("pinnedNamespaces"), "3")
	equal(t, a.patch(path+"/unpin", `{"namespaces":["a.b"]}`).want(200).at("pinnedNamespaces.0"), "a.c")
	equal(t, a.do("PUT", path+"/pinned", `{"namespaces":[]}`).want(200).at("pinnedNamespaces"), "0")
}
