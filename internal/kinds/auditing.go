package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// Auditing operations: getGroupAuditLog, updateGroupAuditLog (which merges).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Auditing", Section: "auditing", Parent: "Project", Singleton: true,
		Doc:    "What the project's clusters write into their audit logs.",
		Role:   "Project Owner",
		Events: &spec.Events{Changed: []string{"AUDIT_LOG_CONFIGURATION_UPDATED"}},
		Fields: []spec.Field{
			{Name: "enabled", Doc: "Whether clusters write an audit log. Not for free, flex and serverless ones."},
			{Name: "auditFilter", Norm: spec.JSONDoc, Doc: "What is written: a filter as JSON text. Spelling makes no difference."},
			{Name: "auditAuthorizationSuccess", Doc: "Whether allowed operations are written too, which slows clusters down."},
			{Name: "configurationType", Doc: "How the filter was made."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/auditLog", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/auditLog", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/auditLog", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed}}},
	}
})
