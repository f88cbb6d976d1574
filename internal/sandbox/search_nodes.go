package sandbox

// searchNodes are the nodes of a cluster that do nothing but search: at most one
// deployment, with nodes in each of its regions.
var searchNodes = &resource{
	name: "searchNodes", of: clusters, singleton: true,
	create: "createGroupClusterSearchDeployment", update: "updateGroupClusterSearchDeployment", remove: "deleteGroupClusterSearchDeployment",
	extra:   []extra{{operation: "getGroupClusterSearchDeployment", do: getSearchNodes}},
	id:      "id",
	missing: noSearchNodes,
	taken:   "ATLAS_SEARCH_DEPLOYMENT_ALREADY_EXISTS",
	cycle: &cycle{
		created: clusterUpdating, updated: searchChanged, removing: clusterDeleting,
		next: map[string]string{searchChanged: clusterUpdating, clusterUpdating: clusterIdle, clusterDeleting: gone},
	},
	prepare: func(c *call, _ *thing, body map[string]any) error {
		cluster := c.pathCluster()
		if isTenant(cluster) {
			return fail(400, "ATLAS_SEARCH_DEPLOYMENT_NOT_SUPPORTED", "Search nodes need a cluster of the tier M10 at least.")
		}
		return mayWork(cluster)
	},
	check:     checkSearchNodes,
	removable: func(c *call, _ *thing) error { return mayWork(c.pathCluster()) },
	wrote:     func(c *call, _, _ *thing) { c.workOn(func(*thing) {}) },
	removed:   func(c *call, _ *thing) { c.workOn(func(*thing) {}) },
	show:      showSearchNodes,
	events:    [3]string{"SEARCH_DEPLOYMENT_CREATED", "SEARCH_DEPLOYMENT_UPDATED", "SEARCH_DEPLOYMENT_DELETED"},
}

const noSearchNodes = "ATLAS_SEARCH_DEPLOYMENT_DOES_NOT_EXIST"

// getSearchNodes answers 404 in older versions where there are none, and an empty
// object in the newest.
func getSearchNodes(c *call) (any, error) {
	r := c.server.resources["searchNodes"]
	v, err := r.getting(factOf(c.id))(c)
	if e, refused := err.(*apiError); refused && e.Code == noSearchNodes && c.version >= "2025-03-12" {
		return map[string]any{}, nil
	}
	return v, err
}

// checkSearchNodes refuses nodes in a region that the cluster is not in, a region
// that is said twice, and sizes that differ.
func checkSearchNodes(c *call, _, t *thing) error {
	known := map[string]bool{"": true}
	for _, region := range regionsOf(c.pathCluster()) {
		known[regionKey(region)] = true
	}
	seen := map[string]bool{}
	specs := objectsOf(t, "specs")
	for _, spec := range specs {
		key := regionKey(spec)
		switch {
		case !known[key]:
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute specs specified. The cluster is not in %s.", key)
		case seen[key]:
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute specs specified. %s is there twice.", key)
		case spec["instanceSize"] != specs[0]["instanceSize"]:
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute specs specified. All regions have one instanceSize.")
		case spec["nodeCount"] == nil && t.Fields["defaultNodeCount"] == nil:
			return missingAttribute("nodeCount")
		}
		seen[key] = true
	}
	return nil
}

func regionKey(m map[string]any) string {
	if textOf(m, "regionName") == "" {
		return ""
	}
	return textOf(m, "cloudProvider") + textOf(m, "providerName") + " " + textOf(m, "regionName")
}

// showSearchNodes tells what the specs come to in each region of the cluster.
func showSearchNodes(c *call, t *thing, v map[string]any) {
	cluster := c.pathCluster()
	specs, effective := []any{}, []any{}
	seen := map[string]bool{}
	for _, region := range regionsOf(cluster) {
		if seen[regionKey(region)] {
			continue
		}
		seen[regionKey(region)] = true
		var found map[string]any
		for _, spec := range objectsOf(t, "specs") {
			if key := regionKey(spec); key == regionKey(region) || key == "" && found == nil {
				found = spec
			}
		}
		if found == nil {
			continue
		}
		count := found["nodeCount"]
		if count == nil {
			count = t.Fields["defaultNodeCount"]
		}
		specs = append(specs, map[string]any{"instanceSize": found["instanceSize"], "nodeCount": count})
		effective = append(effective, map[string]any{
			"instanceSize": found["instanceSize"], "nodeCount": count, "cloudProvider": region["providerName"], "regionName": region["regionName"],
		})
	}
	v["specs"], v["effectiveSpecs"] = specs, effective
	v["encryptionAtRestProvider"] = "NONE"
	switch {
	case cluster.Fields["paused"] == true:
		v["stateName"] = "PAUSED"
	case t.State == searchChanged:
		v["stateName"] = clusterIdle // once more, before it begins
	case t.State == clusterDeleting:
		v["stateName"] = clusterUpdating
	default:
		v["stateName"] = t.State
	}
}
