package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ProjectSettings operations: getGroupSettings, updateGroupSettings (which merges).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ProjectSettings", Section: "settings", Parent: "Project", Singleton: true,
		Doc:  "What the user interface of a project offers, and what Atlas collects for it.",
		Role: "Project Owner",
		Events: &spec.Events{Changed: []string{"PROJECT_COLLECT_DATABASE_STATISTICS_UPDATED", "PROJECT_ENABLE_DATA_VALIDATION_UPDATED", "PROJECT_ENABLE_EXTENDED_STORAGE_SIZES_UPDATED"},
			Fields: map[string][]string{"PROJECT_COLLECT_DATABASE_STATISTICS_UPDATED": {"isCollectDatabaseSpecificsStatisticsEnabled"}, "PROJECT_ENABLE_DATA_VALIDATION_UPDATED": {"isDataValidationEnabled"}, "PROJECT_ENABLE_EXTENDED_STORAGE_SIZES_UPDATED": {"isExtendedStorageSizesEnabled"}}},
		Fields: []spec.Field{
			{Name: "isClusterAiAssistantEnabled", Doc: "The assistant for clusters."},
			{Name: "isCollectDatabaseSpecificsStatisticsEnabled", Default: true, Doc: "Statistics of single databases are collected."},
			{Name: "isDataExplorerEnabled", Default: true, Doc: "The data explorer, with which people read and write documents."},
			{Name: "isDataExplorerGenAIFeaturesEnabled", Doc: "Generated queries in the data explorer. No effect while the organization's AI features are off."},
			{Name: "isDataExplorerGenAISampleDocumentPassingEnabled", Default: false, Doc: "Sample documents are sent along with what queries are generated from."},
			{Name: "isDataValidationEnabled", Doc: "The validation of data after failures of disks."},
			{Name: "isExtendedStorageSizesEnabled", Default: false, Doc: "Storage beyond the usual sizes of a cluster's tier."},
			{Name: "isNativeRerankingEnabled", Doc: "Search results are ranked again by a model."},
			{Name: "isPerformanceAdvisorEnabled", Default: true, Doc: "The performance advisor."},
			{Name: "isRealtimePerformancePanelEnabled", Default: true, Doc: "The panel of what clusters do right now."},
			{Name: "isSchemaAdvisorEnabled", Default: true, Doc: "The schema advisor."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/settings", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/settings", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/settings", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed}}},
	}
})
