package sandbox

import "strings"

// queryShapes are the shapes of queries that somebody has rejected, or taken
// back: the emulator has no queries that could show others.
var queryShapes = &resource{
	name: "queryShapes", of: clusters,
	list: "listGroupClusterQueryShapes", get: "getGroupClusterQueryShape", create: "updateGroupClusterQueryShape",
	identity: []string{"queryShapeHash"},
	upsert:   true,
	eventsOf: func(t *thing) [3]string {
		event := "QUERY_SHAPE_UNBLOCKED"
		if t.text("status") == "REJECTED" {
			event = "QUERY_SHAPE_BLOCKED"
		}
		return [3]string{event, event}
	},
	missing: "QUERY_SHAPE_NOT_FOUND",
	prepare: func(c *call, _ *thing, body map[string]any) error {
		body["queryShapeHash"] = strings.ToUpper(c.param("queryShapeHash"))
		return nil
	},
	named: func(c *call, t *thing) bool {
		return strings.EqualFold(t.text("queryShapeHash"), c.param("queryShapeHash"))
	},
	filter: func(_ *call, t *thing) bool { return t.text("status") == "REJECTED" }, // the only status that a list takes
}
