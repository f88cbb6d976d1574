package sandbox

import "maps"

var projectSettingsPart = part{
	id: "projectSettings", name: "Project Settings", scope: perProject,
	operations: []operation{
		{id: "getGroupSettings", method: "GET", path: "/groups/{groupId}/settings", versions: oldest, may: projectReadOnly, status: 200, handle: getProjectSettings},
		{id: "updateGroupSettings", method: "PATCH", path: "/groups/{groupId}/settings", versions: oldest, may: projectOwner, status: 200, body: true, handle: updateProjectSettings},
	},
}

// projectSettings are the settings of a new project.
var projectSettings = map[string]bool{
	"isClusterAiAssistantEnabled":                     true,
	"isCollectDatabaseSpecificsStatisticsEnabled":     true,
	"isDataExplorerEnabled":                           true,
	"isDataExplorerGenAIFeaturesEnabled":              true,
	"isDataExplorerGenAISampleDocumentPassingEnabled": false,
	"isDataValidationEnabled":                         true,
	"isExtendedStorageSizesEnabled":                   false,
	"isNativeRerankingEnabled":                        false,
	"isPerformanceAdvisorEnabled":                     true,
	"isRealtimePerformancePanelEnabled":               true,
	"isSchemaAdvisorEnabled":                          true,
}

// settingEvents are the events of changed settings, of those that have one.
var settingEvents = map[string]string{
	"isCollectDatabaseSpecificsStatisticsEnabled": "PROJECT_COLLECT_DATABASE_STATISTICS_UPDATED",
	"isDataValidationEnabled":                     "PROJECT_ENABLE_DATA_VALIDATION_UPDATED",
	"isExtendedStorageSizesEnabled":               "PROJECT_ENABLE_EXTENDED_STORAGE_SIZES_UPDATED",
}

var projectSettingsShape = func() object {
	o := object{}
	for name := range projectSettings {
		o[name] = optional(boolean{})
	}
	return o
}()

// settings are all settings of a project, whose own map holds what was changed.
func (p *project) settings() map[string]bool {
	all := maps.Clone(projectSettings)
	maps.Copy(all, p.Settings)
	return all
}

func getProjectSettings(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return p.settings(), nil
}

// updateProjectSettings changes what the request names.
func updateProjectSettings(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	body, err := decode[map[string]bool](c, projectSettingsShape)
	if err != nil {
		return nil, err
	}
	before := p.settings()
	if p.Settings == nil {
		p.Settings = map[string]bool{}
	}
	maps.Copy(p.Settings, body)
	for name, on := range p.settings() {
		if event := settingEvents[name]; event != "" && on != before[name] {
			c.happened(event)
		}
	}
	return p.settings(), nil
}
