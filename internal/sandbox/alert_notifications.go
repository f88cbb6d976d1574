package sandbox

import (
	"fmt"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// A notifier is a way in which an alert tells somebody.
type notifier struct {
	needs []string // members that it cannot be without
	// The members that are shown masked, the first of them needed too, unless the
	// project's integration has it.
	secrets []string
	usual   map[string]any
	// quiet ones repeat by themselves, and have no interval.
	quiet bool
}

var notifiers = map[string]notifier{
	"EMAIL":           {needs: []string{"emailAddress"}},
	"SMS":             {needs: []string{"mobileNumber"}},
	"GROUP":           {usual: toPeople},
	"ORG":             {usual: toPeople},
	"TEAM":            {needs: []string{"teamId"}, usual: toPeople},
	"USER":            {needs: []string{"username"}, usual: toPeople},
	"SLACK":           {needs: []string{"channelName"}, secrets: []string{"apiToken"}},
	"HIP_CHAT":        {needs: []string{"roomName"}, secrets: []string{"notificationToken"}},
	"PAGER_DUTY":      {secrets: []string{"serviceKey"}, usual: map[string]any{"region": "US"}, quiet: true},
	"OPS_GENIE":       {secrets: []string{"opsGenieApiKey"}, usual: map[string]any{"opsGenieRegion": "US"}, quiet: true},
	"VICTOR_OPS":      {secrets: []string{"victorOpsApiKey"}, quiet: true},
	"DATADOG":         {secrets: []string{"datadogApiKey"}, usual: map[string]any{"datadogRegion": "US"}},
	"WEBHOOK":         {secrets: []string{"webhookUrl", "webhookSecret"}},
	"MICROSOFT_TEAMS": {secrets: []string{"microsoftTeamsWebhookUrl"}},
}

var toPeople = map[string]any{"emailEnabled": false, "smsEnabled": false}

// easeNotification takes out what the Terraform provider sends for want of a
// value: null, an interval of 0, and the zeros of what another type has.
func easeNotification(n map[string]any) {
	shape := facetsOf(n, facet{schema: api.Load().Schema("AlertsNotificationRootForGroup")})
	for name, value := range n {
		declared, _ := membersNamed(shape, name)
		zero := isZero(value)
		if value == nil || zero && (len(declared) == 0 || name == "intervalMin") {
			delete(n, name)
		}
	}
}

func isZero(value any) bool {
	switch value := value.(type) {
	case []any:
		return len(value) == 0
	case nil, bool, string:
		return value == nil || value == false || value == ""
	}
	return jsonOf(value) == "0"
}

// knownNotifiers are the notifications of the project's alerts, by notifierId.
func (c *call) knownNotifiers() map[string]map[string]any {
	known := map[string]map[string]any{}
	for _, t := range c.things("alertConfigs") {
		for _, n := range objectsOf(t, "notifications") {
			known[textOf(n, "notifierId")] = n
		}
	}
	return known
}

// prepareNotification fills in what Atlas fills in, and leaves of a secret its
// mask. A notifierId that Atlas knows keeps the secret that came with it.
func (c *call) prepareNotification(n map[string]any, at string, known map[string]map[string]any) error {
	typeName := textOf(n, "typeName")
	of, ok := notifiers[typeName]
	if !ok {
		return invalid(violation{at + ".typeName", "is required"})
	}
	for _, name := range of.needs {
		if textOf(n, name) == "" {
			return invalid(violation{at + "." + name, "is required for " + typeName})
		}
	}
	before := known[textOf(n, "notifierId")]
	if textOf(before, "typeName") != typeName {
		before = nil
	}
	if textOf(n, "notifierId") == "" {
		n["notifierId"] = newID(c.now)
	}
	if n["delayMin"] == nil {
		n["delayMin"] = 0.0
	}
	switch {
	case of.quiet:
		delete(n, "intervalMin")
	case n["intervalMin"] == nil:
		n["intervalMin"] = 60.0
	}
	for name, value := range of.usual {
		if n[name] == nil {
			n[name] = value
		}
	}
	if id := textOf(n, "teamId"); id != "" {
		if _, err := c.teamOf(id); err != nil {
			return err
		}
		delete(n, "teamName") // answers look it up
	}
	integration, err := c.integrationOf(n)
	if err != nil {
		return err
	}
	for i, name := range of.secrets {
		given := textOf(n, name)
		switch {
		case given != "" && !isMask(given):
			n[name] = maskOf(given)
			if name == "webhookSecret" {
				n[name] = "****"
			}
		case textOf(before, name) != "":
			n[name] = before[name]
		case given != "":
			return invalid(violation{at + "." + name, "is masked: send the value itself, or with it the notifierId that keeps it"})
		case integration != nil:
			delete(n, name)
		case i == 0:
			return invalid(violation{at + "." + name, "is required for " + typeName + ", or the notifierId that keeps it, or an integrationId"})
		}
	}
	return nil
}

// integrationOf is the project's integration that a notification goes through,
// nil for none.
func (c *call) integrationOf(n map[string]any) (*thing, error) {
	id := textOf(n, "integrationId")
	if id == "" {
		return nil, nil
	}
	for _, t := range c.things("integrations") {
		if t.text("id") == id && t.text("type") == n["typeName"] {
			return t, nil
		}
	}
	return nil, fail(404, "INTEGRATION_NOT_FOUND", "the project has no integration %s for %s", id, fmt.Sprint(n["typeName"]))
}

// teamOf finds a team of the project's organization.
func (c *call) teamOf(id string) (*team, error) {
	p, err := c.world.project(c.param("groupId"))
	if err != nil {
		return nil, err
	}
	org, err := c.world.organization(p.OrgID)
	if err != nil {
		return nil, err
	}
	return org.team(id)
}
