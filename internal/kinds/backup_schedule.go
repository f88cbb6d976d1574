package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// BackupSchedule operations: getGroupClusterBackupSchedule,
// updateGroupClusterBackupSchedule. A PATCH takes the only policy with all its
// items, those with their id stay the ones they are. The DELETE is not used: it
// fails while point-in-time restore is on, and no items say the same.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "BackupSchedule", Section: "backupSchedule", Parent: "Cluster", Singleton: true,
		Doc:  "When snapshots of a cluster are taken, how long they are kept, and where they are copied. It exists while the cluster's backupEnabled is true.",
		Role: "Project Backup Manager",
		Events: &spec.Events{Changed: []string{"CPS_SNAPSHOT_SCHEDULE_UPDATED_AUDIT"}, Gone: []string{"CPS_SNAPSHOT_SCHEDULE_UPDATED_AUDIT"},
			Ask: map[string]string{"clusterNames": "clusterName"}},
		Optional: &spec.Optional{Codes: []string{"BACKUP_CONFIG_NOT_FOUND"}, Hint: "let the cluster say backupEnabled: true"},
		Lane:     clusterLane(),
		Untested: map[string]string{
			"copyPolicyItems":        "two items of one frequency mean nothing, and the emulator takes them",
			"extraRetentionSettings": "two entries of one frequency mean nothing, and the emulator takes them",
		},
		Fields: []spec.Field{
			{Name: "referenceHourOfDay", Min: 0, Max: 23, Doc: "The hour of the day (UTC) from which snapshots are planned."},
			{Name: "referenceMinuteOfHour", Min: 0, Max: 59, Doc: "The minute of that hour."},
			{Name: "restoreWindowDays", Min: 1, Max: 36500, Destructive: true, Doc: "How many days back the cluster can be restored to any moment."},
			{Name: "policyItems", Wire: "/policies/0/policyItems", ElemKey: []string{"frequencyType", "frequencyInterval"}, Required: false, Doc: "Which snapshots are taken. All of them once declared; [] takes none.", Fields: []spec.Field{
				{Name: "id", ReadOnly: true, Carry: true, Doc: "The item's id."},
				{Name: "frequencyType", Doc: "How often."},
				{Name: "frequencyInterval", Type: spec.Int, Doc: "Every so many hours; the day of the week (1 is Monday) or of the month (40 is its last); the month of the year."},
				{Name: "retentionUnit", Doc: "The unit of retentionValue."},
				{Name: "retentionValue", Min: 1, Max: 36500, Destructive: true, Doc: "How long a snapshot is kept."},
			}},
			{Name: "extraRetentionSettings", ElemKey: []string{"frequencyType"}, Doc: "How much longer snapshots are kept than their item says.", Fields: []spec.Field{
				{Name: "frequencyType", Required: true, Doc: "Of which snapshots."},
				{Name: "retentionDays", Destructive: true, Doc: "Days more."},
			}},
			{Name: "autoExportEnabled", Default: false, Doc: "Whether snapshots are exported to a bucket."},
			{Name: "exportBucketId", Wire: "/export/exportBucketId", Pattern: `.`, Ref: &spec.Ref{Kind: "SnapshotExportBucket", ByID: true, AnyID: true},
				Doc: "The bucket, by its name as snapshotExportBuckets has it; or its id."},
			{Name: "exportFrequency", Wire: "/export/frequencyType", Doc: "Which snapshots are exported."},
			{Name: "useOrgAndGroupNamesInExportPrefix", Default: false, Doc: "Whether the exports' path has the names of organization and project instead of their ids."},
			{Name: "autoCopySettingsEnabled", Default: false, Doc: "Whether Atlas keeps the copies in step with the cluster's regions."},
			{Name: "copyPolicyItemsEnabled", Default: false, Doc: "Whether copies have retentions of their own (copyPolicyItems) instead of those of what they copy (frequencies)."},
			{Name: "copySettings", ElemKey: []string{"cloudProvider", "regionName", "zone"}, Doc: "Regions that snapshots are copied to.", Fields: []spec.Field{
				{Name: "cloudProvider", Required: true, Doc: "The cloud of the copies."},
				{Name: "regionName", Required: true, Doc: "Their region."},
				{Name: "zone", Wire: "/zoneId", Required: true, Lookup: &spec.Lookup{List: "/replicationSpecs", Name: "/zoneName", ID: "/zoneId"}, Pattern: `.`, Doc: "The zone of the cluster that is copied, by its name."},
				{Name: "shouldCopyOplogs", Doc: "Whether the copies can be restored to any moment."},
				{Name: "frequencies", Doc: "Which snapshots are copied; without copyPolicyItemsEnabled."},
				{Name: "lastNumberOfSnapshots", Destructive: true, Doc: "How many of the last snapshots are copied, in place of a choice by frequency."},
				{Name: "copyPolicyItems", ElemKey: []string{"frequencyType"}, Doc: "Which snapshots are copied and how long each copy is kept; with copyPolicyItemsEnabled.", Fields: []spec.Field{
					{Name: "id", ReadOnly: true, Doc: "The item's id."},
					{Name: "frequencyType", Required: true, Doc: "Which snapshots."},
					{Name: "retentionUnit", Doc: "The unit of retentionValue."},
					{Name: "retentionValue", Destructive: true, Doc: "How long a copy is kept."},
				}},
			}},
			{Name: "updateSnapshots", Steer: true, Doc: "Whether a change of retention counts for the snapshots that there are too. A shorter one deletes them."},
			{Name: "deleteSnapshots", Steer: true, Doc: "Whether the snapshots of an item that is removed go with it."},
			{Name: "updateCopySnapshots", Steer: true, Doc: "As updateSnapshots, for copies."},
			{Name: "deleteCopySnapshots", Steer: true, Doc: "As deleteSnapshots, for copies."},
		},
		Omit: map[string]string{
			"/clusterId":           "the cluster",
			"/clusterName":         "the cluster",
			"/deleteCopiedBackups": "an action: it deletes copies once",
			"/nextSnapshot":        "moves by itself",
			"/policies/id":         "there is one policy; its id goes along",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/backup/schedule", Version: "2024-08-05"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/backup/schedule", Version: "2024-08-05"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/clusters/{clusterName}/backup/schedule", Version: "2024-08-05",
			Body: spec.Body{Send: spec.Overlay, Set: map[string]spec.Expr{"/policies/0/id": {From: "/policies/0/id"}}}, Wait: clusterIdle()}},
	}
})
