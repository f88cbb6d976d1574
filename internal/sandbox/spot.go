package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// A spot is where a request finds the objects of a resource: right below a
// project or an organization, or in another object.
type spot struct {
	owner string // the id of the project or organization
	shelf string // of the topmost object
	top   *thing // nil right below the owner
	in    *thing // the parent, top or something in it; nil right below the owner

	// moved are the parents that time has changed since they were last written:
	// as they were and as they are.
	moved [][2]*thing
}

// spot finds the parent that the path names. Of a write the objects in it are
// copies, until they are written.
func (c *call) spot(r *resource) (spot, error) {
	if r.of == nil {
		owner, err := c.owner()
		return spot{owner: owner}, err
	}
	s, err := c.spot(r.of)
	if err != nil {
		return s, err
	}
	of := r.of
	t, err := c.namedIn(of, s)
	if err != nil && r.orOf != nil {
		if other, failed := c.namedIn(r.orOf, s); failed == nil {
			of, t, err = r.orOf, other, nil
		}
	}
	if err != nil {
		return s, err
	}
	for _, old := range c.at(s, of.name) {
		if old.Key == t.Key && old != t {
			s.moved = append(s.moved, [2]*thing{old, t})
		}
	}
	if s.in = t; s.top == nil {
		s.top, s.shelf = t, of.name
	}
	return s, nil
}

// owner is the id of the project or organization of the path.
func (c *call) owner() (string, error) {
	if id := c.param("groupId"); id != "" {
		p, err := c.world.project(id)
		if err != nil {
			return "", err
		}
		c.about.org, c.about.project, c.about.projectName = p.OrgID, p.ID, p.Name
		return p.ID, nil
	}
	if c.param("federationSettingsId") != "" {
		org, err := c.federated()
		if err != nil {
			return "", err
		}
		c.about.org = org.ID
		return org.Federation, nil
	}
	org, err := c.organization()
	if err != nil {
		return "", err
	}
	return org.ID, nil
}

// at lists the objects of a shelf, as they were last written.
func (c *call) at(s spot, shelf string) []*thing {
	if s.in != nil {
		return s.in.Objects[shelf]
	}
	return c.world.Objects[s.owner][shelf]
}

// present lists the objects of a shelf as they are now.
func (c *call) present(r *resource, s spot) []*thing {
	var all []*thing
	for _, t := range c.at(s, r.name) {
		if now := c.passed(r, t); now != nil {
			all = append(all, now)
		}
	}
	return all
}

// things are the objects of another resource right below the path's project or
// organization.
func (c *call) things(name string) []*thing {
	owner, err := c.owner()
	if err != nil {
		return nil
	}
	return c.thingsOf(owner, name)
}

// thingsOf are those of a project or an organization that the path need not
// name.
func (c *call) thingsOf(owner, name string) []*thing {
	r := c.server.resources[name]
	if r == nil {
		return nil
	}
	return c.present(r, spot{owner: owner})
}

// below are the objects of another resource in a thing.
func (c *call) below(t *thing, name string) []*thing {
	return c.present(c.server.resources[name], spot{in: t, top: t})
}

// write keeps an object of another resource right below the path's project or
// organization.
func (c *call) write(name string, t *thing) {
	if owner, err := c.owner(); err == nil {
		c.put(c.server.resources[name], spot{owner: owner}, t)
	}
}

// namedIn finds the object that the path names. Of a write it is a copy.
func (c *call) namedIn(r *resource, s spot) (*thing, error) {
	for _, t := range c.at(s, r.name) {
		now := c.passed(r, t)
		if now == nil || !r.isNamed(c, now) {
			continue
		}
		// In a copied parent it is a copy already, and must stay the one there.
		switch {
		case c.request.Method == http.MethodGet, s.in != nil && now == t:
		case s.in != nil:
			s.in.Objects.put(r.name, now)
		case now == t:
			now = t.clone()
		}
		return now, nil
	}
	return nil, r.notThere(c)
}

// isNamed says whether the path names a thing.
func (r *resource) isNamed(c *call, t *thing) bool {
	if r.named != nil {
		return r.named(c, t)
	}
	for _, by := range r.naming() {
		if t.text(by.member) != c.paramOf(by.params) {
			return false
		}
	}
	return true
}

// A name is a parameter of a path, or one of several, and the member that it
// is.
type name struct{ params, member string }

func (r *resource) naming() []name {
	members := r.identity
	if members == nil && !r.singleton {
		members = []string{r.id}
	}
	params := r.params
	if params == nil {
		params = members
	}
	var all []name
	for i, p := range params {
		p, member, explicit := strings.Cut(p, "=")
		if !explicit && i < len(members) {
			member = members[i]
		}
		all = append(all, name{p, member})
	}
	return all
}

// names says whether paths name objects by a member.
func (r *resource) names(member string) bool {
	return r.named == nil && slices.ContainsFunc(r.naming(), func(by name) bool { return by.member == member })
}

// paramOf is the value of the first of these parameters, separated by bars,
// that the path has.
func (c *call) paramOf(names string) string {
	for name := range strings.SplitSeq(names, "|") {
		if value, ok := c.params[name]; ok {
			return value
		}
	}
	return ""
}

func (r *resource) notThere(c *call) error {
	if r.absent != nil {
		if err := r.absent(c); err != nil {
			return err
		}
	}
	var words []string
	for _, by := range r.naming() {
		words = append(words, c.paramOf(by.params))
	}
	return fail(404, cmp.Or(r.missing, "RESOURCE_NOT_FOUND"), "there is no %s among the %s", strings.Join(words, " "), r.name)
}

// equal says whether two objects are one by the identity of their resource.
func (r *resource) equal(a, b *thing) bool {
	if r.same != nil {
		return r.same(a, b)
	}
	return r.singleton || r.identity != nil && !slices.ContainsFunc(r.identity, func(member string) bool {
		return jsonOf(a.Fields[member]) != jsonOf(b.Fields[member])
	})
}

// put keeps an object, and forgets those beside it that have gone by
// themselves.
func (c *call) put(r *resource, s spot, t *thing) {
	c.sweep(r, s)
	if s.in == nil {
		c.world.putThing(s.owner, r.name, t)
		c.changed(change{In: s.owner, Shelf: r.name, Thing: t})
		return
	}
	if s.in.Objects == nil {
		s.in.Objects = shelves{}
	}
	s.in.Objects.put(r.name, t)
	c.putTop(s)
}

// putTop keeps the topmost object, with all that is in it.
func (c *call) putTop(s spot) {
	c.world.putThing(s.owner, s.shelf, s.top)
	c.changed(change{In: s.owner, Shelf: s.shelf, Thing: s.top})
}

// drop takes an object away.
func (c *call) drop(r *resource, s spot, t *thing) {
	c.sweep(r, s)
	if s.in == nil {
		c.world.dropThing(s.owner, r.name, t.Key)
		c.changed(change{In: s.owner, Shelf: r.name, Gone: aThing, ID: t.Key})
		return
	}
	s.in.Objects.drop(r.name, t.Key)
	c.putTop(s)
}

func (c *call) sweep(r *resource, s spot) {
	for _, t := range slices.Clone(c.at(s, r.name)) {
		if c.passed(r, t) != nil {
			continue
		}
		if s.in != nil {
			s.in.Objects.drop(r.name, t.Key)
			continue
		}
		c.world.dropThing(s.owner, r.name, t.Key)
		c.changed(change{In: s.owner, Shelf: r.name, Gone: aThing, ID: t.Key})
	}
}
