package sandbox

var integrationsPart = part{
	id: "integrations", name: "Third-Party Integrations", scope: perProject,
	resources: []*resource{integrations},
}

// integrations are where a project sends alerts and measurements: one of each
// type, which is its name. What comes back of a key is a mask, and each
// replacement needs the key itself.
var integrations = &resource{
	name: "integrations",
	list: "listGroupIntegrations", get: "getGroupIntegration", create: "createGroupIntegration",
	replace: "updateGroupIntegration", remove: "deleteGroupIntegration",
	id:       "id",
	identity: []string{"type"},
	params:   []string{"integrationType"},
	named:    func(c *call, t *thing) bool { return t.text("type") == c.param("integrationType") },
	missing:  "INTEGRATION_NOT_FOUND",
	taken:    "INTEGRATION_ALREADY_CONFIGURED",
	ease:     easeIntegration,
	prepare:  prepareIntegration,
	wrote:    integrationWrote,
	removed:  func(c *call, t *thing) { c.overNotifications(t, func(n map[string]any) { delete(n, "integrationId") }) },
	events:   [3]string{"INTEGRATION_CONFIGURED", "INTEGRATION_CONFIGURED", "INTEGRATION_REMOVED"},
}

// integrationSecrets are the members that are shown masked.
var integrationSecrets = map[string][]string{
	"PAGER_DUTY": {"serviceKey"}, "SLACK": {"apiToken"}, "DATADOG": {"apiKey"}, "OPS_GENIE": {"apiKey"},
	"VICTOR_OPS": {"apiKey"}, "NEW_RELIC": {"licenseKey", "readToken", "writeToken"},
	"WEBHOOK": {"url", "secret"}, "MICROSOFT_TEAMS": {"microsoftTeamsWebhookUrl"},
}

// easeIntegration lets the path name the type, and a request echo the id and
// say nothing with null.
func easeIntegration(c *call, body any) error {
	m, ok := body.(map[string]any)
	if !ok {
		return nil
	}
	delete(m, "id")
	for name, value := range m {
		if value == nil {
			delete(m, name)
		}
	}
	switch m["type"] {
	case nil:
		m["type"] = c.param("integrationType")
	case c.param("integrationType"):
	default:
		return fail(400, "INVALID_INTEGRATION_TYPE", "The type %v does not match the integration %s of the path.", m["type"], c.param("integrationType"))
	}
	return nil
}

func prepareIntegration(_ *call, _ *thing, body map[string]any) error {
	typeName := textOf(body, "type")
	for _, name := range append(integrationSecrets[typeName], "password") {
		given := textOf(body, name)
		switch {
		case isMask(given):
			return fail(400, "INVALID_INTEGRATION_SETTINGS", "Invalid integration settings: %s is masked.", name)
		case given == "" || name == "password":
		case name == "secret":
			body[name] = "****"
		default:
			body[name] = maskOf(given)
		}
	}
	if (typeName == "PAGER_DUTY" || typeName == "DATADOG") && body["region"] == nil {
		body["region"] = "US"
	}
	return nil
}

// integrationWrote gives the notifications that go through a changed
// integration new ids, as Atlas does.
func integrationWrote(c *call, old, t *thing) {
	if old != nil {
		c.overNotifications(t, func(n map[string]any) { n["notifierId"] = newID(c.now) })
	}
}

// overNotifications changes the notifications that go through an integration.
func (c *call) overNotifications(through *thing, change func(n map[string]any)) {
	for _, alert := range c.things("alertConfigs") {
		alert = alert.clone()
		touched := false
		for _, n := range objectsOf(alert, "notifications") {
			if textOf(n, "integrationId") == through.text("id") {
				change(n)
				touched = true
			}
		}
		if touched {
			c.write("alertConfigs", alert)
		}
	}
}
