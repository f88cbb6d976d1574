package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The headers by which a client asks to be shown what it sent, and what is really
// there beside it. The first has no effect on a cluster of several
// replicationSpecs, and lists do not know the second.
const (
	wantsEffectiveNodes = "Use-Effective-Instance-Fields"
	wantsEffectiveSpecs = "Use-Effective-Fields-Replication-Specs"
)

func (c *call) wants(header string) bool { return c.request.Header.Get(header) == "true" }

// keepsSent says whether a request speaks of what its client wants, and not of
// what is really there.
func (c *call) keepsSent(specs []map[string]any) bool {
	return c.wants(wantsEffectiveNodes) && len(specs) == 1 || c.wants(wantsEffectiveSpecs)
}

// scales says whether the hardware of a set of nodes grows by itself.
func scales(region map[string]any, scaling string) bool {
	how := objectIn(region, scaling)
	return objectIn(how, "compute")["enabled"] == true || objectIn(how, "diskGB")["enabled"] == true
}

// scaling fills in how a region grows by itself, and what hardware it really
// has: what the client sends, unless it grew and the client does not speak of that.
func (f filling) scaling(region, old map[string]any) {
	for _, name := range []string{"autoScaling", "analyticsAutoScaling"} {
		given := objectIn(region, name)
		compute := map[string]any{"enabled": false, "scaleDownEnabled": false}
		maps.Copy(compute, objectIn(given, "compute"))
		disk := map[string]any{"enabled": false}
		maps.Copy(disk, objectIn(given, "diskGB"))
		region[name] = map[string]any{"compute": compute, "diskGB": disk}
	}
	for _, set := range nodeSets {
		if region[set.real] != nil {
			continue // the request did not speak of it
		}
		real := maps.Clone(objectIn(region, set.sent))
		if before := objectIn(old, set.real); before != nil && f.sent && scales(region, set.scaling) {
			for _, name := range []string{"instanceSize", "diskSizeGB", "diskIOPS"} {
				real[name] = before[name]
			}
		}
		region[set.real] = real
	}
}

// checkSpecs refuses hardware that does not go together.
func checkSpecs(t *thing) error {
	specs := specsOf(t)
	if t.text("clusterType") == "REPLICASET" && len(specs) > 1 {
		return invalidCluster("a cluster of the type REPLICASET has one of the replicationSpecs, not %d", len(specs))
	}
	if isTenant(t) {
		if len(regionsOf(t)) > 1 || t.text("clusterType") != "REPLICASET" {
			return invalidCluster("a cluster of the provider TENANT is a REPLICASET in one region")
		}
		return nil
	}
	disk := diskOf(specs)
	for _, region := range regionsOf(t) {
		for _, set := range nodeSets {
			if objectIn(region, set.sent)["diskSizeGB"] != disk {
				return fail(400, "DISK_SIZE_GB_INCONSISTENT", "diskSizeGB must be the same for all nodes of the cluster.")
			}
		}
	}
	for _, spec := range specs {
		if err := checkShard(objectsIn(spec["regionConfigs"])); err != nil {
			return err
		}
	}
	sortRegions(specs)
	return nil
}

func checkShard(regions []map[string]any) error {
	electable, last, sizes, analytics := 0.0, 8.0, map[any]bool{}, map[any]bool{}
	seen := map[string]bool{}
	for _, region := range regions {
		place := textOf(region, "providerName") + " " + textOf(region, "regionName")
		if seen[place] {
			return invalidCluster("region %s is there twice", place)
		}
		seen[place] = true
		nodes, priority := numberIn(objectIn(region, "electableSpecs"), "nodeCount"), numberIn(region, "priority")
		electable += nodes
		switch {
		case nodes > 0 && priority != last-1:
			return invalidCluster("the regions with electable nodes are listed by priority: 7, 6, 5 and so on, without gaps; %s has %v", place, priority)
		case nodes == 0 && priority != 0:
			return invalidCluster("the priority of %s, which has no electable nodes, must be 0", place)
		case nodes > 0:
			last = priority
		}
		for _, set := range nodeSets {
			if used := objectIn(region, set.sent); numberIn(used, "nodeCount") > 0 {
				if set.scaling == "autoScaling" {
					sizes[used["instanceSize"]] = true
				} else {
					analytics[used["instanceSize"]] = true
				}
			}
			if err := checkScaling(region, set.scaling, set.real); err != nil {
				return err
			}
		}
		if jsonOf(region["autoScaling"]) != jsonOf(regions[0]["autoScaling"]) || jsonOf(region["analyticsAutoScaling"]) != jsonOf(regions[0]["analyticsAutoScaling"]) {
			return fail(400, "AUTO_SCALINGS_MUST_MATCH", "Auto-scaling must be the same in all regions of a shard.")
		}
	}
	switch {
	case !slices.Contains([]float64{3, 5, 7}, electable):
		return fail(400, "CLUSTER_REPLICATION_FACTOR_INVALID", "The cluster's replication factor must be either 3, 5, or 7.")
	case len(sizes) > 1:
		return invalidCluster("the electable and read-only nodes of a shard have one instanceSize")
	case len(analytics) > 1:
		return fail(400, "ANALYTICS_INSTANCE_SIZE_MUST_MATCH", "The analytics nodes of a shard have one instanceSize.")
	}
	return nil
}

func checkScaling(region map[string]any, scaling, real string) error {
	compute := objectIn(objectIn(region, scaling), "compute")
	least, most, size := textOf(compute, "minInstanceSize"), textOf(compute, "maxInstanceSize"), textOf(objectIn(region, real), "instanceSize")
	on, down := compute["enabled"] == true, compute["scaleDownEnabled"] == true
	switch {
	case down && !on:
		return fail(400, "COMPUTE_AUTO_SCALING_SCALE_DOWN_ENABLED_INVALID", "Compute auto-scaling must be enabled to enable down-scaling.")
	case !on:
	case most == "":
		return fail(400, "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED", "Compute auto-scaling max instance size required.")
	case down && least == "":
		return fail(400, "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED", "Compute auto-scaling min instance size required.")
	case rankOf(size) > rankOf(most):
		return fail(400, "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID", "The max instance size (%s) must be greater than or equal to proposed instance size (%s).", most, size)
	case down && rankOf(size) < rankOf(least):
		return fail(400, "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_INVALID", "The min instance size (%s) must be less than or equal to proposed instance size (%s).", least, size)
	}
	return nil
}

// showCluster is a cluster as the version of the request and its headers show it.
func showCluster(c *call, t *thing, v map[string]any) {
	if v["stateName"] = t.State; t.State == clusterChanged {
		v["stateName"] = clusterIdle
	}
	endGrant(c, v)
	v["createDate"] = stamp(t.Made)
	v["internalClusterRole"] = "NONE"
	v["connectionStrings"] = map[string]any{}
	if t.State != clusterCreating {
		v["connectionStrings"] = connectionStrings(t)
	}
	specs := objectsIn(v["replicationSpecs"])
	if t.text("clusterType") == "REPLICASET" {
		delete(v, "configServerManagementMode")
	} else {
		v["configServerType"] = "EMBEDDED"
		if t.text("configServerManagementMode") == "FIXED_TO_DEDICATED" || len(specs) > 3 {
			v["configServerType"] = "DEDICATED"
		}
	}
	if c.wants(wantsEffectiveSpecs) && c.version >= "2024-08-05" {
		really := t.clone()
		showNodes(specsOf(really), false)
		v["effectiveReplicationSpecs"] = really.Fields["replicationSpecs"]
		showNodes(specs, true)
		for _, region := range regionsOf(&thing{Fields: v}) {
			for _, set := range nodeSets {
				delete(region, set.real)
			}
		}
	} else {
		showNodes(specs, c.wants(wantsEffectiveNodes) && len(specs) == 1)
	}
	ageCluster(c, t, v)
}

// showNodes shows the hardware of all regions: with sent as the client sent it,
// beside what is really there, else only that.
func showNodes(specs []map[string]any, sent bool) {
	for _, spec := range specs {
		for _, region := range objectsIn(spec["regionConfigs"]) {
			for _, set := range nodeSets {
				if real := objectIn(region, set.real); real != nil && !sent {
					region[set.sent] = real
					delete(region, set.real)
				}
				if size := textOf(objectIn(region, set.sent), "instanceSize"); size == "M2" || size == "M5" {
					objectIn(region, set.sent)["effectiveInstanceSize"] = "FLEX"
				}
				for _, name := range []string{set.sent, set.real} {
					if nodes := objectIn(region, name); nodes != nil {
						nodes["diskSizeGB"] = decimal(numberIn(nodes, "diskSizeGB"))
					}
				}
			}
		}
	}
}

// decimal writes a number as Atlas writes one that may have a fraction: 40.0.
func decimal(n float64) json.Number {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return json.Number(text)
}

func connectionStrings(t *thing) map[string]any {
	host := strings.ToLower(t.text("name")) + "." + t.Key[len(t.Key)-5:] + ".mongodb.net"
	return map[string]any{
		"standard":    "mongodb://" + host + ":27017/?ssl=true&authSource=admin",
		"standardSrv": "mongodb+srv://" + host,
	}
}

// growth is the body of the sandbox's own operation that does what Atlas's
// scaling does: it moves the hardware of a cluster, and tells nobody.
var growthShape = object{
	"instanceSize": optional(anyText),
	"diskSizeGB":   optional(integer{min: 1, max: 16384}),
}

func growCluster(c *call) (any, error) {
	if _, err := c.project(); err != nil {
		return nil, err
	}
	body, err := decode[struct {
		InstanceSize string
		DiskSizeGB   float64
	}](c, growthShape)
	if err != nil {
		return nil, err
	}
	for _, t := range c.things("clusters") {
		if t.text("name") != c.param("clusterName") {
			continue
		}
		t = t.clone()
		grown := false
		for _, region := range regionsOf(t) {
			for _, set := range nodeSets {
				real := objectIn(region, set.real)
				if real == nil || !scales(region, set.scaling) {
					continue
				}
				grown = true
				if body.InstanceSize != "" {
					real["instanceSize"] = body.InstanceSize
				}
				if body.DiskSizeGB != 0 {
					real["diskSizeGB"] = body.DiskSizeGB
				}
			}
		}
		if !grown {
			return nil, fail(409, "AUTO_SCALING_NOT_ENABLED", "nothing of cluster %s scales by itself", t.text("name"))
		}
		c.work(t)
		c.write("clusters", t)
		return map[string]any{}, nil
	}
	return nil, fail(404, "CLUSTER_NOT_FOUND", "no cluster named %s exists", c.param("clusterName"))
}
