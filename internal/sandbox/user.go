package sandbox

import (
	"slices"
	"time"
)

// The four states of a user in an organization.
const (
	statusActive   = "ACTIVE"
	statusPending  = "PENDING"
	statusExpired  = "INVITATION_EXPIRED"
	statusRejected = "INVITATION_REJECTED"
)

var (
	allStatuses = []string{statusActive, statusPending, statusExpired, statusRejected}
	// presentStatuses are those of users who are in the organization or may
	// still come in. All answers show only these unless asked for others.
	presentStatuses = []string{statusActive, statusPending}
)

// A user is one person's membership in one organization.
type user struct {
	ID         string      `json:"id"` // the same in all organizations
	Username   string      `json:"username"`
	FirstName  string      `json:"firstName,omitempty"`
	LastName   string      `json:"lastName,omitempty"`
	Status     string      `json:"status"` // read it through statusAt
	Roles      []string    `json:"roles"`
	CreatedAt  time.Time   `json:"createdAt"`
	Invitation *invitation `json:"invitation,omitempty"`
}

type invitation struct {
	ID      string    `json:"id,omitempty"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Expires time.Time `json:"expires"`
}

// statusAt is the status at a time: an invitation lapses by itself.
func (u *user) statusAt(now time.Time) string {
	if u.Status == statusPending && u.Invitation != nil && !now.Before(u.Invitation.Expires) {
		return statusExpired
	}
	return u.Status
}

// owns reports whether the user is an owner who could act as one.
func (u *user) owns() bool {
	return u.Status == statusActive && slices.Contains(u.Roles, "ORG_OWNER")
}

func (o *organization) user(id string) *user {
	for _, u := range o.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (o *organization) userNamed(username string) *user {
	for _, u := range o.Users {
		if sameName(u.Username, username) {
			return u
		}
	}
	return nil
}

func (o *organization) oldestOwner() *user {
	for _, u := range o.Users {
		if u.owns() {
			return u
		}
	}
	return nil
}

// inviter is who an invitation is said to come from. It must be an address,
// which the calling service account or API key does not have.
func (o *organization) inviter() string {
	if owner := o.oldestOwner(); owner != nil {
		return owner.Username
	}
	return "sandbox-owner@example.com"
}

// person finds somebody in any organization.
func (w *world) person(username string) *user {
	for _, o := range w.Organizations {
		if u := o.userNamed(username); u != nil {
			return u
		}
	}
	return nil
}

// forget takes a user out of an organization with its teams and projects.
func (c *call) forget(org *organization, u *user) {
	org.Users = drop(org.Users, u.ID, (*user).key)
	c.changed(org.gone(aUser, u.ID))
	for _, t := range org.Teams {
		c.leave(org, t, u)
	}
	for _, p := range c.world.projectsOf(org.ID) {
		c.revoke(p, u)
	}
}

// leave takes a user out of a team, and revoke out of a project.
func (c *call) leave(org *organization, t *team, u *user) {
	if slices.Contains(t.Members, u.ID) {
		t.remove(u.ID)
		c.changed(org.teamChange(t))
	}
}

func (c *call) revoke(p *project, u *user) {
	if grantOf(p.Users, u.ID) != nil {
		p.Users = withoutGrant(p.Users, u.ID)
		c.changed(p.change())
	}
}

// statuses reads which statuses a request asks for. The parameter may be
// repeated, or hold several values with commas between.
func (c *call) statuses() ([]string, error) {
	values := append(c.list("orgMembershipStatuses"), c.list("orgMembershipStatus")...)
	if len(values) == 0 {
		return presentStatuses, nil
	}
	for _, v := range values {
		if !slices.Contains(allStatuses, v) {
			return nil, fail(400, "INVALID_QUERY_PARAMETER", "orgMembershipStatuses must be of %v, not %s", allStatuses, v)
		}
	}
	return values, nil
}

// filterUsers applies the filters that all user lists have. The old version
// knows none of them and shows active users only.
func (c *call) filterUsers(users []*user) ([]*user, error) {
	if c.version == oldUsersVersion {
		return selectUsers(users, func(u *user) bool { return u.Status == statusActive }), nil
	}
	statuses, err := c.statuses()
	if err != nil {
		return nil, err
	}
	username, id := c.query.Get("username"), c.query.Get("userId")
	return selectUsers(users, func(u *user) bool {
		return slices.Contains(statuses, u.statusAt(c.now)) &&
			(username == "" || sameName(u.Username, username)) && (id == "" || u.ID == id)
	}), nil
}

func selectUsers(users []*user, keep func(*user) bool) []*user {
	var kept []*user
	for _, u := range users {
		if keep(u) {
			kept = append(kept, u)
		}
	}
	return kept
}
