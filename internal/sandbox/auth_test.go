package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mongodb-forks/digest"
)

func TestBothWaysInWork(t *testing.T) {
	a := acme(t)
	a.get("/orgs").want(200)

	own := a.server.Credentials()
	key, err := digest.NewTransport(own.PublicKey, own.PrivateKey).Client()
	if err != nil {
		t.Fatal(err)
	}
	a.client = key
	a.get("/orgs?name=ac%20me").want(200)
	created := a.post(a.teams(""), `{"name":"by digest","usernames":[]}`).want(200)
	a.delete(a.teams("/" + created.at("id"))).want(204)
}

func TestNobodyComesInWithoutCredentials(t *testing.T) {
	a := acme(t)
	own := a.server.Credentials()
	wrong, _ := digest.NewTransport(own.PublicKey, "wrong").Client()
	for name, client := range map[string]*http.Client{
		"nothing":          http.DefaultClient,
		"wrong digest key": wrong,
	} {
		t.Run(name, func(t *testing.T) {
			a.client = client
			for _, path := range []string{"/orgs", "/no/such/thing"} {
				r := a.get(path).want(401, "UNAUTHORIZED")
				equal(t, r.at("error"), "401")
				challenges := r.header.Values("WWW-Authenticate")
				if len(challenges) != 2 || !strings.HasPrefix(challenges[0], "Digest ") || !strings.HasPrefix(challenges[1], "Bearer ") {
					t.Errorf("challenges %q", challenges)
				}
			}
		})
	}
	a.client = http.DefaultClient
	a.do("GET", "/orgs", "", "Authorization: Bearer nonsense").want(401)
}

func TestDigestNoncesAgeAndAreUsedOnce(t *testing.T) {
	a := acme(t)
	own := a.server.Credentials()
	var header string
	key := digest.NewTransportWithHTTPRoundTripper(own.PublicKey, own.PrivateKey, roundTrip(func(r *http.Request) (*http.Response, error) {
		if h := r.Header.Get("Authorization"); h != "" {
			header = h
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
	a.client = &http.Client{Transport: key}
	a.get("/orgs").want(200)

	a.client = http.DefaultClient
	replayed := a.do("GET", "/orgs", "", "Authorization: "+header).want(401)
	if !strings.Contains(replayed.header.Get("WWW-Authenticate"), "stale=true") {
		t.Error("a replay should only be asked for a new nonce")
	}
	a.do("GET", "/groups", "", "Authorization: "+header).want(401) // of another request
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// token asks the token endpoint the way curl would.
func (a *atlas) token(id, secret string, form url.Values) answer {
	a.Helper()
	r, _ := http.NewRequest("POST", a.url+"/api/oauth/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(id, secret)
	return a.send(http.DefaultClient, r)
}

var clientCredentials = url.Values{"grant_type": {"client_credentials"}}

func TestTokenEndpoint(t *testing.T) {
	a := acme(t)
	own := a.server.Credentials()
	ok := a.token(own.ClientID, own.ClientSecret, clientCredentials).want(200)
	equal(t, ok.at("expires_in"), "3600")
	equal(t, ok.at("token_type"), "Bearer")
	equal(t, a.token(own.ClientID, "wrong", clientCredentials).want(401).at("error"), "invalid_client")
	equal(t, a.token("nobody", "", clientCredentials).want(401).at("error"), "invalid_client")
	equal(t, a.token(own.ClientID, own.ClientSecret, nil).want(400).at("error"), "unsupported_grant_type")
	a.do("GET", "/api/oauth/token", "").want(405)
}

func TestTokensDie(t *testing.T) {
	for name, kill := range map[string]func(a *atlas, id, secretID, secret, token string){
		"with their hour": func(a *atlas, _, _, _, _ string) { a.clock.advance(time.Hour) },
		"with their secret": func(a *atlas, id, secretID, _, _ string) {
			a.delete(a.accounts("/" + id + "/secrets/" + secretID)).want(204)
		},
		"with their account": func(a *atlas, id, _, _, _ string) { a.delete(a.accounts("/" + id)).want(204) },
		"when revoked": func(a *atlas, id, _, secret, token string) {
			r, _ := http.NewRequest("POST", a.url+"/api/oauth/revoke", strings.NewReader("token="+token))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.SetBasicAuth(id, secret)
			a.send(http.DefaultClient, r).want(200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := acme(t)
			made := a.post(a.accounts(""), `{"name":"n","description":"d","roles":["ORG_MEMBER"],"secretExpiresAfterHours":8}`).want(201)
			id, secret := made.at("clientId"), made.at("secrets.0.secret")
			token := a.token(id, secret, clientCredentials).want(200).at("access_token")
			bearer := "Authorization: Bearer " + token

			owner := a.client
			a.client = http.DefaultClient
			a.do("GET", "/orgs", "", bearer).want(200)
			a.client = owner
			kill(a, id, made.at("secrets.0.id"), secret, token)
			a.client = http.DefaultClient
			a.do("GET", "/orgs", "", bearer).want(401)
		})
	}
}
