package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// BackupCompliancePolicy operations: getGroupBackupCompliancePolicy (an empty object
// where there is none), updateGroupBackupCompliancePolicy (makes it, and replaces it),
// disableGroupBackupCompliancePolicy (once MongoDB's support has allowed it). It comes
// after clusters and schedules, which have to meet it, and goes before them.
var _ = register(func() spec.Kind {
	set := spec.Call{Route: "PUT /groups/{groupId}/backupCompliancePolicy", Version: "2023-10-01",
		Query: map[string]string{"overwriteBackupPolicies": "overwriteBackupPolicies"},
		Body:  spec.Body{Send: spec.Overlay, Except: []string{"overwriteBackupPolicies"}},
		Retry: []string{"CANNOT_UPDATE_BACKUP_COMPLIANCE_POLICY_SETTINGS_WITH_PENDING_ACTION"},
		Wait:  &spec.Wait{At: "/state", Until: []string{"ACTIVE"}, Settle: 10 * time.Second, Max: time.Hour}}
	return spec.Kind{
		Name: "BackupCompliancePolicy", Section: "backupCompliancePolicy", Parent: "Project", Singleton: true,
		Doc:  "What the backups of a project's clusters have to be like. Only MongoDB's support can loosen it or take it away.",
		Role: "Project Owner",
		Events: &spec.Events{Made: []string{"CPS_DATA_PROTECTION_ENABLE_REQUESTED"}, Changed: []string{"CPS_DATA_PROTECTION_UPDATE_REQUESTED"},
			Gone: []string{"CPS_DATA_PROTECTION_DISABLE_REQUESTED"}},
		Optional:     &spec.Optional{At: "/authorizedEmail"},
		Irreversible: &spec.Irreversible{Why: "only MongoDB's support, and the person who is named, can loosen the policy or take it away", Unless: "acknowledge"},
		After:        []string{"Cluster", "BackupSchedule"},
		Blocks: []spec.Block{{Of: "delete", While: spec.Cond{At: "/deletable", NotIn: []string{"true"}},
			Why: "is kept until MongoDB's support allows its deletion"}},
		DeleteNote: "Snapshots can be deleted again, and schedules keep what they have.",
		Fields: []spec.Field{
			{Name: "authorizedEmail", Doc: "Whom MongoDB's support asks before it loosens the policy: an address of mail."},
			{Name: "authorizedUserFirstName", MinLen: 1, Doc: "That person's first name."},
			{Name: "authorizedUserLastName", MinLen: 1, Doc: "That person's last name."},
			{Name: "copyProtectionEnabled", Doc: "Whether copies in other regions cannot be deleted."},
			{Name: "encryptionAtRestEnabled", Doc: "Whether every cluster has to be encrypted with a key of the customer's."},
			{Name: "pitEnabled", Doc: "Whether the clusters can be restored to any moment."},
			{Name: "restoreWindowDays", Min: 1, Max: 36500, Doc: "How many days back, at least."},
			{Name: "onDemandPolicyItem", Doc: "How long snapshots are kept that somebody takes by hand.", Fields: []spec.Field{
				{Name: "frequencyType", Required: true, Default: "ondemand", Doc: "Always ondemand."},
				{Name: "frequencyInterval", Type: spec.Int, Required: true, Doc: "Of no meaning here: 0."},
				{Name: "retentionUnit", Required: true, Doc: "The unit of retentionValue."},
				{Name: "retentionValue", Required: true, Min: 1, Max: 36500, Doc: "How long a snapshot is kept, at least."},
			}},
			{Name: "scheduledPolicyItems", Type: spec.Set, ElemKey: []string{"frequencyType", "frequencyInterval"}, Doc: "Which snapshots every schedule has to take. All of them once declared.", Fields: []spec.Field{
				{Name: "frequencyType", Doc: "How often."},
				{Name: "frequencyInterval", Type: spec.Int, Doc: "As in backupSchedule."},
				{Name: "retentionUnit", Doc: "The unit of retentionValue."},
				{Name: "retentionValue", Min: 1, Max: 36500, Doc: "How long a snapshot is kept, at least."},
			}},
			{Name: "overwriteBackupPolicies", Type: spec.Bool, Steer: true, Default: false, Doc: "Whether Atlas changes the schedules that do not meet the policy. Without it they have to meet it already."},
			{Name: "acknowledge", Type: spec.Bool, Local: true, Doc: "Says that a policy which cannot be undone is meant: without it a plan that makes or changes it is refused."},
			{Name: "policyState", Wire: "/state", Doc: "What Atlas is doing with it."},
		},
		Omit: map[string]string{
			"/deletable":               "says whether it can be taken away; what is refused tells it",
			"/onDemandPolicyItem/id":   "there is one",
			"/projectId":               "the project",
			"/scheduledPolicyItems/id": "Atlas gives it anew",
			"/updatedDate":             "moves by itself",
			"/updatedUser":             "who changed it last",
		},
		List:   spec.Read{Route: "GET /groups/{groupId}/backupCompliancePolicy", Version: "2023-10-01"},
		Get:    spec.Read{Route: "GET /groups/{groupId}/backupCompliancePolicy", Version: "2023-10-01"},
		Create: []spec.Call{set},
		Update: []spec.Call{set},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/backupCompliancePolicy", Version: "2024-11-13", Wait: &spec.Wait{Gone: true, Max: time.Hour}}},
	}
})
