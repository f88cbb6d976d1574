package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// StreamConnectionFailover operations: listGroupStreamConnectionFailoverConnections,
// getGroupStreamConnectionFailoverConnection,
// createGroupStreamConnectionFailoverConnection,
// updateGroupStreamConnectionFailoverConnection,
// deleteGroupStreamConnectionFailoverConnection. Each body names the connection.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "StreamConnectionFailover", Section: "failovers", Parent: "StreamConnection", Variant: "type",
		Doc:         "What takes a connection's place while processors run in a failover region of the workspace.",
		Key:         []string{"region"},
		Params:      map[string]string{"failoverConnectionId": "/id"},
		Role:        "Project Stream Processing Manager",
		Replaceable: true,
		Failure:     &spec.Failure{At: "/state", Values: []string{"FAILED"}},
		Lapse:       &spec.Lapse{At: "/state", Values: []string{"DELETING"}, What: "deletion"},
		DeleteNote:  "Processors that are in its region fail.",
		Fields: append(append([]spec.Field{
			{Name: "region", Required: true, MinLen: 1, Doc: "The region, one of the workspace's failover regions."},
			{Name: "type", Required: true, Immutable: true, Doc: "What it leads to, as the connection."},
		}, streamSources("Kafka")...), spec.Field{Name: "stateName", Wire: "/state", Doc: "What Atlas is doing with it."}),
		Omit: map[string]string{
			"/id":                     "the id",
			"/name":                   "the connection's",
			"/networking/access/name": "the private link's",
		},
		List: spec.Read{Route: "GET " + streamFailovers, Version: "2025-03-12", Paged: true},
		Get:  spec.Read{Route: "GET " + streamFailovers + "/{failoverConnectionId}", Version: "2025-03-12"},
		Create: []spec.Call{{Route: "POST " + streamFailovers, Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared, Set: ofConnection()}, Wait: streamReady()}},
		Update: []spec.Call{{Route: "PATCH " + streamFailovers + "/{failoverConnectionId}", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared, Set: ofConnection()}, Wait: streamReady()}},
		Delete: []spec.Call{{Route: "DELETE " + streamFailovers + "/{failoverConnectionId}", Version: "2025-03-12",
			Wait: &spec.Wait{Gone: true, Fail: []string{"FAILED"}, At: "/state", Max: 40 * time.Minute}}},
	}
})

const streamFailovers = "/groups/{groupId}/streams/{tenantName}/connections/{connectionName}/failoverConnections"

// ofConnection names the connection, by which Atlas knows what a body is for.
func ofConnection() map[string]spec.Expr {
	return map[string]spec.Expr{"/name": {Param: "connectionName"}}
}
