package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// StreamWorkspace operations: listGroupStreamWorkspaces, getGroupStreamWorkspace,
// createGroupStreamWorkspace, updateGroupStreamWorkspace (which names the region
// otherwise than the creation, and takes it and the failover regions apart only),
// deleteGroupStreamWorkspace.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "StreamWorkspace", Section: "streamWorkspaces", Parent: "Project",
		Doc:        "A workspace of Atlas Stream Processing: where processors run, what they connect to, and what they are. Formerly a stream processing instance.",
		Key:        []string{"name"},
		Params:     map[string]string{"tenantName": "name"},
		IdentAt:    "/_id",
		Role:       "Project Stream Processing Manager",
		Events:     &spec.Events{Made: []string{"STREAM_TENANT_CREATED"}, Changed: []string{"STREAM_TENANT_UPDATED"}, Gone: []string{"STREAM_TENANT_DELETED"}},
		Blocks:     []spec.Block{{Of: "parent", While: spec.Cond{At: "/name", NotIn: []string{""}}, Why: "is in it"}},
		DeleteNote: "Its connections go with it. Atlas refuses it while there are processors.",
		Fields: []spec.Field{
			{Name: "name", Required: true, MinLen: 1, Doc: "The workspace's name."},
			{Name: "cloudProvider", Wire: "/dataProcessRegion/cloudProvider", Required: true, Enum: []string{"AWS", "AZURE", "GCP"}, Doc: "The cloud in which streams are processed."},
			{Name: "region", Wire: "/dataProcessRegion/region", Required: true, OpenEnum: true, Doc: "And the region, in the spelling of Stream Processing: VIRGINIA_USA, eastus, US_CENTRAL1."},
			{Name: "failoverRegions", ElemKey: []string{"cloudProvider", "region"}, OneWay: true, Doc: "Other regions that processors may move to, two at most. Once they are set they stay.", Fields: []spec.Field{
				{Name: "cloudProvider", Enum: []string{"AWS", "AZURE", "GCP"}, Doc: "The cloud."},
				{Name: "region", OpenEnum: true, Doc: "The region."},
			}},
			{Name: "streamConfig", Doc: "How large processors are.", Fields: []spec.Field{
				{Name: "tier", Doc: "The tier of a processor that says nothing else."},
				{Name: "maxTierSize", Doc: "The largest tier that a processor may have."},
			}},
			{Name: "hostnames", Output: true, Doc: "How mongosh reaches the workspace."},
		},
		Omit: map[string]string{
			"/_id":               "the id",
			"/cloudProvider":     "dataProcessRegion, as an update calls it",
			"/connections":       "a section of their own",
			"/groupId":           "the project",
			"/processorStatus":   "starts, stops or moves all processors: an operator's act",
			"/region":            "dataProcessRegion, as an update calls it",
			"/sampleConnections": "a connection of the type Sample says the same",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/streams", Version: "2023-02-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/streams/{tenantName}", Version: "2023-02-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/streams", Version: "2023-02-01",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{
			{Route: "PATCH /groups/{groupId}/streams/{tenantName}", Version: "2023-02-01", When: &spec.When{Field: "region"},
				Body: spec.Body{Set: map[string]spec.Expr{"/cloudProvider": {Field: "cloudProvider"}, "/region": {Field: "region"}}}},
			{Route: "PATCH /groups/{groupId}/streams/{tenantName}", Version: "2023-02-01",
				Body: spec.Body{Send: spec.Changed, Fields: []string{"failoverRegions", "streamConfig"}}},
		},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/streams/{tenantName}", Version: "2023-02-01",
			Wait: &spec.Wait{Gone: true, Max: 30 * time.Minute}}},
	}
})
