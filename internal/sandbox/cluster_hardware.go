package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// nodeSets are the sets of nodes of a region: the member that a client sends,
// the one with the hardware that they really have, and the one that says how
// that grows by itself.
var nodeSets = []struct{ sent, real, scaling string }{
	{"electableSpecs", "effectiveElectableSpecs", "autoScaling"},
	{"readOnlySpecs", "effectiveReadOnlySpecs", "autoScaling"},
	{"analyticsSpecs", "effectiveAnalyticsSpecs", "analyticsAutoScaling"},
}

// objectsIn are the objects of a list.
func objectsIn(list any) []map[string]any {
	return objectsOf(&thing{Fields: map[string]any{"": list}}, "")
}

// objectIn is a member that is an object, nil if it is none.
func objectIn(m map[string]any, name string) map[string]any {
	o, _ := m[name].(map[string]any)
	return o
}

// listIn is a member that is an array, nil if it is none.
func listIn(m map[string]any, name string) []any {
	list, _ := m[name].([]any)
	return list
}

func numberIn(m map[string]any, name string) float64 {
	n, _ := m[name].(float64)
	return n
}

func specsOf(t *thing) []map[string]any { return objectsOf(t, "replicationSpecs") }

// regionsOf are all regions of a cluster.
func regionsOf(t *thing) []map[string]any {
	var all []map[string]any
	for _, spec := range specsOf(t) {
		all = append(all, objectsIn(spec["regionConfigs"])...)
	}
	return all
}

func isTenant(t *thing) bool { return hasProvider(t, "TENANT") }

func hasProvider(t *thing, name string) bool {
	return slices.ContainsFunc(regionsOf(t), func(r map[string]any) bool { return textOf(r, "providerName") == name })
}

// nodesOf counts the nodes of one sort in a cluster.
func nodesOf(t *thing, set string) int {
	n := 0
	for _, region := range regionsOf(t) {
		n += int(numberIn(objectIn(region, set), "nodeCount"))
	}
	return n
}

// sizeOf is the tier that a cluster really has.
func sizeOf(t *thing) string {
	for _, region := range regionsOf(t) {
		if size := textOf(objectIn(region, nodeSets[0].real), "instanceSize"); size != "" {
			return size
		}
	}
	return ""
}

func invalidCluster(format string, args ...any) error {
	return fail(400, "INVALID_CLUSTER_CONFIGURATION", "The specified cluster configuration is not valid: "+format, args...)
}

// fillSpecs gives each shard its id and zone, and each region the sets of nodes
// and settings that a body leaves out. What a body leaves out of a list is gone.
func fillSpecs(c *call, old, t *thing) error {
	before := &thing{Fields: map[string]any{}}
	if old != nil {
		before = old
	}
	specs := specsOf(t)
	if len(specs) == 0 {
		return missingAttribute("replicationSpecs")
	}
	if err := nameZones(t, before, specs); err != nil {
		return err
	}
	pairs := pairSpecs(before, specs)
	zones := map[string]any{}
	for _, spec := range specsOf(before) {
		zones[textOf(spec, "zoneName")] = spec["zoneId"]
	}
	fill := filling{disk: diskOf(specs), sent: c.keepsSent(specs)}
	if fill.disk == nil && !(fill.sent && old != nil) {
		fill.disk = usualDisk(firstSize(specs))
	}
	for i, spec := range specs {
		spec["id"] = newID(c.now)
		if pairs[i] != nil {
			spec["id"] = pairs[i]["id"]
		}
		zone := textOf(spec, "zoneName")
		if zones[zone] == nil {
			zones[zone] = newID(c.now)
		}
		spec["zoneId"] = zones[zone]
		if err := fill.regions(spec, pairs[i]); err != nil {
			return err
		}
	}
	return nil
}

// nameZones names the zones that a body does not name.
func nameZones(t, old *thing, specs []map[string]any) error {
	for i, spec := range specs {
		name := textOf(spec, "zoneName")
		for _, before := range specsOf(old) {
			if name == "" && (before["id"] == spec["id"] || before["zoneId"] == spec["zoneId"] && spec["zoneId"] != nil) {
				name = textOf(before, "zoneName")
			}
		}
		if name == "" && spec["id"] == nil && i < len(specsOf(old)) {
			name = textOf(specsOf(old)[i], "zoneName")
		}
		if name == "" {
			name = "Zone 1"
			if t.text("clusterType") == "GEOSHARDED" {
				name = "Zone " + strconv.Itoa(i+1)
			}
		}
		if spec["zoneName"] = name; t.text("clusterType") != "GEOSHARDED" && name != textOf(specs[0], "zoneName") {
			return invalidCluster("all replicationSpecs of a cluster that is not GEOSHARDED are in one zone, not in %q and %q", specs[0]["zoneName"], name)
		}
	}
	return nil
}

// pairSpecs finds which old shard each new one is: by its id, else by its zone
// and its place in it.
func pairSpecs(old *thing, specs []map[string]any) []map[string]any {
	free := specsOf(old)
	take := func(found func(map[string]any) bool) map[string]any {
		i := slices.IndexFunc(free, found)
		if i < 0 {
			return nil
		}
		one := free[i]
		free = slices.Delete(slices.Clone(free), i, i+1)
		return one
	}
	pairs := make([]map[string]any, len(specs))
	for i, spec := range specs {
		if spec["id"] != nil {
			pairs[i] = take(func(o map[string]any) bool { return o["id"] == spec["id"] })
		}
	}
	for i, spec := range specs {
		if pairs[i] == nil {
			pairs[i] = take(func(o map[string]any) bool { return o["zoneName"] == spec["zoneName"] })
		}
	}
	return pairs
}

// diskOf is the first disk size that a client wrote: all nodes have the same.
func diskOf(specs []map[string]any) any {
	for _, spec := range specs {
		for _, region := range objectsIn(spec["regionConfigs"]) {
			for _, set := range nodeSets {
				if size := objectIn(region, set.sent)["diskSizeGB"]; size != nil {
					return size
				}
			}
		}
	}
	return nil
}

// A filling is what the parts of a cluster's hardware have in common while they
// are filled in.
type filling struct {
	disk any  // the size that the client wrote, nil for none
	sent bool // what the client sends is kept apart from what is really there
}

func (f filling) regions(spec, old map[string]any) error {
	regions := objectsIn(spec["regionConfigs"])
	if len(regions) == 0 {
		return fail(400, "REPLICATION_SPECS_INVALID", "The replicationSpecs array contains a document with missing fields. All fields must be specified in the replicationSpecs array.")
	}
	for i, region := range regions {
		var before map[string]any
		for _, r := range objectsIn(old["regionConfigs"]) {
			if r["providerName"] == region["providerName"] && r["regionName"] == region["regionName"] {
				before = r
			}
		}
		for _, name := range []string{"providerName", "regionName"} {
			if textOf(region, name) == "" {
				return missingAttribute(name)
			}
		}
		if err := checkPlace(region); err != nil {
			return err
		}
		if textOf(region, "providerName") == "TENANT" {
			if err := fillTenant(region); err != nil {
				return err
			}
			continue
		}
		if err := f.nodes(region, before); err != nil {
			return err
		}
		if _, set := region["priority"]; !set {
			region["priority"] = float64(0)
			if numberIn(objectIn(region, "electableSpecs"), "nodeCount") > 0 {
				region["priority"] = float64(7 - i)
			}
		}
		f.scaling(region, before)
	}
	return nil
}

// checkPlace refuses a region that the provider has not.
func checkPlace(region map[string]any) error {
	provider, name := textOf(region, "providerName"), textOf(region, "regionName")
	if provider == "TENANT" {
		if provider = textOf(region, "backingProviderName"); provider == "" {
			return missingAttribute("backingProviderName")
		}
	}
	places := api.Load().Schema("CloudRegionConfig20240805").Properties["regionName"].OneOf
	i := slices.Index([]string{"AWS", "AZURE", "GCP"}, provider)
	if i < 0 || i >= len(places) || !slices.Contains(places[i].Enum, any(name)) {
		return fail(400, "INVALID_REGION", "No region %s exists for provider %s.", name, provider)
	}
	return nil
}

func fillTenant(region map[string]any) error {
	nodes := objectIn(region, "electableSpecs")
	size := textOf(nodes, "instanceSize")
	if !slices.Contains([]string{"M0", "M2", "M5"}, size) {
		return fail(400, "INVALID_ENUM_VALUE", "An invalid enumeration value %s was specified.", size)
	}
	region["electableSpecs"] = map[string]any{"instanceSize": size, "diskSizeGB": map[string]float64{"M0": 0.5, "M2": 2, "M5": 5}[size]}
	region["priority"] = float64(7)
	return nil
}

// nodes fills in the sets of nodes of a region. One that is left out has no nodes
// any more; only with the header of the effective fields, where a client need not say
// what hardware it wants, it stays as it was.
func (f filling) nodes(region, old map[string]any) error {
	provider := textOf(region, "providerName")
	others := numberIn(objectIn(region, "readOnlySpecs"), "nodeCount") + numberIn(objectIn(region, "analyticsSpecs"), "nodeCount")
	if region["electableSpecs"] == nil && !(f.sent && old != nil) && (others == 0 || numberIn(region, "priority") > 0) {
		return missingAttribute("electableSpecs")
	}
	size := ""
	for _, set := range nodeSets {
		if region[set.sent] == nil && f.sent && old != nil {
			region[set.sent] = maps.Clone(objectIn(old, set.sent))
		}
		size = cmp.Or(size, textOf(objectIn(region, set.sent), "instanceSize"))
	}
	for _, set := range nodeSets {
		nodes := objectIn(region, set.sent)
		if nodes == nil {
			nodes = map[string]any{}
			region[set.sent] = nodes
		}
		if f.sent {
			for _, name := range []string{"instanceSize", "nodeCount", "diskSizeGB"} {
				if nodes[name] == nil && old != nil {
					nodes[name] = objectIn(old, set.sent)[name]
				}
			}
		}
		if textOf(nodes, "instanceSize") == "" {
			if size == "" {
				return missingAttribute("instanceSize")
			}
			nodes["instanceSize"] = size
		}
		if sizes := sizesOf(provider); !slices.Contains(sizes, any(nodes["instanceSize"])) {
			return fail(400, "INVALID_ENUM_VALUE", "An invalid enumeration value %s was specified.", nodes["instanceSize"])
		}
		if nodes["nodeCount"] == nil {
			nodes["nodeCount"] = float64(0)
		}
		fillDisk(nodes, provider, f.disk)
	}
	return nil
}

// sizesOf are the tiers that a provider has.
func sizesOf(provider string) []any {
	schema := map[string]string{"AWS": "AWSHardwareSpec20240805", "AZURE": "AzureHardwareSpec20240805", "GCP": "GCPHardwareSpec20240805"}[provider]
	if schema == "" {
		return nil
	}
	return api.Load().Schema(schema).Properties["instanceSize"].Enum
}

func fillDisk(nodes map[string]any, provider string, disk any) {
	if nodes["diskSizeGB"] == nil {
		nodes["diskSizeGB"] = disk
	}
	switch provider {
	case "AWS":
		if nodes["ebsVolumeType"] == nil {
			nodes["ebsVolumeType"] = "STANDARD"
		}
		if nodes["diskIOPS"] == nil {
			nodes["diskIOPS"] = max(3000, 3*numberIn(nodes, "diskSizeGB"))
		}
	case "AZURE":
		if nodes["diskIOPS"] == nil {
			nodes["diskIOPS"] = float64(120)
		}
	case "GCP":
		delete(nodes, "diskIOPS")
	}
}

// firstSize is the first tier that a client wrote.
func firstSize(specs []map[string]any) string {
	for _, spec := range specs {
		for _, region := range objectsIn(spec["regionConfigs"]) {
			for _, set := range nodeSets {
				if size := textOf(objectIn(region, set.sent), "instanceSize"); size != "" {
					return size
				}
			}
		}
	}
	return ""
}

// usualDisk is the disk of a tier if nobody says another.
func usualDisk(size string) float64 {
	if strings.Contains(size, "NVME") {
		return 380
	}
	disks := []struct{ rank, disk float64 }{{10, 10}, {20, 20}, {30, 40}, {40, 80}, {50, 160}, {60, 320}, {80, 750}}
	for _, d := range disks {
		if rankOf(size) <= d.rank {
			return d.disk
		}
	}
	return 1000
}

// rankOf orders the tiers: the number in their names.
func rankOf(size string) float64 {
	digits, _, _ := strings.Cut(strings.TrimLeft(size, "MR"), "_")
	n, _ := strconv.Atoi(digits)
	return float64(n)
}

// sortRegions puts the regions of each shard into the order of answers.
func sortRegions(specs []map[string]any) {
	for _, spec := range specs {
		regions := objectsIn(spec["regionConfigs"])
		slices.SortStableFunc(regions, func(a, b map[string]any) int {
			return cmp.Or(cmp.Compare(numberIn(b, "priority"), numberIn(a, "priority")), cmp.Compare(textOf(b, "regionName"), textOf(a, "regionName")))
		})
		sorted := []any{}
		for _, r := range regions {
			sorted = append(sorted, r)
		}
		spec["regionConfigs"] = sorted
	}
}
