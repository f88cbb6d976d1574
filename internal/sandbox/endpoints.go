package sandbox

import (
	"fmt"
	"regexp"
	"strings"
)

// endpoints are people's sides of private endpoints. No operation lists them: the
// service does. An interface whose id ends in dead is one that AWS does not know.
var endpoints = &resource{
	name: "endpoints", of: endpointServices,
	get:    "getGroupPrivateEndpointEndpointServiceEndpoint",
	create: "createGroupPrivateEndpointEndpointServiceEndpoint", remove: "deleteGroupPrivateEndpointEndpointServiceEndpoint",
	named: func(c *call, t *thing) bool {
		if t.text("cloudProvider") == onAzure {
			return strings.EqualFold(endpointID(t), c.param("endpointId"))
		}
		return endpointID(t) == c.param("endpointId")
	},
	same:    func(a, b *thing) bool { return endpointID(a) == endpointID(b) },
	missing: "PRIVATE_ENDPOINT_NOT_FOUND", taken: "PRIVATE_ENDPOINT_ALREADY_EXISTS",
	cycle: &cycle{
		created: endpointNew, removing: endpointGoing,
		becomes: func(_ *call, t *thing) string {
			switch {
			case t.State == endpointGoing:
				return gone
			case t.State != endpointNew:
				return ""
			case strings.HasSuffix(endpointID(t), "dead"):
				return endpointRefused
			}
			return endpointUp
		},
	},
	prepare: prepareEndpoint,
	show: func(_ *call, t *thing, v map[string]any) {
		v["deleteRequested"] = t.State == endpointGoing
		if t.text("cloudProvider") == onGCP {
			v["endpointGroupName"], v["gcpProjectId"], v["endpoints"] = t.Fields["group"], t.Fields["project"], t.Fields["rules"]
		}
		words := map[string]string{endpointNew: "INITIATING", endpointRefused: "FAILED"}
		member := "status"
		if t.text("cloudProvider") == onAWS {
			member, words = "connectionStatus", map[string]string{endpointNew: "PENDING"}
		}
		if v[member] = words[t.State]; words[t.State] == "" {
			v[member] = t.State
		}
		if t.State == endpointRefused {
			v["errorMessage"] = "The endpoint is not known to the cloud."
		}
	},
	wrote: func(c *call, _, _ *thing) {
		for _, cluster := range c.things("clusters") {
			c.putToWork(cluster, func(*thing) {}) // it is other connection strings that it gets
		}
	},
}

var azureEndpoint = regexp.MustCompile(`^/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resource[gG]roups/[-\w._()]+/providers/Microsoft\.Network/privateEndpoints/[-\w._()]+$`)

// The states of an endpoint.
const (
	endpointNew     = "NEW"
	endpointUp      = "AVAILABLE"
	endpointRefused = "REJECTED"
	endpointGoing   = "DELETING"
)

// endpointID is what people call an endpoint by.
func endpointID(t *thing) string {
	for _, name := range []string{"interfaceEndpointId", "privateEndpointResourceId", "group"} {
		if id := t.text(name); id != "" {
			return id
		}
	}
	return ""
}

func prepareEndpoint(c *call, _ *thing, body map[string]any) error {
	cloud, id := c.param("cloudProvider"), textOf(body, "id")
	if said := textOf(body, "cloudProvider"); said != "" && said != cloud {
		return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute cloudProvider specified.")
	}
	needs := map[string][]string{onAWS: {"id"}, onAzure: {"id", "privateEndpointIPAddress"}, onGCP: {"endpointGroupName", "gcpProjectId", "endpoints"}}[cloud]
	for _, name := range needs {
		if body[name] == nil || body[name] == "" {
			return missingAttribute(name)
		}
	}
	delete(body, "id")
	body["cloudProvider"] = cloud
	switch cloud {
	case onAWS:
		if !strings.HasPrefix(id, "vpce-") {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute id specified.")
		}
		body["interfaceEndpointId"] = id
	case onAzure:
		if !azureEndpoint.MatchString(id) {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute id specified.")
		}
		body["privateEndpointResourceId"] = id
		body["privateEndpointConnectionName"] = uuidOf(id) + "%2F" + id[strings.LastIndexByte(id, '/')+1:] + "%2F" + uuidOf(id)
	case onGCP:
		// What a request says is write-only, and of the same names as what is told.
		body["group"], body["project"], body["rules"] = body["endpointGroupName"], body["gcpProjectId"], body["endpoints"]
		for _, e := range objectsIn(body["rules"]) {
			e["status"] = "AVAILABLE"
		}
	}
	return nil
}

func gcpAttachment(id, region string, i int) string {
	return fmt.Sprintf("https://www.googleapis.com/compute/v1/projects/p-%s/regions/%s/serviceAttachments/sa-%s-%d", id, region, id, i)
}
