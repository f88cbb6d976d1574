package spec

// A Grant says that an object of the kind lets somebody do something. Its key
// says who, and what it stands in says where.
type Grant struct {
	To    string // what the key names: "user", "team", "apiKey"
	Roles string // the field that holds what they may do: texts, or a collection
	// Role names the member of an element of Roles that holds the role. Members
	// beside it that refer to an organization or project say where it counts.
	Role string
	// Members names a field of what the key refers to: who is in it has the roles too.
	Members string
	// Implies says which role comes with one in all that stands in the scope.
	Implies map[string]string
	Reach   *Reach
}

// A Reach narrows a grant to the objects that the elements of a field name: with
// no element it counts in the whole scope.
type Reach struct {
	Field string            // a collection of objects
	Type  string            // the member that says of which sort an element is
	Name  string            // the member that names the object
	Kinds map[string]string // the kind that each sort is
}

// Grants tells whether the resources of the kind let somebody do something: they
// take until.
func (k *Kind) Grants() bool { return k.Grant != nil && len(k.Delete) > 0 }

// validateGrant checks that what a Grant names is there.
func (c *Catalog) validateGrant(k *Kind, fail func(string, ...any)) {
	g := k.Grant
	if g == nil {
		return
	}
	if g.To == "" {
		fail("Grant: To is missing: what the key names")
	}
	roles := k.Field(g.Roles)
	switch {
	case roles == nil:
		fail("Grant: there is no field %q", g.Roles)
	case g.Role != "" && roles.Sub(g.Role) == nil:
		fail("Grant: the elements of %s have no member %q", g.Roles, g.Role)
	}
	if g.Members != "" {
		link := k.Link()
		if link == nil {
			fail("Grant: Members, and the key refers to nothing")
		} else if other := c.Kind(link.Ref.Kind); other == nil || other.Field(g.Members) == nil {
			fail("Grant: %s has no field %q", link.Ref.Kind, g.Members)
		}
	}
	if r := g.Reach; r != nil {
		f := k.Field(r.Field)
		if f == nil || f.Sub(r.Type) == nil || f.Sub(r.Name) == nil {
			fail("Grant: Reach names a field or members that are not there")
		}
		for _, name := range sortedKeys(r.Kinds) {
			if c.Kind(r.Kinds[name]) == nil {
				fail("Grant: Reach names the kind %s, which is not there", r.Kinds[name])
			}
		}
	}
	if k.Field("until") != nil {
		fail("field until: files say until: DATE there; give it another name, with its place as wire")
	}
}
