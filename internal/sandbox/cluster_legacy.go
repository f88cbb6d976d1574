package sandbox

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// The first form of a cluster, of 2023-01-01 and of the API before it: one
// provider, tier and disk for all nodes in providerSettings, and regions that count
// their nodes.

// multiCloud is the version that took that form away.
const multiCloud = "2023-02-01"

// legacyHardware are the members of that form that say what a cluster is made
// of, with the ones that they are merged into in an update.
var legacyHardware = []string{"providerSettings", "replicationSpecs", "replicationSpec", "replicationFactor", "diskSizeGB", "numShards", "autoScaling"}

// renewLegacy brings a body of the first form into that of multiCloud. What an
// update does not say stays as it is.
func renewLegacy(old *thing, body map[string]any) error {
	if body["backupEnabled"] == true {
		return fail(400, "CONTINUOUS_BACKUP_NOT_SUPPORTED_ON_NEW_CLUSTERS", "Continuous backup is no longer supported for new clusters.")
	}
	delete(body, "backupEnabled")
	if on, set := body["providerBackupEnabled"]; set {
		body["backupEnabled"] = on
	}
	whole := map[string]any{}
	if old != nil {
		whole = legacyOf(old)
	}
	touched := false
	for _, name := range legacyHardware {
		value, set := body[name]
		if !set {
			continue
		}
		touched = true
		if parts, ok := value.(map[string]any); ok && objectIn(whole, name) != nil && name != "replicationSpec" {
			maps.Copy(objectIn(whole, name), parts)
		} else {
			whole[name] = value
		}
	}
	if whole["providerSettings"] == nil {
		return missingAttribute("providerSettings")
	}
	_, shards := body["numShards"]
	_, specs := body["replicationSpecs"]
	for _, zone := range objectsIn(whole["replicationSpecs"]) {
		if shards && !specs {
			zone["numShards"] = body["numShards"]
		}
	}
	for _, name := range append(legacyHardware, "mongoDBVersion", "providerBackupEnabled", "deleteAfterCreationHours") {
		delete(body, name)
	}
	if touched {
		body["diskSizeGB"] = whole["diskSizeGB"]
		if body["replicationSpecs"] = zonesOf(whole); body["diskSizeGB"] == nil {
			delete(body, "diskSizeGB")
		}
	}
	if old == nil && body["clusterType"] == nil {
		body["clusterType"] = "REPLICASET"
		if numberIn(whole, "numShards") > 1 {
			body["clusterType"] = "SHARDED"
		}
	}
	return nil
}

// zonesOf makes the replicationSpecs of multiCloud from the first form.
func zonesOf(whole map[string]any) []any {
	settings := objectIn(whole, "providerSettings")
	zones := objectsIn(whole["replicationSpecs"])
	if regions := objectIn(whole, "replicationSpec"); len(zones) == 0 && regions != nil {
		zones = []map[string]any{{"numShards": whole["numShards"], "regionsConfig": regions}}
	}
	if len(zones) == 0 {
		zones = []map[string]any{{"numShards": whole["numShards"], "regionsConfig": map[string]any{
			textOf(settings, "regionName"): map[string]any{"priority": 7.0, "electableNodes": cmp.Or(numberIn(whole, "replicationFactor"), 3)},
		}}}
	}
	all := []any{}
	for _, zone := range zones {
		regions := []any{}
		configs := objectIn(zone, "regionsConfig")
		names := slices.SortedFunc(maps.Keys(configs), func(a, b string) int {
			return cmp.Or(cmp.Compare(numberIn(objectIn(configs, b), "priority"), numberIn(objectIn(configs, a), "priority")), cmp.Compare(b, a))
		})
		for _, name := range names {
			regions = append(regions, regionOf(name, objectIn(configs, name), settings, objectIn(whole, "autoScaling")))
		}
		spec := map[string]any{"numShards": max(1, numberIn(zone, "numShards")), "regionConfigs": regions}
		for _, name := range []string{"id", "zoneName"} {
			if zone[name] != nil {
				spec[name] = zone[name]
			}
		}
		all = append(all, spec)
	}
	return all
}

func regionOf(name string, nodes, settings, scaling map[string]any) map[string]any {
	region := map[string]any{"regionName": name, "providerName": settings["providerName"], "priority": numberIn(nodes, "priority")}
	if settings["providerName"] == "TENANT" {
		region["backingProviderName"] = settings["backingProviderName"]
		region["electableSpecs"] = map[string]any{"instanceSize": settings["instanceSizeName"]}
		return region
	}
	for set, count := range map[string]string{"electableSpecs": "electableNodes", "readOnlySpecs": "readOnlyNodes", "analyticsSpecs": "analyticsNodes"} {
		hardware := map[string]any{"instanceSize": settings["instanceSizeName"], "nodeCount": numberIn(nodes, count)}
		for from, to := range map[string]string{"diskIOPS": "diskIOPS", "volumeType": "ebsVolumeType"} {
			if settings[from] != nil {
				hardware[to] = settings[from]
			}
		}
		region[set] = hardware
	}
	compute := maps.Clone(objectIn(scaling, "compute"))
	if compute == nil {
		compute = map[string]any{}
	}
	maps.Copy(compute, objectIn(objectIn(settings, "autoScaling"), "compute"))
	region["autoScaling"] = map[string]any{"compute": compute, "diskGB": map[string]any{"enabled": scaling["diskGBEnabled"] == true}}
	return region
}

// legacyOf is what a cluster is made of in the first form.
func legacyOf(t *thing) map[string]any {
	v := map[string]any{}
	if err := json.Unmarshal([]byte(jsonOf(t.Fields)), &v); err != nil {
		panic(err) // it has just become JSON
	}
	specs := objectsIn(v["replicationSpecs"])
	showNodes(specs, false)
	v["replicationSpecs"] = byZone(specs)
	legacyHardwareOf(v)
	return v
}

// legacyHardwareOf brings what an answer shows of hardware from the form of
// multiCloud into the first one.
func legacyHardwareOf(v map[string]any) {
	zones := []any{}
	var first map[string]any
	for _, spec := range objectsIn(v["replicationSpecs"]) {
		regions := map[string]any{}
		factor := 0.0
		for _, region := range objectsIn(spec["regionConfigs"]) {
			if first == nil {
				first = region
			}
			nodes := map[string]any{"priority": numberIn(region, "priority")}
			for set, count := range map[string]string{"electableSpecs": "electableNodes", "readOnlySpecs": "readOnlyNodes", "analyticsSpecs": "analyticsNodes"} {
				nodes[count] = numberIn(objectIn(region, set), "nodeCount")
			}
			if region["providerName"] == "TENANT" {
				nodes["electableNodes"] = 3.0
			}
			factor += numberIn(nodes, "electableNodes")
			regions[textOf(region, "regionName")] = nodes
		}
		if len(zones) == 0 {
			v["numShards"], v["replicationFactor"], v["replicationSpec"] = numberIn(spec, "numShards"), factor, regions
		}
		zones = append(zones, map[string]any{"id": spec["id"], "numShards": numberIn(spec, "numShards"), "zoneName": spec["zoneName"], "regionsConfig": regions})
	}
	v["replicationSpecs"] = zones
	hardware := objectIn(first, "electableSpecs")
	scaling := objectIn(first, "autoScaling")
	compute := objectIn(scaling, "compute")
	settings := map[string]any{"providerName": first["providerName"], "regionName": first["regionName"], "instanceSizeName": hardware["instanceSize"]}
	switch first["providerName"] {
	case "TENANT":
		settings["backingProviderName"] = first["backingProviderName"]
	case "AWS":
		settings["diskIOPS"], settings["volumeType"], settings["encryptEBSVolume"] = hardware["diskIOPS"], hardware["ebsVolumeType"], true
	}
	bounds := map[string]any{}
	for _, name := range []string{"minInstanceSize", "maxInstanceSize"} {
		if compute[name] != nil {
			bounds[name] = compute[name]
		}
	}
	settings["autoScaling"] = map[string]any{"compute": bounds}
	v["providerSettings"] = settings
	v["diskSizeGB"] = hardware["diskSizeGB"]
	v["autoScaling"] = map[string]any{
		"compute":       map[string]any{"enabled": compute["enabled"] == true, "scaleDownEnabled": compute["scaleDownEnabled"] == true},
		"diskGBEnabled": objectIn(scaling, "diskGB")["enabled"] == true,
	}
}

// legacyCluster is the rest of an answer in the first form.
func legacyCluster(t *thing, v map[string]any) {
	legacyHardwareOf(v)
	v["providerBackupEnabled"], v["backupEnabled"] = t.Fields["backupEnabled"], false
	strings := objectIn(v, "connectionStrings")
	if strings["standard"] != nil {
		v["mongoURI"], v["mongoURIWithOptions"], v["srvAddress"] = strings["standard"], strings["standard"], strings["standardSrv"]
		v["mongoURIUpdated"] = stamp(t.Made)
	}
}
