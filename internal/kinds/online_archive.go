package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// OnlineArchive operations: listGroupClusterOnlineArchives,
// getGroupClusterOnlineArchive, createGroupClusterOnlineArchive,
// updateGroupClusterOnlineArchive (replaces blocks whole), deleteGroupClusterOnlineArchive.
// Nothing waits for it: one whose date field does not exist is pending for ever.
var _ = register(func() spec.Kind {
	planned := []string{"DAILY", "WEEKLY", "MONTHLY"}
	return spec.Kind{
		Name: "OnlineArchive", Section: "onlineArchives", Parent: "Cluster",
		Doc:      "What of a collection moves to cheaper storage, and when. It holds data: it is never pruned or replaced. Needs an M10 at least.",
		Contents: "What the old one has archived is not in the files, and stays there.",
		Key:      []string{"dbName", "collName"},
		Ident:    "id", IdentAt: "/_id",
		Params: map[string]string{"archiveId": "/_id"},
		Role:   "Project Data Access Admin",
		Events: &spec.Events{Made: []string{"ONLINE_ARCHIVE_CREATED"}, Changed: []string{"ONLINE_ARCHIVE_UPDATED", "ONLINE_ARCHIVE_PAUSE_REQUESTED"},
			Gone: []string{"ONLINE_ARCHIVE_DELETED"}, Ask: map[string]string{"clusterNames": "clusterName"}},
		Lane:           clusterLane(),
		NamesNotUnique: true,
		NeverPrune:     "it holds data",
		DeleteNote:     "The data that it has archived goes with it.",
		Constraints: []spec.Constraint{
			{At: "partitionFields", Message: "the criteria's dateField has to be one of the partitionFields",
				CEL: "!has(self.partitionFields) || !has(self.criteria.dateField) || self.partitionFields.exists(p, p.fieldName == self.criteria.dateField)"},
			{At: "partitionFields", Message: "an archive takes three partitionFields with a dateField, and two without",
				CEL: "!has(self.partitionFields) || size(self.partitionFields) <= (has(self.criteria.dateField) ? 3 : 2)"},
			{At: "collectionType", Message: "a time series is archived by DATE, in the format ISODATE",
				CEL: "!has(self.collectionType) || self.collectionType != 'TIMESERIES' || self.criteria.type == 'DATE' && (!has(self.criteria.dateFormat) || self.criteria.dateFormat == 'ISODATE')"},
		},
		Fields: []spec.Field{
			{Name: "dbName", MinLen: 1, Doc: "The collection's database."},
			{Name: "collName", MinLen: 1, Doc: "The collection. It has to exist; one archive of it can be active."},
			{Name: "collectionType", Default: "STANDARD", Immutable: true, Doc: "Whether the collection is a time series."},
			{Name: "criteria", Variant: "type", Required: true, Doc: "Which documents are archived.", Fields: []spec.Field{
				{Name: "type", Required: true, Immutable: true, Doc: "By a date in the documents, or by a query."},
				{Name: "dateField", For: []string{"DATE"}, Required: true, Immutable: true, MinLen: 1, Doc: "The field with the date."},
				{Name: "dateFormat", For: []string{"DATE"}, Doc: "What the date looks like."},
				{Name: "expireAfterDays", For: []string{"DATE"}, Required: true, Min: 0, Max: 1 << 31, Doc: "How many days after it a document is archived."},
				{Name: "query", For: []string{"CUSTOM"}, Required: true, Norm: spec.JSONDoc, MinLen: 1, Doc: "A query, as JSON text, that finds the documents."},
			}},
			{Name: "partitionFields", Type: spec.Set, ElemKey: []string{"fieldName"}, Immutable: true, Doc: "The fields that queries of the archive ask by most.", Fields: []spec.Field{
				{Name: "fieldName", Doc: "The field."},
				{Name: "order", Required: true, Min: 0, Max: 2, Doc: "Its place among them, from 0."},
				{Name: "fieldType", Doc: "What Atlas has found in it."},
			}},
			{Name: "dataProcessRegion", Variant: "cloudProvider", Immutable: true, Doc: "Where the archive is.", Fields: []spec.Field{
				{Name: "cloudProvider", Required: true, Doc: "The cloud: AWS, or the cluster's own."},
				{Name: "region", Required: true, Doc: "The region, in Atlas's spelling."},
			}},
			{Name: "dataExpirationRule", Nullable: true, NullAs: map[string]any{}, Void: &spec.Cond{At: "/expireAfterDays", Empty: true},
				Doc: "When archived documents are deleted; null keeps them.", Fields: []spec.Field{
					{Name: "expireAfterDays", Required: true, Destructive: true, Doc: "How many days after they were archived."},
				}},
			{Name: "schedule", Variant: "type", Doc: "When archiving may run.", Fields: []spec.Field{
				{Name: "type", Required: true, Doc: "How often; DEFAULT is every five minutes."},
				{Name: "dayOfWeek", For: []string{"WEEKLY"}, Doc: "The day of the week: 1 is Monday."},
				{Name: "dayOfMonth", For: []string{"MONTHLY"}, Doc: "The day of the month."},
				{Name: "startHour", For: planned, Doc: "The hour (UTC) from which it may run."},
				{Name: "startMinute", For: planned, Doc: "The minute of that hour."},
				{Name: "endHour", For: planned, Doc: "The hour up to which it may run."},
				{Name: "endMinute", For: planned, Doc: "The minute of that hour."},
			}},
			{Name: "paused", Default: false, Doc: "Whether nothing more is archived for now. What is there can still be queried."},
			{Name: "archiveState", Wire: "/state", Doc: "What Atlas is doing with it."},
		},
		Omit: map[string]string{
			"/clusterName": "the cluster",
			"/dataSetName": "Atlas's own",
			"/groupId":     "the project",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/onlineArchives", Version: "2023-01-01", Paged: true,
			Only: &spec.Cond{At: "/state", NotIn: []string{"DELETED"}}},
		Get: spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/onlineArchives/{archiveId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/clusters/{clusterName}/onlineArchives", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/clusters/{clusterName}/onlineArchives/{archiveId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"criteria", "schedule", "dataExpirationRule", "paused"}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/clusters/{clusterName}/onlineArchives/{archiveId}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: time.Hour}}},
	}
})
