package sandbox

import (
	"fmt"
	"net/netip"
	"slices"
)

var networkPart = part{
	id: "networkPeering", name: "Network Peering", scope: perProject,
	resources: []*resource{containers, peers},
}

// containers are the networks of a project in its clouds: one a region, on GCP one
// for all. A cluster makes the one that it needs. What a cluster or a peering is in
// cannot be changed and does not go. That it is so for some minutes after the last
// cluster has gone is not emulated.
var containers = &resource{
	name: "containers",
	list: "listGroupContainers", lists: []string{"listGroupContainerAll"}, get: "getGroupContainer",
	create: "createGroupContainer", update: "updateGroupContainer", remove: "deleteGroupContainer",
	id: "id", params: []string{"containerId=id"},
	missing: "CLOUD_PROVIDER_CONTAINER_NOT_FOUND",
	same:    func(a, b *thing) bool { return networkOf(a.Fields) == networkOf(b.Fields) },
	taken:   "CLOUD_PROVIDER_CONTAINER_ALREADY_EXISTS",
	prepare: func(_ *call, old *thing, body map[string]any) error {
		if old == nil && body["providerName"] == nil {
			body["providerName"] = onAWS
		}
		if old != nil && body["providerName"] != nil && body["providerName"] != old.Fields["providerName"] {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute providerName specified.")
		}
		if block, err := netip.ParsePrefix(textOf(body, "atlasCidrBlock")); body["atlasCidrBlock"] != nil && (err != nil || !block.Addr().IsPrivate() || !fitsCloud(textOf(body, "providerName"), block.Bits())) {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute atlasCidrBlock specified.")
		}
		return nil
	},
	check: func(c *call, old, t *thing) error {
		if old == nil {
			furnish(c, t)
			return nil
		}
		if len(changedMembers(old, t)) > 0 && len(holdersOf(c, old)) > 0 {
			return fail(409, "CONTAINERS_IN_USE", "Cannot modify in use containers.")
		}
		return nil
	},
	removable: func(c *call, t *thing) error {
		if len(holdersOf(c, t)) > 0 {
			return fail(409, "CONTAINERS_IN_USE", "Cannot modify in use containers.")
		}
		return nil
	},
	show: func(c *call, t *thing, v map[string]any) { v["provisioned"] = len(holdersOf(c, t)) > 0 },
	filter: func(c *call, t *thing) bool {
		return c.id == "listGroupContainerAll" || t.text("providerName") == c.provider()
	},
}

// provider is the cloud that a list is asked for: without being told, AWS.
func (c *call) provider() string {
	if asked := c.query.Get("providerName"); asked != "" {
		return asked
	}
	return onAWS
}

// fitsCloud says how large a network a cloud takes.
func fitsCloud(cloud string, bits int) bool {
	if cloud == onGCP {
		return bits <= 18
	}
	return bits >= 21 && bits <= 24
}

// networkOf tells a project's networks apart.
func networkOf(fields map[string]any) string {
	switch cloud := textOf(fields, "providerName"); cloud {
	case onAzure:
		return cloud + " " + textOf(fields, "region")
	case onGCP:
		return cloud
	default:
		return cloud + " " + textOf(fields, "regionName")
	}
}

// furnish gives a new network what Atlas gives it.
func furnish(c *call, t *thing) {
	cloud := t.text("providerName")
	if t.Fields["atlasCidrBlock"] == nil {
		block := map[string]string{onAWS: "192.168.%d.0/21", onAzure: "192.168.%d.0/21", onGCP: "192.168.%d.0/18"}[cloud]
		place := 248 - 8*len(c.things("containers"))
		if cloud == onGCP {
			place = 192
		}
		t.Fields["atlasCidrBlock"] = fmt.Sprintf(block, max(0, place))
	}
	switch id := t.text("id"); cloud {
	case onAWS:
		t.Fields["vpcId"] = "vpc-" + id[:17]
	case onAzure:
		t.Fields["azureSubscriptionId"], t.Fields["vnetName"] = id, "vnet_"+id
	case onGCP:
		t.Fields["gcpProjectId"], t.Fields["networkName"] = "p-"+id, "nt-"+id+"-"+id[:8]
	}
}

// holdersOf are the clusters and peerings in a network.
func holdersOf(c *call, t *thing) []*thing {
	var all []*thing
	for _, cluster := range c.things("clusters") {
		if !isTenant(cluster) && slices.Contains(networksOf(cluster), networkOf(t.Fields)) {
			all = append(all, cluster)
		}
	}
	for _, peer := range c.things("peers") {
		if peer.text("containerId") == t.text("id") {
			all = append(all, peer)
		}
	}
	return all
}

// networksOf are the networks that a cluster is in.
func networksOf(cluster *thing) []string {
	var all []string
	for _, region := range regionsOf(cluster) {
		all = append(all, networkOf(containerFor(region)))
	}
	return all
}

// containerFor are the members of the network of a cluster's region.
func containerFor(region map[string]any) map[string]any {
	fields := map[string]any{"providerName": region["providerName"]}
	switch region["providerName"] {
	case onAzure:
		fields["region"] = region["regionName"]
	case onAWS:
		fields["regionName"] = region["regionName"]
	case onGCP:
		fields["regions"] = []any{region["regionName"]}
	}
	return fields
}

// madeNetworks makes the networks that a cluster needs and that are not there.
func madeNetworks(c *call, cluster *thing) {
	if isTenant(cluster) {
		return
	}
	for _, region := range regionsOf(cluster) {
		fields := containerFor(region)
		if slices.ContainsFunc(c.things("containers"), func(t *thing) bool { return networkOf(t.Fields) == networkOf(fields) }) {
			continue
		}
		id := newID(c.now)
		fields["id"] = id
		t := &thing{Key: id, Made: c.now, Fields: fields}
		furnish(c, t)
		c.write("containers", t)
	}
}
