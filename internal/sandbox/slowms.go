package sandbox

var slowMsPart = part{
	id: "managedSlowMs", name: "Managed Slow Operations", scope: perProject,
	operations: []operation{
		{id: "getGroupManagedSlowMs", method: "GET", path: "/groups/{groupId}/managedSlowMs", versions: oldest, may: projectReadOnly, status: 200, handle: getSlowMs},
		{id: "enableGroupManagedSlowMs", method: "POST", path: "/groups/{groupId}/managedSlowMs/enable", versions: oldest, may: projectOwner, status: 204, handle: setSlowMs(true)},
		{id: "disableGroupManagedSlowMs", method: "DELETE", path: "/groups/{groupId}/managedSlowMs/disable", versions: oldest, may: projectOwner, status: 204, handle: setSlowMs(false)},
	},
}

// getSlowMs answers with a JSON boolean and nothing around it.
func getSlowMs(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return p.ManagedSlowMs, nil
}

func setSlowMs(on bool) func(*call) (any, error) {
	return func(c *call) (any, error) {
		p, err := c.project()
		if err != nil {
			return nil, err
		}
		p.ManagedSlowMs = on
		return nil, nil
	}
}
