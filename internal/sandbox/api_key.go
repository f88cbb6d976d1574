package sandbox

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// API keys live in an organization; a project only gives them roles. This file
// is what both sides share.

// An apiKey is a key of an organization. Of its private part the state keeps
// what digest authentication needs, and what is shown of it.
type apiKey struct {
	ID          string        `json:"id"`
	PublicKey   string        `json:"publicKey"`
	Digest      string        `json:"digest"` // of public key, realm and private key
	Tail        string        `json:"tail,omitempty"`
	Description string        `json:"desc"` // need not be unique
	Roles       []string      `json:"roles"`
	CreatedAt   time.Time     `json:"createdAt"`
	AccessList  accessEntries `json:"accessList,omitempty"`
}

// ownKeyID is the id of the sandbox's own key, which is in no organization.
const ownKeyID = "000000000000000000000001"

func keyDigest(public, private string) string { return md5Hex(public + ":" + realm + ":" + private) }

func (w *world) apiKey(public string) (*organization, *apiKey) {
	for _, o := range w.Organizations {
		for _, k := range o.APIKeys {
			if k.PublicKey == public {
				return o, k
			}
		}
	}
	return nil, nil
}

func (o *organization) apiKey(id string) (*apiKey, error) {
	for _, k := range o.APIKeys {
		if k.ID == id {
			return k, nil
		}
	}
	return nil, fail(404, "API_KEY_NOT_FOUND", "no API key with id %s exists in the organization", id)
}

// keyDigest finds what a public key's private part is checked with.
func (s *Server) keyDigest(public string) (digest string, known bool) {
	if public == s.credentials.PublicKey {
		return keyDigest(public, s.credentials.PrivateKey), true
	}
	if _, k := s.world.apiKey(public); k != nil {
		return k.Digest, true
	}
	return "", false
}

// keyBody is what requests say of a key. Its roles are names; in answers they
// are objects.
type keyBody struct {
	Description string    `json:"desc"`
	Roles       *[]string `json:"roles"`
}

// newKey makes a key, whose private part only this answer tells.
func (c *call) newKey(org *organization, b keyBody, orgRoles []string) (*apiKey, string) {
	var letters [8]byte
	rand.Read(letters[:])
	for i := range letters {
		letters[i] = 'a' + letters[i]%26
	}
	hex := digestOf(rand.Text())
	private := fmt.Sprintf("%s-%s-%s-%s", hex[:8], hex[8:12], hex[12:16], hex[16:28])
	k := &apiKey{
		ID: newID(c.now), PublicKey: string(letters[:]), Digest: keyDigest(string(letters[:]), private), Tail: hex[16:28],
		Description: b.Description, Roles: orgRoles, CreatedAt: c.now,
	}
	org.APIKeys = append(org.APIKeys, k)
	c.keyChanged(org, k)
	return k, private
}

// keyChanged notes a change of a key, for the store and for events.
func (c *call) keyChanged(org *organization, k *apiKey) {
	c.changed(org.keyChange(k))
	c.tell("targetPublicKey", k.PublicKey)
}

// describe changes the description of a key, if the request has one.
func (c *call) describe(k *apiKey, b keyBody) {
	if b.Description != "" && b.Description != k.Description {
		k.Description = b.Description
		c.happened("API_KEY_DESCRIPTION_CHANGED")
	}
}

type apiKeyView struct {
	ID          string        `json:"id"`
	PublicKey   string        `json:"publicKey"`
	PrivateKey  string        `json:"privateKey"`
	Description string        `json:"desc"`
	Roles       []oldUserRole `json:"roles"`
	Links       []link        `json:"links"`
}

// apiKeyView mixes the roles of the organization and of all its projects, as
// Atlas does.
func (c *call) apiKeyView(org *organization) func(*apiKey) any {
	return func(k *apiKey) any { return c.viewKey(org, k, "") }
}

// viewKey shows the private part masked, or in clear if it is given.
func (c *call) viewKey(org *organization, k *apiKey, private string) apiKeyView {
	v := apiKeyView{
		ID: k.ID, PublicKey: k.PublicKey, PrivateKey: private,
		Description: k.Description, Roles: []oldUserRole{}, Links: []link{},
	}
	if private == "" {
		tail := k.Tail
		if tail == "" {
			tail = strings.Repeat("*", 12) // a seed's may have any form
		}
		v.PrivateKey = "********-****-****-" + tail
	}
	for _, role := range k.Roles {
		v.Roles = append(v.Roles, oldUserRole{OrgID: org.ID, RoleName: role})
	}
	for _, p := range c.world.projectsOf(org.ID) {
		if g := grantOf(p.APIKeys, k.ID); g != nil {
			for _, role := range g.Roles {
				v.Roles = append(v.Roles, oldUserRole{GroupID: p.ID, RoleName: role})
			}
		}
	}
	return v
}
