package kinds

import (
	"maps"

	"github.com/atlasctl/atlasctl-sync/spec"
)

var orgRoles = []string{"ORG_OWNER", "ORG_GROUP_CREATOR", "ORG_BILLING_ADMIN", "ORG_BILLING_READ_ONLY",
	"ORG_STREAM_PROCESSING_ADMIN", "ORG_READ_ONLY", "ORG_MEMBER"}

// allStatuses asks for lapsed invitations too. Left out, as Atlas does by
// default, they would look missing and be sent again on every run.
func allStatuses() map[string][]string {
	return map[string][]string{"orgMembershipStatuses": {"ACTIVE", "PENDING", "INVITATION_EXPIRED", "INVITATION_REJECTED"}}
}

// invitationsThrottled is how Atlas says that there were too many invitations
// (ten a minute): a 400, not a 429.
var invitationsThrottled = []string{"INVITATIONS_RATE_LIMITED*"}

// ofPerson adds to what a kind omits what is no organization's to keep.
func ofPerson(omit map[string]string) map[string]string {
	all := map[string]string{"/createdAt": "when the account was made", "/lastAuth": "moves by itself", "/orgMembershipStatus": "told as active and lapsed",
		"/inviterUsername": "who sent the invitation", "/invitationCreatedAt": "when it was sent", "/invitationExpiresAt": "when it ends"}
	for _, name := range []string{"country", "firstName", "lastName", "mobileNumber"} {
		all["/"+name] = "the person's own"
	}
	maps.Copy(all, omit)
	return all
}

// active are those who have accepted their invitation.
func active() *spec.Cond {
	return &spec.Cond{At: "/orgMembershipStatus", Values: []string{"ACTIVE"}}
}

// OrganizationUser operations: listOrgUsers, getOrgUser, createOrgUser,
// addOrgUserRole, removeOrgUserRole, removeOrgUser.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "OrganizationUser", Section: "users", Parent: "Organization",
		Doc:    "A person in an organization. Someone who is missing gets an invitation.",
		Key:    []string{"username"},
		Params: map[string]string{"userId": "/id"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"INVITED_TO_ORG", "JOINED_ORG"}, Changed: []string{"USER_ROLES_CHANGED_AUDIT"},
			Gone: []string{"REMOVED_FROM_ORG", "ORG_INVITATION_DELETED"}, Fields: map[string][]string{"USER_ROLES_CHANGED_AUDIT": {"roles"}},
			Names: map[string]string{"/targetUsername": "username"}},
		Fields: []spec.Field{
			{Name: "username", Norm: spec.Email, Pattern: `^\S+@\S+$`, Doc: "The person's e-mail address."},
			{Name: "roles", Wire: "/roles/orgRoles",
				Doc: "Roles in the organization; at least one."},
		},
		Omit: ofPerson(map[string]string{
			"/teamIds":                    "told as the members of teams",
			"/roles/groupRoleAssignments": "the roles in projects are the projects' own",
		}),
		List: spec.Read{Route: "GET /orgs/{orgId}/users", Version: "2025-02-19", Paged: true, Query: allStatuses()},
		Get:  spec.Read{Route: "GET /orgs/{orgId}/users/{userId}", Version: "2025-02-19", Query: allStatuses()},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/users", Version: "2025-02-19",
			Body:  spec.Body{Send: spec.Declared, Fields: []string{"username", "roles"}},
			Retry: invitationsThrottled}},
		Update: []spec.Call{
			{Route: "POST /orgs/{orgId}/users/{userId}:addRole", Version: "2025-02-19", Each: &spec.Each{Added: "roles"},
				Body: spec.Body{Set: map[string]spec.Expr{"/orgRole": {Member: true}}}},
			{Route: "POST /orgs/{orgId}/users/{userId}:removeRole", Version: "2025-02-19", Each: &spec.Each{Removed: "roles"},
				Body: spec.Body{Set: map[string]spec.Expr{"/orgRole": {Member: true}}}},
		},
		Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/users/{userId}", Version: "2025-02-19"}},
		Grant:  orgGrant("user"),
		Last:   &spec.Last{Field: "roles", Value: "ORG_OWNER", What: "organization owner"},
		Active: active(),
		Lapse: &spec.Lapse{At: "/orgMembershipStatus", Values: []string{"INVITATION_EXPIRED", "INVITATION_REJECTED"},
			What: "invitation", Option: "resend-invitations"},
		DeleteNote: "The user also leaves all teams and projects of the organization.",
	}
})
