package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
)

// The form of a cluster before 2024-08-05: one replicationSpec a zone, which says
// how many shards it has, and one disk size for all.
const symmetric = "2024-08-05"

// renewCluster brings a body of an older version into the newest form.
func renewCluster(c *call, old *thing, body map[string]any) error {
	if c.sentVersion() >= symmetric {
		return nil
	}
	if c.sentVersion() < multiCloud {
		if err := renewLegacy(old, body); err != nil {
			return err
		}
	}
	disk := body["diskSizeGB"]
	delete(body, "diskSizeGB")
	if body["replicationSpecs"] == nil && disk != nil && old != nil {
		body["replicationSpecs"] = old.clone().Fields["replicationSpecs"]
		for _, region := range objectsOf(&thing{Fields: body}, "replicationSpecs") {
			for _, r := range objectsIn(region["regionConfigs"]) {
				for _, set := range nodeSets {
					delete(r, set.real)
				}
			}
		}
	} else if specs, ok := body["replicationSpecs"].([]any); ok {
		all := []any{}
		for _, spec := range specs {
			for n, shards := 0, max(1, int(numberOf(spec, "numShards"))); n < shards; n++ {
				var one map[string]any
				if err := json.Unmarshal([]byte(jsonOf(spec)), &one); err != nil {
					return err
				}
				if delete(one, "numShards"); n > 0 {
					delete(one, "id") // which is the first shard's
				}
				all = append(all, one)
			}
		}
		body["replicationSpecs"] = all
	}
	if disk == nil && old != nil {
		disk = diskOf(specsOf(old))
	}
	for _, region := range regionsOf(&thing{Fields: body}) {
		for _, set := range nodeSets {
			if nodes := objectIn(region, set.sent); nodes != nil && disk != nil {
				nodes["diskSizeGB"] = disk
			}
		}
	}
	return nil
}

func numberOf(v any, name string) float64 {
	m, _ := v.(map[string]any)
	return numberIn(m, name)
}

// ageCluster brings what an answer shows into the form of its version.
func ageCluster(c *call, t *thing, v map[string]any) {
	if c.version >= symmetric {
		return
	}
	for _, region := range regionsOf(t) {
		if disk := numberIn(objectIn(region, nodeSets[0].real), "diskSizeGB"); disk > 0 {
			v["diskSizeGB"] = decimal(disk)
			break
		}
	}
	v["replicationSpecs"] = byZone(objectsIn(v["replicationSpecs"]))
	if c.version < multiCloud {
		legacyCluster(t, v)
	}
}

// byZone puts the shards of a zone that are alike into one, and counts them.
func byZone(specs []map[string]any) []any {
	zones := []any{}
	for _, spec := range specs {
		i := slices.IndexFunc(zones, func(z any) bool {
			one := z.(map[string]any)
			return one["zoneId"] == spec["zoneId"] && jsonOf(one["regionConfigs"]) == jsonOf(spec["regionConfigs"])
		})
		if i < 0 {
			zone := maps.Clone(spec)
			zone["numShards"] = float64(1)
			zones = append(zones, zone)
			continue
		}
		zone := zones[i].(map[string]any)
		zone["numShards"] = numberIn(zone, "numShards") + 1
	}
	return zones
}
