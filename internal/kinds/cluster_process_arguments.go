package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ClusterProcessArguments operations: getGroupClusterProcessArgs,
// updateGroupClusterProcessArgs. A PATCH merges, and puts the cluster to work.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ClusterProcessArguments", Section: "processArguments", Parent: "Cluster", Singleton: true,
		Doc:    "Settings of the database processes of a cluster.",
		Role:   "Project Cluster Manager",
		Events: &spec.Events{Changed: []string{"CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED"}, Ask: map[string]string{"clusterNames": "clusterName"}},
		Lane:   clusterLane(),
		Fields: []spec.Field{
			{Name: "changeStreamOptionsPreAndPostImagesExpireAfterSeconds", Doc: "How long the images before and after a change are kept, in seconds; -1 as long as the oplog."},
			{Name: "chunkMigrationConcurrency", Doc: "How many threads move chunks between shards."},
			{Name: "defaultMaxTimeMS", Doc: "How long a read may take, in milliseconds. From MongoDB 8.0 on."},
			{Name: "defaultWriteConcern", Doc: "What acknowledges a write that says nothing of it."},
			{Name: "javascriptEnabled", Default: true, Doc: "Whether the servers run JavaScript."},
			{Name: "noTableScan", Default: false, Doc: "Whether queries without an index are refused."},
			{Name: "oplogMinRetentionHours", Destructive: true, Doc: "How long the oplog is kept at least, in hours; null leaves it to Atlas. Not 0 while the disks do not scale."},
			{Name: "oplogSizeMB", Destructive: true, Doc: "The oplog's size in MB; null leaves it to Atlas."},
			{Name: "queryStatsLogVerbosity", Doc: "How much the query statistics log: 1, or 3 for more."},
			{Name: "sampleRefreshIntervalBIConnector", Doc: "How often the BI Connector samples the schema, in seconds; 0 never."},
			{Name: "sampleSizeBIConnector", Doc: "How many documents it samples; 0 all."},
			{Name: "transactionLifetimeLimitSeconds", Doc: "How long a transaction may live, in seconds."},
		},
		Omit: map[string]string{
			"/customOpensslCipherConfigTls12": "the cluster's advancedConfiguration",
			"/customOpensslCipherConfigTls13": "the cluster's advancedConfiguration",
			"/minimumEnabledTlsProtocol":      "the cluster's advancedConfiguration",
			"/tlsCipherConfigMode":            "the cluster's advancedConfiguration",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/processArgs", Version: "2024-08-05"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/processArgs", Version: "2024-08-05"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/clusters/{clusterName}/processArgs", Version: "2024-08-05",
			Body: spec.Body{Send: spec.Changed}, Wait: clusterIdle()}},
	}
})
