package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// geoSharded is what a cluster is that has global writes.
func geoSharded() *spec.Cond {
	return &spec.Cond{At: "/clusterType", Values: []string{"GEOSHARDED"}, And: &spec.Cond{At: "/globalClusterSelfManagedSharding", NotIn: []string{"true"}}}
}

// ManagedNamespace operations: getGroupClusterGlobalWrites,
// createGroupClusterGlobalWriteManagedNamespace,
// deleteGroupClusterGlobalWriteManagedNamespaces. One cannot be changed, and made anew
// it is as it was: the collection stays sharded.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ManagedNamespace", Section: "managedNamespaces", Parent: "Cluster",
		Doc:        "A collection that Atlas spreads over the zones of a global cluster, by each document's location.",
		Key:        []string{"db", "collection"},
		Role:       "Project Data Access Admin",
		Lane:       clusterLane(),
		Where:      geoSharded(),
		DeleteNote: "The collection stays sharded as it is, with its data; Atlas looks after it no more.",
		Constraints: []spec.Constraint{
			{At: "isShardKeyUnique", CEL: "!(has(self.isShardKeyUnique) && self.isShardKeyUnique && has(self.isCustomShardKeyHashed) && self.isCustomShardKeyHashed)",
				Message: "a hashed shard key cannot be unique"},
			{At: "presplitHashedZones", CEL: "!(has(self.presplitHashedZones) && self.presplitHashedZones) || has(self.isCustomShardKeyHashed) && self.isCustomShardKeyHashed",
				Message: "presplitHashedZones needs isCustomShardKeyHashed"},
		},
		Fields: []spec.Field{
			{Name: "db", MinLen: 1, Doc: "The collection's database."},
			{Name: "collection", MinLen: 1, Doc: "The collection."},
			{Name: "customShardKey", Immutable: true, MinLen: 1, Doc: "The field that shards it after the location."},
			{Name: "isCustomShardKeyHashed", Immutable: true, Doc: "Whether the field is hashed."},
			{Name: "isShardKeyUnique", Immutable: true, Doc: "Whether the key is unique."},
			{Name: "numInitialChunks", CreateOnly: true, Min: 1, Max: 8192, Doc: "How many chunks an empty collection with a hashed key begins with. Counts at the creation."},
			{Name: "presplitHashedZones", CreateOnly: true, Doc: "Whether they are made in all zones at once. Counts at the creation."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/globalWrites", Version: "2024-08-05", Items: []string{"/managedNamespaces"}},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/clusters/{clusterName}/globalWrites/managedNamespaces", Version: "2024-08-05",
			Body: spec.Body{Send: spec.Declared}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/clusters/{clusterName}/globalWrites/managedNamespaces", Version: "2024-08-05",
			Query: map[string]string{"db": "db", "collection": "collection"}}},
	}
})
