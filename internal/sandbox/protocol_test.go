package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestAcceptChoosesTheVersion(t *testing.T) {
	a := acme(t)
	media := func(date string) string { return "application/vnd.atlas." + date + "+json" }
	for _, c := range []struct {
		accept, answers string // an empty answer is a refusal
	}{
		{media("2023-01-01"), media("2023-01-01")},
		{media("2024-06-30"), media("2023-01-01")},
		{media("2025-02-19"), media("2025-02-19")},
		{media("2031-01-01"), media("2025-02-19")},
		{"application/json", media("2025-02-19")},
		{"text/html, */*;q=0.1", media("2025-02-19")},
		{media("2022-12-31"), ""},
		{media("2025-13-45"), ""},
		{media("yesterday"), ""},
		{"text/html", ""},
	} {
		r := a.do("GET", a.users(""), "", "Accept: "+c.accept)
		if c.answers == "" {
			r.want(406)
			equal(t, r.header.Get("Content-Type"), "application/json")
			continue
		}
		equal(t, r.want(200).header.Get("Content-Type"), c.answers)
	}
	a.do("POST", a.users(""), `{}`, "Accept: "+media("2023-01-01")).want(406) // that operation is younger
}

func TestBodiesNeedAKnownMediaType(t *testing.T) {
	a := acme(t)
	for kind, status := range map[string]int{
		"application/json":                      200,
		"application/json; charset=utf-8":       200,
		"application/vnd.atlas.2025-02-19+json": 200,
		"application/vnd.atlas.2022-01-01+json": 415,
		"application/x-www-form-urlencoded":     415,
		"":                                      415,
	} {
		a.do("POST", a.teams(""), fmt.Sprintf(`{"name":%q,"usernames":[]}`, "for "+kind), "Content-Type: "+kind).want(status)
	}
	r, _ := http.NewRequest("POST", a.url+"/api/atlas/v2"+a.teams(""), io.MultiReader(strings.NewReader(`{"name":"chunked",`), strings.NewReader(`"usernames":[]}`)))
	r.Header.Set("Content-Type", "application/json")
	a.send(a.client, r).want(200)
}

func TestRoutes(t *testing.T) {
	a := acme(t)
	a.get("/nonsense").want(404, "RESOURCE_NOT_FOUND")
	a.get(a.users("/"+a.userID("ana")+":sing")).want(404, "RESOURCE_NOT_FOUND")
	a.get("/api/atlas/v1/orgs").want(404, "RESOURCE_NOT_FOUND")
	a.get("/orgs/nonsense").want(400, "INVALID_PATH_PARAMETER")
	a.get("/orgs/"+strings.Repeat("0", 24)).want(404, "ORG_NOT_FOUND")
	equal(t, a.delete("/orgs").want(405).header.Get("Allow"), "GET")
	equal(t, a.do("PUT", "/groups", "{}").want(405).header.Get("Allow"), "GET, POST")
}

func TestNamesInPathsAreDecodedOnce(t *testing.T) {
	a := acme(t)
	id := a.post(a.teams(""), `{"name":"my team/1 100%25","usernames":[]}`).want(200).at("id")
	equal(t, a.get(a.teams("/byName/my%20team%2F1%20100%2525")).want(200).at("id"), id)
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	a := acme(t)
	r := a.post(a.teams(""), `{"name":"x","usernames":[],"colour":"red"}`).want(400, "INVALID_ATTRIBUTE")
	equal(t, r.at("detail"), "Invalid attribute colour specified.")
	r = a.post("/groups", `{"name":"x","orgId":"`+a.org+`","tags":[{"key":"a","value":"b","more":1}]}`).want(400, "INVALID_ATTRIBUTE")
	equal(t, r.at("detail"), "Invalid attribute tags[0].more specified.")
	a.post(a.teams(""), `{"name":"y","usernames":[],"id":"ignored","links":[]}`).want(200)
}

func TestBadFieldsAreNamed(t *testing.T) {
	a := acme(t)
	for _, c := range []struct{ path, body, fields string }{
		{a.teams(""), `{"usernames":"ana"}`, "usernames name"},
		{a.teams(""), `[]`, "body"},
		{a.teams(""), `{"name":null,"usernames":["a","a"]}`, "name usernames"},
		{a.users(""), `{"username":"no address","roles":{"orgRoles":[]}}`, "roles.orgRoles username"},
		{a.users(""), `{"username":"x@example.com","roles":{"orgRoles":["KING"]}}`, "roles.orgRoles[0]"},
		{a.accounts(""), `{"name":"a/b","description":"d","roles":["ORG_MEMBER"],"secretExpiresAfterHours":7}`, "name secretExpiresAfterHours"},
		{"/groups", `{"name":"no/slash","orgId":"x"}`, "name orgId"},
	} {
		r := a.post(c.path, c.body).want(400, "VALIDATION_ERROR")
		equal(t, r.each("badRequestDetail.fields", "field"), c.fields)
	}
	for _, broken := range []string{"{", "{} {}", " "} {
		a.post(a.teams(""), broken).want(400, "INVALID_JSON")
	}
}

func TestPaging(t *testing.T) {
	a := acme(t)
	for i := range 5 {
		a.post(a.teams(""), fmt.Sprintf(`{"name":"t%d","usernames":[]}`, i)).want(200)
	}
	first := a.get(a.teams("?itemsPerPage=4")).want(200)
	equal(t, first.each("results", "name"), "platform t0 t1 t2")
	equal(t, first.at("totalCount"), "6")
	equal(t, first.each("links", "rel"), "self next")
	second := a.get(a.teams("?itemsPerPage=4&pageNum=2&includeCount=false")).want(200)
	equal(t, second.each("results", "name"), "t3 t4")
	equal(t, second.at("totalCount"), "")
	equal(t, a.get(a.teams("?itemsPerPage=4&pageNum=9")).at("results"), "0")
	for _, bad := range []string{"itemsPerPage=-1", "itemsPerPage=501", "pageNum=-1", "includeCount=maybe"} {
		a.get(a.teams("?" + bad)).want(400)
	}
}

func TestEnvelopeAndPretty(t *testing.T) {
	a := acme(t)
	list := a.get("/orgs?envelope=true")
	equal(t, list.at("status")+" "+list.at("results.0.name"), "200 Acme")
	equal(t, a.get("/orgs/"+a.org+"?envelope=true").at("content.name"), "Acme")
	equal(t, a.get(a.in("/managedSlowMs?envelope=true")).at("content"), "true")
	equal(t, a.get("/nonsense?envelope=true").want(404).at("content.errorCode"), "RESOURCE_NOT_FOUND")
	if body := a.get("/orgs?pretty=true").body; !strings.Contains(body, "\n  ") {
		t.Errorf("not pretty: %s", body)
	}
}

func TestListenIsForLoopbackOnly(t *testing.T) {
	s, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, addr := range []string{":0", "0.0.0.0:0", "192.0.2.1:80", "example.com:80", "nonsense"} {
		if l, err := sandbox.Listen(addr, s); err == nil {
			l.Close()
			t.Errorf("%s was accepted", addr)
		}
	}
}
