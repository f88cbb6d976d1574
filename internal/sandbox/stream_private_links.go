package sandbox

import (
	"slices"
	"strings"
)

// streamPrivateLinks lead from stream processing to the services of vendors. What
// the description has no word for, such as a service that is not there, is told by
// a marker in its domain.
var streamPrivateLinks = &resource{
	name: "streamPrivateLinks",
	list: "listGroupStreamPrivateLinkConnections", get: "getGroupStreamPrivateLinkConnection",
	create: "createGroupStreamPrivateLinkConnection", update: "updateGroupStreamPrivateLinkConnection", remove: "deleteGroupStreamPrivateLinkConnection",
	id:      "_id",
	params:  []string{"connectionId=_id"},
	missing: "STREAM_PRIVATE_LINK_NOT_FOUND",
	cycle: &cycle{
		member: "state", created: "IDLE", removing: "DELETE_REQUESTED",
		becomes: func(_ *call, t *thing) string {
			switch {
			case t.State == "WORKING" && strings.Contains(t.text("dnsDomain"), failingStream):
				return "FAILED"
			case t.State == "DELETING":
				return gone
			}
			return map[string]string{"IDLE": "WORKING", "WORKING": "DONE", "DELETE_REQUESTED": "DELETING"}[t.State]
		},
	},
	prepare: prepareStreamLink,
	removable: func(c *call, t *thing) error {
		for _, workspace := range c.things("streamWorkspaces") {
			if slices.ContainsFunc(c.below(workspace, "streamConnections"), func(s *thing) bool { return linkOf(s) == t.text("_id") }) {
				return fail(409, "STREAM_PRIVATE_LINK_IN_USE", "A connection uses the private link %s.", t.text("_id"))
			}
		}
		return nil
	},
	show: func(_ *call, t *thing, v map[string]any) {
		switch {
		case t.State == "FAILED":
			v["errorMessage"] = "the service cannot be reached"
		case t.State != "DONE":
		case t.text("provider") == onAWS:
			v["interfaceEndpointId"], v["interfaceEndpointName"], v["providerAccountId"] = "vpce-0"+t.Key[len(t.Key)-16:], "streams-"+t.Key[len(t.Key)-6:], "100000000001"
		case t.text("provider") == onGCP:
			v["gcpConnectionIds"] = []any{"1" + strings.Repeat("0", 12)}
		}
	},
}

// linkOf is the private link that a connection goes through.
func linkOf(connection *thing) string {
	for _, block := range []string{"networking", "publicPrivateNetworking"} {
		if id := textOf(objectIn(objectIn(connection.Fields, block), "access"), "connectionId"); id != "" {
			return id
		}
	}
	return ""
}

// linkNeeds are what a link to a vendor cannot do without.
var linkNeeds = map[string][]string{
	"MSK": {"arn"}, "S3": {"region", "serviceEndpointId"}, "PUBSUB": {"region"}, "CONFLUENT": {"region"},
	"AZURE_BLOB_STORAGE": {"region", "serviceEndpointId", "dnsDomain"},
}

func prepareStreamLink(_ *call, old *thing, body map[string]any) error {
	if old != nil {
		if had := old.text("dnsDomain"); had != "" && had != textOf(body, "dnsDomain") && old.State != "IDLE" {
			return fail(400, "INVALID_ATTRIBUTE", "dnsDomain cannot be changed any more.")
		}
		return nil
	}
	provider, vendor := textOf(body, "provider"), textOf(body, "vendor")
	if !slices.Contains([]string{onAWS, onAzure, onGCP}, provider) {
		return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute provider specified.")
	}
	if vendor == "" {
		body["vendor"] = "GENERIC"
	}
	for _, member := range linkNeeds[vendor] {
		if textOf(body, member) == "" {
			return missingAttribute(member)
		}
	}
	switch {
	case vendor == "MSK" && textOf(body, "region") != "":
		return fail(400, "INVALID_ATTRIBUTE", "The region of a link to MSK follows from its arn.")
	case vendor == "MSK":
		if parts := strings.Split(textOf(body, "arn"), ":"); len(parts) > 3 {
			body["region"] = parts[3]
		}
	case vendor == "CONFLUENT" && textOf(body, "serviceEndpointId") == "" && len(listIn(body, "gcpServiceAttachmentUris")) == 0:
		return missingAttribute("serviceEndpointId")
	case vendor == "CONFLUENT" && provider != onAWS && textOf(body, "dnsDomain") == "":
		return missingAttribute("dnsDomain")
	}
	return nil
}
