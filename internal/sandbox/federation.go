package sandbox

import (
	"math"
	"slices"
	"time"
)

var federationPart = part{
	id: "dataFederation", name: "Data Federation", scope: perProject,
	operations: []operation{
		{id: "listGroupDataFederation", method: "GET", path: "/groups/{groupId}/dataFederation", versions: oldest, may: projectReadOnly, status: 200, handle: listFederation},
		operationOf("createGroupDataFederation", "FEDERATED_DATABASE_CREATED", createFederation),
		operationOf("updateGroupDataFederation", "FEDERATED_DATABASE_UPDATED", updateFederation),
		{id: "getGroupDataFederation", method: "GET", path: "/groups/{groupId}/dataFederation/{tenantName}", versions: oldest, may: projectReadOnly, status: 200, handle: getFederation},
		{id: "deleteGroupDataFederation", method: "DELETE", path: "/groups/{groupId}/dataFederation/{tenantName}", versions: oldest, may: projectOwner, event: "FEDERATED_DATABASE_REMOVED", status: 204, handle: deleteFederation},
		{id: "listGroupDataFederationLimits", method: "GET", path: "/groups/{groupId}/dataFederation/{tenantName}/limits", versions: oldest, may: projectReadOnly, status: 200, handle: listQueryLimits},
		{id: "getGroupDataFederationLimit", method: "GET", path: "/groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", versions: oldest, may: projectReadOnly, status: 200, handle: getQueryLimit},
		{id: "setGroupDataFederationLimit", method: "PATCH", path: "/groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", versions: oldest, may: projectOwner, event: "DATA_FEDERATION_QUERY_LIMIT_CONFIGURED", status: 200, body: true, handle: setQueryLimit},
		{id: "deleteGroupDataFederationLimit", method: "DELETE", path: "/groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", versions: oldest, may: projectOwner, event: "DATA_FEDERATION_QUERY_LIMIT_DELETED", status: 204, handle: deleteQueryLimit},
	},
}

var (
	limitNames      = []string{"bytesProcessed.query", "bytesProcessed.daily", "bytesProcessed.weekly", "bytesProcessed.monthly"}
	overrunPolicy   = text{enum: []string{"BLOCK", "BLOCK_AND_KILL"}}
	queryLimitShape = object{
		"value":         required(integer{0, math.MaxInt64}),
		"overrunPolicy": optional(overrunPolicy),
		"currentUsage":  readOnly, "defaultLimit": readOnly, "lastModifiedDate": readOnly,
		"maximumLimit": readOnly, "name": readOnly, "tenantName": readOnly,
	}
)

// A federatedDatabase is a federated database instance; what it has of stores and
// databases is in federated_databases.go.
type federatedDatabase struct {
	Name        string         `json:"name"`
	CloudConfig map[string]any `json:"cloudProviderConfig,omitempty"`
	Region      map[string]any `json:"dataProcessRegion,omitempty"`
	Storage     map[string]any `json:"storage,omitempty"`
	Untried     bool           `json:"untried,omitempty"` // its role
	Limits      []*queryLimit  `json:"limits"`
}

type queryLimit struct {
	Name     string    `json:"name"`
	Value    int64     `json:"value"`
	Policy   string    `json:"overrunPolicy"`
	Modified time.Time `json:"modified"`
	Usage    int64     `json:"usage"`
}

// federation finds the federated database of the path.
func (c *call) federation() (*project, *federatedDatabase, error) {
	p, err := c.project()
	if err != nil {
		return nil, nil, err
	}
	for _, f := range p.Federation {
		if f.Name == c.param("tenantName") {
			return p, f, nil
		}
	}
	return nil, nil, fail(404, "DATA_FEDERATION_TENANT_NOT_FOUND_FOR_NAME", "no federated database instance %s exists in the project", c.param("tenantName"))
}

func listFederation(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	all := []any{}
	if of := c.query.Get("type"); of == "" || of == "USER" {
		for _, f := range p.Federation {
			all = append(all, f.view(p))
		}
	}
	return all, nil
}

func getFederation(c *call) (any, error) {
	p, f, err := c.federation()
	if err != nil {
		return nil, err
	}
	return f.view(p), nil
}

func deleteFederation(c *call) (any, error) {
	p, f, err := c.federation()
	if err != nil {
		return nil, err
	}
	p.Federation = slices.DeleteFunc(p.Federation, func(g *federatedDatabase) bool { return g == f })
	return nil, nil
}

type queryLimitView struct {
	Name         string `json:"name"`
	TenantName   string `json:"tenantName"`
	Value        int64  `json:"value"`
	Policy       string `json:"overrunPolicy"`
	CurrentUsage int64  `json:"currentUsage"`
	LastModified string `json:"lastModifiedDate"`
}

// view also lets some queries run: the usage of a real limit never rests.
func (l *queryLimit) view(f *federatedDatabase) any {
	l.Usage += 4096
	return queryLimitView{
		Name: l.Name, TenantName: f.Name, Value: l.Value, Policy: l.Policy,
		CurrentUsage: l.Usage, LastModified: stamp(l.Modified),
	}
}

func listQueryLimits(c *call) (any, error) {
	_, f, err := c.federation()
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, l := range f.Limits {
		all = append(all, l.view(f))
	}
	return all, nil
}

// queryLimit finds the limit of the path, nil if it is not set.
func (c *call) queryLimit() (*federatedDatabase, *queryLimit, error) {
	_, f, err := c.federation()
	if err != nil {
		return nil, nil, err
	}
	name := c.param("limitName")
	for _, l := range f.Limits {
		if l.Name == name {
			return f, l, nil
		}
	}
	return f, nil, nil
}

func limitNotSet(c *call) error {
	return fail(404, "DATA_FEDERATION_QUERY_LIMIT_NOT_FOUND", "the limit %s is not set", c.param("limitName"))
}

func getQueryLimit(c *call) (any, error) {
	f, l, err := c.queryLimit()
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, limitNotSet(c)
	}
	return l.view(f), nil
}

// setQueryLimit creates or changes a limit. The value is always needed; a
// policy that is left out stays.
func setQueryLimit(c *call) (any, error) {
	f, l, err := c.queryLimit()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(limitNames, c.param("limitName")) {
		return nil, fail(400, "INVALID_PATH_PARAMETER", "there is no limit %s; there are %v", c.param("limitName"), limitNames)
	}
	body, err := decode[struct {
		Value         int64
		OverrunPolicy string
	}](c, queryLimitShape)
	if err != nil {
		return nil, err
	}
	if l == nil {
		l = &queryLimit{Name: c.param("limitName"), Policy: "BLOCK"}
		f.Limits = append(f.Limits, l)
	}
	if body.OverrunPolicy != "" {
		l.Policy = body.OverrunPolicy
	}
	l.Value, l.Modified = body.Value, c.now
	return l.view(f), nil
}

func deleteQueryLimit(c *call) (any, error) {
	f, l, err := c.queryLimit()
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, limitNotSet(c)
	}
	f.Limits = slices.DeleteFunc(f.Limits, func(m *queryLimit) bool { return m == l })
	return nil, nil
}
