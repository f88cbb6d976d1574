package sandbox

import (
	"fmt"
	"slices"
	"time"
)

var backupPart = part{
	id: "cloudBackups", name: "Cloud Backups", scope: perProject,
	resources: []*resource{exportBuckets, backupEndpoints, backupSchedules, compliancePolicies},
}

// backupSchedules are there, one in a cluster, while the cluster has backups: it
// makes and removes them (keepSchedule).
var backupSchedules = &resource{
	name: "backupSchedules", of: clusters,
	get: "getGroupClusterBackupSchedule", update: "updateGroupClusterBackupSchedule",
	actions: []action{{operation: "deleteGroupClusterBackupSchedule", event: "CPS_SNAPSHOT_SCHEDULE_UPDATED_AUDIT", do: emptySchedule}},
	named:   func(*call, *thing) bool { return true },
	missing: "BACKUP_CONFIG_NOT_FOUND",
	prepare: prepareSchedule,
	check:   checkScheduleOf,
	wrote: func(c *call, old, t *thing) {
		if len(changedMembers(old, t)) > 0 {
			c.workOn(func(*thing) {})
		}
	},
	show:   showSchedule,
	events: [3]string{1: "CPS_SNAPSHOT_SCHEDULE_UPDATED_AUDIT"},
}

// usualPolicy is what Atlas starts with: every six hours, every day, on
// Saturdays, on the last day of a month, and in December.
var usualPolicy = []struct {
	kind, unit      string
	interval, value float64
}{
	{"hourly", "days", 6, 7}, {"daily", "days", 1, 7}, {"weekly", "weeks", 6, 4}, {"monthly", "months", 40, 12}, {"yearly", "years", 12, 1},
}

// keepSchedule gives a cluster with backups its schedule, and takes it from one
// without.
func (c *call) keepSchedule(t *thing) error {
	schedules := t.Objects["backupSchedules"]
	switch on := t.Fields["backupEnabled"] == true; {
	case !on:
		delete(t.Objects, "backupSchedules")
		return nil
	case len(schedules) > 0:
		return pitCovered(t, schedules[0])
	}
	items := []any{}
	for _, p := range usualPolicy {
		items = append(items, map[string]any{"id": newID(c.now), "frequencyType": p.kind, "frequencyInterval": p.interval, "retentionUnit": p.unit, "retentionValue": p.value})
	}
	schedule := &thing{Key: newID(c.now), Made: c.now, Fields: map[string]any{
		"policies":           []any{map[string]any{"id": newID(c.now), "policyItems": items}},
		"referenceHourOfDay": float64(c.now.UTC().Hour()), "referenceMinuteOfHour": float64(c.now.Minute()), "restoreWindowDays": float64(7),
		"autoExportEnabled": false, "useOrgAndGroupNamesInExportPrefix": false,
		"copySettings": []any{}, "extraRetentionSettings": []any{}, "copyPolicyItemsEnabled": false, "autoCopySettingsEnabled": false,
	}}
	if t.Objects == nil {
		t.Objects = shelves{}
	}
	t.Objects.put("backupSchedules", schedule)
	return nil
}

func invalidPolicy(format string, args ...any) error {
	return fail(400, "INVALID_BACKUP_POLICY", "Invalid Backup Policy: %s.", fmt.Sprintf(format, args...))
}

func policyOf(t *thing) map[string]any {
	if policies := objectsOf(t, "policies"); len(policies) > 0 {
		return policies[0]
	}
	return nil
}

func itemsOf(t *thing) []map[string]any { return objectsIn(policyOf(t)["policyItems"]) }

// emptySchedule is the DELETE: it leaves a schedule without policy items.
func emptySchedule(c *call, t *thing, _ map[string]any) (any, error) {
	cluster := c.pathCluster()
	if err := mayWork(cluster); err != nil {
		return nil, err
	}
	policyOf(t)["policyItems"] = []any{}
	if err := meets(c.compliance(), t); err != nil {
		return nil, err
	}
	if err := pitCovered(cluster, t); err != nil {
		return nil, err
	}
	return t, nil
}

// prepareSchedule brings a body into the newest form, and gives ids to what has
// none: an item that names its id is changed in place, others are new.
func prepareSchedule(c *call, old *thing, body map[string]any) error {
	if err := mayWork(c.pathCluster()); err != nil {
		return err
	}
	for _, copied := range objectsIn(body["copySettings"]) {
		if id := textOf(copied, "replicationSpecId"); id != "" {
			copied["zoneId"] = c.zoneOf(id)
			delete(copied, "replicationSpecId")
		}
		for _, item := range objectsIn(copied["copyPolicyItems"]) {
			item["id"] = newID(c.now)
		}
	}
	if body["policies"] == nil {
		return nil
	}
	policies := objectsIn(body["policies"])
	if len(policies) != 1 {
		return fail(400, "INVALID_NUM_OF_POLICIES", "Must have exactly one policy.")
	}
	live := policyOf(old)
	if id, named := policies[0]["id"]; named && id != live["id"] {
		return fail(400, "INVALID_POLICY_ID", "The policy id %v is invalid.", id)
	}
	policies[0]["id"] = live["id"]
	for _, item := range objectsIn(policies[0]["policyItems"]) {
		if item["id"] == nil {
			item["id"] = newID(c.now)
			continue
		}
		i := slices.IndexFunc(itemsOf(old), func(have map[string]any) bool { return have["id"] == item["id"] })
		switch {
		case i < 0:
			return fail(400, "INVALID_POLICY_ITEM_ID", "The specified policy item id %v does not exist.", item["id"])
		case itemsOf(old)[i]["frequencyType"] != item["frequencyType"]:
			return fail(400, "INVALID_FREQUENCY_TYPE_CHANGE", "The frequency type of a policy item must not be changed.")
		}
	}
	return nil
}

// zoneOf is the zone of one of the cluster's replicationSpecs.
func (c *call) zoneOf(spec string) any {
	for _, s := range specsOf(c.pathCluster()) {
		if s["id"] == spec {
			return s["zoneId"]
		}
	}
	return spec
}

func checkScheduleOf(c *call, _, t *thing) error {
	cluster := c.pathCluster()
	hour, minute := numberIn(t.Fields, "referenceHourOfDay"), numberIn(t.Fields, "referenceMinuteOfHour")
	export := objectIn(t.Fields, "export")
	switch {
	case hour < 0 || hour > 23:
		return fail(400, "INVALID_REFERENCE_HOUR_OF_DAY", "Snapshot schedule reference hour must be between 0 and 23, inclusive.")
	case minute < 0 || minute > 59:
		return fail(400, "INVALID_REFERENCE_MINUTE_OF_HOUR", "Snapshot schedule reference minute must be between 0 and 59, inclusive.")
	case numberIn(t.Fields, "restoreWindowDays") < 1:
		return fail(400, "INVALID_RESTORE_WINDOW", "The restore window days should be a positive number.")
	case t.Fields["autoExportEnabled"] == true && textOf(export, "exportBucketId") == "":
		return missingAttribute("export.exportBucketId")
	}
	if r := c.server.resources["exportBuckets"]; r != nil && export != nil {
		if !slices.ContainsFunc(c.things("exportBuckets"), func(b *thing) bool { return b.text("_id") == export["exportBucketId"] }) {
			return fail(404, "EXPORT_BUCKET_NOT_FOUND", "No export Bucket with ID %v exists.", export["exportBucketId"])
		}
	}
	if err := checkItems(itemsOf(t), sizeOf(cluster)); err != nil {
		return err
	}
	if err := checkCopies(t, cluster); err != nil {
		return err
	}
	if err := meets(c.compliance(), t); err != nil {
		return err
	}
	return pitCovered(cluster, t)
}

// pitCovered refuses continuous backup without the hourly snapshots that it
// needs.
func pitCovered(cluster, schedule *thing) error {
	if cluster.Fields["pitEnabled"] != true {
		return nil
	}
	hourly := slices.DeleteFunc(itemsOf(schedule), func(item map[string]any) bool { return item["frequencyType"] != "hourly" })
	if len(hourly) == 0 {
		return invalidPolicy("Continuous Cloud Backup cannot be on without an hourly policy item")
	}
	if daysOf(hourly[0]) < numberIn(schedule.Fields, "restoreWindowDays") {
		return invalidPolicy("policy item retention cannot be less than restore window")
	}
	return nil
}

// showSchedule shows of the copies what the schedule uses: frequencies or items.
func showSchedule(c *call, t *thing, v map[string]any) {
	cluster := c.pathCluster()
	v["clusterId"], v["clusterName"] = cluster.Fields["id"], cluster.Fields["name"]
	if len(itemsOf(t)) > 0 {
		next := c.now.UTC().Truncate(24 * time.Hour).Add(time.Duration(numberIn(t.Fields, "referenceHourOfDay"))*time.Hour + time.Duration(numberIn(t.Fields, "referenceMinuteOfHour"))*time.Minute)
		if !next.After(c.now) {
			next = next.Add(24 * time.Hour)
		}
		v["nextSnapshot"] = stamp(next)
	}
	for _, copied := range objectsIn(v["copySettings"]) {
		if t.Fields["copyPolicyItemsEnabled"] == true {
			delete(copied, "frequencies")
		} else {
			delete(copied, "copyPolicyItems")
		}
		for _, spec := range specsOf(cluster) {
			if spec["zoneId"] == copied["zoneId"] && copied["replicationSpecId"] == nil {
				copied["replicationSpecId"] = spec["id"]
			}
		}
	}
}
