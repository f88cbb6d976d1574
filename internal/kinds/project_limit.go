package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ProjectLimit operations: listGroupLimits (a bare array, with the limits that Atlas
// has by itself), getGroupLimit, setGroupLimit (sets and changes), deleteGroupLimit
// (brings Atlas's value back, or takes the limit away).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ProjectLimit", Section: "limits", Parent: "Project",
		Doc:    "A limit of a project. Atlas has most of them by itself: state: absent brings its own value back.",
		Key:    []string{"name"},
		Params: map[string]string{"limitName": "name"},
		Role:   "Project Owner",
		Events: &spec.Events{Changed: []string{"PROJECT_LIMIT_UPDATED"}, Gone: []string{"PROJECT_LIMIT_UPDATED"}},
		Unset:  &spec.Cond{At: "/value", As: "/defaultLimit"},
		Fields: []spec.Field{
			{Name: "name", Doc: "Which limit.", Enum: []string{
				"atlas.project.deployment.clusters", "atlas.project.deployment.nodesPerPrivateLinkRegion",
				"atlas.project.deployment.privateServiceConnectionsPerRegionGroup", "atlas.project.deployment.privateServiceConnectionsSubnetMask",
				"atlas.project.deployment.serverlessMTMs", "atlas.project.security.databaseAccess.customRoles",
				"atlas.project.security.databaseAccess.users", "atlas.project.security.networkAccess.crossRegionEntries",
				"atlas.project.security.networkAccess.entries", "dataFederation.bytesProcessed.daily", "dataFederation.bytesProcessed.monthly",
				"dataFederation.bytesProcessed.query", "dataFederation.bytesProcessed.weekly"}},
			{Name: "value", Min: 0, Max: 1 << 62, Doc: "The limit: how many there may be; of data federation bytes; of the subnet mask its length, 20 to 27."},
			{Name: "currentUsage", Doc: "How much of it is used; moves by itself."},
			{Name: "maximumLimit", Doc: "The most that Atlas allows."},
		},
		Omit: map[string]string{
			"/defaultLimit": "what Atlas has by itself",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/limits", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/limits/{limitName}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "PATCH /groups/{groupId}/limits/{limitName}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"value"}}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/limits/{limitName}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"value"}}}},
		Delete:     []spec.Call{{Route: "DELETE /groups/{groupId}/limits/{limitName}", Version: "2023-01-01"}},
		NeverPrune: "Atlas has limits by itself",
	}
})
