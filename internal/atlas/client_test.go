package atlas_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/contract"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var exchanges contract.Recorder

func TestMain(m *testing.M) { os.Exit(contract.Main(m, &exchanges)) }

// emulator starts a sandbox and returns its address and credentials.
func emulator(t *testing.T, faults ...string) (*sandbox.Server, atlas.Options) {
	t.Helper()
	return emulatorWith(t, sandbox.Options{Faults: faults})
}

func emulatorWith(t *testing.T, so sandbox.Options) (*sandbox.Server, atlas.Options) {
	t.Helper()
	so.Tap = exchanges.Tap
	s, url, stop, err := sandbox.Serve("127.0.0.1:0", so)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	c := s.Credentials()
	return s, atlas.Options{BaseURL: url, Version: "test", Credentials: atlas.Credentials{ClientID: c.ClientID, ClientSecret: c.ClientSecret}}
}

func client(t *testing.T, o atlas.Options) *atlas.Client {
	t.Helper()
	c, err := atlas.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var listOrgs = planner.Request{Method: "GET", Path: "/api/atlas/v2/orgs", Version: "2023-01-01", Idempotent: true}

func TestBothWaysToAuthenticate(t *testing.T) {
	s, o := emulator(t)
	if _, err := client(t, o).Do(t.Context(), listOrgs); err != nil {
		t.Error(err)
	}
	own := s.Credentials()
	o.Credentials = atlas.Credentials{PublicKey: own.PublicKey, PrivateKey: own.PrivateKey}
	c := client(t, o)
	doc, err := c.Do(t.Context(), listOrgs)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := spec.At(doc, "/results/0/id")
	// A write with a body, through the digest's challenge.
	team := planner.Request{Method: "POST", Path: fmt.Sprintf("/api/atlas/v2/orgs/%s/teams", id), Version: "2023-01-01",
		Body: map[string]any{"name": "x", "usernames": []any{}}}
	if _, err := c.Do(t.Context(), team); err != nil {
		t.Error(err)
	}
	if got := c.Stats(); got != (atlas.Stats{Requests: 2}) {
		t.Errorf("%+v", got)
	}
}

// One token serves a whole run.
func TestTheTokenIsKept(t *testing.T) {
	s, o := emulator(t)
	c := client(t, o)
	for range 5 {
		if _, err := c.Do(t.Context(), listOrgs); err != nil {
			t.Fatal(err)
		}
	}
	tokens := 0
	for _, r := range s.Requests() {
		if strings.HasPrefix(r.Path, "/api/oauth/token") {
			tokens++
		}
	}
	if tokens != 1 {
		t.Errorf("%d token requests", tokens)
	}
}

// A client that only reads sends no write, whatever asks for one.
func TestReadOnly(t *testing.T) {
	s, o := emulator(t)
	o.ReadOnly = true
	c := client(t, o)
	for _, method := range []string{"POST", "PATCH", "PUT", "DELETE"} {
		_, err := c.Do(t.Context(), planner.Request{Method: method, Path: "/api/atlas/v2/orgs", Version: "2023-01-01", Idempotent: true})
		if !errors.Is(err, atlas.ErrReadOnly) {
			t.Errorf("%s: %v", method, err)
		}
	}
	if _, err := c.Do(t.Context(), listOrgs); err != nil {
		t.Error(err)
	}
	for _, r := range s.Requests() {
		if r.Method != "GET" && !strings.HasPrefix(r.Path, "/api/oauth/") {
			t.Errorf("it sent %s %s", r.Method, r.Path)
		}
	}
}

// What is repeated, and what is not.
func TestRetries(t *testing.T) {
	post := planner.Request{Method: "POST", Path: "/api/atlas/v2/groups", Version: "2023-01-01", Body: map[string]any{"name": "x", "orgId": "0123456789abcdef01234567"}}
	for _, c := range []struct {
		name, fault string
		req         planner.Request
		retries     int
		unknown     bool // whether the outcome is unknown in the end
	}{
		{"a GET after 500", "GET /orgs=500:2", listOrgs, 2, false},
		{"a GET after 429", "GET /orgs=429:1", listOrgs, 1, false},
		{"a GET that is throttled for long", "GET /orgs=429:7", listOrgs, 7, false},
		{"a GET that stays broken", "GET /orgs=500", listOrgs, 5, true},
		{"a POST after 429", "POST /groups=429:1", post, 1, false},
		{"a POST after 503", "POST /groups=503:1", post, 1, false},
		{"a POST after 500", "POST /groups=500:1", post, 0, true},
		{"a POST after a broken connection", "POST /groups=reset-after:1", post, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, o := emulator(t, c.fault)
			cl := client(t, o)
			_, err := cl.Do(t.Context(), c.req)
			if got := cl.Stats().Retries; got != c.retries {
				t.Errorf("%d retries, want %d (%v)", got, c.retries, err)
			}
			var broken *spec.BrokenError
			var api *spec.APIError
			unknown := errors.As(err, &broken) || errors.As(err, &api) && api.Status >= 500
			if unknown != c.unknown {
				t.Errorf("outcome unknown: %v, want %v (%v)", unknown, c.unknown, err)
			}
		})
	}
}

// serve answers every API request in one way.
func serve(t *testing.T, answer http.HandlerFunc) (*atlas.Client, *atomic.Value) {
	t.Helper()
	var seen atomic.Value
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/oauth/token" {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
			return
		}
		seen.Store(r.Clone(context.Background()))
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return client(t, atlas.Options{BaseURL: s.URL, Version: "1.2.3", Credentials: atlas.Credentials{ClientID: "a", ClientSecret: "b"}}), &seen
}

func TestErrorsKeepWhatAtlasSays(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(400)
		fmt.Fprint(w, `{"error":400,"errorCode":"VALIDATION_ERROR","detail":"no","reason":"Bad Request","parameters":[{"p":1}],
			"badRequestDetail":{"fields":[{"field":"name","description":"too long"}]}}`)
	})
	_, err := c.Do(t.Context(), listOrgs)
	want := &spec.APIError{Method: "GET", Path: "/api/atlas/v2/orgs", Status: 400, Code: "VALIDATION_ERROR", Detail: "no", Reason: "Bad Request",
		Parameters: []any{map[string]any{"p": 1.0}}, Fields: []spec.FieldProblem{{Field: "name", Description: "too long"}}}
	var got *spec.APIError
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := err.Error(); s != "GET /api/atlas/v2/orgs: 400 VALIDATION_ERROR: no; name: too long" {
		t.Error(s)
	}
}

func TestOddAnswers(t *testing.T) {
	for _, c := range []struct {
		name, media, body string
		status            int
		want              string
	}{
		{"a page", "text/html", "<html>sentinel", 200, "the answer is text/html, not JSON"},
		{"a proxy's error", "text/html", "<html>sentinel", 400, "the answer is text/html, not JSON"},
		{"half an answer", "application/json", `{"results":[`, 200, "the answer is not whole JSON"},
		{"two answers", "application/json", `{} {}`, 200, "something follows the JSON"},
		{"a redirect", "", "", 302, "redirected to http://elsewhere.example/, which the Atlas API does not do"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cl, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.media)
				w.Header().Set("Location", "http://elsewhere.example/")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			req := listOrgs
			req.Idempotent = false
			_, err := cl.Do(t.Context(), req)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "sentinel") {
				t.Error(err)
			}
		})
	}
}

// An attempt that gets no answer ends, and whether it was carried out is not
// known. Waiting for a throttled bucket does not count as such.
func TestNoAnswer(t *testing.T) {
	_, o := emulator(t, "POST /groups=hang", "GET /orgs=429:1")
	o.Timeout = 300 * time.Millisecond
	c := client(t, o)
	_, err := c.Do(t.Context(), planner.Request{Method: "POST", Path: "/api/atlas/v2/groups", Version: "2023-01-01", Body: map[string]any{"name": "x", "orgId": "0123456789abcdef01234567"}})
	var broken *spec.BrokenError
	if !errors.As(err, &broken) || !strings.Contains(err.Error(), "no answer within 300ms") {
		t.Error(err)
	}
	if _, err := c.Do(t.Context(), listOrgs); err != nil { // waits a second
		t.Error(err)
	}
}

func TestWhatIsSent(t *testing.T) {
	c, seen := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	doc, err := c.Do(t.Context(), planner.Request{Method: "PATCH", Path: "/api/atlas/v2/a%20b/c%2Fd", Version: "2024-08-05",
		Query: map[string]any{"q": "1", "s": []string{"x", "y"}}, Body: map[string]any{"n": json.Number("1")}})
	if err != nil || doc != nil {
		t.Fatal(doc, err)
	}
	r := seen.Load().(*http.Request)
	for name, want := range map[string]string{
		"Accept": "application/vnd.atlas.2024-08-05+json", "Content-Type": "application/vnd.atlas.2024-08-05+json",
		"User-Agent": "atlasctl-sync/1.2.3", "Authorization": "Bearer t",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if r.RequestURI != "/api/atlas/v2/a%20b/c%2Fd?q=1&s=x&s=y" {
		t.Error(r.RequestURI)
	}
}

func TestBaseURL(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://cloud.mongodb.com": true, "https://cloud.mongodb.com/": true, "http://127.0.0.1:80": true, "http://localhost": true,
		"http://[::1]:1": true, "http://example.com": false, "ftp://x": false, "cloud.mongodb.com": false, "https://u:sentinel@h": false, "https://h?x": false,
	} {
		_, err := atlas.New(atlas.Options{BaseURL: base, Credentials: atlas.Credentials{ClientID: "a", ClientSecret: "b"}})
		if (err == nil) != ok {
			t.Errorf("%s: %v", base, err)
		}
		if err != nil && strings.Contains(err.Error(), "sentinel") {
			t.Error("a password is shown:", err)
		}
	}
}

// What to do is told by the error code, else by the status.
func TestHints(t *testing.T) {
	for _, c := range []struct {
		status     int
		code, want string
	}{
		{401, "UNAUTHORIZED", "check the credentials"},
		{403, "X", "the credentials lack a role, or this machine's address"},
		{403, "USER_UNAUTHORIZED", "(the credentials are good, but their roles do not allow this"},
		{401, "USER_UNAUTHORIZED", "(the credentials are good, but their roles do not allow this"}, // as some answers have it
		{403, "NOT_ORG_GROUP_CREATOR", "(the credentials need the role Organization Project Creator)"},
		{403, "NOT_ORG_OWNER", "(the credentials need the role Organization Owner)"},
		{403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "(this machine's address is not on the credentials' access list)"},
		{406, "INVALID_VERSION", "this Atlas does not know the API version"},
		{400, "CANNOT_DEMOTE_LAST_ORG_OWNER", "somebody else has to become Organization Owner first"},
		{404, "USER_NOT_IN_ORG", "--resend-invitations sends it again"},
		{409, "DATA_CONCURRENCY_ERROR", "run again"},
	} {
		cl, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(c.status)
			fmt.Fprintf(w, `{"error":%d,"errorCode":%q,"detail":"no"}`, c.status, c.code)
		})
		if _, err := cl.Do(t.Context(), listOrgs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d %s: %v", c.status, c.code, err)
		}
	}
}

// The credentials go nowhere else, whoever sends the token request on.
func TestTheTokenRequestIsNotRedirected(t *testing.T) {
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer other.Close()
	s := httptest.NewServer(http.RedirectHandler(other.URL+"/api/oauth/token", http.StatusTemporaryRedirect))
	defer s.Close()
	c := client(t, atlas.Options{BaseURL: s.URL, FirstWait: time.Millisecond, Credentials: atlas.Credentials{ClientID: "a", ClientSecret: "b"}})
	if _, err := c.Do(t.Context(), listOrgs); err == nil || !strings.Contains(err.Error(), "redirected to") || elsewhere > 0 {
		t.Error(err, elsewhere)
	}
}
