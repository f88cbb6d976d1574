package sandbox

import (
	"slices"
)

// compliancePolicies are what the backups of a project's clusters have to be like: at
// most one. Only support can take it away; whoever is called sandbox-deletable has
// asked it to.
var compliancePolicies = &resource{
	name: "compliancePolicies", singleton: true, upsert: true,
	create: "updateGroupBackupCompliancePolicy", remove: "disableGroupBackupCompliancePolicy",
	extra:   []extra{{operation: "getGroupBackupCompliancePolicy", do: getCompliance}},
	missing: "BACKUP_COMPLIANCE_POLICY_NOT_FOUND",
	cycle: &cycle{
		member: "state", created: "ENABLING", removing: "DISABLING",
		next: map[string]string{"ENABLING": "ACTIVE", "UPDATING": "ACTIVE", "DISABLING": gone},
	},
	check: checkCompliance,
	wrote: meetCompliance,
	removable: func(_ *call, t *thing) error {
		if !isDeletable(t) {
			return fail(400, "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY", "The Backup Compliance Policy can be disabled by MongoDB support only.")
		}
		return nil
	},
	show: func(_ *call, t *thing, v map[string]any) {
		v["deletable"] = isDeletable(t)
		v["updatedDate"], v["updatedUser"] = stamp(t.Since), t.text("authorizedEmail")
	},
	events: [3]string{"CPS_DATA_PROTECTION_ENABLE_REQUESTED", "CPS_DATA_PROTECTION_UPDATE_REQUESTED", "CPS_DATA_PROTECTION_DISABLE_REQUESTED"},
}

func isDeletable(t *thing) bool { return t.text("authorizedUserLastName") == "sandbox-deletable" }

// getCompliance answers an empty object where there is no policy.
func getCompliance(c *call) (any, error) {
	r := c.server.resources["compliancePolicies"]
	v, err := r.getting(factOf(c.id))(c)
	if e, refused := err.(*apiError); refused && e.Code == r.missing {
		return map[string]any{}, nil
	}
	return v, err
}

// compliance is the policy of the path's project; nil for none.
func (c *call) compliance() *thing {
	for _, t := range c.things("compliancePolicies") {
		return t
	}
	return nil
}

func checkCompliance(c *call, old, t *thing) error {
	overwrite, err := c.flag("overwriteBackupPolicies", true)
	switch {
	case err != nil:
		return err
	case old != nil && old.State != "ACTIVE":
		return fail(400, "CANNOT_UPDATE_BACKUP_COMPLIANCE_POLICY_SETTINGS_WITH_PENDING_ACTION", "The Backup Compliance Policy is %s.", old.State)
	}
	if err := checkItems(objectsOf(t, "scheduledPolicyItems"), ""); err != nil {
		return err
	}
	for _, name := range []string{"scheduledPolicyItems", "onDemandPolicyItem"} {
		for _, item := range append(objectsOf(t, name), objectIn(t.Fields, name)) {
			if item != nil {
				item["id"] = newID(c.now)
			}
		}
	}
	for _, cluster := range c.things("clusters") {
		if t.Fields["encryptionAtRestEnabled"] == true && cluster.text("encryptionAtRestProvider") == "NONE" {
			return fail(400, "ENCRYPTION_AT_REST_REQUIRED_BY_BACKUP_COMPLIANCE_POLICY", "The cluster %s is not encrypted with a customer's key.", cluster.text("name"))
		}
		for _, schedule := range cluster.Objects["backupSchedules"] {
			if err := meets(t, schedule); err != nil && !overwrite {
				return err
			}
		}
	}
	if old != nil {
		t.become("UPDATING", c.now)
	}
	return nil
}

// meets refuses a schedule that takes or keeps less than the policy says.
func meets(policy, schedule *thing) error {
	if policy == nil {
		return nil
	}
	fails := numberIn(schedule.Fields, "restoreWindowDays") < numberIn(policy.Fields, "restoreWindowDays")
	for _, want := range objectsOf(policy, "scheduledPolicyItems") {
		fails = fails || !slices.ContainsFunc(itemsOf(schedule), func(has map[string]any) bool { return sameItem(has, want) && daysOf(has) >= daysOf(want) })
	}
	if fails {
		return fail(400, "BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS", "A backup schedule does not meet the Backup Compliance Policy.")
	}
	return nil
}

func sameItem(a, b map[string]any) bool {
	return a["frequencyType"] == b["frequencyType"] && jsonOf(a["frequencyInterval"]) == jsonOf(b["frequencyInterval"])
}

// meetCompliance changes the schedules that do not meet a policy.
func meetCompliance(c *call, _, t *thing) {
	for _, cluster := range c.things("clusters") {
		if schedules := cluster.Objects["backupSchedules"]; len(schedules) > 0 && meets(t, schedules[0]) != nil {
			c.putToWork(cluster, func(cluster *thing) { raise(c, t, cluster.Objects["backupSchedules"][0]) })
		}
	}
}

// raise makes a schedule meet a policy.
func raise(c *call, policy, schedule *thing) {
	schedule.Fields["restoreWindowDays"] = max(numberIn(schedule.Fields, "restoreWindowDays"), numberIn(policy.Fields, "restoreWindowDays"))
	for _, want := range objectsOf(policy, "scheduledPolicyItems") {
		items := itemsOf(schedule)
		i := slices.IndexFunc(items, func(has map[string]any) bool { return sameItem(has, want) })
		switch {
		case i < 0:
			list, _ := policyOf(schedule)["policyItems"].([]any)
			policyOf(schedule)["policyItems"] = append(list, map[string]any{"id": newID(c.now), "frequencyType": want["frequencyType"], "frequencyInterval": want["frequencyInterval"],
				"retentionUnit": want["retentionUnit"], "retentionValue": want["retentionValue"]})
		case daysOf(items[i]) < daysOf(want):
			items[i]["retentionUnit"], items[i]["retentionValue"] = want["retentionUnit"], want["retentionValue"]
		}
	}
}

// heldByPolicy refuses what a policy forbids a cluster, and gives a new schedule what
// the policy asks for.
func (c *call) heldByPolicy(old, t *thing) error {
	policy := c.compliance()
	if policy == nil {
		return nil
	}
	switch {
	case old != nil && old.Fields["pitEnabled"] == true && t.Fields["pitEnabled"] != true && policy.Fields["pitEnabled"] == true:
		return fail(400, "CANNOT_DISABLE_PIT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED", "Continuous Cloud Backup cannot be disabled with a Backup Compliance Policy.")
	case old != nil && old.Fields["backupEnabled"] == true && t.Fields["backupEnabled"] != true:
		return fail(400, "CANNOT_DISABLE_BACKUP_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED", "Backup cannot be disabled with a Backup Compliance Policy.")
	case policy.Fields["encryptionAtRestEnabled"] == true && t.text("encryptionAtRestProvider") == "NONE":
		return fail(400, "ENCRYPTION_AT_REST_REQUIRED_BY_BACKUP_COMPLIANCE_POLICY", "The cluster %s is not encrypted with a customer's key.", t.text("name"))
	}
	if old == nil || old.Fields["backupEnabled"] != true {
		for _, schedule := range t.Objects["backupSchedules"] {
			raise(c, policy, schedule)
		}
	}
	return nil
}
