package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// CustomZoneMapping operations: getGroupClusterGlobalWrites,
// createGroupClusterGlobalWriteCustomZoneMapping (which adds),
// deleteGroupClusterGlobalWriteCustomZoneMapping (all of them: Atlas takes none away by
// itself, and changes none).
var _ = register(func() spec.Kind {
	add := spec.Call{Route: "POST /groups/{groupId}/clusters/{clusterName}/globalWrites/customZoneMapping", Version: "2024-08-05",
		Body: spec.Body{Send: spec.Declared}, Idempotent: true}
	clear := spec.Call{Route: "DELETE /groups/{groupId}/clusters/{clusterName}/globalWrites/customZoneMapping", Version: "2024-08-05"}
	room := clear
	room.When = &spec.When{Field: "zones", Loses: true}
	return spec.Kind{
		Name: "CustomZoneMapping", Section: "customZoneMapping", Parent: "Cluster", Singleton: true,
		Doc:        "Which zone of a global cluster keeps the documents of a location, where Atlas would choose another.",
		Role:       "Project Owner",
		Optional:   &spec.Optional{At: "/customZoneMapping"},
		Lane:       clusterLane(),
		Where:      geoSharded(),
		DeleteNote: "Each location is in the zone that is nearest to it, and documents move there.",
		Fields: []spec.Field{
			{Name: "zones", Type: spec.Map, Wire: "/customZoneMapping", SendAt: "/customZoneMappings", Pairs: [2]string{"location", "zone"}, Required: true, MinItems: 1, MinLen: 1,
				Lookup: &spec.Lookup{List: "/replicationSpecs", Name: "/zoneName", ID: "/zoneId", Answers: true},
				Doc:    "The zone's name by the location: a country, or a part of one (ISO 3166). All of them once declared; one that changes takes the others away for a moment."},
		},
		Omit: map[string]string{
			"/managedNamespaces":   "managedNamespaces",
			"/selfManagedSharding": "the cluster's globalClusterSelfManagedSharding",
		},
		List:   spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/globalWrites", Version: "2024-08-05"},
		Get:    spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}/globalWrites", Version: "2024-08-05"},
		Create: []spec.Call{add},
		Update: []spec.Call{room, add},
		Delete: []spec.Call{clear},
	}
})
