package sandbox

import "strings"

var oldest = []string{"2023-01-01"} // the only version of many operations

var organizationsPart = part{
	id: "organizations", name: "Organizations", scope: perUser,
	operations: []operation{
		{id: "listOrgs", method: "GET", path: "/orgs", versions: oldest, may: anybody, status: 200, handle: listOrgs},
		{id: "getOrg", method: "GET", path: "/orgs/{orgId}", versions: oldest, may: orgMember, status: 200, handle: getOrg},
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
	return organizationView{ID: o.ID, Name: o.Name, Links: []link{}}
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
