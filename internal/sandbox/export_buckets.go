package sandbox

import "slices"

// exportBuckets are people's buckets for exported snapshots. That Atlas may write
// to one is believed; that the role is one of the project's cloud is not.
var exportBuckets = &resource{
	name: "exportBuckets",
	list: "listGroupBackupExportBuckets", get: "getGroupBackupExportBucket", create: "createGroupBackupExportBucket",
	update: "updateGroupBackupExportBucket", remove: "deleteGroupBackupExportBucket",
	id:      "_id",
	params:  []string{"exportBucketId=_id"},
	missing: "EXPORT_BUCKET_NOT_FOUND",
	prepare: func(c *call, old *thing, body map[string]any) error {
		if old != nil {
			if old.text("cloudProvider") != onAWS {
				return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute requirePrivateNetworking specified.")
			}
			return nil
		}
		role := textOf(body, "roleId")
		switch textOf(body, "cloudProvider") {
		case onAWS:
			role = textOf(body, "iamRoleId")
			if body["requirePrivateNetworking"] == nil {
				body["requirePrivateNetworking"] = false
			}
		case onAzure:
			delete(body, "tenantId")
		}
		return c.checkRole(role, textOf(body, "cloudProvider"))
	},
	check: func(c *call, old, t *thing) error {
		for _, other := range c.things("exportBuckets") {
			if old == nil && other.Fields["cloudProvider"] == t.Fields["cloudProvider"] && other.Fields["bucketName"] == t.Fields["bucketName"] {
				return fail(400, "EXPORT_BUCKET_ALREADY_EXISTS", "The bucket %s is there already.", t.text("bucketName"))
			}
		}
		return nil
	},
	removable: func(c *call, t *thing) error {
		for _, cluster := range c.things("clusters") {
			if slices.ContainsFunc(cluster.Objects["backupSchedules"], func(s *thing) bool { return objectIn(s.Fields, "export")["exportBucketId"] == t.Fields["_id"] }) {
				return fail(400, "EXPORT_BUCKET_IN_USE", "The export bucket %s is used by the backup schedule of %s.", t.text("_id"), cluster.text("name"))
			}
		}
		return nil
	},
	show: func(_ *call, t *thing, v map[string]any) {
		switch t.text("cloudProvider") {
		case onAWS:
			v["region"] = "us-east-1"
		case onAzure:
			v["tenantId"] = uuidOf("tenant of " + t.text("bucketName"))
		}
	},
}
