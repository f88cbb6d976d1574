package sandbox

import "slices"

// A rule says whose roles allow an operation: one of these in the organization
// that the operation is about, or one of those in the project.
type rule struct {
	org     []string
	project []string
	anybody bool // who is logged in; the handler shows each what it may see
}

// The rules, named as the API's documentation names the roles.
var (
	anybody = rule{anybody: true}

	orgMember = rule{org: orgRoleName.enum}
	orgOwner  = rule{org: []string{"ORG_OWNER"}}

	projectReadOnly = rule{org: []string{"ORG_OWNER", "ORG_READ_ONLY"}, project: []string{anyProjectRole}}
	projectOwner    = rule{org: []string{"ORG_OWNER"}, project: []string{"GROUP_OWNER"}}

	groupCreator = []string{"ORG_OWNER", "ORG_GROUP_CREATOR"}
)

// anyProjectRole stands for all of them: the description has no list, and each
// one lets its owner look at the project.
const anyProjectRole = "*"

// A principal is who calls.
type principal struct {
	id    string        // client id or public key
	keyID string        // of an API key
	org   *organization // that it belongs to
	roles []string      // there
	owner bool          // of the sandbox: may do everything in every organization
	in    func(*project) *grant
	// lists are where it may come from, by the id of an organization or a project.
	lists map[string]accessEntries
}

// principal finds the caller in the world of the call. The sandbox's own
// credentials own everything, unless somebody took the account's role away.
func (c *call) principal() principal {
	own := c.server.credentials
	if c.caller == own.PublicKey {
		return principal{id: c.caller, keyID: ownKeyID, owner: true, in: noGrant}
	}
	if org, a := c.world.serviceAccount(c.caller); a != nil {
		return principal{
			id: c.caller, org: org, roles: a.Roles,
			owner: c.caller == own.ClientID && slices.Contains(a.Roles, "ORG_OWNER"),
			in:    func(p *project) *grant { return grantOf(p.ServiceAccounts, a.ClientID) },
			lists: a.AccessLists,
		}
	}
	if org, k := c.world.apiKey(c.caller); k != nil {
		return principal{
			id: c.caller, keyID: k.ID, org: org, roles: k.Roles,
			in:    func(p *project) *grant { return grantOf(p.APIKeys, k.ID) },
			lists: map[string]accessEntries{org.ID: k.AccessList},
		}
	}
	return principal{id: c.caller, in: noGrant} // it has gone since
}

func noGrant(*project) *grant { return nil }

// has says whether the principal has one of these roles in an organization.
func (p principal) has(org string, roles []string) bool {
	return p.owner || p.org != nil && p.org.ID == org && intersect(p.roles, roles)
}

// hasIn is has for a project, whose organization's roles count too.
func (p principal) hasIn(in *project, r rule) bool {
	if p.has(in.OrgID, r.org) {
		return true
	}
	g := p.in(in)
	return g != nil && (slices.Contains(r.project, anyProjectRole) || intersect(g.Roles, r.project))
}

func intersect(some, others []string) bool {
	return slices.ContainsFunc(some, func(s string) bool { return slices.Contains(others, s) })
}

func (p principal) sees(in *project) bool { return p.hasIn(in, projectReadOnly) }
func (p principal) belongsTo(o *organization) bool {
	return p.owner || p.org != nil && p.org.ID == o.ID
}

// authorize refuses a caller who comes from elsewhere than it may, or whose
// roles do not allow the operation. What does
// not exist is for the handler to say.
func (c *call) authorize(r rule) error {
	who := c.principal()
	if err := c.checkAddress(who); err != nil || r.anybody {
		return err
	}
	if id := c.param("groupId"); id != "" {
		p, err := c.world.project(id)
		if err != nil || who.hasIn(p, r) {
			return nil
		}
		return unauthorized()
	}
	org, err := c.world.organization(c.param("orgId"))
	if c.param("federationSettingsId") != "" {
		org, err = c.federated()
	}
	if err != nil || who.has(org.ID, r.org) {
		return nil
	}
	return unauthorized()
}

func unauthorized() error {
	return fail(403, "USER_UNAUTHORIZED", "The current user is not authorized to perform this action.")
}
