package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// MaintenanceWindow operations: getGroupMaintenanceWindow,
// updateGroupMaintenanceWindow (merges, wants the day each time, answers nothing),
// resetGroupMaintenanceWindow.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "MaintenanceWindow", Section: "maintenanceWindow", Parent: "Project", Singleton: true,
		Doc:  "When Atlas may restart the project's clusters for maintenance. state: absent leaves it to Atlas again.",
		Role: "Project Owner",
		Events: &spec.Events{Made: []string{"ATLAS_MAINTENANCE_WINDOW_ADDED"},
			Changed: []string{"ATLAS_MAINTENANCE_WINDOW_MODIFIED", "ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED", "ATLAS_MAINTENANCE_AUTO_DEFER_DISABLED", "ATLAS_MAINTENANCE_PROTECTED_HOURS_CREATED", "ATLAS_MAINTENANCE_PROTECTED_HOURS_MODIFIED", "ATLAS_MAINTENANCE_PROTECTED_HOURS_REMOVED"},
			Gone:    []string{"ATLAS_MAINTENANCE_WINDOW_REMOVED"},
			Fields:  map[string][]string{"ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED": {"autoDeferOnceEnabled"}, "ATLAS_MAINTENANCE_AUTO_DEFER_DISABLED": {"autoDeferOnceEnabled"}, "ATLAS_MAINTENANCE_PROTECTED_HOURS_CREATED": {"protectedHours"}, "ATLAS_MAINTENANCE_PROTECTED_HOURS_MODIFIED": {"protectedHours"}, "ATLAS_MAINTENANCE_PROTECTED_HOURS_REMOVED": {"protectedHours"}}},
		Unset: &spec.Cond{At: "/dayOfWeek", Values: []string{"", "0"}},
		Fields: []spec.Field{
			{Name: "dayOfWeek", Required: true, Doc: "The day: 1 is Sunday, 7 Saturday."},
			{Name: "hourOfDay", Max: 23, Doc: "The hour (UTC, or the project's time zone) in which maintenance begins."},
			{Name: "autoDeferOnceEnabled", Default: false, Doc: "Whether each maintenance is put off by a week once."},
			{Name: "protectedHours", Nullable: true, NullAs: map[string]any{"startHourOfDay": nil, "endHourOfDay": nil}, Doc: "Hours of each day without standard updates; null lifts them.", Fields: []spec.Field{
				{Name: "startHourOfDay", Required: true, Max: 23, Doc: "The first hour."},
				{Name: "endHourOfDay", Required: true, Max: 23, Doc: "The hour at which they end."},
			}},
			{Name: "numberOfDeferrals", Doc: "How often the present maintenance was put off."},
			{Name: "timeZoneId", Doc: "The project's time zone."},
		},
		Omit: map[string]string{"/startASAP": "an action: it starts a maintenance once"},
		List: spec.Read{Route: "GET /groups/{groupId}/maintenanceWindow", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/maintenanceWindow", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/maintenanceWindow", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/maintenanceWindow", Version: "2023-01-01"}},
	}
})
