package sandbox

import (
	"maps"
	"slices"
)

var onlineArchivePart = part{
	id: "onlineArchive", name: "Online Archive", scope: perProject,
	resources: []*resource{onlineArchives},
}

// onlineArchives are the archives of a cluster's collections. A deleted one is shown
// for a time; one whose date field is not in the collection is pending for ever.
var onlineArchives = &resource{
	name: "onlineArchives", of: clusters,
	list: "listGroupClusterOnlineArchives", get: "getGroupClusterOnlineArchive", create: "createGroupClusterOnlineArchive",
	update: "updateGroupClusterOnlineArchive", remove: "deleteGroupClusterOnlineArchive",
	id:       "_id",
	params:   []string{"archiveId=_id"},
	missing:  "ONLINE_ARCHIVE_NOT_FOUND",
	defaults: map[string]any{"paused": false, "schedule": map[string]any{"type": "DEFAULT"}},
	cycle: &cycle{
		member: "state", created: "PENDING", removing: "DELETED",
		becomes: func(_ *call, t *thing) string {
			switch {
			case t.State == "DELETED":
				return gone
			case t.State == "PENDING" && textOf(objectIn(t.Fields, "criteria"), "dateField") == missingField:
				return ""
			case t.State == "PENDING" && t.Fields["paused"] != true:
				return "ACTIVE"
			case t.State == "PENDING", t.State == "PAUSING":
				return "PAUSED"
			}
			return ""
		},
	},
	prepare: prepareArchive,
	check:   checkArchive,
	removable: func(_ *call, t *thing) error {
		if t.State == "DELETED" {
			return fail(404, "ONLINE_ARCHIVE_NOT_FOUND", "the archive %s is deleted", t.text("_id"))
		}
		return nil
	},
	show:   showArchive,
	events: [3]string{"ONLINE_ARCHIVE_CREATED", "ONLINE_ARCHIVE_UPDATED", "ONLINE_ARCHIVE_DELETED"},
}

// missingField is a date field that no collection has: the emulator has no data that
// could tell.
const missingField = "sandbox-missing"

// prepareArchive keeps of the criteria what a change does not say, and takes an
// expiration rule without days for none.
func prepareArchive(c *call, old *thing, body map[string]any) error {
	if err := mayWork(c.pathCluster()); err != nil {
		return err
	}
	if rule, sent := body["dataExpirationRule"].(map[string]any); sent && len(rule) == 0 {
		body["dataExpirationRule"] = nil
	}
	criteria := objectIn(body, "criteria")
	if criteria == nil {
		return nil
	}
	if old != nil {
		was := objectIn(old.Fields, "criteria")
		for _, name := range []string{"type", "dateField"} {
			if v, said := criteria[name]; said && v != was[name] {
				return fail(400, "ONLINE_ARCHIVE_CANNOT_MODIFY_FIELD", "Cannot modify criteria.%s of an online archive.", name)
			}
		}
		whole := maps.Clone(was)
		maps.Copy(whole, criteria)
		body["criteria"] = whole
		criteria = whole
	}
	return checkCriteria(criteria)
}

func checkCriteria(criteria map[string]any) error {
	switch textOf(criteria, "type") {
	case "DATE":
		if textOf(criteria, "dateField") == "" {
			return missingAttribute("criteria.dateField")
		}
		if criteria["expireAfterDays"] == nil {
			return missingAttribute("criteria.expireAfterDays")
		}
		if criteria["dateFormat"] == nil {
			criteria["dateFormat"] = "ISODATE"
		}
	case "CUSTOM":
		query, err := parseJSON([]byte(textOf(criteria, "query")))
		if m, isObject := query.(map[string]any); err != nil || !isObject || len(m) == 0 {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute criteria.query specified. It has to be a query, and not the empty one.")
		}
	default:
		return missingAttribute("criteria.type")
	}
	return nil
}

// checkArchive fills in what Atlas fills in, and refuses a second archive of a
// collection that is active.
func checkArchive(c *call, old, t *thing) error {
	cluster, criteria := c.pathCluster(), objectIn(t.Fields, "criteria")
	date := textOf(criteria, "dateField")
	if old == nil {
		switch region := objectIn(t.Fields, "dataProcessRegion"); {
		case t.text("collName") == missingCollection:
			return fail(400, "ONLINE_ARCHIVE_COLLECTION_NOT_FOUND", "Collection %s was not found.", t.text("collName"))
		case t.text("collectionType") == "TIMESERIES" && criteria["dateFormat"] != "ISODATE":
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute criteria specified. A time series is archived by DATE, in the format ISODATE.")
		case region != nil && region["region"] == nil:
			return missingAttribute("dataProcessRegion.region")
		case region != nil && region["cloudProvider"] != onAWS && !hasProvider(cluster, textOf(region, "cloudProvider")):
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute dataProcessRegion specified. The cluster is not on %v.", region["cloudProvider"])
		}
		if err := fillPartitions(t, date); err != nil {
			return err
		}
		fillArchiveRegion(t, cluster)
	}
	if t.Fields["paused"] != true {
		for _, other := range c.below(cluster, "onlineArchives") {
			if other.Key != t.Key && other.Fields["paused"] != true && other.State != "DELETED" && other.text("dbName") == t.text("dbName") && other.text("collName") == t.text("collName") {
				return fail(409, "ONLINE_ARCHIVE_ALREADY_ACTIVE", "Another archive of %s.%s is active.", t.text("dbName"), t.text("collName"))
			}
		}
	}
	if old != nil && old.Fields["paused"] != t.Fields["paused"] {
		t.become(map[bool]string{true: "PAUSING", false: "ACTIVE"}[t.Fields["paused"] == true], c.now)
	}
	return nil
}

// fillPartitions adds the date field to the fields that the archive is divided by.
func fillPartitions(t *thing, date string) error {
	fields, most := objectsOf(t, "partitionFields"), 2
	seen := map[any]bool{}
	for _, f := range fields {
		if seen[f["fieldName"]] || seen[f["order"]] {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute partitionFields specified. A field or an order is there twice.")
		}
		seen[f["fieldName"]], seen[f["order"]] = true, true
	}
	if date != "" {
		most = 3
		if !slices.ContainsFunc(fields, func(f map[string]any) bool { return f["fieldName"] == date }) {
			list, _ := t.Fields["partitionFields"].([]any)
			place := 0.0
			for seen[place] {
				place++
			}
			t.Fields["partitionFields"] = append(list, map[string]any{"fieldName": date, "order": place})
		}
	}
	if len(objectsOf(t, "partitionFields")) > most {
		return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute partitionFields specified. There can be at most %d.", most)
	}
	return nil
}

func fillArchiveRegion(t, cluster *thing) {
	if t.Fields["dataProcessRegion"] != nil {
		return
	}
	t.Fields["dataProcessRegion"] = map[string]any{"cloudProvider": onAWS, "region": "US_EAST_1"}
	for provider, region := range map[string]string{onAzure: "US_EAST_2", "GCP": "CENTRAL_US"} {
		if !hasProvider(cluster, onAWS) && hasProvider(cluster, provider) {
			t.Fields["dataProcessRegion"] = map[string]any{"cloudProvider": provider, "region": region}
		}
	}
}

func showArchive(c *call, t *thing, v map[string]any) {
	v["clusterName"] = c.param("clusterName")
	v["dataSetName"] = "v1$atlas$snapshot$" + c.param("clusterName") + "$" + t.text("dbName") + "$" + t.text("collName") + "$" + t.text("_id")
	for _, f := range objectsIn(v["partitionFields"]) {
		f["fieldType"] = "string"
		if f["fieldName"] == objectIn(t.Fields, "criteria")["dateField"] {
			f["fieldType"] = "date"
		}
	}
}
