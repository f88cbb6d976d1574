package sandbox

import (
	"slices"
	"strings"
)

var searchPart = part{
	id: "atlasSearch", name: "Atlas Search", scope: perProject,
	resources: []*resource{searchIndexes, searchNodes},
}

// searchIndexes are the indexes of the collections of a cluster or a Flex
// cluster. A path names one by its id, or by database, collection and name.
var searchIndexes = &resource{
	name: "searchIndexes", of: clusters, orOf: flexClusters,
	list:   "listGroupClusterSearchIndexes",
	lists:  []string{"listGroupClusterSearchIndex"},
	get:    "getGroupClusterSearchIndex|getGroupClusterSearchIndexByName",
	create: "createGroupClusterSearchIndex",
	update: "updateGroupClusterSearchIndex|updateGroupClusterSearchIndexByName",
	remove: "deleteGroupClusterSearchIndex|deleteGroupClusterSearchIndexByName",
	id:     "indexID",
	named: func(c *call, t *thing) bool {
		if id := c.param("indexId"); id != "" {
			return t.Fields["indexID"] == id
		}
		return inCollection(c, t) && t.text("name") == c.param("indexName")
	},
	params:   []string{"indexId|indexName"},
	identity: []string{"database", "collectionName", "name"},
	missing:  "ATLAS_SEARCH_INDEX_NOT_FOUND",
	taken:    "ATLAS_SEARCH_DUPLICATE_INDEX",
	defaults: map[string]any{"type": "search"},
	cycle: &cycle{
		created: "PENDING", removing: "DELETING",
		becomes: searchBecomes,
	},
	prepare: prepareIndex,
	check:   checkIndex,
	show:    showIndex,
	filter:  func(c *call, t *thing) bool { return c.param("databaseName") == "" || inCollection(c, t) },
	events:  [3]string{"FTS_INDEX_CREATED", "FTS_INDEX_UPDATED", "FTS_INDEX_DELETED"},
}

// What makes an index fail, and what collection is not there: the emulator has
// no data that could tell.
const (
	failingField      = "sandbox-fails"
	missingCollection = "sandbox-missing"
)

// searchChanged is an update that has been taken and not begun: answers still
// show the state before.
const searchChanged = "CHANGED"

func inCollection(c *call, t *thing) bool {
	return t.text("database") == c.param("databaseName") && t.text("collectionName") == c.param("collectionName")
}

func searchBecomes(_ *call, t *thing) string {
	switch t.State {
	case "PENDING", searchChanged:
		return "BUILDING"
	case "BUILDING":
		if strings.Contains(jsonOf(t.Fields["latestDefinition"]), `"`+failingField+`"`) {
			return "FAILED"
		}
		return "READY"
	case "DELETING":
		return gone
	}
	return ""
}

// prepareIndex puts the definition where answers have it, with what Atlas adds.
func prepareIndex(_ *call, _ *thing, body map[string]any) error {
	definition := objectIn(body, "definition")
	delete(body, "definition")
	for _, name := range []string{"analyzers", "typeSets"} {
		if list, ok := definition[name].([]any); ok && len(list) == 0 {
			return fail(400, "ATLAS_SEARCH_INVALID_DEFINITION", `"%s" cannot be empty`, name)
		}
	}
	if definition["numPartitions"] == nil {
		definition["numPartitions"] = float64(1)
	}
	if mappings := objectIn(definition, "mappings"); mappings != nil && mappings["fields"] == nil {
		mappings["fields"] = map[string]any{}
	}
	body["latestDefinition"] = definition
	return nil
}

func checkIndex(c *call, old, t *thing) error {
	definition := objectIn(t.Fields, "latestDefinition")
	vector := t.text("type") == "vectorSearch"
	hasVector := slices.ContainsFunc(objectsIn(definition["fields"]), func(f map[string]any) bool {
		return f["type"] == "vector" || f["type"] == "autoEmbed"
	})
	partitions := numberIn(definition, "numPartitions")
	switch {
	case t.text("collectionName") == missingCollection:
		return fail(400, "ATLAS_SEARCH_COLLECTION_NOT_FOUND", "Collection %s was not found.", t.text("collectionName"))
	case !vector && definition["mappings"] == nil:
		return fail(400, "ATLAS_SEARCH_INVALID_DEFINITION", `"mappings" is required`)
	case vector && !hasVector:
		return fail(400, "ATLAS_SEARCH_INVALID_DEFINITION", `"fields" needs one of the type vector or autoEmbed`)
	case vector && definition["storedSource"] == true:
		return fail(400, "ATLAS_SEARCH_INVALID_DEFINITION", `"storedSource" of a vector index cannot be true`)
	case !slices.Contains([]float64{1, 2, 4}, partitions):
		return fail(400, "ATLAS_SEARCH_INVALID_DEFINITION", `"numPartitions" must be 1, 2 or 4`)
	}
	version := 0.0
	switch {
	case old == nil:
		if err := c.roomForIndex(); err != nil {
			return err
		}
	case jsonOf(old.Fields["latestDefinition"]) == jsonOf(definition):
		return nil
	default:
		version = numberIn(objectIn(old.Fields, "latestDefinitionVersion"), "version") + 1
		t.keep("state", map[string]any{"READY": "READY", "FAILED": "FAILED"}[old.State])
		t.become(searchChanged, c.now)
	}
	t.Fields["latestDefinitionVersion"] = map[string]any{"version": version, "createdAt": stamp(c.now)}
	return nil
}

// roomForIndex refuses more indexes than the small clusters have room for.
func (c *call) roomForIndex() error {
	most, parent := 0, c.pathCluster()
	switch {
	case parent == nil:
		most, parent = 10, c.named("flexClusters", c.param("clusterName"))
	case isTenant(parent):
		most = 3
	}
	if most > 0 && len(c.below(parent, "searchIndexes")) >= most {
		return fail(400, "ATLAS_SEARCH_INDEX_LIMIT_EXCEEDED", "The cluster can have at most %d search indexes.", most)
	}
	return nil
}

func showIndex(_ *call, t *thing, v map[string]any) {
	state := t.State
	if state == searchChanged {
		if state, _ = t.Kept["state"].(string); state == "" {
			state = "BUILDING"
		}
	}
	_, rebuilt := t.Kept["state"]
	queryable := state == "READY" || state == "BUILDING" && rebuilt
	v["status"], v["queryable"] = state, queryable
	host := map[string]any{"hostname": "atlas-" + t.Key[len(t.Key)-6:] + "-shard-00-00", "status": state, "queryable": queryable}
	if state == "FAILED" {
		host["mainIndex"] = map[string]any{"status": state, "queryable": false, "message": "the field " + failingField + " cannot be indexed"}
	}
	v["statusDetail"] = []any{host}
	if definition := objectIn(t.Fields, "latestDefinition"); definition["synonyms"] != nil {
		v["synonymMappingStatus"] = map[bool]string{true: "READY", false: "BUILDING"}[state == "READY"]
	}
}
