package sandbox

import "time"

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
