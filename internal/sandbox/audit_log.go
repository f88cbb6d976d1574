package sandbox

import "encoding/json"

var auditLogPart = part{
	id: "auditLog", name: "Auditing", scope: perProject,
	operations: []operation{
		{id: "getGroupAuditLog", method: "GET", path: "/groups/{groupId}/auditLog", versions: oldest, may: projectOwner, status: 200, handle: getAuditLog},
		{id: "updateGroupAuditLog", method: "PATCH", path: "/groups/{groupId}/auditLog", versions: oldest, may: projectOwner, status: 200, body: true, handle: updateAuditLog},
	},
}

// auditLog is what a project's clusters write into their audit logs. A project
// that has said nothing has the zero value.
type auditLog struct {
	Enabled              bool   `json:"enabled"`
	AuthorizationSuccess bool   `json:"auditAuthorizationSuccess"`
	Filter               string `json:"auditFilter"`
	ConfigurationType    string `json:"configurationType"`
}

var auditLogShape = object{
	"enabled":                   optional(boolean{}),
	"auditAuthorizationSuccess": optional(boolean{}),
	"auditFilter":               optional(text{}),
}

func (p *project) auditLog() auditLog {
	log := auditLog{Filter: "{}", ConfigurationType: "NONE"}
	if p.AuditLog != nil {
		log = *p.AuditLog
	}
	return log
}

func getAuditLog(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return p.auditLog(), nil
}

// updateAuditLog changes what the request names. The filter has to be JSON; it is
// kept as it was written.
func updateAuditLog(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct {
		Enabled              *bool   `json:"enabled"`
		AuthorizationSuccess *bool   `json:"auditAuthorizationSuccess"`
		Filter               *string `json:"auditFilter"`
	}](c, auditLogShape)
	if err != nil {
		return nil, err
	}
	log := p.auditLog()
	if body.Filter != nil {
		if !json.Valid([]byte(*body.Filter)) {
			return nil, fail(400, "INVALID_AUDIT_FILTER", "The audit filter is not valid JSON.")
		}
		log.Filter, log.ConfigurationType = *body.Filter, "FILTER_JSON"
	}
	if body.Enabled != nil {
		log.Enabled = *body.Enabled
	}
	if body.AuthorizationSuccess != nil {
		log.AuthorizationSuccess = *body.AuthorizationSuccess
	}
	p.AuditLog = &log
	c.happened("AUDIT_LOG_CONFIGURATION_UPDATED")
	return log, nil
}
