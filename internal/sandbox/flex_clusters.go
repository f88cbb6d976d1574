package sandbox

var flexClustersPart = part{
	id: "flexClusters", name: "Flex Clusters", scope: perProject,
	resources: []*resource{flexClusters},
}

// flexClusters are a project's Flex clusters, whose names are in one space with
// those of its clusters.
var flexClusters = &resource{
	name: "flexClusters",
	list: "listGroupFlexClusters", get: "getGroupFlexCluster", create: "createGroupFlexCluster",
	update: "updateGroupFlexCluster", remove: "deleteGroupFlexCluster",
	id:       "id",
	params:   []string{"name|clusterName=name"},
	missing:  "CLUSTER_NOT_FOUND",
	absent:   notAFlexCluster,
	blocks:   "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
	defaults: map[string]any{"tags": []any{}},
	cycle: &cycle{
		created: clusterCreating, removing: clusterDeleting,
		next: map[string]string{clusterCreating: clusterIdle, clusterChanged: clusterUpdating, clusterUpdating: clusterIdle, clusterDeleting: gone},
	},
	check: func(c *call, old, t *thing) error {
		switch {
		case old == nil:
			return c.checkNewName(t.text("name"))
		case t.State == clusterDeleting:
			return alreadyDeleted(t)
		case len(changedMembers(old, t)) > 0:
			c.work(t)
		}
		return noKeyTwice("tags", objectsOf(t, "tags"))
	},
	removable: func(_ *call, t *thing) error { return terminable(t) },
	show:      showFlex,
	events:    [3]string{"CLUSTER_CREATED", "CLUSTER_UPDATE_SUBMITTED", "CLUSTER_DELETE_SUBMITTED"},
	cluster:   true,
}

// notAFlexCluster refuses the name of another cluster.
func notAFlexCluster(c *call) error {
	name := c.paramOf("name|clusterName")
	if c.named("clusters", name) != nil {
		return fail(400, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", "Cannot use non-flex cluster %s in the flex API.", name)
	}
	return nil
}

func showFlex(_ *call, t *thing, v map[string]any) {
	if v["stateName"] = t.State; t.State == clusterChanged {
		v["stateName"] = clusterIdle
	}
	v["createDate"] = stamp(t.Made)
	v["clusterType"], v["versionReleaseSystem"] = "REPLICASET", "LTS"
	v["mongoDBVersion"] = releases[releaseOf(usualRelease)].full
	v["backupSettings"] = map[string]any{"enabled": true}
	v["connectionStrings"] = map[string]any{}
	if t.State != clusterCreating {
		v["connectionStrings"] = connectionStrings(t)
	}
	settings := objectIn(v, "providerSettings")
	settings["providerName"], settings["diskSizeGB"] = "FLEX", decimal(5)
}

// madeFlex turns a new cluster of the tiers M2 and M5, which are no more, into the
// Flex cluster that Atlas makes instead.
func madeFlex(c *call, t *thing) {
	region := regionsOf(t)[0]
	size := textOf(objectIn(region, "electableSpecs"), "instanceSize")
	if textOf(region, "providerName") != "TENANT" || size != "M2" && size != "M5" {
		return
	}
	flex := &thing{Key: newID(c.now), Made: c.now, Fields: map[string]any{
		"id": t.Fields["id"], "name": t.Fields["name"], "tags": t.Fields["tags"],
		"terminationProtectionEnabled": t.Fields["terminationProtectionEnabled"],
		"providerSettings":             map[string]any{"backingProviderName": region["backingProviderName"], "regionName": region["regionName"]},
	}}
	flex.become(clusterCreating, c.now)
	c.drop(c.server.resources["clusters"], spot{owner: c.param("groupId")}, t)
	c.write("flexClusters", flex)
}
