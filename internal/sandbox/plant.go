package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// plant makes a world from a seed.
func plant(data []byte, now time.Time) (*world, error) {
	s, err := parseSeed(data)
	if err != nil {
		return nil, err
	}
	w := new(world)
	for _, o := range s.Organizations {
		if err := w.plantOrganization(o, now); err != nil {
			return nil, err
		}
	}
	for _, p := range s.Projects {
		project, err := w.plantProject(p, now)
		if err != nil {
			return nil, err
		}
		w.Projects = append(w.Projects, project)
	}
	return w, nil
}

func (w *world) plantOrganization(s seedOrganization, now time.Time) error {
	if s.Name.text == "" {
		return s.Name.errorf("an organization needs a name")
	}
	if w.organizationNamed(s.Name.text) != nil {
		return s.Name.errorf("organization %q is there twice", s.Name.text)
	}
	org := &organization{organizationSelf: organizationSelf{ID: newID(now), Name: s.Name.text}}
	w.Organizations = append(w.Organizations, org)
	if s.Federation {
		w.plantFederation(org)
	}
	for _, su := range s.Users {
		u, err := w.plantUser(org, su, now)
		if err != nil {
			return err
		}
		org.Users = append(org.Users, u)
	}
	for _, u := range org.Users {
		if u.Invitation != nil {
			u.Invitation.By = org.inviter() // now the owners are known
		}
	}
	for _, st := range s.Teams {
		if st.Name.text == "" || org.teamNamed(st.Name.text) != nil {
			return st.Name.errorf("a team needs a name of its own")
		}
		t := &team{ID: newID(now), Name: st.Name.text, Members: []string{}}
		for _, m := range st.Members {
			u := org.userNamed(m.text)
			if u == nil {
				return m.errorf("%q is not a user of organization %s", m.text, org.Name)
			}
			t.Members = append(t.Members, u.ID)
		}
		org.Teams = append(org.Teams, t)
	}
	for _, sa := range s.ServiceAccounts {
		a, err := plantAccount(sa, now)
		if err != nil {
			return err
		}
		if _, other := w.serviceAccount(a.ClientID); other != nil {
			return sa.ClientID.errorf("clientId %s is there twice", a.ClientID)
		}
		org.ServiceAccounts = append(org.ServiceAccounts, a)
	}
	for _, sk := range s.APIKeys {
		if sk.Name.text == "" || sk.Public.text == "" || sk.Private.text == "" || len(sk.Roles) == 0 {
			return sk.Name.errorf("an API key needs a name, a publicKey, a privateKey and roles")
		}
		if len(sk.Public.text) != 8 {
			return sk.Public.errorf("publicKey %q must have 8 characters", sk.Public.text)
		}
		if _, other := w.apiKey(sk.Public.text); other != nil {
			return sk.Public.errorf("publicKey %s is there twice", sk.Public.text)
		}
		if err := knownOrgRoles(sk.Name, sk.Roles); err != nil {
			return err
		}
		org.APIKeys = append(org.APIKeys, &apiKey{
			ID: newID(now), PublicKey: sk.Public.text, Digest: keyDigest(sk.Public.text, sk.Private.text),
			Description: sk.Name.text, Roles: sk.Roles, CreatedAt: now,
		})
	}
	return nil
}

func knownOrgRoles(of word, roles []string) error {
	for _, role := range roles {
		if !slices.Contains(orgRoleName.enum, role) {
			return of.errorf("%q has the unknown organization role %q", of.text, role)
		}
	}
	return nil
}

func plantAccount(s seedAccount, now time.Time) (*serviceAccount, error) {
	if s.Name.text == "" || len(s.Roles) == 0 {
		return nil, s.Name.errorf("a service account needs a name and roles")
	}
	if err := knownOrgRoles(s.Name, s.Roles); err != nil {
		return nil, err
	}
	a := &serviceAccount{ClientID: s.ClientID.text, Name: s.Name.text, Description: s.Description, CreatedAt: now, Roles: s.Roles}
	if a.ClientID == "" {
		a.ClientID = newClientID()
	}
	if !clientID.MatchString(a.ClientID) {
		return nil, s.ClientID.errorf("clientId %q does not match %s", a.ClientID, clientID)
	}
	if len(s.Secrets) > maxSecrets {
		return nil, s.Name.errorf("service account %q has more than %d secrets", a.Name, maxSecrets)
	}
	if s.Secrets == nil {
		s.Secrets = []seedSecret{{}} // an account always starts with one
	}
	a.Secrets = []*secret{}
	for _, ss := range s.Secrets {
		value := ss.Value.text
		switch {
		case value == "":
			value = newSecretValue() // which nobody knows
		case len(value) < len("mdb_sa_sk_")+4 || !strings.HasPrefix(value, "mdb_sa_sk_"):
			return nil, ss.Value.errorf("a secret of service account %q must begin with mdb_sa_sk_ and go on", a.Name)
		}
		made := newSecret(value, maxSecretHours, ss.CreatedAt.from(now, now))
		made.ExpiresAt = ss.ExpiresAt.from(now, made.ExpiresAt)
		if ss.LastUsedAt.set {
			used := ss.LastUsedAt.from(now, now)
			made.LastUsedAt = &used
		}
		a.Secrets = append(a.Secrets, made)
	}
	return a, nil
}

func (w *world) plantUser(org *organization, s seedUser, now time.Time) (*user, error) {
	if !isEmail(s.Username.text) {
		return nil, s.Username.errorf("username %q is not an email address", s.Username.text)
	}
	if org.userNamed(s.Username.text) != nil {
		return nil, s.Username.errorf("user %q is there twice", s.Username.text)
	}
	if len(s.Roles) == 0 {
		return nil, s.Username.errorf("user %q needs at least one role", s.Username.text)
	}
	if err := knownOrgRoles(s.Username, s.Roles); err != nil {
		return nil, err
	}
	u := &user{
		ID: newID(now), Username: s.Username.text, FirstName: s.FirstName, LastName: s.LastName,
		Status: s.Status.text, Roles: s.Roles, CreatedAt: now,
	}
	if known := w.person(u.Username); known != nil {
		u.ID = known.ID
	}
	switch u.Status {
	case "", statusActive:
		u.Status = statusActive
	case statusPending:
		u.Invitation = &invitation{ID: newID(now), At: now, Expires: now.Add(invitationLifetime)}
	case statusExpired, statusRejected:
		at := now.Add(-2 * invitationLifetime)
		u.Invitation = &invitation{ID: newID(now), At: at, Expires: at.Add(invitationLifetime)}
	default:
		return nil, s.Status.errorf("status %q is not one of %v", u.Status, allStatuses)
	}
	return u, nil
}

func (w *world) organizationNamed(name string) *organization {
	for _, o := range w.Organizations {
		if o.Name == name {
			return o
		}
	}
	return nil
}

func (w *world) plantProject(s seedProject, now time.Time) (*project, error) {
	if !projectName.pattern.MatchString(s.Name.text) {
		return nil, s.Name.errorf("project name %q does not match %s", s.Name.text, projectName.pattern)
	}
	org := w.organizationNamed(s.Organization.text)
	if org == nil {
		return nil, s.Organization.errorf("project %s is in the unknown organization %q", s.Name.text, s.Organization.text)
	}
	if w.checkProjectName(org.ID, s.Name.text, nil) != nil {
		return nil, s.Name.errorf("project %q is there twice", s.Name.text)
	}
	p := &project{ID: newID(now), OrgID: org.ID, Name: s.Name.text, Created: now, Tags: []tag{}, DefaultAlerts: true, ManagedSlowMs: true}
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		p.Tags = append(p.Tags, tag{key, s.Tags[key]})
	}
	if s.ManagedSlowMs != nil {
		p.ManagedSlowMs = *s.ManagedSlowMs
	}
	if err := p.plantGrants(org, s); err != nil {
		return nil, err
	}
	if s.EncryptionAtRest != nil {
		if err := p.plantEncryption(s); err != nil {
			return nil, s.Name.errorf("encryptionAtRest of project %s: %w", p.Name, err)
		}
	}
	if s.StreamRequest {
		t := streamRequest(p.ID, "123456789012", "vpc-0a1b2c3d4e5f60718", now)
		w.putThing(p.ID, "streamPeerings", t.clone())
	}
	for _, f := range s.DataFederation {
		planted, err := plantFederation(f, now)
		if err != nil {
			return nil, err
		}
		p.Federation = append(p.Federation, planted)
	}
	for _, i := range s.Serverless {
		planted, err := plantServerless(i, now)
		if err != nil {
			return nil, err
		}
		p.Serverless = append(p.Serverless, planted)
	}
	return p, nil
}

func (p *project) plantGrants(org *organization, s seedProject) error {
	kinds := []struct {
		name   string
		seeds  []seedGrant
		grants *[]grant
		id     func(name string) string
	}{
		{"user", s.Users, &p.Users, func(name string) string {
			if u := org.userNamed(name); u != nil {
				return u.ID
			}
			return ""
		}},
		{"team", s.Teams, &p.Teams, func(name string) string {
			if t := org.teamNamed(name); t != nil {
				return t.ID
			}
			return ""
		}},
		{"service account", s.ServiceAccounts, &p.ServiceAccounts, func(name string) string {
			for _, a := range org.ServiceAccounts {
				if a.Name == name {
					return a.ClientID
				}
			}
			return ""
		}},
		{"API key", s.APIKeys, &p.APIKeys, func(name string) string {
			for _, k := range org.APIKeys {
				if k.Description == name {
					return k.ID
				}
			}
			return ""
		}},
	}
	for _, kind := range kinds {
		for _, g := range kind.seeds {
			id := kind.id(g.who().text)
			if id == "" {
				return g.who().errorf("project %s has the unknown %s %q", p.Name, kind.name, g.who().text)
			}
			if len(g.Roles) == 0 || grantOf(*kind.grants, id) != nil {
				return g.who().errorf("project %s must have %s %q once, with roles", p.Name, kind.name, g.who().text)
			}
			*kind.grants = append(*kind.grants, grant{id, g.Roles})
		}
	}
	return nil
}

// plantEncryption holds the seed to the same rules as a request.
func (p *project) plantEncryption(s seedProject) error {
	data, err := json.Marshal(s.EncryptionAtRest)
	if err != nil {
		return err
	}
	body, err := decode[map[string]json.RawMessage](&call{body: data}, encryptionShape)
	if err != nil {
		return err
	}
	p.Encryption, err = p.Encryption.merged(body)
	return err
}

func plantFederation(s seedFederation, now time.Time) (*federatedDatabase, error) {
	if s.Name.text == "" {
		return nil, s.Name.errorf("a federated database needs a name")
	}
	f := &federatedDatabase{Name: s.Name.text, Limits: []*queryLimit{}}
	for _, l := range s.Limits {
		if !slices.Contains(limitNames, l.Name.text) {
			return nil, l.Name.errorf("limit %q is not one of %v", l.Name.text, limitNames)
		}
		if l.Policy == "" {
			l.Policy = "BLOCK"
		}
		if !slices.Contains(overrunPolicy.enum, l.Policy) {
			return nil, l.Name.errorf("overrunPolicy %q is not one of %v", l.Policy, overrunPolicy.enum)
		}
		f.Limits = append(f.Limits, &queryLimit{Name: l.Name.text, Value: l.Value, Policy: l.Policy, Modified: now})
	}
	return f, nil
}

func plantServerless(s seedServerless, now time.Time) (*serverless, error) {
	if !hostname.MatchString(s.Name.text) {
		return nil, s.Name.errorf("serverless instance name %q does not match %s", s.Name.text, hostname)
	}
	pattern := cloudEndpointIDs[s.Provider.text]
	if pattern == nil {
		return nil, s.Name.errorf("the provider of serverless instance %s must be AWS or AZURE", s.Name.text)
	}
	i := &serverless{ID: newID(now), Name: s.Name.text, Provider: s.Provider.text, CreatedAt: now}
	for _, se := range s.Endpoints {
		e := &serverlessEndpoint{ID: newID(now), Comment: se.Comment, CloudID: se.CloudID.text}
		e.Service = i.serviceName(e.ID)
		e.become(endpointReserved, now)
		if e.CloudID != "" {
			if !pattern.MatchString(e.CloudID) {
				return nil, se.CloudID.errorf("cloudProviderEndpointId %q does not match %s", e.CloudID, pattern)
			}
			e.become(endpointAvailable, now)
		}
		i.Endpoints = append(i.Endpoints, e)
	}
	return i, nil
}
