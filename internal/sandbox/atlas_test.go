package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/atlasctl/atlasctl-sync/internal/contract"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

var exchanges contract.Recorder

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		child(dir)
	}
	os.Exit(contract.Main(m, &exchanges))
}

// An atlas is a sandbox behind real HTTP, with a client that is logged in.
type atlas struct {
	testing.TB
	server *sandbox.Server
	url    string
	client *http.Client
	clock  *clock

	org, project string // Acme and payments of the built-in seed
}

// A clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func open(t testing.TB, o sandbox.Options) *atlas {
	t.Helper()
	a := &atlas{TB: t, clock: &clock{now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}}
	if o.Now == nil {
		o.Now = a.clock.Now
	}
	tap := o.Tap
	o.Tap = func(x sandbox.Exchange) {
		exchanges.Tap(x)
		if tap != nil {
			tap(x)
		}
	}
	s, err := sandbox.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, ok := t.(*testing.T); ok {
		s.Audit(func(noted, is string) {
			if noted != is {
				t.Errorf("a handler did not note all its changes, or changed something and refused\nnoted: %s\nis:    %s", noted, is)
			}
		})
	}
	l, err := sandbox.Listen("127.0.0.1:0", s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	a.server, a.url = s, l.URL()
	own := s.Credentials()
	a.client = a.login(own.ClientID, own.ClientSecret)
	return a
}

// optionsOf is for a sandbox with a world of its own.
func optionsOf(seed string) sandbox.Options { return sandbox.Options{Seed: []byte(seed)} }

// acme is a sandbox with the built-in seed, its ids known.
func acme(t *testing.T) *atlas { return openAcme(t, sandbox.Options{}) }

func openAcme(t *testing.T, o sandbox.Options) *atlas {
	t.Helper()
	a := open(t, o)
	a.org = a.get("/orgs").at("results.0.id")
	a.project = a.get("/groups/byName/payments").at("id")
	return a
}

// login makes a client with a bearer token of its own. The token outlives what
// tests do to the clock only on the side of the client.
func (a *atlas) login(id, secret string) *http.Client {
	config := clientcredentials.Config{
		ClientID: id, ClientSecret: secret,
		TokenURL: a.url + "/api/oauth/token", AuthStyle: oauth2.AuthStyleInHeader,
	}
	return config.Client(context.Background())
}

type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (a *atlas) get(path string) answer         { a.Helper(); return a.do("GET", path, "") }
func (a *atlas) post(path, body string) answer  { a.Helper(); return a.do("POST", path, body) }
func (a *atlas) patch(path, body string) answer { a.Helper(); return a.do("PATCH", path, body) }
func (a *atlas) delete(path string) answer      { a.Helper(); return a.do("DELETE", path, "") }
func (a *atlas) users(rest string) string       { return "/orgs/" + a.org + "/users" + rest }
func (a *atlas) teams(rest string) string       { return "/orgs/" + a.org + "/teams" + rest }
func (a *atlas) in(rest string) string          { return "/groups/" + a.project + rest }
func (a *atlas) accounts(rest string) string    { return "/orgs/" + a.org + "/serviceAccounts" + rest }
func (a *atlas) userID(name string) string      { a.Helper(); return a.userIn("", name) }
func (a *atlas) userIn(query, username string) string {
	a.Helper()
	every := "orgMembershipStatuses=ACTIVE,PENDING,INVITATION_EXPIRED,INVITATION_REJECTED&"
	return a.get(a.users("?" + every + query + "username=" + username + "@example.com")).at("results.0.id")
}

// do sends one API request; headers come as "Name: value".
func (a *atlas) do(method, path, body string, headers ...string) answer {
	a.Helper()
	if !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/sandbox/") {
		path = "/api/atlas/v2" + path
	}
	r, err := http.NewRequest(method, a.url+path, strings.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	return a.send(a.client, r)
}

func (a *atlas) send(c *http.Client, r *http.Request) answer {
	a.Helper()
	res, err := c.Do(r)
	if err != nil {
		a.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		a.Fatal(err)
	}
	return answer{a.TB, res.StatusCode, res.Header, string(data)}
}

// want checks the status and, if there is one, the error code.
func (r answer) want(status int, code ...string) answer {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	for _, c := range code {
		if got := r.at("errorCode"); got != c {
			r.t.Fatalf("error code %s, want %s: %s", got, c, r.body)
		}
	}
	return r
}

// at reads the value at a path such as results.0.name, as text. What is not
// there is empty; a container is its length.
func (r answer) at(path string) string {
	r.t.Helper()
	var value any
	if err := json.Unmarshal([]byte(r.body), &value); err != nil {
		r.t.Fatalf("%v in %s", err, r.body)
	}
	for key := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return ""
			}
			value = v[i]
		default:
			return ""
		}
	}
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		return strconv.Itoa(len(v))
	case map[string]any:
		return strconv.Itoa(len(v))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// each reads one field of every item at a path.
func (r answer) each(path, field string) string {
	r.t.Helper()
	n, _ := strconv.Atoi(r.at(path))
	var all []string
	for i := range n {
		all = append(all, r.at(fmt.Sprintf("%s.%d.%s", path, i, field)))
	}
	return strings.Join(all, " ")
}

func equal(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
