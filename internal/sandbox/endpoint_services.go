package sandbox

import (
	"slices"
	"strings"
)

// endpointServices are Atlas's sides of private endpoints: one a region, on AWS more
// in regional mode, on GCP one of each sort. What a request calls providerName and
// region, an answer calls cloudProvider and regionName.
var endpointServices = &resource{
	name: "endpointServices",
	list: "listGroupPrivateEndpointEndpointService", get: "getGroupPrivateEndpointEndpointService",
	create: "createGroupPrivateEndpointEndpointService", update: "updateGroupPrivateEndpointEndpointService",
	remove: "deleteGroupPrivateEndpointEndpointService",
	id:     "id",
	named: func(c *call, t *thing) bool {
		cloud := c.param("cloudProvider")
		return t.text("id") == c.param("endpointServiceId") && (cloud == "" || cloud == t.text("cloudProvider"))
	},
	missing: "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND",
	cycle: &cycle{
		member: "status", created: "INITIATING", removing: "DELETING",
		next:    map[string]string{"INITIATING": "AVAILABLE", "DELETING": gone},
		reached: serviceReady,
	},
	filter:  ofCloud,
	prepare: prepareService,
	check: func(c *call, old, t *thing) error {
		if old != nil {
			return nil
		}
		for _, other := range c.things("endpointServices") {
			same := other.text("cloudProvider") == t.text("cloudProvider") && other.text("regionName") == t.text("regionName") && other.Fields["mapped"] == t.Fields["mapped"]
			if same && (t.text("cloudProvider") != onAWS || !regional(c)) {
				return fail(409, "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION", "A private endpoint service exists for the region %s.", t.text("regionName"))
			}
		}
		return nil
	},
	removable: func(c *call, t *thing) error {
		if len(c.below(t, "endpoints")) > 0 {
			return fail(400, "CANNOT_DELETE_PRIVATE_ENDPOINT_SERVICE_WITH_ENDPOINTS", "The private endpoint service has endpoints.")
		}
		return nil
	},
	show: func(c *call, t *thing, v map[string]any) {
		member := map[string]string{onAWS: "interfaceEndpoints", onAzure: "privateEndpoints", onGCP: "endpointGroupNames"}[t.text("cloudProvider")]
		ids := []any{}
		for _, e := range c.below(t, "endpoints") {
			ids = append(ids, endpointID(e))
		}
		v[member] = ids
		for shown, kept := range map[string]string{"supportedRemoteRegions": "remote", "portMappingEnabled": "mapped"} {
			if t.Fields[kept] != nil { // a request's members of these names are never kept: they are write-only
				v[shown] = t.Fields[kept]
			}
		}
	},
}

// regional tells whether the project may have several services in a region.
func regional(c *call) bool {
	for _, t := range c.things("privateEndpointRegionalMode") {
		if t.Fields["enabled"] == true {
			return true
		}
	}
	return false
}

func prepareService(_ *call, old *thing, body map[string]any) error {
	cloud, region := textOf(body, "providerName"), textOf(body, "region")
	if old != nil {
		cloud, region = old.text("cloudProvider"), old.text("regionName")
	}
	remote := listIn(body, "supportedRemoteRegions")
	switch {
	case region != strings.ToUpper(region):
		return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute region specified.")
	case len(remote) > 0 && cloud != onAWS || old != nil && cloud != onAWS:
		return fail(400, "PROVIDER_UNSUPPORTED", "Remote regions are for AWS alone.")
	}
	for _, r := range remote {
		if r == region {
			return fail(400, "CROSS_REGION_PRIVATE_LINK_SELF_REGION", "The service's own region cannot be a remote one.")
		}
	}
	if old == nil {
		mapped := body["portMappingEnabled"]
		clear(body)
		body["cloudProvider"], body["regionName"] = cloud, region
		if cloud == onGCP {
			body["mapped"] = mapped == true
		}
	}
	delete(body, "supportedRemoteRegions")
	if cloud == onAWS {
		body["remote"] = slices.Concat([]any{}, remote)
	}
	return nil
}

// serviceReady names what people connect to, once it is there.
func serviceReady(_ *call, t *thing) {
	if t.State != "AVAILABLE" {
		return
	}
	id := t.text("id")
	region := awsRegion(t.text("regionName"))
	switch t.text("cloudProvider") {
	case onAWS:
		t.Fields["endpointServiceName"] = "com.amazonaws.vpce." + region + ".vpce-svc-" + id[:17]
	case onAzure:
		t.Fields["privateLinkServiceName"] = "pls_" + id
		t.Fields["privateLinkServiceResourceId"] = "/subscriptions/" + uuidOf(id) + "/resourceGroups/rg_" + id + "/providers/Microsoft.Network/privateLinkServices/pls_" + id
	case onGCP:
		names, most := []any{}, 50
		if t.Fields["mapped"] == true {
			most = 1
		}
		for i := range most {
			names = append(names, gcpAttachment(id, region, i))
		}
		t.Fields["serviceAttachmentNames"] = names
	}
}
