package sandbox_test

import (
	"strings"
	"testing"

	"github.com/mongodb-forks/digest"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const rolesSeed = `
organizations:
  - name: One
    users: [{username: o@example.com, roles: [ORG_OWNER]}, {username: m@example.com, roles: [ORG_MEMBER]}]
    teams: [{name: t}]
    serviceAccounts:
      - {name: reader, roles: [ORG_READ_ONLY], clientId: mdb_sa_id_000000000000000000000001, secrets: [{secret: mdb_sa_sk_reader}]}
      - {name: member, roles: [ORG_MEMBER], clientId: mdb_sa_id_000000000000000000000002, secrets: [{secret: mdb_sa_sk_member}]}
      - {name: creator, roles: [ORG_GROUP_CREATOR], clientId: mdb_sa_id_000000000000000000000003, secrets: [{secret: mdb_sa_sk_creator}]}
      - {name: owner, roles: [ORG_OWNER], clientId: mdb_sa_id_000000000000000000000004, secrets: [{secret: mdb_sa_sk_owner}]}
    apiKeys:
      - {name: key, publicKey: abcdefgh, privateKey: private-part, roles: [ORG_MEMBER]}
  - name: Two
    users: [{username: o@example.com, roles: [ORG_OWNER]}]
projects:
  - {name: a, organization: One, serviceAccounts: [{name: member, roles: [GROUP_OWNER]}], apiKeys: [{name: key, roles: [GROUP_READ_ONLY]}]}
  - {name: b, organization: One, serviceAccounts: [{name: member, roles: [GROUP_READ_ONLY]}]}
  - {name: c, organization: Two}
`

func TestEveryOperationHasARule(t *testing.T) {
	equal(t, strings.Join(sandbox.Unruled(), " "), "")
	equal(t, strings.Join(sandbox.Untold(), " "), "")
}

// as is a client of the sandbox with the rights of a seeded account.
func (a *atlas) as(account string) *atlas {
	id := map[string]string{"reader": "1", "member": "2", "creator": "3", "owner": "4"}[account]
	b := *a
	b.client = a.login("mdb_sa_id_"+strings.Repeat("0", 23)+id, "mdb_sa_sk_"+account)
	return &b
}

// What the roles of an account or a key do not allow is refused, and nothing
// that they do not let it see is shown.
func TestRoles(t *testing.T) {
	a := open(t, optionsOf(rolesSeed))
	one, two := "/orgs/"+a.get("/orgs").at("results.0.id"), "/orgs/"+a.get("/orgs").at("results.1.id")
	group := func(name string) string { return "/groups/" + a.get("/groups/byName/"+name).at("id") }
	pa, pb, pc := group("a"), group("b"), group("c")
	project := func(name string) string {
		return `{"name":"` + name + `","orgId":"` + strings.TrimPrefix(one, "/orgs/") + `"}`
	}

	reader := a.as("reader")
	equal(t, reader.get("/orgs").each("results", "name"), "One")
	equal(t, reader.get("/groups").each("results", "name"), "a b")
	for _, path := range []string{one, one + "/users", one + "/teams", one + "/serviceAccounts", one + "/settings", one + "/events", pa, pa + "/users", pb + "/limits"} {
		reader.get(path).want(200)
	}
	reader.get(pa+"/encryptionAtRest").want(403, "USER_UNAUTHORIZED") // takes an owner
	reader.get(two).want(403, "USER_UNAUTHORIZED")
	reader.get(pc).want(403, "USER_UNAUTHORIZED")
	reader.get("/groups/byName/c").want(404)
	reader.get("/groups/" + strings.Repeat("0", 24)).want(404)
	reader.post(one+"/teams", `{"name":"x"}`).want(403, "USER_UNAUTHORIZED")
	reader.post("/groups", project("x")).want(403, "NOT_ORG_GROUP_CREATOR")
	reader.patch(pa, `{"tags":[]}`).want(403)
	reader.delete(pa).want(403)

	member := a.as("member")
	equal(t, member.get("/groups").each("results", "name"), "a b")
	member.get(pa + "/encryptionAtRest").want(200)
	member.patch(pa, `{"tags":[]}`).want(200)
	member.get(pb).want(200)
	member.patch(pb, `{"tags":[]}`).want(403, "USER_UNAUTHORIZED")
	member.get(one + "/users").want(200)
	member.patch(one+"/settings", `{"genAIFeaturesEnabled":false}`).want(403)

	// Who creates a project owns it, and no other.
	creator := a.as("creator")
	equal(t, creator.get("/groups").at("totalCount"), "0")
	made := creator.post("/groups", project("made")).want(200)
	creator.patch("/groups/"+made.at("id"), `{"tags":[]}`).want(200)
	equal(t, creator.get("/groups").each("results", "name"), "made")
	creator.get(pa).want(403)

	owner := a.as("owner")
	owner.patch(pb, `{"tags":[]}`).want(200)
	owner.post(one+"/teams", `{"name":"x"}`).want(200)
	owner.post(two+"/teams", `{"name":"x"}`).want(403)
	self := one + "/serviceAccounts/mdb_sa_id_" + strings.Repeat("0", 23) + "4"
	owner.patch(self, `{"roles":["ORG_MEMBER"]}`).want(200)
	owner.patch(self, `{"roles":["ORG_OWNER"]}`).want(403) // it has just given that up

	key := *a
	key.client, _ = digest.NewTransport("abcdefgh", "private-part").Client()
	equal(t, key.get("/groups").each("results", "name"), "a")
	key.get(pa + "/teams").want(200)
	shown := key.get(one + "/apiKeys").want(200)
	equal(t, shown.each("results.0.roles", "roleName"), "ORG_MEMBER GROUP_READ_ONLY")
	equal(t, key.get(one+"/apiKeys/"+shown.at("results.0.id")).want(200).at("desc"), "key")
	equal(t, key.get(pa+"/apiKeys").want(200).at("totalCount"), "1")
	key.post(pa+"/apiKeys", `{"desc":"x","roles":["GROUP_OWNER"]}`).want(403, "USER_UNAUTHORIZED") // takes an access manager
	equal(t, member.get(pa+"/apiKeys").want(200).each("results", "publicKey"), "abcdefgh")
	equal(t, a.get(pb+"/apiKeys").want(200).at("totalCount"), "0")
	if strings.Contains(shown.body, "private-part") {
		t.Error("the private part is shown")
	}
	key.post(pa+"/teams", `[]`).want(403)
	key.client, _ = digest.NewTransport("abcdefgh", "another-part").Client()
	key.get("/groups").want(401)
}
