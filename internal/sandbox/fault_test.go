package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mongodb-forks/digest"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestStatusFaults(t *testing.T) {
	a := openAcme(t, sandbox.Options{Faults: []string{
		"POST /orgs/*/teams=500:1",
		"* /orgs/**=429:1",
		"POST /orgs/*/users/*:addRole=409/ODD_CODE",
		"GET /groups=html:1",
	}})
	team := `{"name":"t","usernames":[]}`
	a.post(a.teams(""), team).want(500, "UNEXPECTED_ERROR")
	equal(t, a.post(a.teams(""), team).want(429, "RATE_LIMITED").header.Get("Retry-After"), "1")
	a.post(a.teams(""), team).want(200)
	a.post(a.users("/"+a.userID("bo")+":addRole"), `{"orgRole":"ORG_OWNER"}`).want(409, "ODD_CODE")
	if r := a.get("/groups").want(502); !strings.HasPrefix(r.body, "<html>") {
		t.Errorf("got %s", r.body)
	}
	equal(t, a.get("/groups").want(200).at("totalCount"), "1")
}

func TestBrokenConnections(t *testing.T) {
	injected := make(chan string, 3)
	ctx, giveUp := context.WithCancel(context.Background())
	a := openAcme(t, sandbox.Options{
		Faults: []string{"POST /orgs/*/teams=reset:1", "POST /orgs/*/teams=reset-after:1", "POST /groups=hang"},
		Tap: func(e sandbox.Exchange) {
			if e.Injected != "" {
				injected <- e.Injected
			}
			if strings.HasSuffix(e.Injected, "hang") {
				giveUp()
			}
		},
	})
	broken := func(path, body, rule string) {
		t.Helper()
		r, _ := http.NewRequestWithContext(ctx, "POST", a.url+"/api/atlas/v2"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if res, err := a.client.Do(r); err == nil {
			res.Body.Close()
			t.Fatalf("%s answered %s", path, res.Status)
		}
		equal(t, <-injected, rule)
	}
	broken(a.teams(""), `{"name":"one","usernames":[]}`, "POST /orgs/*/teams=reset:1")
	a.get(a.teams("/byName/one")).want(404)
	broken(a.teams(""), `{"name":"two","usernames":[]}`, "POST /orgs/*/teams=reset-after:1")
	a.get(a.teams("/byName/two")).want(200)
	broken("/groups", `{"name":"x","orgId":"`+a.org+`"}`, "POST /groups=hang")
}

// An ignored write is answered as a real one is, and leaves no trace.
func TestIgnoredWrites(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir, Faults: []string{"DELETE /orgs/*/users/*=ignore:1", "POST /orgs/*/teams=ignore:1", "PATCH /groups/*=ignore"}})
	bo := a.userID("bo")
	a.delete(a.users("/" + bo)).want(204)
	a.get(a.users("/" + bo)).want(200)
	made := a.post(a.teams(""), `{"name":"t","usernames":[]}`).want(200)
	a.get(a.teams("/" + made.at("id"))).want(404)
	a.delete(a.users("/none")).want(400) // what is refused stays refused
	equal(t, a.patch("/groups/"+a.project, `{"name":"other"}`).want(200).at("name"), "other")
	a.post(a.teams(""), `{"name":"u","usernames":[]}`).want(200) // the next write saves no ignored one
	a.server.Close()
	b := open(t, sandbox.Options{Dir: dir})
	equal(t, b.get("/groups").each("results", "name"), "payments")
	equal(t, b.get(a.teams("")).each("results", "name"), "platform u")
}

func TestFaultsAtTheTokenEndpointAndSlowOnes(t *testing.T) {
	a := open(t, sandbox.Options{Faults: []string{"POST /api/oauth/token=503:1", "GET /orgs=slow/30ms"}})
	own := a.server.Credentials()
	a.token(own.ClientID, own.ClientSecret, clientCredentials).want(503)
	begun := time.Now()
	a.get("/orgs").want(200)
	if time.Since(begun) < 30*time.Millisecond {
		t.Error("not slow")
	}
}

func TestADigestExchangeIsOneStrike(t *testing.T) {
	a := open(t, sandbox.Options{Faults: []string{"GET /orgs=500:1"}})
	own := a.server.Credentials()
	a.client, _ = digest.NewTransport(own.PublicKey, own.PrivateKey).Client()
	a.get("/orgs").want(500)
	a.get("/orgs").want(200)
}

func TestBadRulesShowTheGrammar(t *testing.T) {
	for _, rule := range []string{"", "GET", "GET /x", "FETCH /x=500", "GET x=500", "GET /x=200", "GET /x=500:0", "GET /x=slow/soon", "GET /x=explode"} {
		_, err := sandbox.Open(sandbox.Options{Faults: []string{rule}})
		if err == nil || !strings.Contains(err.Error(), "PATHGLOB") {
			t.Errorf("%q: %v", rule, err)
		}
	}
	for _, rule := range []string{"", "5", "x/1s", "0/1s", "5/x", "cheese=5/1s"} {
		_, err := sandbox.Open(sandbox.Options{RateLimit: []string{rule}})
		if err == nil || !strings.Contains(err.Error(), "CAPACITY") {
			t.Errorf("%q: %v", rule, err)
		}
	}
}

func TestRateLimits(t *testing.T) {
	a := openAcme(t, sandbox.Options{RateLimit: []string{"teams=2/10s"}})
	equal(t, a.get(a.teams("")).want(200).header.Get("RateLimit-Remaining"), "1")
	a.get(a.teams("")).want(200)
	over := a.get(a.teams("")).want(429, "RATE_LIMITED")
	equal(t, over.header.Get("Retry-After")+" "+over.header.Get("RateLimit-Limit")+" "+over.header.Get("RateLimit-Remaining"), "5 2 0")
	a.get(a.users("")).want(200) // another set
	a.clock.advance(5 * time.Second)
	a.get(a.teams("")).want(200)
	a.get(a.teams("")).want(429)

	one := a.get("/rateLimits/teams").want(200)
	equal(t, one.at("capacity.value")+" "+one.at("refillRate.value")+" "+one.at("refillDurationSeconds.value")+" "+one.at("scope"), "2 2 10 ORGANIZATION")
	equal(t, a.get("/rateLimits?name=Teams").want(200).at("results"), "1")
	equal(t, a.get("/rateLimits?endpointPath=%2Fapi%2Fatlas%2Fv2%2Fgroups").each("results", "endpointSetId"), "projects")
	equal(t, a.get("/rateLimits?ipAddress=127.0.0.1").each("results", "scope"), "IP")
	a.get("/rateLimits/none").want(404)
}
