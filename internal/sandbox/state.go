package sandbox

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2/maybe"
)

// A world is everything the emulator remembers between requests: what is saved
// as state.json. It never holds a secret in clear.
type world struct {
	Organizations []*organization `json:"organizations"`
	Projects      []*project      `json:"projects"`
}

type organization struct {
	ID              string            `json:"id"`
	Name            string            `json:"name"`
	Users           []*user           `json:"users"` // in the order they joined
	Teams           []*team           `json:"teams"`
	ServiceAccounts []*serviceAccount `json:"serviceAccounts"`
}

type project struct {
	ID              string               `json:"id"`
	OrgID           string               `json:"orgId"`
	Name            string               `json:"name"`
	Created         time.Time            `json:"created"`
	Tags            []tag                `json:"tags"`
	RegionUsage     string               `json:"regionUsageRestrictions,omitempty"`
	DefaultAlerts   bool                 `json:"withDefaultAlertsSettings"`
	Users           []grant              `json:"users"`
	Teams           []grant              `json:"teams"`
	ServiceAccounts []grant              `json:"serviceAccounts"`
	ManagedSlowMs   bool                 `json:"managedSlowMs"`
	Encryption      encryptionAtRest     `json:"encryptionAtRest"`
	Federation      []*federatedDatabase `json:"dataFederation"`
	Serverless      []*serverless        `json:"serverless"`
}

type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// A grant gives one user, team or service account its roles in a project. The
// id of a service account is its client id.
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

// loadState reads the saved world of a directory; nil means there is none yet.
func loadState(dir string) (*world, error) {
	data, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w := new(world)
	if err := json.Unmarshal(data, w); err != nil {
		return nil, fmt.Errorf("%s is damaged (%w); remove the directory to start again from the seed",
			filepath.Join(dir, stateFile), err)
	}
	return w, nil
}

// save makes the world durable. If that fails the write that was just made is
// undone in memory too: what the client is told did not happen must not be
// visible afterwards.
func (s *Server) save() error {
	if s.options.Dir == "" {
		return nil
	}
	data, err := json.Marshal(s.world)
	if err == nil {
		err = maybe.WriteFile(filepath.Join(s.options.Dir, stateFile), data, 0o600)
	}
	if err != nil {
		w := new(world)
		if json.Unmarshal(s.saved, w) == nil {
			s.world = w
		}
		return fail(500, "UNEXPECTED_ERROR", "the sandbox cannot save its state: %v", err)
	}
	s.saved = data
	return nil
}
