package sandbox

var privateEndpointPart = part{
	id: "privateEndpoints", name: "Private Endpoint Services", scope: perProject,
	resources: []*resource{regionalMode, endpointServices, endpoints},
}

// regionalMode is off until somebody switches it on. Either way the clusters get
// other connection strings, and work for a while.
var regionalMode = &resource{
	name: "privateEndpointRegionalMode",
	get:  "getGroupPrivateEndpointRegionalMode", update: "toggleGroupPrivateEndpointRegionalMode",
	singleton: true,
	eventsOf: func(t *thing) [3]string {
		event := "REGIONALIZED_PRIVATE_ENDPOINT_MODE_DISABLED"
		if t.Fields["enabled"] == true {
			event = "REGIONALIZED_PRIVATE_ENDPOINT_MODE_ENABLED"
		}
		return [3]string{event, event}
	},
	defaults: map[string]any{"enabled": false},
	wrote: func(c *call, old, t *thing) {
		if len(changedMembers(old, t)) == 0 {
			return
		}
		for _, cluster := range c.things("clusters") {
			c.putToWork(cluster, func(*thing) {}) // it is other connection strings that it gets
		}
	},
}
