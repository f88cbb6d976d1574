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
	preview:   true,
	actions: []action{
		{operation: "toggleGroupMaintenanceWindowAutoDefer", do: toggleAutoDefer},
		{operation: "deferGroupMaintenanceWindow", do: func(*call, *thing, map[string]any) (any, error) {
			return nil, fail(400, "ATLAS_MAINTENANCE_NOT_SCHEDULED", "No maintenance is scheduled for the project.")
		}},
	},
	defaults: map[string]any{"autoDeferOnceEnabled": false, "startASAP": false, "numberOfDeferrals": 0.0, "timeZoneId": "UTC"},
	prepare:  prepareWindow,
	wrote:    windowWrote,
	show:     showWindow,
	events:   [3]string{"", "", "ATLAS_MAINTENANCE_WINDOW_REMOVED"},
}

// prepareWindow holds a request to what Atlas wants in each; the preview, in
// which a project may have a wave and no day, wants no day. A start as soon as
// possible is over at once: nothing waits for it.
func prepareWindow(c *call, old *thing, body map[string]any) error {
	if body["dayOfWeek"] == nil && c.version != preview {
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
	if body["dayOfWeek"] != nil && body["hourOfDay"] == nil && old.Fields["hourOfDay"] == nil {
		body["hourOfDay"] = 0.0
	}
	body["startASAP"] = false
	return nil
}

// showWindow tells, in the preview, the wave that a project is in without
// having chosen one.
func showWindow(_ *call, _ *thing, v map[string]any) {
	if v["effectiveWaveAssignment"] = v["waveAssignment"]; v["waveAssignment"] == nil {
		v["effectiveWaveAssignment"] = 1.0
	}
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
	case schedule(old) == schedule(t):
	case old.Fields["dayOfWeek"] == nil:
		c.happened("ATLAS_MAINTENANCE_WINDOW_ADDED")
	default:
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
