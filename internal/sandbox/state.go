package sandbox

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A world is everything the emulator remembers between requests: what the
// store keeps. It never holds a secret in clear.
type world struct {
	Organizations []*organization `json:"organizations"`
	Projects      []*project      `json:"projects"`
	Events        []*event        `json:"events,omitempty"` // oldest first
	// Objects are what the generic store keeps, by the id of the project or
	// organization that it is in.
	Objects map[string]shelves `json:"objects,omitempty"`
}

type organization struct {
	organizationSelf
	Users           []*user           `json:"users"` // in the order they joined
	Teams           []*team           `json:"teams"`
	ServiceAccounts []*serviceAccount `json:"serviceAccounts"`
	APIKeys         []*apiKey         `json:"apiKeys,omitempty"`
}

// An organizationSelf is an organization without all that it holds.
type organizationSelf struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Settings map[string]any `json:"settings,omitempty"` // those that were changed
	NoAlerts bool           `json:"skipDefaultAlertsSettings,omitempty"`
	// Federation is the id of the federation that it is in.
	Federation string `json:"federation,omitempty"`
}

type project struct {
	ID              string                  `json:"id"`
	OrgID           string                  `json:"orgId"`
	Name            string                  `json:"name"`
	Created         time.Time               `json:"created"`
	Tags            []tag                   `json:"tags"`
	RegionUsage     string                  `json:"regionUsageRestrictions,omitempty"`
	DefaultAlerts   bool                    `json:"withDefaultAlertsSettings"`
	Users           []grant                 `json:"users"`
	Teams           []grant                 `json:"teams"`
	ServiceAccounts []grant                 `json:"serviceAccounts"`
	APIKeys         []grant                 `json:"apiKeys,omitempty"`
	ManagedSlowMs   bool                    `json:"managedSlowMs"`
	Settings        map[string]bool         `json:"settings,omitempty"` // those that were changed
	AuditLog        *auditLog               `json:"auditLog,omitempty"` // once something was said of it
	Invitations     []*projectInvitation    `json:"invitations,omitempty"`
	Limits          map[string]int64        `json:"limits,omitempty"` // those that were set
	AIModelLimits   map[string]aiModelLimit `json:"aiModelLimits,omitempty"`
	Encryption      encryptionAtRest        `json:"encryptionAtRest"`
	Federation      []*federatedDatabase    `json:"dataFederation"`
	Serverless      []*serverless           `json:"serverless"`
}

type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// A grant gives one user, team, service account or API key its roles in a
// project. The id of a service account is its client id.
type grant struct {
	ID    string   `json:"id"`
	Roles []string `json:"roles"`
}

// grantOf returns the grant with this id, nil if there is none.
func grantOf(grants []grant, id string) *grant {
	for i := range grants {
		if grants[i].ID == id {
			return &grants[i]
		}
	}
	return nil
}

func withoutGrant(grants []grant, id string) []grant {
	return slices.DeleteFunc(grants, func(g grant) bool { return g.ID == id })
}

func (w *world) organization(id string) (*organization, error) {
	for _, o := range w.Organizations {
		if o.ID == id {
			return o, nil
		}
	}
	return nil, fail(404, "ORG_NOT_FOUND", "no organization with id %s exists", id)
}

func (w *world) project(id string) (*project, error) {
	for _, p := range w.Projects {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, fail(404, "GROUP_NOT_FOUND", "no project with id %s exists", id)
}

// projectsOf lists the projects of an organization.
func (w *world) projectsOf(org string) []*project {
	var found []*project
	for _, p := range w.Projects {
		if p.OrgID == org {
			found = append(found, p)
		}
	}
	return found
}

// clone copies a world through its JSON form.
func (w *world) clone() (*world, error) {
	data, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	copied := new(world)
	return copied, json.Unmarshal(data, copied)
}

// newID makes 24 hexadecimal digits that sort by time of creation, as the ids
// of Atlas do.
func newID(now time.Time) string {
	var b [12]byte
	binary.BigEndian.PutUint32(b[:4], uint32(now.Unix()))
	rand.Read(b[4:])
	return hex.EncodeToString(b[:])
}

// stamp prints a time the way the API does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func sameName(a, b string) bool { return strings.EqualFold(a, b) }

const (
	stateFile       = "state.json"
	credentialsFile = "credentials.json"
)

// commit makes what a request changed durable. If that fails the write is
// undone in memory too: what the client is told did not happen must not be
// visible afterwards.
func (s *Server) commit(changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	if err := s.store.write(changes); err != nil {
		if w, undo := s.store.saved(); undo == nil {
			s.world = w
		}
		return fail(500, "UNEXPECTED_ERROR", "the sandbox cannot save its state: %v", err)
	}
	if s.store.long() {
		if err := s.store.take(s.world); err != nil {
			s.logMu.Lock()
			defer s.logMu.Unlock()
			s.logf("the sandbox cannot shorten its journal: %v", err) // which holds everything still
		}
	}
	return nil
}
