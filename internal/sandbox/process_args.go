package sandbox

import "slices"

// processArgs are the settings of the processes of a cluster. What it says of TLS
// is the cluster's own advancedConfiguration.
var processArgs = &resource{
	name: "processArgs", of: clusters, singleton: true,
	get: "getGroupClusterProcessArgs", update: "updateGroupClusterProcessArgs",
	defaults: map[string]any{
		"javascriptEnabled": true, "noTableScan": false, "queryStatsLogVerbosity": float64(1),
		"sampleRefreshIntervalBIConnector": float64(0), "sampleSizeBIConnector": float64(0),
		"defaultReadConcern": "available", "failIndexKeyTooLong": true,
	},
	prepare: prepareArgs,
	check:   checkArgs,
	wrote:   wroteArgs,
	show:    showArgs,
	events:  [3]string{1: "CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED"},
}

var tlsArgs = []string{"minimumEnabledTlsProtocol", "tlsCipherConfigMode", "customOpensslCipherConfigTls12", "customOpensslCipherConfigTls13"}

// newArgs came with a version of MongoDB, and have these values in it.
var newArgs = map[string]struct {
	since string
	value float64
}{
	"changeStreamOptionsPreAndPostImagesExpireAfterSeconds": {"6.0", -1},
	"defaultMaxTimeMS": {"8.0", 0},
}

func prepareArgs(c *call, _ *thing, body map[string]any) error {
	cluster := c.pathCluster()
	if isTenant(cluster) {
		return fail(400, "TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED", "Cannot set custom process args for tenant clusters.")
	}
	for name, arg := range newArgs {
		if _, set := body[name]; set && releaseOf(cluster.text("mongoDBMajorVersion")) < releaseOf(arg.since) {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute %s specified. It needs MongoDB %s.", name, arg.since)
		}
	}
	for _, name := range tlsArgs {
		if jsonOf(body[name]) == jsonOf(objectIn(cluster.Fields, "advancedConfiguration")[name]) {
			delete(body, name)
		}
	}
	switch size, set := body["oplogSizeMB"].(float64); {
	case set && size <= 0:
		return fail(400, "OPLOG_SIZE_MB_LESS_THAN_EQUAL_ZERO", "Your oplog size cannot be <= 0.")
	case set && size < 990:
		return fail(400, "OPLOG_SIZE_MB_LESS_THAN_990", "Your oplog size cannot be changed to < 990 MB on MongoDB 3.6+.")
	}
	return nil
}

func checkArgs(c *call, old, t *thing) error {
	cluster := c.pathCluster().clone()
	if len(changedMembers(old, t)) == 0 {
		return nil
	}
	if err := mayWork(cluster); err != nil {
		return err
	}
	cluster.Objects = shelves{"processArgs": {t}}
	return oplogKept(cluster)
}

// oplogKept refuses a least time of the oplog on a disk that does not grow.
func oplogKept(cluster *thing) error {
	grows := slices.ContainsFunc(regionsOf(cluster), func(r map[string]any) bool {
		return objectIn(objectIn(r, "autoScaling"), "diskGB")["enabled"] == true
	})
	for _, args := range cluster.Objects["processArgs"] {
		if hours := numberIn(args.Fields, "oplogMinRetentionHours"); hours != 0 && !grows {
			return fail(400, "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING", "oplogMinRetentionHours needs autoscaling of the disk (autoScaling.diskGB.enabled).")
		}
	}
	return nil
}

// wroteArgs puts the cluster to work, and gives it what it keeps itself.
func wroteArgs(c *call, old, t *thing) {
	if len(changedMembers(old, t)) == 0 {
		return
	}
	c.workOn(func(cluster *thing) {
		advanced := objectIn(cluster.Fields, "advancedConfiguration")
		for _, args := range cluster.Objects["processArgs"] {
			for _, name := range tlsArgs {
				if value, set := args.Fields[name]; set {
					advanced[name] = value
					delete(args.Fields, name)
				}
			}
		}
	})
}

func showArgs(c *call, _ *thing, v map[string]any) {
	cluster := c.pathCluster()
	for name, arg := range newArgs {
		if _, set := v[name]; !set && releaseOf(cluster.text("mongoDBMajorVersion")) >= releaseOf(arg.since) {
			v[name] = arg.value
		}
	}
	for name, value := range objectIn(cluster.Fields, "advancedConfiguration") {
		v[name] = value
	}
	// Atlas chooses these two where nobody else does: none, and a part of the disk.
	if hours, set := v["oplogMinRetentionHours"].(float64); set {
		v["oplogMinRetentionHours"] = decimal(hours)
	} else {
		v["oplogMinRetentionHours"] = nil
	}
	if _, set := v["oplogSizeMB"]; !set {
		v["oplogSizeMB"] = max(990, float64(int(diskSize(cluster)*1024/20)))
	}
}

// diskSize is the size of the disks that a cluster really has.
func diskSize(t *thing) float64 {
	for _, region := range regionsOf(t) {
		if size := numberIn(objectIn(region, nodeSets[0].real), "diskSizeGB"); size > 0 {
			return size
		}
	}
	return 0
}
