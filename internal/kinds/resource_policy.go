package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ResourcePolicy operations: listOrgResourcePolicies (a bare array),
// getOrgResourcePolicy, createOrgResourcePolicy, updateOrgResourcePolicy (replaces
// the list), deleteOrgResourcePolicy.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ResourcePolicy", Section: "resourcePolicies", Parent: "Organization",
		Doc:   "A policy on what may be configured in the organization's projects, in the Cedar language.",
		Key:   []string{"name"},
		Ident: "id", IdentAt: "/id",
		Params: map[string]string{"resourcePolicyId": "/id"},
		Role:   "Organization Owner",
		Events: &spec.Events{Made: []string{"RESOURCE_POLICY_CREATED"}, Changed: []string{"RESOURCE_POLICY_MODIFIED"}, Gone: []string{"RESOURCE_POLICY_DELETED"},
			Names: map[string]string{"/resourcePolicyId": "/id"}},
		Fields: []spec.Field{
			{Name: "name", Doc: "The policy's name."},
			{Name: "description", Nullable: true, Doc: "What it is for."},
			{Name: "policies", Type: spec.List, MinItems: 1, Doc: "Its rules.", Fields: []spec.Field{
				{Name: "id", ReadOnly: true, Doc: "The rule's id."},
				{Name: "body", Norm: spec.Text, Doc: "The rule in Cedar: forbid (principal, action, resource) when {…};"},
			}},
		},
		Omit: map[string]string{
			"/createdByUser":     "who made it",
			"/createdDate":       "when it was made",
			"/lastUpdatedByUser": "who changed it",
			"/lastUpdatedDate":   "when it was changed",
			"/orgId":             "the organization",
			"/version":           "of the language; Atlas's own",
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/resourcePolicies", Version: "2024-08-05"},
		Get:  spec.Read{Route: "GET /orgs/{orgId}/resourcePolicies/{resourcePolicyId}", Version: "2024-08-05"},
		Create: []spec.Call{{Route: "POST /orgs/{orgId}/resourcePolicies", Version: "2024-08-05",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/resourcePolicies/{resourcePolicyId}", Version: "2024-08-05",
			Body: spec.Body{Send: spec.Changed}}},
		Delete: []spec.Call{{Route: "DELETE /orgs/{orgId}/resourcePolicies/{resourcePolicyId}", Version: "2024-08-05"}},
	}
})
