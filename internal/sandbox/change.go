package sandbox

import "slices"

// A change is one object of the world as it is now, or that it is gone. It
// names one of them.
type change struct {
	Organization *organizationSelf `json:"organization,omitempty"`
	Project      *project          `json:"project,omitempty"`
	Event        *event            `json:"event,omitempty"`

	In      string          `json:"in,omitempty"` // the id of the organization of what follows; of a thing, that or its project's
	User    *user           `json:"user,omitempty"`
	Team    *team           `json:"team,omitempty"`
	Account *serviceAccount `json:"serviceAccount,omitempty"`
	Key     *apiKey         `json:"apiKey,omitempty"`

	Thing *thing `json:"thing,omitempty"`
	Shelf string `json:"shelf,omitempty"` // of a thing

	Gone what   `json:"gone,omitempty"`
	ID   string `json:"id,omitempty"` // of what is gone
}

// A what is a sort of object.
type what string

const (
	aProject  what = "project"
	aUser     what = "user"
	aTeam     what = "team"
	anAccount what = "serviceAccount"
	anAPIKey  what = "apiKey"
	aThing    what = "thing"
)

func (p *project) change() change                              { return change{Project: p} }
func (o *organization) change() change                         { return change{Organization: &o.organizationSelf} }
func (o *organization) userChange(u *user) change              { return change{In: o.ID, User: u} }
func (o *organization) teamChange(t *team) change              { return change{In: o.ID, Team: t} }
func (o *organization) accountChange(a *serviceAccount) change { return change{In: o.ID, Account: a} }
func (o *organization) keyChange(k *apiKey) change             { return change{In: o.ID, Key: k} }
func (o *organization) gone(of what, id string) change         { return change{In: o.ID, Gone: of, ID: id} }

// changed notes what a request changes, for the store. An object may be named
// before it is changed, and twice.
func (c *call) changed(changes ...change) { c.changes = append(c.changes, changes...) }

// apply brings a world to where a change left it.
func (w *world) apply(c change) {
	switch {
	case c.Organization != nil:
		if org, err := w.organization(c.Organization.ID); err == nil {
			org.organizationSelf = *c.Organization
		}
		return
	case c.Project != nil:
		w.Projects = put(w.Projects, c.Project, (*project).key)
		return
	case c.Event != nil:
		w.log(c.Event)
		return
	case c.Thing != nil:
		w.putThing(c.In, c.Shelf, c.Thing)
		return
	case c.Gone == aThing:
		w.dropThing(c.In, c.Shelf, c.ID)
		return
	case c.Gone == aProject:
		w.dropProject(c.ID)
		return
	}
	org, err := w.organization(c.In)
	if err != nil {
		return // it has gone since
	}
	switch {
	case c.User != nil:
		org.Users = put(org.Users, c.User, (*user).key)
	case c.Team != nil:
		org.Teams = put(org.Teams, c.Team, (*team).key)
	case c.Account != nil:
		org.ServiceAccounts = put(org.ServiceAccounts, c.Account, (*serviceAccount).key)
	case c.Key != nil:
		org.APIKeys = put(org.APIKeys, c.Key, (*apiKey).key)
	case c.Gone == aUser:
		org.Users = drop(org.Users, c.ID, (*user).key)
	case c.Gone == aTeam:
		org.Teams = drop(org.Teams, c.ID, (*team).key)
	case c.Gone == anAccount:
		org.ServiceAccounts = drop(org.ServiceAccounts, c.ID, (*serviceAccount).key)
	case c.Gone == anAPIKey:
		org.APIKeys = drop(org.APIKeys, c.ID, (*apiKey).key)
	}
}

// dropProject takes away a project and all that is in it.
func (w *world) dropProject(id string) {
	w.Projects = drop(w.Projects, id, (*project).key)
	delete(w.Objects, id)
}

func (p *project) key() string        { return p.ID }
func (u *user) key() string           { return u.ID }
func (t *team) key() string           { return t.ID }
func (a *serviceAccount) key() string { return a.ClientID }
func (k *apiKey) key() string         { return k.ID }

// put replaces the item of the same key, or adds it at the end.
func put[T any](items []T, item T, key func(T) string) []T {
	i := slices.IndexFunc(items, func(have T) bool { return key(have) == key(item) })
	if i < 0 {
		return append(items, item)
	}
	items[i] = item
	return items
}

func drop[T any](items []T, id string, key func(T) string) []T {
	return slices.DeleteFunc(items, func(have T) bool { return key(have) == id })
}
