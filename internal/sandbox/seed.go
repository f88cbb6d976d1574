package sandbox

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed seed.yaml
var builtinSeed []byte

// A seed is the YAML form of a world: things are known by name, ids come with
// the planting.
type seed struct {
	Organizations []seedOrganization `yaml:"organizations"`
	Projects      []seedProject      `yaml:"projects"`
}

type seedOrganization struct {
	Name            word          `yaml:"name"`
	Users           []seedUser    `yaml:"users"`
	Teams           []seedTeam    `yaml:"teams"`
	ServiceAccounts []seedAccount `yaml:"serviceAccounts"`
	APIKeys         []seedKey     `yaml:"apiKeys"`
	Federation      bool          `yaml:"federation"`
}

type seedUser struct {
	Username  word     `yaml:"username"`
	FirstName string   `yaml:"firstName"`
	LastName  string   `yaml:"lastName"`
	Roles     []string `yaml:"roles"`
	Status    word     `yaml:"status"`
}

type seedTeam struct {
	Name    word   `yaml:"name"`
	Members []word `yaml:"members"`
}

type seedAccount struct {
	Name        word         `yaml:"name"`
	ClientID    word         `yaml:"clientId"`
	Description string       `yaml:"description"`
	Roles       []string     `yaml:"roles"`
	Secrets     []seedSecret `yaml:"secrets"`
}

type seedKey struct {
	Name    word     `yaml:"name"`
	Public  word     `yaml:"publicKey"`
	Private word     `yaml:"privateKey"`
	Roles   []string `yaml:"roles"`
}

// A seedSecret may say what its value is, so that somebody can log in with it.
type seedSecret struct {
	Value      word   `yaml:"secret"`
	CreatedAt  moment `yaml:"createdAt"`
	ExpiresAt  moment `yaml:"expiresAt"`
	LastUsedAt moment `yaml:"lastUsedAt"`
}

type seedProject struct {
	Name             word              `yaml:"name"`
	Organization     word              `yaml:"organization"`
	Tags             map[string]string `yaml:"tags"`
	Users            []seedGrant       `yaml:"users"`
	Teams            []seedGrant       `yaml:"teams"`
	ServiceAccounts  []seedGrant       `yaml:"serviceAccounts"`
	APIKeys          []seedGrant       `yaml:"apiKeys"`
	ManagedSlowMs    *bool             `yaml:"managedSlowMs"`
	EncryptionAtRest map[string]any    `yaml:"encryptionAtRest"`
	DataFederation   []seedFederation  `yaml:"dataFederation"`
	StreamRequest    bool              `yaml:"streamVpcRequest"`
	Serverless       []seedServerless  `yaml:"serverlessInstances"`
}

// A seedGrant names a user by username, a team, service account or API key by
// name.
type seedGrant struct {
	Username word     `yaml:"username"`
	Name     word     `yaml:"name"`
	Roles    []string `yaml:"roles"`
}

func (g seedGrant) who() word {
	if g.Username.text != "" {
		return g.Username
	}
	return g.Name
}

type seedFederation struct {
	Name   word `yaml:"name"`
	Limits []struct {
		Name   word   `yaml:"name"`
		Value  int64  `yaml:"value"`
		Policy string `yaml:"overrunPolicy"`
	} `yaml:"limits"`
}

type seedServerless struct {
	Name      word `yaml:"name"`
	Provider  word `yaml:"provider"`
	Endpoints []struct {
		Comment string `yaml:"comment"`
		CloudID word   `yaml:"cloudProviderEndpointId"`
	} `yaml:"endpoints"`
}

// A word remembers its line, for errors.
type word struct {
	text string
	line int
}

func (w *word) UnmarshalYAML(n *yaml.Node) error {
	w.line = n.Line
	return n.Decode(&w.text)
}

// errorf speaks of the place where the word stands.
func (w word) errorf(format string, args ...any) error {
	if w.line == 0 {
		return fmt.Errorf("seed: "+format, args...)
	}
	return fmt.Errorf("seed: line %d: "+format, append([]any{w.line}, args...)...)
}

func parseSeed(data []byte) (*seed, error) {
	if data == nil {
		data = builtinSeed
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	s := new(seed)
	if err := dec.Decode(s); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("seed: %w", err)
	}
	if len(s.Organizations) == 0 {
		return nil, errors.New("seed: it needs at least one organization; nothing can be created without one")
	}
	return s, nil
}

// A moment is a time, or how far from the planting it is, such as -48h.
type moment struct {
	at    time.Time
	after *time.Duration
	set   bool
}

func (m *moment) UnmarshalYAML(n *yaml.Node) error {
	m.set = true
	if d, err := time.ParseDuration(n.Value); err == nil {
		m.after = &d
		return nil
	}
	var err error
	if m.at, err = time.Parse(time.RFC3339, n.Value); err != nil {
		return fmt.Errorf("line %d: %q is neither a time such as 2026-01-31T12:00:00Z nor a duration such as -48h", n.Line, n.Value)
	}
	return nil
}

func (m moment) from(now, otherwise time.Time) time.Time {
	switch {
	case !m.set:
		return otherwise
	case m.after != nil:
		return now.Add(*m.after)
	}
	return m.at
}
