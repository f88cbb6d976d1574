package sandbox

import (
	"crypto/rand"
	"fmt"
	"slices"
	"time"
)

// Service accounts live in an organization; a project only gives them roles.
// This file is what both sides share.

const (
	minSecretHours = 8
	maxSecretHours = 8760
	maxSecrets     = 2
	// secretOverlap is how long older secrets live on after a new one is made.
	secretOverlap = 7 * 24 * time.Hour
)

var serviceAccountVersions = []string{"2024-08-05"}

var (
	accountWords       = matching(`^[\p{L}\p{N}\-_.,' ]*$`)
	accountName        = text{pattern: accountWords, min: 1, max: 64}
	accountDescription = text{pattern: accountWords, min: 1, max: 250}
	secretHours        = integer{minSecretHours, maxSecretHours}
	secretShape        = object{"secretExpiresAfterHours": required(secretHours)}
	orgRoles           = listOf{item: orgRoleName, min: 1, unique: true}
)

func accountShape(roles listOf) object {
	return object{
		"name":                    required(accountName),
		"description":             required(accountDescription),
		"roles":                   required(roles),
		"secretExpiresAfterHours": required(secretHours),
	}
}

func accountUpdateShape(roles listOf) object {
	return object{
		"name":        nullable(accountName),
		"description": nullable(accountDescription),
		"roles":       nullable(roles),
	}
}

type accountBody struct {
	Name        *string  `json:"name"`
	Description *string  `json:"description"`
	Roles       []string `json:"roles"`
	Hours       int      `json:"secretExpiresAfterHours"`
}

type serviceAccount struct {
	ClientID    string    `json:"clientId"`
	Name        string    `json:"name"` // need not be unique
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"createdAt"`
	Roles       []string  `json:"roles"`
	Secrets     []*secret `json:"secrets"`
	// AccessLists are where it may come from: by the organization's id for all
	// that it does, by that of a project for what it does there.
	AccessLists map[string]accessEntries `json:"accessLists,omitempty"`
}

// A secret is kept as a hash; its value is shown once, by whoever makes it.
type secret struct {
	ID         string     `json:"id"`
	Hash       string     `json:"hash"`
	Masked     string     `json:"masked"`
	CreatedAt  time.Time  `json:"createdAt"`
	ExpiresAt  time.Time  `json:"expiresAt"`
	LastUsedAt *time.Time `json:"lastUsedAt,omitempty"`
}

func newSecretValue() string { return "mdb_sa_sk_" + rand.Text() + rand.Text()[:14] }

func newSecret(value string, hours int, now time.Time) *secret {
	return &secret{
		ID:        newID(now),
		Hash:      digestOf(value),
		Masked:    "mdb_sa_sk_..." + value[len(value)-4:],
		CreatedAt: now,
		ExpiresAt: now.Add(time.Duration(hours) * time.Hour),
	}
}

func (o *organization) serviceAccount(id string) (*serviceAccount, error) {
	for _, a := range o.ServiceAccounts {
		if a.ClientID == id {
			return a, nil
		}
	}
	return nil, fail(404, "SERVICE_ACCOUNT_NOT_FOUND", "no service account %s exists in the organization", id)
}

// serviceAccount finds an account and the organization that it is in.
func (w *world) serviceAccount(id string) (*organization, *serviceAccount) {
	for _, o := range w.Organizations {
		if a, err := o.serviceAccount(id); err == nil {
			return o, a
		}
	}
	return nil, nil
}

func (a *serviceAccount) secret(id string) *secret {
	for _, s := range a.Secrets {
		if s.ID == id {
			return s
		}
	}
	return nil
}

type accountView struct {
	ClientID    string       `json:"clientId"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	CreatedAt   string       `json:"createdAt"`
	Roles       []string     `json:"roles"`
	Secrets     []secretView `json:"secrets"`
}

type secretView struct {
	ID         string  `json:"id"`
	CreatedAt  string  `json:"createdAt"`
	ExpiresAt  string  `json:"expiresAt"`
	LastUsedAt *string `json:"lastUsedAt"`
	Masked     string  `json:"maskedSecretValue,omitempty"`
	Secret     string  `json:"secret,omitempty"`
}

// view shows a secret masked, or in clear if value is given.
func (s *secret) view(value string) secretView {
	v := secretView{ID: s.ID, CreatedAt: stamp(s.CreatedAt), ExpiresAt: stamp(s.ExpiresAt), Secret: value}
	if value == "" {
		v.Masked = s.Masked
	}
	if s.LastUsedAt != nil {
		used := stamp(*s.LastUsedAt)
		v.LastUsedAt = &used
	}
	return v
}

// view shows the account with the roles of an organization or of a project.
func (a *serviceAccount) view(roles []string) accountView {
	v := accountView{
		ClientID: a.ClientID, Name: a.Name, Description: a.Description, CreatedAt: stamp(a.CreatedAt),
		Roles: roles, Secrets: []secretView{},
	}
	for _, s := range a.Secrets {
		v.Secrets = append(v.Secrets, s.view(""))
	}
	return v
}

// checkHours refuses a lifetime that the organization's settings do not allow.
func (o *organization) checkHours(hours int) error {
	if most := o.maxSecretHours(); hours > most {
		return invalid(violation{"secretExpiresAfterHours", fmt.Sprintf("must be at most %d, which the organization's settings allow", most)})
	}
	return nil
}

// newAccount makes an account with its first secret, whose value only this
// answer tells.
func (c *call) newAccount(org *organization, b accountBody, orgRoles []string) (*serviceAccount, string, error) {
	if err := org.checkHours(b.Hours); err != nil {
		return nil, "", err
	}
	value := newSecretValue()
	a := &serviceAccount{
		ClientID: newClientID(), Name: *b.Name, Description: *b.Description, CreatedAt: c.now,
		Roles: orgRoles, Secrets: []*secret{newSecret(value, b.Hours, c.now)},
	}
	org.ServiceAccounts = append(org.ServiceAccounts, a)
	c.changed(org.accountChange(a))
	return a, value, nil
}

func (a *serviceAccount) describe(b accountBody) {
	if b.Name != nil {
		a.Name = *b.Name
	}
	if b.Description != nil {
		a.Description = *b.Description
	}
}

// addSecret makes another secret and shortens the life of the others.
func (c *call) addSecret(org *organization, a *serviceAccount) (any, error) {
	body, err := decode[struct {
		Hours int `json:"secretExpiresAfterHours"`
	}](c, secretShape)
	if err != nil {
		return nil, err
	}
	if err := org.checkHours(body.Hours); err != nil {
		return nil, err
	}
	if len(a.Secrets) >= maxSecrets {
		return nil, fail(400, "SERVICE_ACCOUNT_MAX_SECRETS_REACHED",
			"a service account has at most %d secrets, expired ones included; delete one first", maxSecrets)
	}
	for _, s := range a.Secrets {
		if limit := c.now.Add(secretOverlap); s.ExpiresAt.After(limit) {
			s.ExpiresAt = limit
		}
	}
	value := newSecretValue()
	s := newSecret(value, body.Hours, c.now)
	a.Secrets = append(a.Secrets, s)
	return s.view(value), nil
}

func (c *call) dropSecret(a *serviceAccount) (any, error) {
	s := a.secret(c.param("secretId"))
	if s == nil {
		return nil, fail(404, "SERVICE_ACCOUNT_SECRET_NOT_FOUND", "service account %s has no secret %s", a.ClientID, c.param("secretId"))
	}
	a.Secrets = slices.DeleteFunc(a.Secrets, func(t *secret) bool { return t == s })
	return nil, nil
}

// oneSecretAtATime keeps two requests from giving one account secrets at once.
func oneSecretAtATime(c *call) string { return "secrets of " + c.param("clientId") }
