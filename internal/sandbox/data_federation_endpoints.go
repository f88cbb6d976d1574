package sandbox

import "strings"

var privateNetworkPart = part{
	id: "privateNetworkSettings", name: "Data Federation Private Endpoints", scope: perProject,
	resources: []*resource{dataFederationEndpoints},
}

// dataFederationEndpoints are people's private endpoints for federated
// databases and online archives. A creation of one that is there changes its
// comment, and answers all of them.
var dataFederationEndpoints = &resource{
	name: "dataFederationEndpoints",
	list: "listGroupPrivateNetworkSettingEndpointIds", get: "getGroupPrivateNetworkSettingEndpointId",
	create: "createGroupPrivateNetworkSettingEndpointId", remove: "deleteGroupPrivateNetworkSettingEndpointId",
	identity: []string{"endpointId"},
	upsert:   true,
	events:   [3]string{1: "PRIVATE_NETWORK_ENDPOINT_ENTRY_UPDATED"},
	missing:  "DATA_FEDERATION_PRIVATE_ENDPOINT_NOT_FOUND",
	defaults: map[string]any{"comment": ""},
	cycle: &cycle{
		member: "status", created: "PENDING", removing: "DELETING",
		next: map[string]string{"PENDING": "OK", "DELETING": gone},
	},
	prepare: func(_ *call, _ *thing, body map[string]any) error {
		delete(body, "status")
		delete(body, "errorMessage")
		if (textOf(body, "region") == "") != (textOf(body, "customerEndpointDNSName") == "") {
			return fail(400, "INVALID_ATTRIBUTE", "region and customerEndpointDNSName need each other.")
		}
		if provider := textOf(body, "provider"); provider != "AZURE" && !strings.HasPrefix(textOf(body, "endpointId"), "vpce-") {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute endpointId specified.")
		}
		return nil
	},
	check: func(_ *call, old, t *thing) error {
		if old == nil {
			return nil
		}
		comment := t.Fields["comment"]
		for name := range t.Fields {
			t.Fields[name] = old.Fields[name]
		}
		t.Fields["comment"] = comment
		return nil
	},
	blocks: "CANNOT_CLOSE_GROUP_ACTIVE_DATA_FEDERATION_PRIVATE_ENDPOINTS",
}
