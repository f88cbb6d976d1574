package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// StreamProcessor operations: getGroupStreamProcessors, getGroupStreamProcessor,
// createGroupStreamProcessor, updateGroupStreamProcessor (refused while it runs),
// startGroupStreamProcessorWith, stopGroupStreamProcessor, deleteGroupStreamProcessor.
// The tier is an argument of its start.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "StreamProcessor", Section: "processors", Parent: "StreamWorkspace",
		Doc:     "A pipeline over streams. A change of one that runs stops it, and starts it again.",
		Key:     []string{"name"},
		Params:  map[string]string{"processorName": "name"},
		IdentAt: "/_id",
		Role:    "Project Stream Processing Manager",
		Events: &spec.Events{Made: []string{"STREAM_PROCESSOR_CREATED"}, Changed: []string{"STREAM_PROCESSOR_MODIFIED", "STREAM_PROCESSOR_STARTED", "STREAM_PROCESSOR_STOPPED"},
			Gone: []string{"STREAM_PROCESSOR_DROPPED"}, Names: map[string]string{"/processorName": "name", "/instanceName": "{tenantName}"}},
		After:      []string{"StreamConnection"},
		Lapse:      &spec.Lapse{At: "/state", Values: []string{"DROPPED"}, What: "deletion"},
		Blocks:     []spec.Block{{Of: "parent", While: spec.Cond{At: "/state", NotIn: []string{"DROPPED"}}, Why: "is in it"}},
		DeleteNote: "Its checkpoint goes with it.",
		Constraints: []spec.Constraint{{At: "dlq", Message: "dlq is a connection, a database and a collection",
			CEL: "!has(self.dlq) || has(self.dlq.connectionName) && has(self.dlq.db) && has(self.dlq.coll)"}},
		Fields: []spec.Field{
			{Name: "name", Required: true, MinLen: 1, Doc: "The processor's name."},
			{Name: "pipeline", Type: spec.Document, InOrder: true, Required: true, Doc: "The stages, as MongoDB's documentation has them. Connections are told by their names. All of it once declared."},
			{Name: "started", Type: spec.Bool, Wire: "/state", True: "STARTED", Doc: "Whether it runs. Left out, one that runs goes on, and a new one does not begin."},
			{Name: "tier", Doc: "The tier that it runs on; by default the workspace's."},
			{Name: "failoverEnabled", Doc: "Whether it may move to a failover region of the workspace."},
			{Name: "dlq", Wire: "/options/dlq", Doc: "Where documents go that it cannot process.", Fields: []spec.Field{
				{Name: "connectionName", Doc: "A connection to a cluster."},
				{Name: "db", Doc: "The database."},
				{Name: "coll", Doc: "The collection."},
			}},
			{Name: "resumeFromCheckpoint", Wire: "/options/resumeFromCheckpoint", Steer: true, Doc: "Whether it goes on where it was; a change of its $source takes false."},
			{Name: "eligibleForFailover", Doc: "Whether it could move."},
			{Name: "stateName", Wire: "/state", Doc: "What it is doing."},
		},
		Omit: map[string]string{
			"/_id":   "calls take the name",
			"/stats": "they move by themselves",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/streams/{tenantName}/processors", Version: "2024-05-30", Paged: true, Ordered: []string{"pipeline"}},
		Get:  spec.Read{Route: "GET /groups/{groupId}/streams/{tenantName}/processor/{processorName}", Version: "2024-05-30", Ordered: []string{"pipeline"}},
		Create: []spec.Call{
			{Route: "POST /groups/{groupId}/streams/{tenantName}/processor", Version: "2024-05-30",
				Body: spec.Body{Send: spec.Declared, Except: []string{"resumeFromCheckpoint"}},
				Wait: processorIs("CREATED", "STOPPED", "STARTED")},
			startProcessor(&spec.When{Field: "started", Is: true}, nil),
		},
		Update: []spec.Call{
			{Route: "POST /groups/{groupId}/streams/{tenantName}/processor/{processorName}:stop", Version: "2024-05-30", Idempotent: true,
				From: &spec.Cond{At: "/state", Values: []string{"STARTED"}}, Wait: processorIs("STOPPED", "CREATED")},
			// What goes wrong is kept where it is, whatever else of the options is sent.
			{Route: "PATCH /groups/{groupId}/streams/{tenantName}/processor/{processorName}", Version: "2024-05-30",
				Body: spec.Body{Send: spec.Changed, Set: map[string]spec.Expr{"/options/dlq": {Field: "dlq", From: "/options/dlq"}}}},
			startProcessor(nil, &spec.Cond{At: "/state", Values: []string{"STARTED"}}),
		},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/streams/{tenantName}/processor/{processorName}", Version: "2024-05-30",
			Wait: &spec.Wait{Gone: true, Max: 15 * time.Minute}}},
	}
})

func processorIs(states ...string) *spec.Wait {
	return &spec.Wait{At: "/state", Until: states, Fail: []string{"FAILED"}, Max: 15 * time.Minute}
}

func startProcessor(when *spec.When, to *spec.Cond) spec.Call {
	return spec.Call{Route: "POST /groups/{groupId}/streams/{tenantName}/processor/{processorName}:startWith", Version: "2025-03-12", Idempotent: true,
		When: when, To: to, Body: spec.Body{Set: map[string]spec.Expr{"/tier": {Field: "tier", From: "/tier"}}}, Wait: processorIs("STARTED")}
}
