package sandbox

import "slices"

// encryptionEndpoints are the private endpoints through which Atlas reaches people's
// keys. On Azure somebody has to approve one in the vault. That the key must take
// private networking first is not looked at.
var encryptionEndpoints = &resource{
	name: "encryptionEndpoints",
	list: "listGroupEncryptionAtRestPrivateEndpoints", get: "getGroupEncryptionAtRestPrivateEndpoint",
	create: "createGroupEncryptionAtRestPrivateEndpoint", remove: "requestGroupEncryptionAtRestPrivateEndpointDeletion",
	id: "id", named: endpointOfCloud, filter: ofCloud,
	missing: "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_NOT_FOUND",
	cycle: &cycle{
		member: "status", created: "INITIATING", removing: "DELETING",
		next: map[string]string{"DELETING": gone},
		becomes: func(_ *call, t *thing) string {
			switch {
			case t.State == "DELETING":
				return gone
			case t.State != "INITIATING":
				return ""
			case t.text("cloudProvider") == onAzure:
				return "PENDING_ACCEPTANCE"
			}
			return "ACTIVE"
		},
		reached: connected,
	},
	prepare: cloudOfPath,
	removable: func(_ *call, t *thing) error {
		if t.State == "INITIATING" {
			return fail(400, "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING", "The private endpoint is being made.")
		}
		return nil
	},
}

// backupEndpoints are the private endpoints over which snapshots are exported. The
// API knows them on AWS alone.
var backupEndpoints = &resource{
	name: "backupEndpoints",
	list: "listGroupBackupPrivateEndpoints", get: "getGroupBackupPrivateEndpoint",
	create: "createGroupBackupPrivateEndpoint", remove: "deleteGroupBackupPrivateEndpoint",
	id: "id", named: endpointOfCloud, filter: ofCloud,
	missing: "BACKUP_PRIVATE_ENDPOINT_NOT_FOUND",
	cycle: &cycle{
		member: "status", created: "INITIATING", removing: "DELETING",
		next:    map[string]string{"INITIATING": "ACTIVE", "DELETING": gone},
		reached: connected,
	},
	prepare: func(c *call, old *thing, body map[string]any) error {
		if body["vpcRegionName"] == nil {
			body["vpcRegionName"] = body["regionName"]
		}
		return cloudOfPath(c, old, body)
	},
}

// cloudOfPath takes the cloud from the path: a body need not say it.
func cloudOfPath(c *call, _ *thing, body map[string]any) error {
	if textOf(body, "regionName") == "" {
		return missingAttribute("regionName")
	}
	body["cloudProvider"] = c.param("cloudProvider")
	return nil
}

func ofCloud(c *call, t *thing) bool { return t.text("cloudProvider") == c.param("cloudProvider") }

func endpointOfCloud(c *call, t *thing) bool {
	return ofCloud(c, t) && t.text("id") == c.param("endpointId")
}

// connected names the connection of an endpoint that is made.
func connected(_ *call, t *thing) {
	if slices.Contains([]string{"ACTIVE", "PENDING_ACCEPTANCE"}, t.State) {
		t.Fields["privateEndpointConnectionName"] = "pe-" + t.text("id")
	}
}
