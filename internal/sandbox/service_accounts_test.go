package sandbox_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const account = `{"name":"ci","description":"d","roles":["ORG_MEMBER"],"secretExpiresAfterHours":720}`

func TestASecretIsShownOnce(t *testing.T) {
	a := acme(t)
	made := a.post(a.accounts(""), account).want(201)
	secret := made.at("secrets.0.secret")
	if secret == "" || made.at("secrets") != "1" {
		t.Fatalf("no first secret in %s", made.body)
	}
	a.token(made.at("clientId"), secret, clientCredentials).want(200)

	shown := a.get(a.accounts("/" + made.at("clientId"))).want(200)
	if strings.Contains(shown.body, secret) || !strings.HasSuffix(shown.at("secrets.0.maskedSecretValue"), secret[len(secret)-4:]) {
		t.Errorf("not masked: %s", shown.body)
	}
	equal(t, shown.at("secrets.0.expiresAt"), "2026-01-31T12:00:00Z")
	equal(t, shown.at("secrets.0.lastUsedAt"), "2026-01-01T12:00:00Z")
	a.post(a.accounts(""), account).want(201) // names are not unique
	equal(t, a.get(a.accounts("")).each("results", "name"), "sandbox-owner ci ci")
}

func TestAtMostTwoSecrets(t *testing.T) {
	a := acme(t)
	made := a.post(a.accounts(""), account).want(201)
	path := a.accounts("/" + made.at("clientId"))
	second := a.post(path+"/secrets", `{"secretExpiresAfterHours":8}`).want(201)
	equal(t, a.get(path).at("secrets.0.expiresAt"), "2026-01-08T12:00:00Z") // cut to a week

	a.clock.advance(8 * 24 * time.Hour)
	own := a.server.Credentials()
	a.client = a.login(own.ClientID, own.ClientSecret)
	a.token(made.at("clientId"), made.at("secrets.0.secret"), clientCredentials).want(401)
	a.post(path+"/secrets", `{"secretExpiresAfterHours":8}`).want(400, "SERVICE_ACCOUNT_MAX_SECRETS_REACHED")
	a.delete(path + "/secrets/" + second.at("id")).want(204)
	a.delete(path + "/secrets/" + second.at("id")).want(404)
	a.post(path+"/secrets", `{"secretExpiresAfterHours":8}`).want(201)
	a.post(path+"/secrets", `{"secretExpiresAfterHours":8761}`).want(400, "VALIDATION_ERROR")
}

func TestParallelSecretsCollide(t *testing.T) {
	a := openAcme(t, sandbox.Options{Latency: 150 * time.Millisecond})
	path := a.accounts("/" + a.post(a.accounts(""), account).want(201).at("clientId") + "/secrets")
	var both sync.WaitGroup
	var answers [2]answer
	for i := range answers {
		both.Go(func() { answers[i] = a.post(path, `{"secretExpiresAfterHours":8}`) })
	}
	both.Wait()
	if answers[0].status == 201 {
		answers[0], answers[1] = answers[1], answers[0]
	}
	answers[0].want(409, "DATA_CONCURRENCY_ERROR")
	answers[1].want(201)
}

func TestProjectAccounts(t *testing.T) {
	a := acme(t)
	made := a.post(a.in("/serviceAccounts"), strings.Replace(account, "ORG_MEMBER", "GROUP_OWNER", 1)).want(201)
	id := made.at("clientId")
	equal(t, made.at("roles.0"), "GROUP_OWNER")
	equal(t, a.get(a.in("/serviceAccounts/"+id)).want(200).at("roles.0"), "GROUP_OWNER")
	equal(t, a.get(a.accounts("/"+id)).want(200).at("roles.0"), "ORG_MEMBER")
	equal(t, a.get(a.accounts("/"+id+"/groups")).want(200).at("results.0.groupId"), a.project)
	a.patch(a.in("/serviceAccounts/"+id), `{"roles":["GROUP_READ_ONLY"],"name":null,"description":"other"}`).want(200)

	a.delete(a.in("/serviceAccounts/" + id)).want(204)
	a.get(a.in("/serviceAccounts/" + id)).want(404)
	a.token(id, made.at("secrets.0.secret"), clientCredentials).want(200) // it lives on

	a.post(a.in("/serviceAccounts/"+id+":invite"), `{"roles":["GROUP_OWNER"]}`).want(200)
	equal(t, a.get(a.in("/serviceAccounts")).each("results", "description"), "other")
	second := a.post(a.in("/serviceAccounts/"+id+"/secrets"), `{"secretExpiresAfterHours":8}`).want(201)
	a.delete(a.in("/serviceAccounts/" + id + "/secrets/" + second.at("id"))).want(204)
	a.delete(a.accounts("/" + id)).want(204)
	equal(t, a.get(a.in("/serviceAccounts")).at("results"), "0")
}

func TestAccountUpdate(t *testing.T) {
	a := acme(t)
	path := a.accounts("/" + a.post(a.accounts(""), account).want(201).at("clientId"))
	r := a.patch(path, `{"roles":["ORG_READ_ONLY"]}`).want(200)
	equal(t, r.at("name")+" "+r.at("roles.0"), "ci ORG_READ_ONLY")
	a.patch(path, `{"roles":[]}`).want(400)
	a.patch(path, `{"secretExpiresAfterHours":9}`).want(400, "INVALID_ATTRIBUTE")
}

// The time of a secret's last use is that of the last token.
func TestATokenIsAUseOfItsSecret(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir})
	made := a.post(a.accounts(""), account).want(201)
	equal(t, made.at("secrets.0.lastUsedAt"), "")
	second := a.post(a.accounts("/"+made.at("clientId")+"/secrets"), `{"secretExpiresAfterHours":8}`).want(201)
	a.clock.advance(30 * time.Minute)
	a.token(made.at("clientId"), second.at("secret"), clientCredentials).want(200)
	shown := func(b *atlas) string {
		return b.get(a.accounts("/"+made.at("clientId"))).want(200).each("secrets", "lastUsedAt")
	}
	equal(t, shown(a), " 2026-01-01T12:30:00Z")
	a.server.Close()
	equal(t, shown(open(t, sandbox.Options{Dir: dir})), " 2026-01-01T12:30:00Z")
}

func TestSeededSecrets(t *testing.T) {
	a := open(t, sandbox.Options{Seed: []byte(`
organizations:
  - name: One
    users: [{username: o@example.com, roles: [ORG_OWNER]}]
    serviceAccounts:
      - name: ci
        clientId: mdb_sa_id_0123456789abcdef01234567
        roles: [ORG_MEMBER]
        secrets:
          - {secret: mdb_sa_sk_known, createdAt: -48h, expiresAt: 100h, lastUsedAt: 2025-12-31T00:00:00Z}
          - {expiresAt: -1h}
`)})
	a.org = a.get("/orgs").at("results.0.id")
	one := a.get(a.accounts("/mdb_sa_id_0123456789abcdef01234567")).want(200)
	equal(t, one.each("secrets", "createdAt"), "2025-12-30T12:00:00Z 2026-01-01T12:00:00Z")
	equal(t, one.each("secrets", "expiresAt"), "2026-01-05T16:00:00Z 2026-01-01T11:00:00Z")
	equal(t, one.each("secrets", "lastUsedAt"), "2025-12-31T00:00:00Z ")
	equal(t, one.at("secrets.0.maskedSecretValue"), "mdb_sa_sk_...nown")
	a.token("mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_known", clientCredentials).want(200)
}
