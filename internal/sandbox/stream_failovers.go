package sandbox

// streamFailovers take the place of a connection in another region. Bodies name
// the connection; one that names another ends in an error of Atlas's own. That the
// region is one of the workspace's failover regions is believed.
var streamFailovers = &resource{
	name: "streamFailovers", of: streamConnections,
	list: "listGroupStreamConnectionFailoverConnections", get: "getGroupStreamConnectionFailoverConnection",
	create: "createGroupStreamConnectionFailoverConnection", update: "updateGroupStreamConnectionFailoverConnection",
	remove:    "deleteGroupStreamConnectionFailoverConnection",
	id:        "id",
	identity:  []string{"region"},
	params:    []string{"failoverConnectionId=id"},
	missing:   "STREAM_FAILOVER_CONNECTION_NOT_FOUND",
	taken:     "STREAM_FAILOVER_CONNECTION_ALREADY_EXISTS",
	immutable: []string{"type", "region"},
	cycle: &cycle{
		member: "state", created: "PENDING", removing: "DELETING",
		next: map[string]string{"PENDING": "READY", "DELETING": gone},
	},
	prepare: func(c *call, old *thing, body map[string]any) error {
		if name := textOf(body, "name"); name != c.param("connectionName") {
			return fail(500, "UNEXPECTED_ERROR", "Unexpected error.")
		}
		return prepareStreamConnection(c, old, body)
	},
	check: func(_ *call, _, t *thing) error {
		if t.text("type") == "Kafka" && t.Fields["networking"] == nil {
			t.Fields["networking"] = map[string]any{"access": map[string]any{"type": "PUBLIC"}}
		}
		return nil
	},
}
