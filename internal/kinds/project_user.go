package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// projectRoles is what Atlas's page on user roles lists; the API gives no closed
// list, so a role that is not here is a warning only.
var projectRoles = []string{
	"GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_ACCESS_MANAGER", "GROUP_ALERTS_MANAGER",
	"GROUP_BACKUP_CREATOR", "GROUP_BACKUP_EXPORT_OPERATOR", "GROUP_BACKUP_MANAGER", "GROUP_BACKUP_RECOVERY_OPERATOR",
	"GROUP_CLUSTER_CREATOR", "GROUP_CLUSTER_LOG_VIEWER", "GROUP_CLUSTER_MANAGER", "GROUP_CLUSTER_RESILIENCE_TESTER",
	"GROUP_DATABASE_ACCESS_ADMIN", "GROUP_DATA_ACCESS_ADMIN", "GROUP_DATA_ACCESS_READ_ONLY", "GROUP_DATA_ACCESS_READ_WRITE",
	"GROUP_INDEX_MANAGER", "GROUP_MODEL_OWNER", "GROUP_NETWORK_ACCESS_MANAGER", "GROUP_OBSERVABILITY_VIEWER",
	"GROUP_REAL_TIME_PERFORMANCE_OPERATOR", "GROUP_REPLICA_SET_MANAGER", "GROUP_SEARCH_INDEX_EDITOR", "GROUP_STREAM_PROCESSING_OWNER",
	"GROUP_SUPPORT_ACCESS_MANAGER", "GROUP_TRIGGER_MANAGER",
}

// projectStatuses also pins what would mix in roles that come through teams,
// and people of the organization who are not in the project.
func projectStatuses() map[string][]string {
	q := allStatuses()
	q["flattenTeams"], q["includeOrgUsers"] = []string{"false"}, []string{"false"}
	return q
}

// ProjectUser operations: listGroupUsers, getGroupUser, addGroupUsers,
// addGroupUserRole, removeGroupUserRole, removeGroupUser.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ProjectUser", Section: "users", Parent: "Project",
		Doc:    "A person's own roles in a project (not those that come through a team).",
		Key:    []string{"username"},
		Params: map[string]string{"userId": "/id"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"JOINED_GROUP", "INVITED_TO_GROUP"}, Changed: []string{"USER_ROLES_CHANGED_AUDIT"},
			Gone: []string{"REMOVED_FROM_GROUP", "GROUP_INVITATION_DELETED"}, Fields: map[string][]string{"USER_ROLES_CHANGED_AUDIT": {"roles"}},
			Names: map[string]string{"/targetUsername": "username"}},
		Fields: []spec.Field{
			{Name: "username", Norm: spec.Email, Pattern: `^\S+@\S+$`,
				Ref: &spec.Ref{Kind: "OrganizationUser", Same: true, Unless: "invite"},
				Doc: "The person's e-mail address, known in the organization."},
			{Name: "roles", Enum: projectRoles, OpenEnum: true,
				Doc: "Roles in the project; at least one."},
			{Name: "invite", Type: spec.Bool, Local: true,
				Doc: "Allows inviting somebody whom the organization does not know."},
		},
		Omit: ofPerson(nil),
		List: spec.Read{Route: "GET /groups/{groupId}/users", Version: "2025-02-19", Paged: true, Query: projectStatuses()},
		Get:  spec.Read{Route: "GET /groups/{groupId}/users/{userId}", Version: "2025-02-19", Query: allStatuses()},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/users", Version: "2025-02-19",
			Body:  spec.Body{Send: spec.Declared, Fields: []string{"username", "roles"}},
			Retry: invitationsThrottled}},
		Update: []spec.Call{
			{Route: "POST /groups/{groupId}/users/{userId}:addRole", Version: "2025-02-19", Each: &spec.Each{Added: "roles"},
				Body: spec.Body{Set: map[string]spec.Expr{"/groupRole": {Member: true}}}},
			{Route: "POST /groups/{groupId}/users/{userId}:removeRole", Version: "2025-02-19", Each: &spec.Each{Removed: "roles"},
				Body: spec.Body{Set: map[string]spec.Expr{"/groupRole": {Member: true}}}},
		},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/users/{userId}", Version: "2025-02-19"}},
		Grant:  projectGrant("user"),
		Last:   &spec.Last{Field: "roles", Value: "GROUP_OWNER", What: "project owner", Through: &spec.Through{Kind: "ProjectTeam", Members: "members"}},
		Active: active(),
		Lapse: &spec.Lapse{At: "/orgMembershipStatus", Values: []string{"INVITATION_EXPIRED", "INVITATION_REJECTED"},
			What: "invitation", Option: "resend-invitations"},
	}
})
