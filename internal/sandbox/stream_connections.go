package sandbox

import (
	"slices"
	"strings"
)

// failingStream in the name of a connection makes one that Atlas cannot deploy.
const failingStream = "sandbox-fails"

// streamConnections are what the processors of a workspace are connected to. A
// secret of one is never shown, and an update that lacks it leaves it as it is.
var streamConnections = &resource{
	name: "streamConnections", of: streamWorkspaces,
	list: "listGroupStreamConnections", get: "getGroupStreamConnection", create: "createGroupStreamConnection",
	update: "updateGroupStreamConnection", remove: "deleteGroupStreamConnection",
	identity:  []string{"name"},
	params:    []string{"connectionName=name"},
	missing:   "STREAM_CONNECTION_NOT_FOUND_FOR_NAME",
	taken:     "STREAM_CONNECTION_NAME_ALREADY_EXISTS",
	immutable: []string{"type"},
	cycle: &cycle{
		member: "state", created: "PENDING", removing: "DELETING",
		becomes: func(_ *call, t *thing) string {
			switch {
			case t.State == "PENDING" && strings.Contains(t.text("name"), failingStream):
				return "FAILED"
			case t.State == "PENDING":
				return "READY"
			case t.State == "DELETING":
				return gone
			}
			return ""
		},
	},
	prepare: prepareStreamConnection,
	check: func(c *call, old, t *thing) error {
		if t.text("region") == "" {
			if workspace := c.named("streamWorkspaces", c.param("tenantName")); workspace != nil && t.text("type") != "Sample" {
				t.Fields["region"] = textOf(objectIn(workspace.Fields, "dataProcessRegion"), "region")
			}
		}
		if t.text("type") == "Kafka" && t.Fields["networking"] == nil {
			t.Fields["networking"] = map[string]any{"access": map[string]any{"type": "PUBLIC"}}
		}
		if old != nil && jsonOf(old.Fields["networking"]) != jsonOf(t.Fields["networking"]) {
			return fail(400, "STREAM_NETWORKING_ACCESS_TYPE_CANNOT_BE_MODIFIED", "The way in which a connection is reached cannot be changed.")
		}
		return nil
	},
	removable: func(c *call, t *thing) error {
		workspace := c.named("streamWorkspaces", c.param("tenantName"))
		access := textOf(objectIn(objectIn(t.Fields, "networking"), "access"), "type")
		switch {
		case t.State == "PENDING" && access != "" && access != "PUBLIC":
			return fail(409, "STREAM_KAFKA_CONNECTION_IS_DEPLOYING", "The connection %s is being deployed.", t.text("name"))
		case workspace != nil && slices.ContainsFunc(c.below(workspace, "streamProcessors"), func(p *thing) bool { return p.State != "DROPPED" && usesStream(p, t.text("name")) }):
			return fail(409, "STREAM_CONNECTION_HAS_STREAM_PROCESSORS", "The connection %s is used by a stream processor.", t.text("name"))
		}
		return nil
	},
}

// streamSecrets are the write-only members of the blocks of a connection.
var streamSecrets = map[string][]string{
	"authentication":               {"password", "clientSecret", "sslKey", "sslKeyPassword"},
	"schemaRegistryAuthentication": {"password"},
}

// streamNeeds are what a connection of a type cannot do without.
var streamNeeds = map[string][]string{
	"Cluster": {"clusterName"}, "Kafka": {"bootstrapServers"}, "Https": {"url"},
	"AWSLambda": {"aws.roleArn"}, "S3": {"aws.roleArn"}, "AWSKinesisDataStreams": {"aws.roleArn"},
	"AzureBlobStorage": {"azure.servicePrincipalId", "azure.storageAccountName"}, "GCPPubSub": {"gcp.serviceAccountId"},
}

func prepareStreamConnection(_ *call, old *thing, body map[string]any) error {
	delete(body, "id")
	delete(body, "state")
	if old == nil {
		if textOf(body, "name") == "" {
			return missingAttribute("name")
		}
		if textOf(body, "type") == "" {
			return missingAttribute("type")
		}
		for _, path := range streamNeeds[textOf(body, "type")] {
			block, member, nested := strings.Cut(path, ".")
			in := body
			if nested {
				in = objectIn(body, block)
			} else {
				member = block
			}
			if textOf(in, member) == "" {
				return missingAttribute(path)
			}
		}
	}
	for block, members := range streamSecrets {
		for _, member := range members {
			delete(objectIn(body, block), member)
		}
	}
	return nil
}

// streamsIn are all connections that a value names, at any depth.
func streamsIn(v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			if text, ok := e.(string); ok && name == "connectionName" {
				all = append(all, text)
			}
			all = append(all, streamsIn(e)...)
		}
	case []any:
		for _, e := range v {
			all = append(all, streamsIn(e)...)
		}
	}
	return all
}
