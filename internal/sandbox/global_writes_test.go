package sandbox_test

import "testing"

func TestGlobalWrites(t *testing.T) {
	a := acme(t)
	path := a.in("/clusters/c/globalWrites")
	namespaces, zones := path+"/managedNamespaces", path+"/customZoneMapping"
	const orders = `{"db":"shop","collection":"orders","customShardKey":"id","numInitialChunks":4,"isCustomShardKeyHashed":true}`
	a.get(path).want(404, "CLUSTER_NOT_FOUND")
	a.born("plain", "")
	a.post(a.in("/clusters/plain/globalWrites/managedNamespaces"), orders).want(400)
	zone := func(name, region string) string {
		return `{"zoneName":"` + name + `","regionConfigs":[` + region + `]}`
	}
	a.post(a.in("/clusters"), `{"name":"c","clusterType":"GEOSHARDED","replicationSpecs":[`+
		zone("west", region("AWS", "US_EAST_1", 7, ""))+`,`+zone("east", region("AWS", "EU_WEST_1", 7, ""))+`]}`).want(201)
	cluster := a.settled("c")
	r := a.get(path).want(200)
	equal(t, r.at("managedNamespaces")+r.at("selfManagedSharding")+r.at("customZoneMapping"), "0false0")

	// One at a time, and none twice; every write answers with all.
	r = a.post(namespaces, orders).want(200)
	equal(t, r.at("managedNamespaces.0.collection")+r.at("managedNamespaces.0.isShardKeyUnique")+r.at("managedNamespaces.0.numInitialChunks"), "ordersfalse")
	a.post(namespaces, orders).want(400, "DUPLICATE_MANAGED_NAMESPACE")
	a.post(namespaces, `{"db":"a","collection":"b","customShardKey":"k","isShardKeyUnique":true,"isCustomShardKeyHashed":true}`).want(400, "INVALID_ATTRIBUTE")
	a.delete(namespaces + "?db=shop&collection=other").want(404)
	equal(t, a.delete(namespaces+"?db=shop&collection=orders").want(200).at("managedNamespaces"), "0")

	// Mappings are sent by the zone's name, told by its id, added, and go together.
	a.post(zones, `{"customZoneMappings":[{"location":"DE","zone":"nowhere"}]}`).want(400, "INVALID_ATTRIBUTE")
	a.post(zones, `{"customZoneMappings":[{"location":"DE","zone":"east"}]}`).want(200)
	r = a.post(zones, `{"customZoneMappings":[{"location":"US-VA","zone":"west"}]}`).want(200)
	equal(t, r.at("customZoneMapping.DE"), cluster.at("replicationSpecs.1.zoneId"))
	equal(t, r.at("customZoneMapping.US-VA"), cluster.at("replicationSpecs.0.zoneId"))
	equal(t, a.sdk("2023-02-01", "GET", path, "").want(200).at("customZoneMapping.DE"), cluster.at("replicationSpecs.1.id"))
	equal(t, a.delete(zones).want(200).at("customZoneMapping"), "0")
}
