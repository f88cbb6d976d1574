package sandbox

import (
	"cmp"
	"math"
	"slices"
)

const projectLimitPath = "/groups/{groupId}/limits"

var projectLimitsPart = part{
	id: "projectLimits", name: "Project Limits", scope: perProject,
	operations: []operation{
		{id: "listGroupLimits", method: "GET", path: projectLimitPath, versions: oldest, may: projectReadOnly, status: 200, handle: listProjectLimits},
		{id: "getGroupLimit", method: "GET", path: projectLimitPath + "/{limitName}", versions: oldest, may: projectReadOnly, status: 200, handle: getProjectLimit},
		{id: "setGroupLimit", method: "PATCH", path: projectLimitPath + "/{limitName}", versions: oldest, may: projectOwner, event: "PROJECT_LIMIT_UPDATED", status: 200, body: true, handle: setProjectLimit},
		{id: "deleteGroupLimit", method: "DELETE", path: projectLimitPath + "/{limitName}", versions: oldest, may: projectOwner, event: "PROJECT_LIMIT_UPDATED", status: 204, handle: deleteProjectLimit},
	},
}

// A projectLimit is one that Atlas knows. Those of data federation have no
// value until somebody gives them one.
type projectLimit struct {
	name             string
	low, usual, most int64 // usual is 0 for none
}

var projectLimits = []projectLimit{
	{name: "atlas.project.deployment.clusters", usual: 25, most: 100},
	{name: "atlas.project.deployment.nodesPerPrivateLinkRegion", usual: 50, most: 90},
	{name: "atlas.project.deployment.privateServiceConnectionsPerRegionGroup", usual: 50, most: 100},
	{name: "atlas.project.deployment.privateServiceConnectionsSubnetMask", low: 20, usual: 27, most: 27},
	{name: "atlas.project.deployment.serverlessMTMs", usual: 100, most: 100},
	{name: "atlas.project.security.databaseAccess.customRoles", usual: 100, most: 1400},
	{name: "atlas.project.security.databaseAccess.users", usual: 100, most: 100},
	{name: "atlas.project.security.networkAccess.crossRegionEntries", usual: 40, most: 220},
	{name: "atlas.project.security.networkAccess.entries", usual: 200, most: 200},
	{name: "dataFederation.bytesProcessed.daily", most: math.MaxInt64},
	{name: "dataFederation.bytesProcessed.monthly", most: math.MaxInt64},
	{name: "dataFederation.bytesProcessed.query", most: math.MaxInt64},
	{name: "dataFederation.bytesProcessed.weekly", most: math.MaxInt64},
}

var projectLimitShape = object{
	"value": required(integer{0, math.MaxInt64}),
	"name":  readOnly, "currentUsage": readOnly, "defaultLimit": readOnly, "maximumLimit": readOnly,
	"overrunPolicy": optional(overrunPolicy),
}

type projectLimitView struct {
	Name    string `json:"name"`
	Value   int64  `json:"value"`
	Usage   *int64 `json:"currentUsage,omitempty"`
	Default int64  `json:"defaultLimit,omitempty"`
	Maximum int64  `json:"maximumLimit,omitempty"`
}

// limit is the value of a limit that has one.
func (p *project) limit(name string) int64 {
	if value, set := p.Limits[name]; set {
		return value
	}
	for _, l := range projectLimits {
		if l.name == name {
			return l.usual
		}
	}
	return 0
}

// view is nil for a limit that is not set and has no default.
func (l projectLimit) view(c *call, p *project) any {
	value, set := p.Limits[l.name]
	if !set && l.usual == 0 {
		return nil
	}
	v := projectLimitView{Name: l.name, Value: value, Default: l.usual}
	if !set {
		v.Value = l.usual
	}
	if l.usual > 0 {
		used := int64(0)
		if l.name == "atlas.project.deployment.clusters" {
			used = int64(c.clusterCount(p))
		}
		for _, r := range c.server.resources {
			if r.limit == l.name {
				used = int64(len(c.thingsOf(p.ID, r.name)))
			}
		}
		v.Usage, v.Maximum = &used, l.most
	}
	return v
}

// limit finds the limit of the path.
func (c *call) projectLimit() (*project, projectLimit, error) {
	p, err := c.project()
	if err != nil {
		return nil, projectLimit{}, err
	}
	i := slices.IndexFunc(projectLimits, func(l projectLimit) bool { return l.name == c.param("limitName") })
	if i < 0 {
		return nil, projectLimit{}, fail(400, "INVALID_PATH_PARAMETER", "there is no limit %s", c.param("limitName"))
	}
	return p, projectLimits[i], nil
}

func listProjectLimits(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, l := range projectLimits {
		if v := l.view(c, p); v != nil {
			all = append(all, v)
		}
	}
	return all, nil
}

func getProjectLimit(c *call) (any, error) {
	p, l, err := c.projectLimit()
	if err != nil {
		return nil, err
	}
	v := l.view(c, p)
	if v == nil {
		return nil, fail(404, "LIMIT_NOT_FOUND", "the limit %s is not set", l.name)
	}
	return v, nil
}

func setProjectLimit(c *call) (any, error) {
	p, l, err := c.projectLimit()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct{ Value int64 }](c, projectLimitShape)
	if err != nil {
		return nil, err
	}
	if low := cmp.Or(l.low, 1); body.Value < low || body.Value > l.most {
		return nil, fail(400, "INVALID_LIMIT_VALUE", "the limit %s must be from %d to %d", l.name, low, l.most)
	}
	if p.Limits == nil {
		p.Limits = map[string]int64{}
	}
	p.Limits[l.name] = body.Value
	return l.view(c, p), nil
}

// deleteProjectLimit brings the default back.
func deleteProjectLimit(c *call) (any, error) {
	p, l, err := c.projectLimit()
	if err != nil {
		return nil, err
	}
	delete(p.Limits, l.name)
	return nil, nil
}
