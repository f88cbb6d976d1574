package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// idle waits until a cluster is at rest, after a change that it was put to.
func idle() *spec.Wait {
	return &spec.Wait{At: "/stateName", Until: []string{"IDLE"}, Settle: 30 * time.Second, Max: 3 * time.Hour}
}

// clusterIdle is idle for what stands in a cluster, and puts that to work.
func clusterIdle() *spec.Wait {
	w := idle()
	w.Read = &spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}", Version: "2024-08-05"}
	return w
}

// clusterLane keeps what changes one cluster one after the other: each body is
// made from what was read before.
func clusterLane() *spec.Lane {
	return &spec.Lane{Name: "cluster", By: []string{"groupId", "clusterName"}}
}

// hardware are the fields of one group of nodes.
func hardware(more ...spec.Field) []spec.Field {
	return append([]spec.Field{
		{Name: "instanceSize", OpenEnum: true, Doc: "The tier of each node: M10, R40, …. All nodes that can vote or read have the same."},
		{Name: "nodeCount", Destructive: true, Max: 1 << 31, Doc: "How many nodes of this sort the region has."},
		{Name: "diskSizeGB", Max: 1 << 31, Doc: "The disk of each node, in GB; the same everywhere."},
		{Name: "diskIOPS", Doc: "Input and output operations a second, where the disk lets them be chosen."},
		{Name: "ebsVolumeType", Default: nil, Doc: "The sort of disk on AWS."},
	}, more...)
}

// autoScaling are the fields of a group's scaling.
func autoScaling() []spec.Field {
	return []spec.Field{
		{Name: "compute", Doc: "Scaling of the tier.", Fields: []spec.Field{
			{Name: "enabled", Doc: "Whether Atlas changes the tier by load."},
			{Name: "scaleDownEnabled", Doc: "Whether it may choose a smaller one."},
			{Name: "minInstanceSize", OpenEnum: true, Doc: "The smallest tier that it may choose."},
			{Name: "maxInstanceSize", OpenEnum: true, Doc: "The largest tier that it may choose."},
		}},
		{Name: "diskGB", Doc: "Scaling of the disks.", Fields: []spec.Field{
			{Name: "enabled", Doc: "Whether Atlas enlarges the disks as they fill."},
		}},
	}
}

// scaled says what moves while a group is scaled in one of the two ways.
func scaled(by string, sizes ...string) []spec.Move {
	var out []spec.Move
	for _, way := range []string{"/compute/enabled", "/diskGB/enabled"} {
		var members []string
		for _, group := range sizes {
			members = append(members, group+".instanceSize", group+".diskSizeGB", group+".diskIOPS")
		}
		out = append(out, spec.Move{Members: members, While: spec.Cond{At: "/" + by + way, Values: []string{"true"}}})
	}
	return out
}

// Cluster operations: listGroupClusters, getGroupCluster, createGroupCluster,
// updateGroupCluster, deleteGroupCluster, pinGroupClusterFeatureCompatibilityVersion,
// unpinGroupClusterFeatureCompatibilityVersion. A PATCH replaces blocks and
// arrays whole; a pause goes alone.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "Cluster", Section: "clusters", Parent: "Project",
		Doc:      "A cluster: where it runs, on what, and how it is kept. It holds data: it is never pruned or replaced.",
		Contents: "Its data is not in the files: restore a snapshot of the old cluster into it.",
		Key:      []string{"name"},
		Params:   map[string]string{"clusterName": "name"},
		Role:     "Project Cluster Manager; Project Owner for termination protection",
		Events: &spec.Events{Made: []string{"CLUSTER_CREATED"}, Changed: []string{"CLUSTER_UPDATE_SUBMITTED", "CLUSTER_AUTOMATICALLY_PAUSED", "CLUSTER_TAGS_MODIFIED"},
			Gone: []string{"CLUSTER_DELETE_SUBMITTED"}, Fields: map[string][]string{"CLUSTER_AUTOMATICALLY_PAUSED": {"paused"}, "CLUSTER_TAGS_MODIFIED": {"tags"}},
			Names: map[string]string{"/resourceId": "/id"}, Ask: map[string]string{"clusterNames": "clusterName"}},
		Lane:  clusterLane(),
		After: []string{"EncryptionAtRest", "NetworkContainer"},
		Blocks: []spec.Block{
			{Of: "delete", While: spec.Cond{At: "/terminationProtectionEnabled", Values: []string{"true"}},
				Why: "has termination protection; switch that off in an apply of its own"},
			{Of: "parent", While: spec.Cond{At: "/stateName", NotIn: []string{"DELETING"}}, Why: "is in it"},
			{Of: "change", While: spec.Cond{At: "/replicationSpecs/0/regionConfigs/0/electableSpecs/instanceSize", Values: []string{"M0"}},
				Why: "is an M0, which only an upgrade to another kind of cluster changes"},
		},
		Lapse:      &spec.Lapse{At: "/stateName", Values: []string{"DELETING"}, What: "deletion", Option: ""},
		NeverPrune: "it holds data",
		DeleteNote: "Its data goes with it, and its snapshots too unless retainBackups is true or a backup compliance policy keeps them.",
		Fields: []spec.Field{
			{Name: "name", Doc: "The cluster's name, unique in the project among clusters and Flex clusters."},
			{Name: "clusterType", Required: true, Immutable: true, Becomes: map[string][]string{"REPLICASET": {"SHARDED", "GEOSHARDED"}},
				Doc: "What the cluster is. A replica set can become sharded, never the other way round."},
			{Name: "mongoDBMajorVersion", Norm: spec.Version, Pattern: `^\d+(\.\d+)?$`, Doc: "The major version of MongoDB: \"8.0\". One step up at a time; not with the release system CONTINUOUS."},
			{Name: "versionReleaseSystem", Doc: "Whether the cluster follows major versions or every release."},
			{Name: "backupEnabled", Destructive: true, Doc: "Whether Atlas takes snapshots."},
			{Name: "pitEnabled", Default: false, Destructive: true, Doc: "Whether the cluster can be restored to any moment. Needs backupEnabled."},
			{Name: "paused", Default: false, Doc: "Whether the cluster is paused. A pause goes alone, after all other changes; Atlas ends it after 30 days."},
			{Name: "encryptionAtRestProvider", Default: "NONE", Doc: "Whose key of the project's encryption at rest encrypts the disks."},
			{Name: "terminationProtectionEnabled", Doc: "Whether Atlas refuses to delete the cluster."},
			{Name: "biConnector", Doc: "The BI Connector.", Fields: []spec.Field{
				{Name: "enabled", Doc: "Whether it is on."},
				{Name: "readPreference", Norm: spec.Fold, Enum: []string{"primary", "secondary", "analytics"}, Doc: "Which nodes it reads from."},
			}},
			{Name: "configServerManagementMode", Doc: "Whether Atlas may move the config servers of a sharded cluster into its shards."},
			{Name: "replicaSetScalingStrategy", Doc: "In which order nodes are scaled."},
			{Name: "redactClientLogData", Default: false, Doc: "Whether values are left out of the logs. A change restarts the nodes one by one."},
			{Name: "rootCertType", Doc: "The certificate authority of the cluster's certificates."},
			{Name: "diskWarmingMode", Doc: "When a new node is seen by clients: once its disk is warm, or before."},
			{Name: "adaptiveCapacity", Doc: "Whether Atlas may choose other hardware on Azure where it is short."},
			{Name: "useAwsTimeBasedSnapshotCopyForFastInitialSync", Doc: "Whether new nodes on AWS start from a snapshot that is still being copied."},
			{Name: "globalClusterSelfManagedSharding", Immutable: true, Doc: "Whether you shard a global cluster yourself. Counts at creation only."},
			{Name: "advancedConfiguration", Doc: "TLS of the connections.", Fields: []spec.Field{
				{Name: "minimumEnabledTlsProtocol", Doc: "The oldest TLS version that is taken."},
				{Name: "tlsCipherConfigMode", Doc: "Whether the ciphers below count."},
				{Name: "customOpensslCipherConfigTls12", Doc: "The ciphers for TLS 1.2."},
				{Name: "customOpensslCipherConfigTls13", Doc: "The ciphers for TLS 1.3."},
			}},
			{Name: "tags", Type: spec.Map, Pairs: [2]string{"key", "value"}, MinLen: 1, MaxLen: 255, Doc: "Tags of the cluster, as key: value. All of them once declared."},
			{Name: "replicationSpecs", Type: spec.List, Required: true, MinItems: 1, Doc: "One entry a shard; entries of one zone stand in order.", Fields: []spec.Field{
				{Name: "id", ReadOnly: true, Carry: true, Doc: "The shard's id."},
				{Name: "zoneId", ReadOnly: true, Carry: true, Doc: "The zone's id."},
				{Name: "zoneName", Doc: "The zone that the shard is in. Shards of a cluster that is not global are all in one."},
				{Name: "regionConfigs", ElemKey: []string{"providerName", "regionName"}, Variant: "providerName", Descending: "priority", Required: true, MinItems: 1,
					Moves: append(scaled("autoScaling", "electableSpecs", "readOnlySpecs"), scaled("analyticsAutoScaling", "analyticsSpecs")...),
					Doc:   "The regions of the shard, by priority from 7 down.", Fields: []spec.Field{
						{Name: "providerName", Required: true, Doc: "The cloud; TENANT for a free cluster."},
						{Name: "regionName", Required: true, OpenEnum: true, Doc: "The region, in Atlas's spelling: US_EAST_1."},
						{Name: "backingProviderName", Doc: "The cloud of a free cluster."},
						{Name: "priority", Required: true, Doc: "The region's priority in elections: 7 for the first, then 6 and so on; 0 without electable nodes."},
						{Name: "electableSpecs", Doc: "Nodes that can become primary.", Fields: hardware()},
						{Name: "readOnlySpecs", Destructive: false, Void: &spec.Cond{At: "/nodeCount", Values: []string{"0"}}, Doc: "Nodes that only serve reads near by.", Fields: hardware()},
						{Name: "analyticsSpecs", Void: &spec.Cond{At: "/nodeCount", Values: []string{"0"}}, Doc: "Nodes for analytics.", Fields: hardware()},
						{Name: "autoScaling", Doc: "Scaling of the electable and read-only nodes. While it is on, sizes are not compared.", Fields: autoScaling()},
						{Name: "analyticsAutoScaling", Doc: "Scaling of the analytics nodes.", Fields: autoScaling()},
					}},
			}},
			{Name: "acceptDataRisksAndForceReplicaSetReconfig", Steer: true, Doc: "A sign-off, with the time at which it is given, for a change of topology while the cluster has no primary."},
			{Name: "fcvPinnedUntil", Wire: "/featureCompatibilityVersionExpirationDate", Nullable: true,
				Doc: "Until when the feature compatibility version is pinned, at most four weeks from the pin; null unpins it."},
			{Name: "retainBackups", Steer: true, Default: false, Doc: "Whether the snapshots stay when the cluster is deleted."},
			{Name: "connectionStrings", ReadOnly: true, Doc: "How applications reach the cluster.", Fields: []spec.Field{
				{Name: "standard", Output: true, Doc: "The connection string with all hosts."},
				{Name: "standardSrv", Output: true, Doc: "The short connection string."},
				{Name: "private", Output: true, Doc: "The connection string over a peering."},
				{Name: "privateSrv", Output: true, Doc: "The short connection string over a peering."},
			}},
			{Name: "mongoDBVersion", Doc: "The version that runs."},
			{Name: "stateName", Doc: "What Atlas is doing with the cluster."},
		},
		Omit: map[string]string{
			"/configServerType":                    "follows from configServerManagementMode",
			"/connectionStrings/awsPrivateLink":    "by an endpoint's id",
			"/connectionStrings/awsPrivateLinkSrv": "by an endpoint's id",
			"/connectionStrings/privateEndpoint":   "by an endpoint's id",
			"/createDate":                          "when it was made",
			"/effectiveReplicationSpecs":           "what runs at present while Atlas scales",
			"/featureCompatibilityVersion":         "follows from the version and the pin",
			"/groupId":                             "the project",
			"/id":                                  "calls take the name",
			"/internalClusterRole":                 "Atlas's own",
			"/labels":                              "deprecated; tags",
			"/mongoDBEmployeeAccessGrant":          "a grant with an end has calls of its own",
			"/replicationSpecs/regionConfigs/effectiveElectableSpecs":              "what runs at present while Atlas scales",
			"/replicationSpecs/regionConfigs/effectiveReadOnlySpecs":               "what runs at present while Atlas scales",
			"/replicationSpecs/regionConfigs/effectiveAnalyticsSpecs":              "what runs at present while Atlas scales",
			"/replicationSpecs/regionConfigs/electableSpecs/diskThroughput":        "follows from the tier",
			"/replicationSpecs/regionConfigs/electableSpecs/effectiveInstanceSize": "follows from the tier",
			"/replicationSpecs/regionConfigs/readOnlySpecs/diskThroughput":         "follows from the tier",
			"/replicationSpecs/regionConfigs/analyticsSpecs/diskThroughput":        "follows from the tier",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters", Version: "2024-08-05", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}", Version: "2024-08-05"},
		Create: []spec.Call{
			{Route: "POST /groups/{groupId}/clusters", Version: "2024-10-23",
				Body: spec.Body{Send: spec.Declared, Except: []string{"paused", "retainBackups", "fcvPinnedUntil"}}, Wait: idle()},
			{Route: "PATCH /groups/{groupId}/clusters/{clusterName}", Version: "2024-10-23", When: &spec.When{Field: "paused", Is: true},
				Body: spec.Body{Send: spec.Declared, Fields: []string{"paused"}}, Wait: idle()},
		},
		Update: []spec.Call{
			{Route: "POST /groups/{groupId}/clusters/{clusterName}:pinFeatureCompatibilityVersion", Version: "2024-05-30", When: &spec.When{Field: "fcvPinnedUntil"},
				Body: spec.Body{Set: map[string]spec.Expr{"/expirationDate": {Field: "fcvPinnedUntil"}}}, Wait: idle(), Idempotent: true},
			{Route: "POST /groups/{groupId}/clusters/{clusterName}:unpinFeatureCompatibilityVersion", Version: "2024-05-30", When: &spec.When{Field: "fcvPinnedUntil", Empty: true},
				Wait: idle(), Idempotent: true},
			{Route: "PATCH /groups/{groupId}/clusters/{clusterName}", Version: "2024-10-23", When: &spec.When{Field: "paused", Is: false},
				Body: spec.Body{Send: spec.Changed, Fields: []string{"paused"}}, Wait: idle()},
			{Route: "PATCH /groups/{groupId}/clusters/{clusterName}", Version: "2024-10-23",
				Body: spec.Body{Send: spec.Changed, Except: []string{"paused", "retainBackups", "fcvPinnedUntil"}}, Wait: idle()},
			{Route: "PATCH /groups/{groupId}/clusters/{clusterName}", Version: "2024-10-23", When: &spec.When{Field: "paused", Is: true},
				Body: spec.Body{Send: spec.Changed, Fields: []string{"paused"}}, Wait: idle()},
		},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/clusters/{clusterName}", Version: "2023-02-01",
			Query: map[string]string{"retainBackups": "retainBackups"},
			Wait:  &spec.Wait{Gone: true, Max: 3 * time.Hour}}},
	}
})
