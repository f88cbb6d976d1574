package sandbox

var maintenancePart = part{
	id: "maintenanceWindow", name: "Maintenance Windows", scope: perProject,
	resources: []*resource{maintenanceWindow},
}

// maintenanceWindow is when Atlas may work on a project's clusters. It has no
// day until somebody sets one. Here no maintenance is ever scheduled.
var maintenanceWindow = &resource{
	name: "maintenanceWindow",
	get:  "getGroupMaintenanceWindow", update: "updateGroupMaintenanceWindow", remove: "resetGroupMaintenanceWindow",
	singleton: true,
	actions: []action{
		{operation: "toggleGroupMaintenanceWindowAutoDefer", do: toggleAutoDefer},
		{operation: "deferGroupMaintenanceWindow", do: func(*call, *thing, map[string]any) (any, error) {
			return nil, fail(400, "ATLAS_MAINTENANCE_NOT_SCHEDULED", "No maintenance is scheduled for the project.")
		}},
	},
	defaults: map[string]any{"autoDeferOnceEnabled": false, "startASAP": false, "numberOfDeferrals": 0.0, "timeZoneId": "UTC"},
	prepare:  prepareWindow,
	wrote:    windowWrote,
	events:   [3]string{"", "", "ATLAS_MAINTENANCE_WINDOW_REMOVED"},
}

// prepareWindow holds a request to what Atlas wants in each. A start as soon as
// possible is over at once: nothing waits for it.
func prepareWindow(_ *call, old *thing, body map[string]any) error {
	if body["dayOfWeek"] == nil {
		return invalid(violation{"dayOfWeek", "is required"})
	}
	if hours, ok := body["protectedHours"].(map[string]any); ok {
		start, end := hours["startHourOfDay"], hours["endHourOfDay"]
		switch {
		case (start == nil) != (end == nil):
			return invalid(violation{"protectedHours", "must have both startHourOfDay and endHourOfDay, or null for both"})
		case start == nil:
			body["protectedHours"] = nil
		}
	}
	if body["hourOfDay"] == nil && old.Fields["hourOfDay"] == nil {
		body["hourOfDay"] = 0.0
	}
	body["startASAP"] = false
	return nil
}

func toggleAutoDefer(c *call, t *thing, _ map[string]any) (any, error) {
	old := t.clone()
	t.Fields["autoDeferOnceEnabled"] = t.Fields["autoDeferOnceEnabled"] != true
	c.autoDeferHappened(old, t)
	return t, nil
}

func windowWrote(c *call, old, t *thing) {
	schedule := func(t *thing) string { return jsonOf([]any{t.Fields["dayOfWeek"], t.Fields["hourOfDay"]}) }
	switch {
	case old.Fields["dayOfWeek"] == nil:
		c.happened("ATLAS_MAINTENANCE_WINDOW_ADDED")
	case schedule(old) != schedule(t):
		c.happened("ATLAS_MAINTENANCE_WINDOW_MODIFIED")
	}
	before, after := old.Fields["protectedHours"], t.Fields["protectedHours"]
	switch {
	case jsonOf(before) == jsonOf(after):
	case before == nil:
		c.happened("ATLAS_MAINTENANCE_PROTECTED_HOURS_CREATED")
	case after == nil:
		c.happened("ATLAS_MAINTENANCE_PROTECTED_HOURS_REMOVED")
	default:
		c.happened("ATLAS_MAINTENANCE_PROTECTED_HOURS_MODIFIED")
	}
	c.autoDeferHappened(old, t)
}

func (c *call) autoDeferHappened(old, t *thing) {
	if enabled := t.Fields["autoDeferOnceEnabled"]; enabled != old.Fields["autoDeferOnceEnabled"] {
		c.happened(map[bool]string{true: "ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED", false: "ATLAS_MAINTENANCE_AUTO_DEFER_DISABLED"}[enabled == true])
	}
}
