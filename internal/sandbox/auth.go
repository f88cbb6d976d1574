package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2/maybe"
)

// Credentials are the sandbox's own two ways in, both with the rights of an
// organization owner: a service account and an API key.
type Credentials struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	PublicKey    string `json:"publicKey"`
	PrivateKey   string `json:"privateKey"`
}

// Credentials stay the same for as long as the state directory lives.
func (s *Server) Credentials() Credentials { return s.credentials }

// loadCredentials reads the credentials of a state directory, or makes some.
// They lie beside the state, which itself never holds a secret.
func loadCredentials(dir string) (c Credentials, known bool, err error) {
	if dir != "" {
		data, err := os.ReadFile(filepath.Join(dir, credentialsFile))
		if err == nil {
			if err = json.Unmarshal(data, &c); err == nil && c.ClientID != "" {
				return c, true, nil
			}
			return c, false, fmt.Errorf("%s is damaged; remove it to get new credentials", filepath.Join(dir, credentialsFile))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return c, false, err
		}
	}
	return Credentials{
		ClientID:     newClientID(),
		ClientSecret: newSecretValue(),
		PublicKey:    strings.ToLower(rand.Text()[:8]),
		PrivateKey:   strings.ToLower(rand.Text()),
	}, false, nil
}

func saveCredentials(dir string, c Credentials) error {
	if dir == "" {
		return nil
	}
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return maybe.WriteFile(filepath.Join(dir, credentialsFile), append(data, '\n'), 0o600)
}

// addOwner puts the sandbox's own service account into the first organization.
func (s *Server) addOwner() {
	now := s.options.Now()
	org := s.world.Organizations[0]
	org.ServiceAccounts = append(org.ServiceAccounts, &serviceAccount{
		ClientID:    s.credentials.ClientID,
		Name:        "sandbox-owner",
		Description: "The sandbox's own client",
		CreatedAt:   now,
		Roles:       []string{"ORG_OWNER"},
		Secrets:     []*secret{newSecret(s.credentials.ClientSecret, maxSecretHours, now)},
	})
}

func newClientID() string {
	var b [12]byte
	rand.Read(b[:])
	return "mdb_sa_id_" + hex.EncodeToString(b[:])
}

// digestOf is how a secret is kept: good enough for random ones.
func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// authenticate finds out who calls. Whoever cannot say gets the reply that
// asks for credentials.
func (s *Server) authenticate(r *http.Request) (caller string, rejected *reply) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	stale := false
	s.mu.Lock()
	defer s.mu.Unlock()
	switch strings.ToLower(scheme) {
	case "bearer":
		if caller, ok := s.bearer(strings.TrimSpace(value)); ok {
			return caller, nil
		}
	case "digest":
		var ok bool
		if caller, ok, stale = s.checkDigest(r, value); ok {
			return caller, nil
		}
	}
	rep := refusal(&apiError{Status: 401, Code: "UNAUTHORIZED", Detail: "You are not authorized for this resource."}, r.URL.Query())
	// The digest challenge comes first: clients that look at one header only
	// would not find it behind the other.
	rep.header.Add("WWW-Authenticate", s.challenge(stale))
	rep.header.Add("WWW-Authenticate", `Bearer realm="`+realm+`"`)
	return "", rep
}
