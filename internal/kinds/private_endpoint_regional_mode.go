package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// PrivateEndpointRegionalMode operations: getGroupPrivateEndpointRegionalMode,
// toggleGroupPrivateEndpointRegionalMode (which sets).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "PrivateEndpointRegionalMode", Section: "privateEndpointRegionalMode", Parent: "Project", Singleton: true,
		Doc:    "Whether the project may have several private endpoints in a region. Either way the connection strings of its clusters change.",
		Role:   "Project Owner",
		Events: &spec.Events{Changed: []string{"REGIONALIZED_PRIVATE_ENDPOINT_MODE_ENABLED", "REGIONALIZED_PRIVATE_ENDPOINT_MODE_DISABLED"}},
		Fields: []spec.Field{
			{Name: "enabled", Required: true, Default: false, Doc: "Whether it may. No replica sets can be made while it may."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/regionalMode", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/privateEndpoint/regionalMode", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/privateEndpoint/regionalMode", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared},
			Wait: &spec.Wait{Read: &spec.Read{Route: "GET /groups/{groupId}/clusters", Version: "2024-08-05"}, All: true,
				At: "/stateName", Until: []string{"IDLE"}, Settle: 30 * time.Second, Max: 3 * time.Hour}}},
	}
})
