package sandbox

import (
	"maps"
	"slices"
)

var globalWritesPart = part{
	id: "globalClusters", name: "Global Clusters", scope: perProject,
	resources: []*resource{globalWrites},
}

// globalWrites are the collections that Atlas spreads over the zones of a cluster, and
// the locations that are in other zones than Atlas would choose. Every write answers
// with all of it. The zones are kept by their id.
var globalWrites = &resource{
	name: "globalWrites", of: clusters, singleton: true,
	get:      "getGroupClusterGlobalWrites",
	defaults: map[string]any{"managedNamespaces": []any{}, "customZoneMapping": map[string]any{}},
	actions: []action{
		{operation: "createGroupClusterGlobalWriteManagedNamespace", do: manageNamespace},
		{operation: "deleteGroupClusterGlobalWriteManagedNamespaces", do: leaveNamespace},
		{operation: "createGroupClusterGlobalWriteCustomZoneMapping", do: mapZones},
		{operation: "deleteGroupClusterGlobalWriteCustomZoneMapping", do: func(c *call, t *thing, _ map[string]any) (any, error) {
			if err := c.mayShard(); err != nil {
				return nil, err
			}
			t.Fields["customZoneMapping"] = map[string]any{}
			return t, nil
		}},
	},
	show: showGlobalWrites,
}

// mayShard refuses a cluster whose sharding is not Atlas's.
func (c *call) mayShard() error {
	cluster := c.pathCluster()
	switch {
	case cluster.text("clusterType") != "GEOSHARDED":
		return fail(400, "CLUSTER_NOT_GEOSHARDED", "The cluster %s is not a global cluster.", cluster.text("name"))
	case cluster.Fields["globalClusterSelfManagedSharding"] == true:
		return fail(400, "GLOBAL_CLUSTER_SELF_MANAGED_SHARDING", "The sharding of the cluster %s is managed by its users.", cluster.text("name"))
	}
	return mayWork(cluster)
}

func manageNamespace(c *call, t *thing, body map[string]any) (any, error) {
	if err := c.mayShard(); err != nil {
		return nil, err
	}
	hashed, unique := body["isCustomShardKeyHashed"] == true, body["isShardKeyUnique"] == true
	switch {
	case hashed && unique:
		return nil, fail(400, "INVALID_ATTRIBUTE", "Invalid attribute isShardKeyUnique specified. A hashed key cannot be unique.")
	case body["presplitHashedZones"] == true && !hashed:
		return nil, fail(400, "INVALID_ATTRIBUTE", "Invalid attribute presplitHashedZones specified. It needs a hashed key.")
	case namespaceAt(t, textOf(body, "db"), textOf(body, "collection")) >= 0:
		return nil, fail(400, "DUPLICATE_MANAGED_NAMESPACE", "Managed Namespace %v.%v already exists.", body["db"], body["collection"])
	}
	// How the collection begins is not told afterwards.
	delete(body, "numInitialChunks")
	delete(body, "presplitHashedZones")
	body["isCustomShardKeyHashed"], body["isShardKeyUnique"] = hashed, unique
	t.Fields["managedNamespaces"] = append(listIn(t.Fields, "managedNamespaces"), body)
	return t, nil
}

func leaveNamespace(c *call, t *thing, _ map[string]any) (any, error) {
	if err := c.mayShard(); err != nil {
		return nil, err
	}
	db, collection := c.query.Get("db"), c.query.Get("collection")
	i := namespaceAt(t, db, collection)
	if i < 0 {
		return nil, fail(404, "MANAGED_NAMESPACE_NOT_FOUND", "There is no managed namespace %s.%s.", db, collection)
	}
	t.Fields["managedNamespaces"] = slices.Delete(slices.Clone(listIn(t.Fields, "managedNamespaces")), i, i+1)
	return t, nil
}

func namespaceAt(t *thing, db, collection string) int {
	return slices.IndexFunc(objectsOf(t, "managedNamespaces"), func(m map[string]any) bool {
		return textOf(m, "db") == db && textOf(m, "collection") == collection
	})
}

// mapZones adds to the mapping, in place of what it said of the same locations.
func mapZones(c *call, t *thing, body map[string]any) (any, error) {
	if err := c.mayShard(); err != nil {
		return nil, err
	}
	mapping := maps.Clone(objectIn(t.Fields, "customZoneMapping")) // at first it is what all begin with
	for _, m := range objectsIn(body["customZoneMappings"]) {
		specs := specsOf(c.pathCluster())
		i := slices.IndexFunc(specs, func(spec map[string]any) bool { return spec["zoneName"] == m["zone"] })
		if i < 0 {
			return nil, fail(400, "INVALID_ATTRIBUTE", "Invalid attribute zone specified. The cluster has no zone %v.", m["zone"])
		}
		mapping[textOf(m, "location")] = specs[i]["zoneId"]
	}
	t.Fields["customZoneMapping"] = mapping
	return t, nil
}

// showGlobalWrites tells of a zone by its id, in older versions by that of its first
// replicationSpec.
func showGlobalWrites(c *call, _ *thing, v map[string]any) {
	cluster := c.pathCluster()
	v["selfManagedSharding"] = cluster.Fields["globalClusterSelfManagedSharding"] == true
	if c.version >= symmetric {
		return
	}
	mapping := objectIn(v, "customZoneMapping")
	for location, zone := range mapping {
		for _, spec := range slices.Backward(specsOf(cluster)) {
			if spec["zoneId"] == zone {
				mapping[location] = spec["id"]
			}
		}
	}
}
