package sandbox_test

import "testing"

func TestMaintenanceWindow(t *testing.T) {
	a := acme(t)
	path := a.in("/maintenanceWindow")
	unset := a.get(path).want(200)
	equal(t, unset.at("dayOfWeek")+unset.at("hourOfDay")+unset.at("autoDeferOnceEnabled"), "false")

	// The answer is empty, and each change needs the day.
	equal(t, a.patch(path, `{"dayOfWeek":7,"hourOfDay":3,"autoDeferOnceEnabled":true}`).want(200).body, "")
	a.patch(path, `{"hourOfDay":4}`).want(400, "VALIDATION_ERROR")
	a.patch(path, `{"dayOfWeek":0}`).want(400)
	a.patch(path, `{"dayOfWeek":8}`).want(400)
	a.patch(path, `{"dayOfWeek":1,"hourOfDay":24}`).want(400)
	a.patch(path, `{"dayOfWeek":4,"protectedHours":{"startHourOfDay":9,"endHourOfDay":17},"startASAP":true}`).want(200)
	now := a.get(path)
	equal(t, now.at("dayOfWeek")+now.at("hourOfDay")+now.at("autoDeferOnceEnabled")+now.at("protectedHours.endHourOfDay"), "43true17")
	equal(t, now.at("startASAP")+now.at("numberOfDeferrals")+now.at("timeZoneId"), "false0UTC")
	a.patch(path, `{"dayOfWeek":4,"protectedHours":{"startHourOfDay":9}}`).want(400)
	a.patch(path, `{"dayOfWeek":4,"protectedHours":{"startHourOfDay":null,"endHourOfDay":null}}`).want(200)
	equal(t, a.get(path).at("protectedHours"), "")

	// This one toggles; there is never anything to defer.
	equal(t, a.post(path+"/autoDefer", "").want(200).body, "")
	equal(t, a.get(path).at("autoDeferOnceEnabled"), "false")
	a.post(path+"/autoDefer", "").want(200)
	equal(t, a.get(path).at("autoDeferOnceEnabled"), "true")
	a.post(path+"/defer", "").want(400, "ATLAS_MAINTENANCE_NOT_SCHEDULED")

	a.delete(path).want(204)
	equal(t, a.get(path).body, unset.body)
	a.delete(path).want(204)
	equal(t, a.get(a.in("/events?excludedEventType=ATLAS_MAINTENANCE_WINDOW_REMOVED")).each("results", "eventTypeName"),
		"ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED ATLAS_MAINTENANCE_AUTO_DEFER_DISABLED ATLAS_MAINTENANCE_PROTECTED_HOURS_REMOVED "+
			"ATLAS_MAINTENANCE_WINDOW_MODIFIED ATLAS_MAINTENANCE_PROTECTED_HOURS_CREATED ATLAS_MAINTENANCE_WINDOW_ADDED ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED")
}

// In the preview a project may choose a wave, and no day.
func TestMaintenanceWaves(t *testing.T) {
	a := acme(t)
	path := a.in("/maintenanceWindow")
	a.sdk("preview", "PATCH", path, `{"waveAssignment":2}`).want(200)
	now := a.sdk("preview", "GET", path, "").want(200)
	equal(t, now.at("waveAssignment")+now.at("effectiveWaveAssignment")+now.at("dayOfWeek"), "22")
	a.sdk("preview", "PATCH", path, `{"waveAssignment":4}`).want(400)
	a.patch(path, `{"dayOfWeek":1,"waveAssignment":1}`).want(400, "INVALID_ATTRIBUTE")
	a.patch(path, `{"dayOfWeek":1}`).want(200)
	equal(t, a.get(path).at("waveAssignment")+a.get(path).at("effectiveWaveAssignment"), "")
	a.sdk("preview", "PATCH", path, `{"waveAssignment":null}`).want(200)
	now = a.sdk("preview", "GET", path, "").want(200)
	equal(t, now.at("waveAssignment")+now.at("effectiveWaveAssignment")+now.at("dayOfWeek"), "11")
	a.sdk("preview", "GET", a.in("/settings"), "").want(406)
}
