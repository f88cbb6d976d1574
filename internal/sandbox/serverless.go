package sandbox

import (
	"slices"
	"time"
)

const instancePath = "/groups/{groupId}/privateEndpoint/serverless/instance/{instanceName}/endpoint"

const autoIndexingPath = "/groups/{groupId}/serverless/{clusterName}/performanceAdvisor/autoIndexing"

var serverlessPart = part{
	id: "serverless", name: "Serverless Instances", scope: perProject,
	operations: []operation{
		{id: "listGroupServerlessInstances", method: "GET", path: "/groups/{groupId}/serverless", versions: oldest, may: projectReadOnly, status: 200, handle: listServerless},
		{id: "getGroupServerlessInstance", method: "GET", path: "/groups/{groupId}/serverless/{name}", versions: oldest, may: projectReadOnly, status: 200, handle: getServerless},
		{id: "getGroupServerlessPerformanceAdvisorAutoIndexing", method: "GET", path: autoIndexingPath, versions: oldest, may: projectReadOnly, status: 200, handle: getAutoIndexing},
		{id: "setGroupServerlessPerformanceAdvisorAutoIndexing", method: "POST", path: autoIndexingPath, versions: oldest, may: projectOwner, status: 200, handle: setAutoIndexing},
		{id: "listGroupPrivateEndpointServerlessInstanceEndpoint", method: "GET", path: instancePath, versions: oldest, may: projectReadOnly, status: 200, handle: listEndpoints},
		{id: "createGroupPrivateEndpointServerlessInstanceEndpoint", method: "POST", path: instancePath, versions: oldest, may: projectOwner, event: "TENANT_ENDPOINT_CREATED", status: 201, body: true, handle: createEndpoint},
		{id: "getGroupPrivateEndpointServerlessInstanceEndpoint", method: "GET", path: instancePath + "/{endpointId}", versions: oldest, may: projectReadOnly, status: 200, handle: getEndpoint},
		{id: "updateGroupPrivateEndpointServerlessInstanceEndpoint", method: "PATCH", path: instancePath + "/{endpointId}", versions: oldest, may: projectOwner, event: "TENANT_ENDPOINT_UPDATED", status: 200, body: true, handle: updateEndpoint},
		{id: "deleteGroupPrivateEndpointServerlessInstanceEndpoint", method: "DELETE", path: instancePath + "/{endpointId}", versions: oldest, may: projectOwner, event: "TENANT_ENDPOINT_DELETING", status: 204, handle: deleteEndpoint},
	},
}

var (
	endpointComment     = text{max: 80}
	endpointShape       = object{"comment": nullable(endpointComment)}
	endpointUpdateShape = object{
		"providerName":             required(text{enum: []string{"AWS", "AZURE"}}),
		"comment":                  nullable(endpointComment),
		"cloudProviderEndpointId":  nullable(anyText),
		"privateEndpointIpAddress": nullable(anyText),
		"_id":                      readOnly, "status": readOnly, "endpointServiceName": readOnly,
		"errorMessage": readOnly, "privateLinkServiceResourceId": readOnly,
	}
	// cloudEndpointIDs are the forms that a cloud's own ids have.
	cloudEndpointIDs = map[string]*pattern{
		"AWS":   matching(`^vpce-[0-9a-f]{17}$`),
		"AZURE": matching(`^/subscriptions/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/resource[gG]roups/private[Ll]ink/providers/Microsoft\.Network/privateEndpoints/[-\w._()]+$`),
	}
)

// A serverless instance comes from the seed; the API can only be asked for it.
type serverless struct {
	ID        string                `json:"id"`
	Name      string                `json:"name"`
	Provider  string                `json:"provider"`
	CreatedAt time.Time             `json:"createdAt"`
	NoIndexes bool                  `json:"noAutoIndexing,omitempty"`
	Endpoints []*serverlessEndpoint `json:"endpoints"`
}

type serverlessView struct {
	ID         string           `json:"id"`
	GroupID    string           `json:"groupId"`
	Name       string           `json:"name"`
	CreateDate string           `json:"createDate"`
	Version    string           `json:"mongoDBVersion"`
	State      string           `json:"stateName"`
	Provider   providerSettings `json:"providerSettings"`
	Backup     backupOptions    `json:"serverlessBackupOptions"`
	Protection bool             `json:"terminationProtectionEnabled"`
	Links      []link           `json:"links"`
}

type providerSettings struct {
	BackingProvider string `json:"backingProviderName"`
	Provider        string `json:"providerName"`
	Region          string `json:"regionName"`
}

type backupOptions struct {
	Continuous bool `json:"serverlessContinuousBackupEnabled"`
}

func (s *serverless) view(p *project) any {
	region := "US_EAST_1"
	if s.Provider == "AZURE" {
		region = "US_EAST_2"
	}
	return serverlessView{
		ID: s.ID, GroupID: p.ID, Name: s.Name, CreateDate: stamp(s.CreatedAt), Version: "8.0.4", State: "IDLE",
		Provider: providerSettings{s.Provider, "SERVERLESS", region}, Backup: backupOptions{true}, Links: []link{},
	}
}

// instance finds the serverless instance of the path.
func (c *call) instance(name string) (*project, *serverless, error) {
	p, err := c.project()
	if err != nil {
		return nil, nil, err
	}
	for _, s := range p.Serverless {
		if s.Name == name {
			return p, s, nil
		}
	}
	return nil, nil, fail(404, "SERVERLESS_INSTANCE_NOT_FOUND", "no serverless instance %s exists in the project", name)
}

func listServerless(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return page(c, p.Serverless, func(s *serverless) any { return s.view(p) })
}

func getServerless(c *call) (any, error) {
	p, s, err := c.instance(c.param("name"))
	if err != nil {
		return nil, err
	}
	return s.view(p), nil
}

// getAutoIndexing answers with a JSON boolean and nothing around it.
func getAutoIndexing(c *call) (any, error) {
	_, s, err := c.instance(c.param("clusterName"))
	if err != nil {
		return nil, err
	}
	return !s.NoIndexes, nil
}

func setAutoIndexing(c *call) (any, error) {
	_, s, err := c.instance(c.param("clusterName"))
	if err != nil {
		return nil, err
	}
	if c.query.Get("enable") == "" {
		return nil, fail(400, "MISSING_QUERY_PARAMETER", "the query parameter enable is required")
	}
	on, err := c.flag("enable", true)
	if err != nil {
		return nil, err
	}
	if s.NoIndexes == on {
		c.happened(map[bool]string{true: "AUTO_INDEXING_ENABLED", false: "AUTO_INDEXING_DISABLED"}[on])
	}
	s.NoIndexes = !on
	return nil, nil
}

// endpointOf finds the endpoint of the path.
func (c *call) endpointOf() (*serverless, *serverlessEndpoint, error) {
	_, s, err := c.instance(c.param("instanceName"))
	if err != nil {
		return nil, nil, err
	}
	for _, e := range s.Endpoints {
		if e.ID == c.param("endpointId") {
			return s, e, nil
		}
	}
	return nil, nil, endpointNotFound(c.param("endpointId"))
}

func endpointNotFound(id string) error {
	return fail(404, "SERVERLESS_TENANT_ENDPOINT_NOT_FOUND", "no private endpoint %s exists for this serverless instance", id)
}

func listEndpoints(c *call) (any, error) {
	_, s, err := c.instance(c.param("instanceName"))
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, e := range slices.Clone(s.Endpoints) {
		if s.progress(e, c.now, c.server.pace()) {
			all = append(all, e.view(s))
		}
	}
	return all, nil
}

func getEndpoint(c *call) (any, error) {
	s, e, err := c.endpointOf()
	if err != nil {
		return nil, err
	}
	if !s.progress(e, c.now, c.server.pace()) {
		return nil, endpointNotFound(e.ID)
	}
	return e.view(s), nil
}

func createEndpoint(c *call) (any, error) {
	_, s, err := c.instance(c.param("instanceName"))
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ Comment string }](c, endpointShape)
	if err != nil {
		return nil, err
	}
	e := &serverlessEndpoint{ID: newID(c.now), Comment: body.Comment}
	e.Service = s.serviceName(e.ID)
	e.become(endpointRequested, c.now)
	s.Endpoints = append(s.Endpoints, e)
	return e.view(s), nil
}

// updateEndpoint tells Atlas the endpoint that was made at the cloud provider;
// it can do so only once Atlas has reserved its own side.
func updateEndpoint(c *call) (any, error) {
	s, e, err := c.endpointOf()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct {
		ProviderName             string
		Comment                  *string
		CloudProviderEndpointID  *string
		PrivateEndpointIPAddress *string
	}](c, endpointUpdateShape)
	if err != nil {
		return nil, err
	}
	if body.ProviderName != s.Provider {
		return nil, invalid(violation{"providerName", "must be " + s.Provider + ", the provider of the instance"})
	}
	if body.PrivateEndpointIPAddress != nil && s.Provider != "AZURE" {
		return nil, fail(400, "INVALID_ATTRIBUTE", "Invalid attribute privateEndpointIpAddress specified.")
	}
	e.settle(c.now, c.server.pace())
	if id := body.CloudProviderEndpointID; id != nil && *id != e.CloudID {
		if !cloudEndpointIDs[s.Provider].MatchString(*id) {
			return nil, invalid(violation{"cloudProviderEndpointId", "must match " + cloudEndpointIDs[s.Provider].String()})
		}
		if e.Status == endpointRequested || e.Status == endpointDeleting {
			return nil, fail(400, "SERVERLESS_TENANT_ENDPOINT_NOT_RESERVED", "the endpoint is %s; it takes a cloudProviderEndpointId once it is RESERVED", e.Status)
		}
		e.CloudID, e.Error = *id, ""
		e.become(endpointInitiating, c.now)
	}
	if body.Comment != nil {
		e.Comment = *body.Comment
	}
	if body.PrivateEndpointIPAddress != nil {
		e.IP = *body.PrivateEndpointIPAddress
	}
	return e.view(s), nil
}

func deleteEndpoint(c *call) (any, error) {
	_, e, err := c.endpointOf()
	if err != nil {
		return nil, err
	}
	if e.Status != endpointDeleting {
		e.become(endpointDeleting, c.now)
	}
	return nil, nil
}

// serviceName is the name of the service that Atlas offers to the cloud.
func (s *serverless) serviceName(id string) string {
	if s.Provider == "AZURE" {
		return "pls_" + id
	}
	return "com.amazonaws.vpce.us-east-1.vpce-svc-" + "00000" + id[12:]
}
