package sandbox

import (
	"maps"
	"slices"
	"strings"
)

var clustersPart = part{
	id: "clusters", name: "Clusters", scope: perProject,
	operations: []operation{
		{id: "getGroupIpAddresses", method: "GET", path: "/groups/{groupId}/ipAddresses", versions: oldest, may: projectReadOnly, status: 200, handle: getIPAddresses},
	},
	resources: []*resource{clusters, processArgs, queryShapes, pinnedNamespaces},
}

// clusters are the dedicated clusters of a project, and its free one. They are
// kept in the form of 2024-08-05: one replicationSpec a shard. What a request or an
// answer of an older version looks like is in cluster_older.go, what hardware
// a cluster has in cluster_hardware.go and cluster_scaling.go.
var clusters = &resource{
	name: "clusters",
	list: "listGroupClusters", get: "getGroupCluster", create: "createGroupCluster",
	update: "updateGroupCluster", remove: "deleteGroupCluster",
	actions: []action{
		{operation: "pinGroupClusterFeatureCompatibilityVersion", event: "CLUSTER_FCV_FIXED", do: pinVersion},
		{operation: "unpinGroupClusterFeatureCompatibilityVersion", event: "CLUSTER_FCV_UNFIXED", do: unpinVersion},
		{operation: "grantGroupClusterMongoDbEmployeeAccess", event: "EMPLOYEE_ACCESS_GRANTED", do: grantAccess},
		{operation: "revokeGroupClusterMongoDbEmployeeAccess", event: "EMPLOYEE_ACCESS_REVOKED", do: revokeAccess},
		{operation: "getGroupClusterStatus", do: func(_ *call, t *thing, _ map[string]any) (any, error) {
			return map[string]any{"changeStatus": map[bool]string{true: "APPLIED", false: "PENDING"}[t.State == clusterIdle]}, nil
		}},
		{operation: "autoGroupClusterScalingConfiguration", do: func(*call, *thing, map[string]any) (any, error) {
			return map[string]any{"autoScalingMode": "INDEPENDENT_SHARD_SCALING"}, nil
		}},
	},
	id:      "id",
	params:  []string{"clusterName=name"},
	missing: "CLUSTER_NOT_FOUND",
	absent:  notACluster,
	blocks:  "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
	defaults: map[string]any{
		"tags": []any{}, "labels": []any{}, "paused": false, "pitEnabled": false, "backupEnabled": false,
		"encryptionAtRestProvider": "NONE", "redactClientLogData": false, "retainBackups": nil,
	},
	cycle: &cycle{
		created: clusterCreating, removing: clusterDeleting,
		becomes: clusterBecomes, reached: clusterReached,
	},
	prepare:   prepareCluster,
	check:     checkCluster,
	removable: clusterRemovable,
	show:      showCluster,
	wrote: func(c *call, old, t *thing) {
		if old == nil {
			madeFlex(c, t)
		}
		madeNetworks(c, t)
	},
	events:  [3]string{"CLUSTER_CREATED", "CLUSTER_UPDATE_SUBMITTED", "CLUSTER_DELETE_SUBMITTED"},
	cluster: true,
}

// notACluster refuses the name of a Flex cluster, which has paths of its own.
func notACluster(c *call) error {
	name := c.paramOf("clusterName|name")
	if c.named("flexClusters", name) != nil {
		return fail(400, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", "Flex cluster %s cannot be used in the Cluster API.", name)
	}
	return nil
}

// prepareCluster brings a body into the newest form, and refuses what no
// cluster, or this one, takes.
func prepareCluster(c *call, old *thing, body map[string]any) error {
	if old != nil {
		switch name, named := body["name"]; {
		case old.State == clusterDeleting:
			return alreadyDeleted(old)
		case named && name != old.text("name"):
			return fail(400, "CLUSTER_CANNOT_CHANGE_NAME", "Cannot change name of cluster during an update.")
		case isTenant(old):
			return fail(400, "TENANT_CLUSTER_UPDATE_UNSUPPORTED", "Cannot update a M0/M2/M5 cluster through the public API.")
		case len(body) == 1 && body["paused"] == true && old.Fields["paused"] == true:
			return fail(409, "CLUSTER_ALREADY_PAUSED", "Cannot pause a cluster that is already paused.")
		}
	}
	if err := renewCluster(c, old, body); err != nil {
		return err
	}
	if old == nil {
		for _, name := range []string{"name", "clusterType", "replicationSpecs"} {
			if body[name] == nil {
				return missingAttribute(name)
			}
		}
		if body["paused"] == true {
			return fail(400, "CANNOT_CREATE_PAUSED_CLUSTER", "Cluster %s cannot be created in a paused state.", body["name"])
		}
	}
	if _, set := body["mongoDBMajorVersion"]; set && body["versionReleaseSystem"] == "CONTINUOUS" {
		return invalidVersion("a cluster with versionReleaseSystem CONTINUOUS takes no mongoDBMajorVersion")
	}
	// What is sent with a change says how to make it, and is no part of the cluster.
	delete(body, "acceptDataRisksAndForceReplicaSetReconfig")
	delete(body, "retainBackups")
	for _, list := range []string{"tags", "labels"} {
		if err := noKeyTwice(list, objectsIn(body[list])); err != nil {
			return err
		}
	}
	return nil
}

func noKeyTwice(list string, pairs []map[string]any) error {
	seen := map[string]bool{}
	for _, pair := range pairs {
		key := textOf(pair, "key")
		if seen[key] {
			return invalid(violation{list, "must not repeat the key " + key})
		}
		seen[key] = true
	}
	return nil
}

func missingAttribute(name string) error {
	return fail(400, "MISSING_ATTRIBUTE", "The required attribute %s was not specified.", name)
}

func alreadyDeleted(t *thing) error {
	return fail(400, "CLUSTER_ALREADY_REQUESTED_DELETION", "The cluster %s has already been requested for deletion.", t.text("name"))
}

// checkCluster fills in what Atlas fills in, and refuses what it refuses.
func checkCluster(c *call, old, t *thing) error {
	if old == nil {
		if err := c.checkNewName(t.text("name")); err != nil {
			return err
		}
	}
	if err := fillSpecs(c, old, t); err != nil {
		return err
	}
	if err := checkSpecs(t); err != nil {
		return err
	}
	fillSettings(t)
	if err := fillVersion(old, t); err != nil {
		return err
	}
	if err := c.checkSettings(old, t); err != nil {
		return err
	}
	if err := c.keepSchedule(t); err != nil {
		return err
	}
	if err := c.heldByPolicy(old, t); err != nil {
		return err
	}
	if old == nil {
		return nil
	}
	return c.checkChange(old, t)
}

// checkNewName keeps the names of clusters, Flex clusters and serverless
// instances apart, and their number below the project's limit.
func (c *call) checkNewName(name string) error {
	p, err := c.world.project(c.param("groupId"))
	if err != nil {
		return err
	}
	var taken []string
	for _, shelf := range []string{"clusters", "flexClusters"} {
		for _, t := range c.things(shelf) {
			taken = append(taken, t.text("name"))
		}
	}
	for _, s := range p.Serverless {
		taken = append(taken, s.Name)
	}
	if slices.Contains(taken, name) {
		return fail(400, "DUPLICATE_CLUSTER_NAME", "A cluster or serverless instance named %s is already present in group %s.", name, p.ID)
	}
	if most := p.limit("atlas.project.deployment.clusters"); int64(len(taken)) >= most {
		return fail(403, "CLUSTER_LIMIT_EXCEEDED", "the project can have at most %d clusters", most)
	}
	return nil
}

// fillSettings fills in the settings of a cluster that a body may leave out, or
// leave out in part.
func fillSettings(t *thing) {
	bi := map[string]any{"enabled": false, "readPreference": "secondary"}
	given, _ := t.Fields["biConnector"].(map[string]any)
	maps.Copy(bi, given)
	bi["readPreference"] = strings.ToLower(textOf(bi, "readPreference"))
	t.Fields["biConnector"] = bi

	if isTenant(t) {
		return
	}
	advanced := map[string]any{
		"minimumEnabledTlsProtocol": "TLS1_2", "tlsCipherConfigMode": "DEFAULT",
		"customOpensslCipherConfigTls12": []any{}, "customOpensslCipherConfigTls13": []any{},
	}
	given, _ = t.Fields["advancedConfiguration"].(map[string]any)
	maps.Copy(advanced, given)
	t.Fields["advancedConfiguration"] = advanced
}

// checkSettings refuses settings that do not go together, or not with the
// project's.
func (c *call) checkSettings(old, t *thing) error {
	p, err := c.world.project(c.param("groupId"))
	if err != nil {
		return err
	}
	_, selfManaged := t.Fields["globalClusterSelfManagedSharding"]
	bi, _ := t.Fields["biConnector"].(map[string]any)
	switch key := t.text("encryptionAtRestProvider"); {
	case t.Fields["pitEnabled"] == true && t.Fields["backupEnabled"] != true:
		return invalidCluster("pitEnabled needs backupEnabled")
	case key != "NONE" && isTenant(t):
		return fail(400, "CANNOT_USE_ENCRYPTION_AT_REST_TENANT", "Cannot use Encryption at Rest with tenant clusters.")
	case key != "NONE" && !p.Encryption.on(key) && (old == nil || old.text("encryptionAtRestProvider") != key):
		return fail(400, "ENCRYPTION_AT_REST_NOT_ENABLED", "Encryption at Rest is not enabled for group %s.", p.ID)
	case selfManaged && t.text("clusterType") != "GEOSHARDED":
		return fail(400, "CANNOT_SET_SELF_MANAGED_SHARDING_FOR_NON_GLOBAL_CLUSTER", "globalClusterSelfManagedSharding is for clusters of the type GEOSHARDED.")
	case t.Fields["useAwsTimeBasedSnapshotCopyForFastInitialSync"] == true && !hasProvider(t, "AWS"):
		return fail(400, "AWS_TIME_BASED_SNAPSHOT_COPY_REQUIRES_AWS_NODES", "useAwsTimeBasedSnapshotCopyForFastInitialSync needs a region of AWS.")
	case textOf(bi, "readPreference") == "analytics" && nodesOf(t, "analyticsSpecs") == 0:
		return fail(400, "INVALID_BI_CONNECTOR_READ_PREFERENCE_FOR_TOPOLOGY", `Specifying the BI Connector Read Preference value "analytics" requires one or more analytics nodes in the target cluster.`)
	}
	return nil
}

// checkChange refuses an update that a cluster does not take, and puts it to
// work on one that it takes.
func (c *call) checkChange(old, t *thing) error {
	if err := oplogKept(t); err != nil {
		return err
	}
	changed := changedMembers(old, t)
	others := slices.DeleteFunc(slices.Clone(changed), func(name string) bool { return name == "paused" })
	was, is := old.Fields["paused"] == true, t.Fields["paused"] == true
	from, to := old.text("clusterType"), t.text("clusterType")
	const name = "terminationProtectionEnabled"
	switch {
	case from == "GEOSHARDED" && to != from:
		return fail(400, "CANNOT_CHANGE_GEOSHARDED_CLUSTER_TYPE", "A geo sharded cluster cannot be changed to a different cluster type.")
	case to == "REPLICASET" && to != from:
		return fail(400, "SHARDED_CLUSTER_CANT_BECOME_REPLICA_SET", "A sharded cluster cannot become a replica set.")
	case jsonOf(old.Fields["globalClusterSelfManagedSharding"]) != jsonOf(t.Fields["globalClusterSelfManagedSharding"]):
		return fail(400, "CANNOT_MODIFY_GLOBAL_CLUSTER_MANAGEMENT_SETTING", "globalClusterSelfManagedSharding can be set only when a cluster is created.")
	case slices.Contains(changed, name) && !c.owns():
		return unauthorized()
	case was && len(others) > 0:
		return pausedCluster(t)
	case !was && is && len(others) > 0:
		return fail(409, "CANNOT_UPDATE_AND_PAUSE_CLUSTER", "Cannot update and pause cluster %s at the same time.", t.text("name"))
	case !was && is && old.State != clusterIdle:
		return fail(409, "CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES", "Cannot pause a cluster with pending changes.")
	case !was && is && strings.Contains(sizeOf(t), "NVME"):
		return fail(409, "CANNOT_PAUSE_NVME_CLUSTER", "Cannot pause an NVMe Cluster.")
	case !was && is && c.now.Before(keptInstant(t, "resumedAt").Add(shortestRun)):
		return fail(400, "CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER", "Recently resumed clusters must remain running for %d minutes to process all queued maintenance.", int(shortestRun.Minutes()))
	}
	if was != is {
		t.keep(map[bool]string{true: "pausedAt", false: "resumedAt"}[is], stamp(c.now))
		t.keep(map[bool]string{true: "resumedAt", false: "pausedAt"}[is], nil)
	}
	if len(changed) > 0 {
		c.work(t)
	}
	return nil
}

func pausedCluster(t *thing) error {
	return fail(409, "CANNOT_UPDATE_PAUSED_CLUSTER", "Cannot update cluster %s while it is paused or being paused.", t.text("name"))
}

// owns says whether the caller owns the project of the path.
func (c *call) owns() bool {
	p, err := c.world.project(c.param("groupId"))
	return err == nil && c.principal().hasIn(p, projectOwner)
}

// changedMembers names the members in which two things differ.
func changedMembers(old, t *thing) []string {
	names := maps.Clone(old.Fields)
	maps.Copy(names, t.Fields)
	maps.DeleteFunc(names, func(name string, _ any) bool { return jsonOf(old.Fields[name]) == jsonOf(t.Fields[name]) })
	return slices.Sorted(maps.Keys(names))
}

func clusterRemovable(c *call, t *thing) error {
	if _, err := c.flag("retainBackups", false); err != nil {
		return err
	}
	return terminable(t)
}

// terminable refuses the deletion of one that is protected, or being deleted.
func terminable(t *thing) error {
	switch {
	case t.State == clusterDeleting:
		return alreadyDeleted(t)
	case t.Fields["terminationProtectionEnabled"] == true:
		return fail(400, "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED", "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.")
	}
	return nil
}

type ipAddresses struct {
	GroupID  string     `json:"groupId"`
	Services ipServices `json:"services"`
}

type ipServices struct {
	Clusters []any `json:"clusters"`
}

func getIPAddresses(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, t := range c.things("clusters") {
		all = append(all, map[string]any{
			"clusterName": t.text("name"), "inbound": []any{}, "outbound": []any{},
			"futureInbound": []any{}, "futureOutbound": []any{},
		})
	}
	return ipAddresses{p.ID, ipServices{all}}, nil
}
