package sandbox

import "strings"

var resourcePoliciesPart = part{
	id: "resourcePolicies", name: "Resource Policies", scope: perOrganization,
	resources: []*resource{resourcePolicies},
}

// resourcePolicies say in Cedar what nobody in the organization may set up.
// Here they are kept and checked for their form, and forbid nothing.
var resourcePolicies = &resource{
	name: "resourcePolicies",
	list: "listOrgResourcePolicies", get: "getOrgResourcePolicy", create: "createOrgResourcePolicy",
	update: "updateOrgResourcePolicy", remove: "deleteOrgResourcePolicy",
	extra: []extra{
		{operation: "validateOrgResourcePolicies", do: validatePolicy},
		{operation: "getOrgNonCompliantResources", do: func(c *call) (any, error) {
			_, err := c.organization()
			return []any{}, err
		}},
	},
	id:      "id",
	params:  []string{"resourcePolicyId"},
	missing: "RESOURCE_POLICY_NOT_FOUND",
	prepare: preparePolicy,
	check:   checkPolicy,
	events:  [3]string{"RESOURCE_POLICY_CREATED", "RESOURCE_POLICY_MODIFIED", "RESOURCE_POLICY_DELETED"},
	tells:   func(t *thing) map[string]string { return map[string]string{"resourcePolicyId": t.text("id")} },
}

// preparePolicy gives each rule an id: rules are replaced whole.
func preparePolicy(c *call, _ *thing, body map[string]any) error {
	if name, ok := body["name"]; ok && name == nil {
		delete(body, "name") // as if it were not there
	}
	rules, ok := body["policies"].([]any)
	if !ok {
		return nil
	}
	if len(rules) == 0 {
		return invalid(violation{"policies", "must have at least 1 items"})
	}
	var wrong []any
	errorType := ""
	for _, item := range rules {
		rule := item.(map[string]any)
		rule["id"] = newID(c.now)
		if of, detail := cedarMistake(textOf(rule, "body")); of != "" {
			errorType = of
			wrong = append(wrong, map[string]any{
				"body": rule["body"], "errors": []any{map[string]any{"detail": detail}},
			})
		}
	}
	if wrong == nil {
		return nil
	}
	e := asAPIError(fail(400, errorType, "The resource policy is not valid: %s.", errorType))
	e.More = map[string]any{"errorType": errorType, "invalidPolicies": wrong}
	return e
}

func checkPolicy(c *call, old, t *thing) error {
	if t.text("name") == "" {
		return missingAttribute("name")
	}
	for _, other := range c.things("resourcePolicies") {
		if other.Key != t.Key && other.text("name") == t.text("name") {
			return fail(409, "RESOURCE_POLICY_NAME_ALREADY_EXISTS", "a resource policy with the name %s exists already", t.text("name"))
		}
	}
	who := c.principal()
	by := map[string]any{"id": strings.TrimPrefix(who.id, "mdb_sa_id_"), "name": who.id}
	if who.keyID != "" {
		by["id"] = who.keyID
	}
	if old == nil {
		t.Fields["createdByUser"], t.Fields["createdDate"], t.Fields["version"] = by, stamp(c.now), "v1"
	}
	t.Fields["lastUpdatedByUser"], t.Fields["lastUpdatedDate"] = by, stamp(c.now)
	return nil
}

// validatePolicy does what a creation does, and keeps nothing.
func validatePolicy(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[map[string]any](c, "validateOrgResourcePolicies")
	if err != nil {
		return nil, err
	}
	t := &thing{Key: newID(c.now), Fields: body}
	if err := preparePolicy(c, nil, t.Fields); err != nil {
		return nil, err
	}
	if err := checkPolicy(c, nil, t); err != nil {
		return nil, err
	}
	t.Fields["orgId"], t.Fields["id"] = org.ID, t.Key
	if t.Fields["description"] == nil {
		delete(t.Fields, "description")
	}
	return t.Fields, nil
}
