package sandbox

import (
	"encoding/json"
	"maps"
)

var orgSettingsPart = part{
	id: "orgSettings", name: "Organization Settings", scope: perOrganization,
	operations: []operation{
		{id: "getOrgSettings", method: "GET", path: "/orgs/{orgId}/settings", versions: oldest, may: orgMember, status: 200, handle: getOrgSettings},
		{id: "updateOrgSettings", method: "PATCH", path: "/orgs/{orgId}/settings", versions: oldest, may: orgOwner, status: 200, body: true, handle: updateOrgSettings},
	},
}

var (
	sessionTimeouts = object{
		"absoluteSessionTimeoutInSeconds": optional(orNull{integer{3600, 43200}}),
		"idleSessionTimeoutInSeconds":     optional(orNull{integer{300, 43200}}),
	}
	orgSettingsShape = object{
		"apiAccessListRequired":                  optional(boolean{}),
		"customSessionTimeouts":                  optional(orNull{sessionTimeouts}),
		"genAIFeaturesEnabled":                   optional(boolean{}),
		"maxServiceAccountSecretValidityInHours": optional(secretHours),
		"multiFactorAuthRequired":                optional(boolean{}),
		"operationsContact":                      optional(orNull{email}),
		"restrictEmployeeAccess":                 optional(boolean{}),
		"securityContact":                        optional(orEmpty{email}),
		"streamsCrossGroupEnabled":               optional(boolean{}),
	}
)

// orgSettings are the settings of a new organization. A security contact and
// timeouts are shown only where they are set.
var orgSettings = map[string]any{
	"apiAccessListRequired":                  false,
	"genAIFeaturesEnabled":                   true,
	"maxServiceAccountSecretValidityInHours": maxSecretHours,
	"multiFactorAuthRequired":                false,
	"operationsContact":                      nil,
	"restrictEmployeeAccess":                 false,
	"streamsCrossGroupEnabled":               false,
}

// orgSettingEvents are the events of a setting that was switched off or changed,
// and of one that was switched on.
var orgSettingEvents = map[string][2]string{
	"apiAccessListRequired":                  {"ORG_PUBLIC_API_ACCESS_LIST_NOT_REQUIRED", "ORG_PUBLIC_API_ACCESS_LIST_REQUIRED"},
	"customSessionTimeouts":                  {"CUSTOM_SESSION_TIMEOUT_MODIFIED", "CUSTOM_SESSION_TIMEOUT_MODIFIED"},
	"maxServiceAccountSecretValidityInHours": {"ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED", "ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED"},
	"multiFactorAuthRequired":                {"ORG_TWO_FACTOR_AUTH_OPTIONAL", "ORG_TWO_FACTOR_AUTH_REQUIRED"},
	"operationsContact":                      {"OPERATIONS_CONTACT_MODIFIED", "OPERATIONS_CONTACT_MODIFIED"},
	"restrictEmployeeAccess":                 {"ORG_EMPLOYEE_ACCESS_UNRESTRICTED", "ORG_EMPLOYEE_ACCESS_RESTRICTED"},
	"securityContact":                        {"SECURITY_CONTACT_MODIFIED", "SECURITY_CONTACT_MODIFIED"},
}

func (o *organization) settings() map[string]any {
	all := maps.Clone(orgSettings)
	maps.Copy(all, o.Settings)
	return all
}

// maxSecretHours is how long a secret may live in this organization.
func (o *organization) maxSecretHours() int {
	switch hours := o.settings()["maxServiceAccountSecretValidityInHours"].(type) {
	case float64:
		return int(hours)
	case int:
		return hours
	}
	return maxSecretHours
}

func getOrgSettings(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	return org.settings(), nil
}

// updateOrgSettings changes what the request names; null and an empty contact
// clear a setting.
func updateOrgSettings(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := decode[map[string]any](c, orgSettingsShape)
	if err != nil {
		return nil, err
	}
	next := maps.Clone(org.Settings)
	if next == nil {
		next = map[string]any{}
	}
	for name, value := range body {
		if name == "customSessionTimeouts" {
			if value, err = mergedTimeouts(next[name], value); err != nil {
				return nil, err
			}
		}
		before, after := jsonOf(next[name]), jsonOf(value)
		if next[name] = value; value == nil || value == "" {
			delete(next, name)
		}
		if events, ok := orgSettingEvents[name]; ok && before != after {
			c.happened(events[map[bool]int{true: 1}[value == true]])
		}
	}
	org.Settings = next
	c.changed(org.change())
	return org.settings(), nil
}

// mergedTimeouts changes the members that are named; null clears one, or all.
func mergedTimeouts(old, change any) (any, error) {
	named, ok := change.(map[string]any)
	if !ok {
		return nil, nil
	}
	next := map[string]any{}
	if old, ok := old.(map[string]any); ok {
		maps.Copy(next, old)
	}
	for name, value := range named {
		if next[name] = value; value == nil {
			delete(next, name)
		}
	}
	idle, hasIdle := next["idleSessionTimeoutInSeconds"].(float64)
	absolute, hasAbsolute := next["absoluteSessionTimeoutInSeconds"].(float64)
	if hasIdle && hasAbsolute && idle > absolute {
		return nil, invalid(violation{"customSessionTimeouts.idleSessionTimeoutInSeconds", "must not be longer than the absolute timeout"})
	}
	if len(next) == 0 {
		return nil, nil
	}
	return next, nil
}

func jsonOf(value any) string {
	data, _ := json.Marshal(value) // it came as JSON
	return string(data)
}
