package sandbox

// The emulator has no clusters yet. Clients that look after a project ask for
// them all the same, before they delete it for example.
var clustersPart = part{
	id: "clusters", name: "Clusters", scope: perProject,
	operations: []operation{
		{id: "listGroupClusters", method: "GET", path: "/groups/{groupId}/clusters", versions: []string{"2023-01-01", "2023-02-01", "2024-08-05"}, may: projectReadOnly, status: 200, handle: listClusters},
		{id: "getGroupIpAddresses", method: "GET", path: "/groups/{groupId}/ipAddresses", versions: oldest, may: projectReadOnly, status: 200, handle: getIPAddresses},
	},
}

func listClusters(c *call) (any, error) {
	if _, err := c.project(); err != nil {
		return nil, err
	}
	return page(c, []any{}, func(v any) any { return v })
}

type ipAddresses struct {
	GroupID  string     `json:"groupId"`
	Services ipServices `json:"services"`
}

type ipServices struct {
	Clusters []any `json:"clusters"`
}

func getIPAddresses(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return ipAddresses{p.ID, ipServices{[]any{}}}, nil
}
