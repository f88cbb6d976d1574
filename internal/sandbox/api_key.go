package sandbox

import (
	"slices"
	"time"
)

// Keys can be looked at; only a seed makes one.
var apiKeysPart = part{
	id: "apiKeys", name: "Programmatic API Keys", scope: perOrganization,
	operations: []operation{
		{id: "listOrgApiKeys", method: "GET", path: "/orgs/{orgId}/apiKeys", versions: oldest, may: orgMember, status: 200, handle: listOrgKeys},
		{id: "getOrgApiKey", method: "GET", path: "/orgs/{orgId}/apiKeys/{apiUserId}", versions: oldest, may: orgMember, status: 200, handle: getOrgKey},
		{id: "listGroupApiKeys", method: "GET", path: "/groups/{groupId}/apiKeys", versions: oldest, may: projectOwner, status: 200, handle: listProjectKeys},
	},
}

// An apiKey is a key of an organization, which only a seed can make. Of its
// private part the state keeps what digest authentication needs.
type apiKey struct {
	ID          string    `json:"id"`
	PublicKey   string    `json:"publicKey"`
	Digest      string    `json:"digest"` // of public key, realm and private key
	Description string    `json:"desc"`
	Roles       []string  `json:"roles"`
	CreatedAt   time.Time `json:"createdAt"`
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

type apiKeyView struct {
	ID          string        `json:"id"`
	PublicKey   string        `json:"publicKey"`
	PrivateKey  string        `json:"privateKey"` // never shown
	Description string        `json:"desc"`
	Roles       []oldUserRole `json:"roles"`
	Links       []link        `json:"links"`
}

// apiKeyView mixes the roles of the organization and of all its projects, as
// Atlas does.
func (c *call) apiKeyView(org *organization) func(*apiKey) any {
	return func(k *apiKey) any {
		v := apiKeyView{
			ID: k.ID, PublicKey: k.PublicKey, PrivateKey: "********-****-****-" + k.ID[12:],
			Description: k.Description, Roles: []oldUserRole{}, Links: []link{},
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
}

func listOrgKeys(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	return page(c, org.APIKeys, c.apiKeyView(org))
}

func getOrgKey(c *call) (any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	for _, k := range org.APIKeys {
		if k.ID == c.param("apiUserId") {
			return c.apiKeyView(org)(k), nil
		}
	}
	return nil, fail(404, "API_KEY_NOT_FOUND", "no API key with id %s exists in the organization", c.param("apiUserId"))
}

func listProjectKeys(c *call) (any, error) {
	p, org, err := c.projectAndOrg()
	if err != nil {
		return nil, err
	}
	keys := slices.DeleteFunc(slices.Clone(org.APIKeys), func(k *apiKey) bool { return grantOf(p.APIKeys, k.ID) == nil })
	return page(c, keys, c.apiKeyView(org))
}
