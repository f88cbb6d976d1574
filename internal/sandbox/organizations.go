package sandbox

import "strings"

var oldest = []string{"2023-01-01"} // the only version of many operations

var organizationsPart = part{
	id: "organizations", name: "Organizations", scope: perUser,
	operations: []operation{
		{id: "listOrgs", method: "GET", path: "/orgs", versions: oldest, may: anybody, status: 200, handle: listOrgs},
		{id: "getOrg", method: "GET", path: "/orgs/{orgId}", versions: oldest, may: orgMember, status: 200, handle: getOrg},
		{id: "updateOrg", method: "PATCH", path: "/orgs/{orgId}", versions: oldest, may: orgOwner, status: 200, body: true, handle: updateOrg},
	},
}

type organizationView struct {
	ID                string `json:"id"`
	Name              string `json:"name"`
	IsDeleted         bool   `json:"isDeleted"`
	SkipDefaultAlerts bool   `json:"skipDefaultAlertsSettings"`
	Links             []link `json:"links"`
}

func (o *organization) view() any {
	return organizationView{ID: o.ID, Name: o.Name, SkipDefaultAlerts: o.NoAlerts, Links: []link{}}
}

func listOrgs(c *call) (any, error) {
	prefix := strings.ToLower(c.query.Get("name"))
	who := c.principal()
	var found []*organization
	for _, o := range c.world.Organizations {
		if who.belongsTo(o) && strings.HasPrefix(strings.ToLower(o.Name), prefix) {
			found = append(found, o)
		}
	}
	return page(c, found, (*organization).view)
}

func getOrg(c *call) (any, error) {
	o, err := c.organization()
	if err != nil {
		return nil, err
	}
	return o.view(), nil
}

var organizationShape = object{
	"name":                      required(projectName),
	"skipDefaultAlertsSettings": optional(boolean{}),
	"id":                        readOnly,
	"isDeleted":                 readOnly,
}

// updateOrg renames an organization; what the body lacks stays.
func updateOrg(c *call) (any, error) {
	o, err := c.organization()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct {
		Name   string
		Alerts *bool `json:"skipDefaultAlertsSettings"`
	}](c, organizationShape)
	if err != nil {
		return nil, err
	}
	if o.Name != body.Name {
		c.happened("ORG_RENAMED")
	}
	o.Name = body.Name
	if body.Alerts != nil {
		o.NoAlerts = *body.Alerts
	}
	c.changed(o.change())
	return o.view(), nil
}
