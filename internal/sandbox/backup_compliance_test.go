package sandbox_test

import "testing"

func TestBackupCompliancePolicy(t *testing.T) {
	a := acme(t)
	path, schedule := a.in("/backupCompliancePolicy"), a.in("/clusters/c/backup/schedule")
	policy := func(name, days string) string {
		return `{"authorizedEmail":"o@example.com","authorizedUserFirstName":"O","authorizedUserLastName":"` + name + `","pitEnabled":true,` +
			`"scheduledPolicyItems":[{"frequencyType":"daily","frequencyInterval":1,"retentionUnit":"days","retentionValue":` + days + `}]}`
	}
	remove := func() answer { t.Helper(); return a.sdk("2024-11-13", "DELETE", path, "") }
	equal(t, a.get(path).want(200).body, "{}\n") // never 404
	remove().want(404)
	a.born("c", `,"backupEnabled":true,"pitEnabled":true`)
	equal(t, a.get(schedule).at("policies.0.policyItems.1.retentionValue"), "7")

	// Schedules that keep less are refused, or changed, which is what happens by itself.
	a.put(path+"?overwriteBackupPolicies=false", policy("P", "9")).want(400, "BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS")
	a.put(path, `{"authorizedEmail":"o@example.com"}`).want(400, "VALIDATION_ERROR")
	r := a.put(path, policy("P", "9")).want(200)
	equal(t, r.at("state")+r.at("deletable")+r.at("copyProtectionEnabled"), "ENABLINGfalsefalse")
	a.put(path, policy("P", "8")).want(400, "CANNOT_UPDATE_BACKUP_COMPLIANCE_POLICY_SETTINGS_WITH_PENDING_ACTION")
	a.get(path)
	equal(t, a.get(path).at("state"), "ACTIVE")
	equal(t, a.get(schedule).at("policies.0.policyItems.1.retentionValue"), "9")
	a.settled("c")

	// From now on they cannot keep less, and the policy stays.
	a.patch(schedule, `{"policies":[{"id":"`+a.get(schedule).at("policies.0.id")+`","policyItems":[]}]}`).want(400)
	a.delete(schedule).want(400, "BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS")
	a.patch(a.in("/clusters/c"), `{"pitEnabled":false}`).want(400, "CANNOT_DISABLE_PIT_WITH_BACKUP_COMPLIANCE_POLICY_ENABLED")
	a.born("d", `,"backupEnabled":true`)
	equal(t, a.get(a.in("/clusters/d/backup/schedule")).at("policies.0.policyItems.1.retentionValue"), "9")
	remove().want(400, "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY")

	// Until support has allowed it.
	equal(t, a.put(path, policy("sandbox-deletable", "9")).want(200).at("state"), "UPDATING")
	a.get(path)
	remove().want(204)
	equal(t, a.get(path).at("state"), "DISABLING")
	equal(t, a.get(path).want(200).body, "{}\n")
}
