package sandbox

var peoplePart = part{
	id: "users", name: "MongoDB Cloud Users", scope: perUser,
	operations: []operation{
		{id: "getUser", method: "GET", path: "/users/{userId}", versions: oldest, may: anybody, status: 200, handle: getPerson},
		{id: "getUserByName", method: "GET", path: "/users/byName/{userName}", versions: oldest, may: anybody, status: 200, handle: getPersonByName},
	},
}

// person finds an active user of an organization that the caller belongs to.
func (c *call) person(is func(*user) bool) *user {
	who := c.principal()
	for _, o := range c.world.Organizations {
		if !who.belongsTo(o) {
			continue
		}
		for _, u := range o.Users {
			if u.statusAt(c.now) == statusActive && is(u) {
				return u
			}
		}
	}
	return nil
}

func getPerson(c *call) (any, error) {
	u := c.person(func(u *user) bool { return u.ID == c.param("userId") })
	if u == nil {
		return nil, fail(404, "USER_NOT_FOUND", "no user with id %s exists", c.param("userId"))
	}
	return c.oldUserView(u), nil
}

func getPersonByName(c *call) (any, error) {
	u := c.person(func(u *user) bool { return sameName(u.Username, c.param("userName")) })
	if u == nil {
		return nil, fail(404, "USERNAME_NOT_FOUND", "no user with the name %s exists", c.param("userName"))
	}
	return c.oldUserView(u), nil
}
