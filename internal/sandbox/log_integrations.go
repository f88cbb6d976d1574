package sandbox

var logIntegrationsPart = part{
	id: "logIntegrations", name: "Log Integrations", scope: perProject,
	resources: []*resource{logIntegrations},
}

// logIntegrations are where a project's logs go. What a service needs to let Atlas
// in is shown masked, the values of headers never; a replacement needs all of it.
var logIntegrations = &resource{
	name: "logIntegrations",
	list: "listGroupLogIntegrations", get: "getGroupLogIntegration", create: "createGroupLogIntegration",
	replace: "updateGroupLogIntegration", remove: "deleteGroupLogIntegration",
	id:        "id",
	params:    []string{"id"},
	missing:   "LOG_INTEGRATION_NOT_FOUND",
	immutable: []string{"type"},
	prepare:   prepareLogIntegration,
	filter: func(c *call, t *thing) bool {
		wanted := c.query.Get("integrationType")
		return wanted == "" || wanted == t.text("type")
	},
	eventsOf: func(t *thing) [3]string {
		what := logDestinations[t.text("type")].event + "_LOG_STREAMING_"
		return [3]string{what + "ENABLED", what + "CONFIGURATION_UPDATED", what + "DISABLED"}
	},
}

// logDestinations say by type what the event of one is called, and which role
// in which cloud it writes by.
var logDestinations = map[string]struct{ event, cloud, role string }{
	"S3_LOG_EXPORT":      {"S3", onAWS, "iamRoleId"},
	"AZURE_LOG_EXPORT":   {"AZURE", onAzure, "roleId"},
	"GCS_LOG_EXPORT":     {"GCP", onGCP, "roleId"},
	"DATADOG_LOG_EXPORT": {event: "DATADOG"},
	"SPLUNK_LOG_EXPORT":  {event: "SPLUNK"},
	"OTEL_LOG_EXPORT":    {event: "OTEL"},
}

func prepareLogIntegration(c *call, _ *thing, body map[string]any) error {
	if len(listIn(body, "logTypes")) == 0 {
		return invalid(violation{"logTypes", "must not be empty"})
	}
	if to := logDestinations[textOf(body, "type")]; to.cloud != "" {
		role := textOf(body, to.role)
		if !c.hasRole(role) {
			return fail(400, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND", "no role %s exists in the project", role)
		}
		return c.checkRole(role, to.cloud)
	}
	for _, name := range []string{"apiKey", "hecToken"} {
		switch given := textOf(body, name); {
		case isMask(given):
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute %s specified: it is masked.", name)
		case given != "":
			body[name] = maskOf(given)
		}
	}
	names := map[string]bool{}
	for _, item := range listIn(body, "otelSuppliedHeaders") {
		if header, ok := item.(map[string]any); ok {
			name := textOf(header, "name")
			if names[name] {
				return invalid(violation{"otelSuppliedHeaders", "has the header " + name + " twice"})
			}
			names[name] = true
			delete(header, "value")
		}
	}
	return nil
}

// hasRole says whether the project has a cloud role of that id.
func (c *call) hasRole(id string) bool {
	for _, t := range c.things("cloudProviderAccess") {
		if t.text("roleId") == id {
			return true
		}
	}
	return false
}
