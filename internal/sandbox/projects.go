package sandbox

import (
	"maps"
	"slices"
)

var projectsPart = part{
	id: "projects", name: "Projects", scope: perUser,
	operations: []operation{
		{id: "listGroups", method: "GET", path: "/groups", versions: oldest, may: anybody, status: 200, handle: listProjects},
		{id: "createGroup", method: "POST", path: "/groups", versions: oldest, may: anybody, event: "GROUP_CREATED", status: 200, body: true, handle: createProject},
		{id: "getGroup", method: "GET", path: "/groups/{groupId}", versions: oldest, may: projectReadOnly, status: 200, handle: getProject},
		{id: "getGroupByName", method: "GET", path: "/groups/byName/{groupName}", versions: oldest, may: anybody, status: 200, handle: getProjectByName},
		{id: "updateGroup", method: "PATCH", path: "/groups/{groupId}", versions: oldest, may: projectOwner, status: 200, body: true, handle: updateProject},
		{id: "deleteGroup", method: "DELETE", path: "/groups/{groupId}", versions: oldest, may: projectOwner, event: "GROUP_DELETED", status: 204, handle: deleteProject},
	},
}

var (
	// The description's pattern has no space, but the first project of a new
	// organization is called "Project 0".
	projectName = text{pattern: matching(`^[\p{L}\p{N}\-_.(),:&@+' ]*$`), min: 1, max: 64} // a bound in the pattern would be costly at every start
	tagShape    = object{
		"key":   required(text{min: 1, max: 255}),
		"value": required(text{min: 1, max: 255}),
	}
	projectShape = object{
		"name":                      required(projectName),
		"orgId":                     required(anyID),
		"tags":                      optional(listOf{item: tagShape}),
		"regionUsageRestrictions":   optional(text{enum: []string{"COMMERCIAL_FEDRAMP_REGIONS_ONLY", "GOV_REGIONS_ONLY"}}),
		"withDefaultAlertsSettings": optional(boolean{}),
		"clusterCount":              readOnly, "created": readOnly, "id": readOnly,
	}
	projectUpdateShape = object{
		"name":                      optional(projectName),
		"tags":                      optional(listOf{item: tagShape}),
		"withDefaultAlertsSettings": optional(boolean{}),
		"clusterCount":              readOnly, "created": readOnly, "id": readOnly, "orgId": readOnly,
		"regionUsageRestrictions": readOnly,
	}
)

type projectBody struct {
	Name          *string `json:"name"`
	OrgID         string  `json:"orgId"`
	Tags          *[]tag  `json:"tags"`
	RegionUsage   string  `json:"regionUsageRestrictions"`
	DefaultAlerts *bool   `json:"withDefaultAlertsSettings"`
}

type projectView struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	OrgID         string `json:"orgId"`
	ClusterCount  int    `json:"clusterCount"`
	Created       string `json:"created"`
	Tags          []tag  `json:"tags"`
	RegionUsage   string `json:"regionUsageRestrictions,omitempty"`
	DefaultAlerts bool   `json:"withDefaultAlertsSettings"`
	Links         []link `json:"links"`
}

func (c *call) projectView(p *project) any {
	return projectView{
		ID: p.ID, Name: p.Name, OrgID: p.OrgID,
		ClusterCount:  c.clusterCount(p),
		Created:       stamp(p.Created),
		Tags:          p.Tags,
		RegionUsage:   p.RegionUsage,
		DefaultAlerts: p.DefaultAlerts,
		Links:         []link{},
	}
}

// clusterCount counts as Atlas does: serverless instances and Flex clusters are
// clusters too.
func (c *call) clusterCount(p *project) int {
	n := len(p.Serverless)
	for _, shelf := range []string{"clusters", "flexClusters"} {
		n += len(c.thingsOf(p.ID, shelf))
	}
	return n
}

func listProjects(c *call) (any, error) {
	return page(c, c.visibleProjects(), c.projectView)
}

func (c *call) visibleProjects() []*project {
	who := c.principal()
	var found []*project
	for _, p := range c.world.Projects {
		if who.sees(p) {
			found = append(found, p)
		}
	}
	return found
}

func getProject(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return c.projectView(p), nil
}

func getProjectByName(c *call) (any, error) {
	for _, p := range c.visibleProjects() {
		if p.Name == c.param("groupName") {
			return c.projectView(p), nil
		}
	}
	return nil, fail(404, "GROUP_NAME_NOT_FOUND", "no project with the name %s exists", c.param("groupName"))
}

// checkProjectName refuses a name that another project of the organization has.
func (w *world) checkProjectName(org, name string, self *project) error {
	for _, p := range w.projectsOf(org) {
		if p != self && p.Name == name {
			return fail(409, "GROUP_ALREADY_EXISTS", "a project with the name %s exists already in this organization", name)
		}
	}
	return nil
}

// checkTags refuses two tags with one key.
func checkTags(tags []tag) error {
	seen := map[string]bool{}
	for _, t := range tags {
		if seen[t.Key] {
			return invalid(violation{"tags", "must not repeat the key " + t.Key})
		}
		seen[t.Key] = true
	}
	return nil
}

func createProject(c *call) (any, error) {
	body, err := decode[projectBody](c, projectShape)
	if err != nil {
		return nil, err
	}
	org, err := c.world.organization(body.OrgID)
	if err != nil {
		return nil, err
	}
	who := c.principal()
	if !who.has(org.ID, groupCreator) {
		return nil, fail(403, "NOT_ORG_GROUP_CREATOR", "The current user does not have the group creator role in organization %s.", org.ID)
	}
	if err := c.world.checkProjectName(org.ID, *body.Name, nil); err != nil {
		return nil, err
	}
	p := &project{
		ID: newID(c.now), OrgID: org.ID, Name: *body.Name, Created: c.now, Tags: []tag{},
		RegionUsage: body.RegionUsage, DefaultAlerts: true, ManagedSlowMs: true,
	}
	if body.Tags != nil {
		p.Tags = *body.Tags
	}
	if body.DefaultAlerts != nil {
		p.DefaultAlerts = *body.DefaultAlerts
	}
	if err := checkTags(p.Tags); err != nil {
		return nil, err
	}
	if p.Users, err = c.firstOwner(org); err != nil {
		return nil, err
	}
	who.own(p)
	c.about.org, c.about.project, c.about.projectName = org.ID, p.ID, p.Name
	c.world.Projects = append(c.world.Projects, p)
	c.changed(p.change())
	c.changed(c.world.begin(c.server.resources, p, c.now)...)
	if p.DefaultAlerts {
		c.plantAlerts(p)
	}
	return c.projectView(p), nil
}

// own makes an account or key that may create projects, and no more, the owner
// of the one that it created.
func (who principal) own(p *project) {
	if who.has(p.OrgID, orgOwner.org) {
		return
	}
	owner := []string{"GROUP_OWNER"}
	if who.keyID != "" {
		p.APIKeys = append(p.APIKeys, grant{who.keyID, owner})
		return
	}
	p.ServiceAccounts = append(p.ServiceAccounts, grant{who.id, owner})
}

// firstOwner is who a new project belongs to: the user that the request names,
// else the oldest organization owner. A project is never without one.
func (c *call) firstOwner(org *organization) ([]grant, error) {
	id := c.query.Get("projectOwnerId")
	if id == "" {
		if owner := org.oldestOwner(); owner != nil {
			id = owner.ID
		}
	} else if u := org.user(id); u == nil || u.statusAt(c.now) != statusActive {
		return nil, fail(404, "USER_NOT_FOUND", "projectOwnerId %s is not an active user of the organization", id)
	}
	if id == "" {
		return nil, nil
	}
	return []grant{{id, []string{"GROUP_OWNER"}}}, nil
}

func updateProject(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	body, err := decode[projectBody](c, projectUpdateShape)
	if err != nil {
		return nil, err
	}
	if body.Name != nil {
		// The description has no 409 for this operation.
		if c.world.checkProjectName(p.OrgID, *body.Name, p) != nil {
			return nil, fail(400, "GROUP_ALREADY_EXISTS", "a project with the name %s exists already in this organization", *body.Name)
		}
	}
	if body.Tags != nil {
		if err := checkTags(*body.Tags); err != nil {
			return nil, err
		}
		p.Tags = *body.Tags
		before := c.about
		c.tell("resourceType", "project") // events of tags are events of resources
		c.tell("resourceId", p.ID)
		c.happened("GROUP_TAGS_MODIFIED")
		c.about = before
	}
	if body.Name != nil && *body.Name != p.Name {
		p.Name = *body.Name
		c.happened("GROUP_NAME_CHANGED")
	}
	if body.DefaultAlerts != nil && *body.DefaultAlerts != p.DefaultAlerts {
		p.DefaultAlerts = *body.DefaultAlerts
		c.happened("GROUP_DEFAULT_ALERTS_SETTINGS_CHANGED")
	}
	return c.projectView(p), nil
}

func deleteProject(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	if len(p.Serverless) > 0 {
		return nil, fail(409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", "the project has serverless instances; terminate them first")
	}
	if len(p.Federation) > 0 {
		return nil, fail(409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_DATA_LAKES", "the project has federated database instances; delete them first")
	}
	for _, name := range slices.Sorted(maps.Keys(c.server.resources)) {
		r := c.server.resources[name]
		if r.of == nil && r.blocks != "" && len(c.thingsOf(p.ID, name)) > 0 {
			return nil, fail(409, r.blocks, "the project has %s; delete them first", name)
		}
	}
	if org, err := c.world.organization(p.OrgID); err == nil {
		for _, a := range org.ServiceAccounts {
			if a.AccessLists[p.ID] != nil {
				a.listUnder(p.ID, nil)
				c.changed(org.accountChange(a))
			}
		}
	}
	c.world.dropProject(p.ID)
	c.changed(change{Gone: aProject, ID: p.ID})
	return nil, nil
}
