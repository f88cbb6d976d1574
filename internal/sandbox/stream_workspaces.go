package sandbox

import (
	"maps"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

var streamsPart = part{
	id: "streams", name: "Atlas Stream Processing", scope: perProject,
	resources: []*resource{streamWorkspaces, streamConnections, streamProcessors, streamPrivateLinks, streamFailovers, streamPeerings},
}

// streamWorkspaces are where stream processors run. A creation and an update
// name the region in two ways. One that is removed is there for a while.
var streamWorkspaces = &resource{
	name: "streamWorkspaces",
	list: "listGroupStreamWorkspaces", get: "getGroupStreamWorkspace", create: "createGroupStreamWorkspace|withGroupStreamSampleConnections",
	update: "updateGroupStreamWorkspace", remove: "deleteGroupStreamWorkspace",
	id:       "_id",
	identity: []string{"name"},
	params:   []string{"tenantName=name"},
	missing:  "STREAM_TENANT_NOT_FOUND_FOR_NAME",
	taken:    "STREAM_TENANT_ALREADY_EXISTS",
	blocks:   "CANNOT_CLOSE_GROUP_ACTIVE_STREAMS_RESOURCE",
	cycle:    &cycle{created: "ACTIVE", removing: "DELETING", next: map[string]string{"DELETING": gone}},
	prepare:  prepareStreamWorkspace,
	removable: func(c *call, t *thing) error {
		if slices.ContainsFunc(c.below(t, "streamProcessors"), func(p *thing) bool { return p.State != "DROPPED" }) {
			return fail(409, "STREAM_TENANT_HAS_STREAM_PROCESSORS", "The workspace %s has stream processors; delete them first.", t.text("name"))
		}
		return nil
	},
	check: func(_ *call, old, t *thing) error {
		if old != nil {
			return nil
		}
		config := map[string]any{"tier": "SP30", "maxTierSize": "SP50"}
		maps.Copy(config, objectIn(t.Fields, "streamConfig"))
		t.Fields["streamConfig"] = config
		t.Fields["hostnames"] = []any{"atlas-stream-" + t.text("_id") + "-" + t.Key[len(t.Key)-5:] + ".a.query.mongodb.net"}
		return nil
	},
}

func prepareStreamWorkspace(_ *call, old *thing, body map[string]any) error {
	region := objectIn(body, "dataProcessRegion")
	for _, in := range append(objectsIn(body["failoverRegions"]), region, body) {
		if err := checkStreamRegion(in); err != nil {
			return err
		}
	}
	if old == nil {
		switch {
		case textOf(body, "name") == "":
			return missingAttribute("name")
		case region == nil:
			return missingAttribute("dataProcessRegion")
		}
		return nil
	}
	delete(body, "processorStatus")
	_, moves := body["region"]
	if _, moved := body["cloudProvider"]; moves || moved {
		now := maps.Clone(objectIn(old.Fields, "dataProcessRegion"))
		for _, name := range []string{"cloudProvider", "region"} {
			if v := body[name]; v != nil {
				now[name] = v
			}
			delete(body, name)
		}
		if body["failoverRegions"] != nil {
			return fail(400, "INVALID_ATTRIBUTE", "The region and failoverRegions cannot be changed in one request.")
		}
		if err := checkStreamRegion(now); err != nil {
			return err
		}
		body["dataProcessRegion"] = now
	}
	if next, sent := body["failoverRegions"]; sent && len(listIn(old.Fields, "failoverRegions")) > 0 && jsonOf(next) != jsonOf(old.Fields["failoverRegions"]) {
		return fail(400, "INVALID_ATTRIBUTE", "failoverRegions cannot be changed once they are set.")
	}
	if config := objectIn(body, "streamConfig"); config != nil {
		merged := maps.Clone(objectIn(old.Fields, "streamConfig"))
		maps.Copy(merged, config)
		body["streamConfig"] = merged
	}
	return nil
}

// checkStreamRegion refuses a region that is none of the cloud's, or in which no
// streams are processed. One of the two may be missing.
func checkStreamRegion(in map[string]any) error {
	cloud, region := textOf(in, "cloudProvider"), textOf(in, "region")
	schema := map[string]string{onAWS: "ApiStreamsAWSRegionView", onAzure: "ApiStreamsAzureRegionView", onGCP: "ApiStreamsGCPRegionView"}[cloud]
	switch {
	case cloud == "":
	case schema == "":
		return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute cloudProvider specified.")
	case region != "" && !slices.Contains(api.Load().Schema(schema).Enum, any(region)):
		return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute region specified.")
	}
	return nil
}
