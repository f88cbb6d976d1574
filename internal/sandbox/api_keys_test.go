package sandbox_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mongodb-forks/digest"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// loginKey lets a key make the next requests.
func (a *atlas) loginKey(public, private string) {
	a.client, _ = digest.NewTransport(public, private).Client()
}

func (a *atlas) keys(rest string) string { return "/orgs/" + a.org + "/apiKeys" + rest }

func TestOrganizationAPIKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	path := a.keys("")
	equal(t, a.get(path).want(200).at("totalCount"), "0")
	a.post(path, `{"desc":"ci"}`).want(400)
	a.post(path, `{"desc":"ci","roles":[]}`).want(400)
	a.post(path, `{"desc":"ci","roles":["GROUP_OWNER"]}`).want(400)
	a.post(path, `{"desc":"","roles":["ORG_MEMBER"]}`).want(400)
	made := a.post(path, `{"desc":"ci","roles":["ORG_READ_ONLY"]}`).want(200)
	private := made.at("privateKey")
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`).MatchString(private) || len(made.at("publicKey")) != 8 {
		t.Errorf("keys %s, %s", made.at("publicKey"), private)
	}
	equal(t, made.at("roles.0.roleName")+made.at("roles.0.orgId")+made.at("roles.0.groupId"), "ORG_READ_ONLY"+a.org)
	a.post(path, `{"desc":"ci","roles":["ORG_MEMBER"]}`).want(200) // descriptions need not differ
	one := path + "/" + made.at("id")
	equal(t, a.get(one).want(200).at("privateKey"), "********-****-****-"+private[len(private)-12:])

	// A PATCH merges, and the roles are replaced.
	equal(t, a.patch(one, `{"desc":"deploys"}`).want(200).at("roles.0.roleName"), "ORG_READ_ONLY")
	r := a.patch(one, `{"roles":["ORG_OWNER"]}`).want(200)
	equal(t, r.at("desc")+r.each("roles", "roleName"), "deploysORG_OWNER")
	a.patch(one, `{"roles":[]}`).want(400)
	events := a.get("/orgs/" + a.org + "/events").want(200)
	equal(t, events.each("results", "eventTypeName"), "API_KEY_ROLES_CHANGED API_KEY_DESCRIPTION_CHANGED API_KEY_CREATED API_KEY_CREATED")
	equal(t, events.at("results.0.targetPublicKey"), made.at("publicKey"))

	// It can log in, also when the sandbox has been started again.
	a.server.Close()
	for _, file := range []string{"state.json", "journal.jsonl"} {
		if bytes.Contains(read(t, filepath.Join(dir, file)), []byte(private)) {
			t.Errorf("the private key is in %s", file)
		}
	}
	b := openAcme(t, sandbox.Options{Dir: dir})
	own := b.client
	b.loginKey(made.at("publicKey"), private)
	equal(t, b.get(path).want(200).at("totalCount"), "2")
	b.client = own
	b.delete(one).want(204)
	b.get(one).want(404, "API_KEY_NOT_FOUND")
	b.loginKey(made.at("publicKey"), private)
	b.get(path).want(401)
}

func TestProjectAPIKeys(t *testing.T) {
	a := acme(t)
	path := a.in("/apiKeys")
	key := a.post(a.keys(""), `{"desc":"ci","roles":["ORG_MEMBER"]}`).want(200)
	one := path + "/" + key.at("id")
	a.patch(one, `{"roles":["GROUP_OWNER"]}`).want(404)
	a.post(one, `[]`).want(400)
	equal(t, a.post(one, `[{"roles":["GROUP_READ_ONLY"]}]`).want(204).body, "")
	a.post(one, `[{"roles":["GROUP_READ_ONLY"]}]`).want(409, "API_KEY_ALREADY_IN_GROUP")
	other := "/groups/" + a.post("/groups", `{"name":"other","orgId":"`+a.org+`"}`).want(200).at("id") + "/apiKeys"
	a.post(other+"/"+key.at("id"), `[{"roles":["GROUP_OWNER"]}]`).want(204)

	// The answers mix the roles of the organization and of all projects.
	listed := a.get(path).want(200)
	equal(t, listed.each("results.0.roles", "roleName"), "ORG_MEMBER GROUP_READ_ONLY GROUP_OWNER")
	equal(t, listed.at("results.0.roles.1.groupId"), a.project)
	r := a.patch(one, `{"roles":["GROUP_CLUSTER_MANAGER","GROUP_DATA_ACCESS_ADMIN"]}`).want(200)
	equal(t, r.each("roles", "roleName"), "ORG_MEMBER GROUP_CLUSTER_MANAGER GROUP_DATA_ACCESS_ADMIN GROUP_OWNER")
	a.patch(one, `{"roles":[]}`).want(400)

	a.loginKey(key.at("publicKey"), key.at("privateKey"))
	a.get(a.in("")).want(200)
	a.client = a.login(a.server.Credentials().ClientID, a.server.Credentials().ClientSecret)
	a.delete(one).want(204)
	a.delete(one).want(404)
	equal(t, a.get(path).at("totalCount"), "0")
	equal(t, a.get(a.keys("/"+key.at("id"))).want(200).each("roles", "roleName"), "ORG_MEMBER GROUP_OWNER")

	made := a.post(path, `{"desc":"of the project","roles":["GROUP_OWNER"]}`).want(200)
	equal(t, made.each("roles", "roleName"), "ORG_MEMBER GROUP_OWNER")
	if strings.Contains(made.at("privateKey"), "*") {
		t.Error("the private key is masked at its creation")
	}
	a.delete(a.keys("/" + made.at("id"))).want(204)
	equal(t, a.get(path).at("totalCount"), "0")
}

func TestAPIKeyAccessList(t *testing.T) {
	a := acme(t)
	own := a.client
	key := a.post(a.keys(""), `{"desc":"ci","roles":["ORG_OWNER"]}`).want(200)
	path := a.keys("/" + key.at("id") + "/accessList")
	equal(t, a.get(path).want(200).at("totalCount"), "0")
	a.post(path, `[{}]`).want(400)
	a.post(path, `[{"ipAddress":"192.0.2.7","cidrBlock":"10.0.0.0/8"}]`).want(400)
	a.post(path, `[{"ipAddress":"everywhere"}]`).want(400)
	r := a.post(path, `[{"ipAddress":"192.0.2.7"},{"cidrBlock":"10.1.2.3/16"},{"cidrBlock":"::1/128"}]`).want(200)
	equal(t, r.each("results", "cidrBlock")+" "+r.at("results.0.ipAddress")+r.at("results.1.ipAddress"), "192.0.2.7/32 10.1.0.0/16 ::1/128 192.0.2.7")
	a.post(path, `[{"cidrBlock":"192.0.2.7/32"}]`).want(409)
	equal(t, a.get(path+"/192.0.2.7").want(200).at("created"), "2026-01-01T12:00:00Z")
	equal(t, a.get(path+"/10.1.0.0%2F16").want(200).at("cidrBlock"), "10.1.0.0/16")
	a.get(path + "/192.0.2.8").want(404)

	// Who comes from elsewhere is refused, and cannot take away its own address.
	a.loginKey(key.at("publicKey"), key.at("privateKey"))
	a.get(path).want(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
	a.get("/orgs").want(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
	a.client = own
	a.post(path, `[{"ipAddress":"127.0.0.1"}]`).want(200)
	a.loginKey(key.at("publicKey"), key.at("privateKey"))
	a.get(path).want(200)
	a.delete(path+"/127.0.0.1").want(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")
	a.delete(path + "/192.0.2.7").want(204)
	a.client = own
	a.delete(path + "/127.0.0.1").want(204)
	a.delete(path + "/10.1.0.0%2F16").want(204)
	a.delete(path + "/127.0.0.1").want(404)
	equal(t, a.get(path).at("totalCount"), "1")
	last := a.get("/orgs/" + a.org + "/events")
	equal(t, last.at("results.0.whitelistEntry")+last.at("results.0.targetPublicKey"), "10.1.0.0/16"+key.at("publicKey"))
}

func TestServiceAccountAccessLists(t *testing.T) {
	a := acme(t)
	own := a.client
	made := a.post(a.accounts(""), strings.Replace(account, "ORG_MEMBER", "ORG_OWNER", 1)).want(201)
	id := made.at("clientId")
	org, project := a.accounts("/"+id+"/accessList"), a.in("/serviceAccounts/"+id+"/accessList")
	a.get(project).want(404)
	a.post(a.in("/serviceAccounts/"+id+":invite"), `{"roles":["GROUP_OWNER"]}`).want(200)
	equal(t, a.get(project).want(200).at("totalCount"), "0")

	r := a.post(project, `[{"ipAddress":"192.0.2.7"},{"cidrBlock":"10.0.0.0/8"}]`).want(200)
	equal(t, r.each("results", "ipAddress")+r.at("results.1.cidrBlock")+r.at("results.0.requestCount"), "192.0.2.7 10.0.0.0/80")
	equal(t, a.get(org).want(200).at("totalCount"), "0") // a list of its own
	a.post(project, `[{"ipAddress":"192.0.2.7"}]`).want(409)

	// The project's list is for what the account does there, the organization's
	// for everything.
	a.client = a.login(id, made.at("secrets.0.secret"))
	a.get(org).want(200)
	a.get(a.in("")).want(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
	a.post(org, `[{"cidrBlock":"127.0.0.0/8"}]`).want(200)
	a.delete(org+"/127.0.0.0%2F8").want(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")
	a.get(org).want(200)
	a.client = own
	a.delete(org + "/127.0.0.0%2F8").want(204)
	a.post(org, `[{"ipAddress":"192.0.2.7"}]`).want(200)
	a.client = a.login(id, made.at("secrets.0.secret"))
	a.get(org).want(403)
	a.client = own

	// It ends with the account's place in the project.
	a.delete(a.in("/serviceAccounts/" + id)).want(204)
	a.post(a.in("/serviceAccounts/"+id+":invite"), `{"roles":["GROUP_OWNER"]}`).want(200)
	equal(t, a.get(project).at("totalCount"), "0")
	a.delete(a.accounts("/" + id)).want(204)
}

// Once the organization requires access lists, whoever has none is out.
func TestAccessListsRequired(t *testing.T) {
	a := acme(t)
	own := a.client
	key := a.post(a.keys(""), `{"desc":"ci","roles":["ORG_OWNER"]}`).want(200)
	sa := a.post(a.accounts(""), account).want(201)
	settings := "/orgs/" + a.org + "/settings"
	a.patch(settings, `{"apiAccessListRequired":true}`).want(200)
	a.loginKey(key.at("publicKey"), key.at("privateKey"))
	a.get(settings).want(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
	a.client = a.login(sa.at("clientId"), sa.at("secrets.0.secret"))
	a.get("/orgs").want(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")

	a.client = own // the sandbox's own is let in
	a.post(a.keys("/"+key.at("id")+"/accessList"), `[{"cidrBlock":"127.0.0.1/32"}]`).want(200)
	a.loginKey(key.at("publicKey"), key.at("privateKey"))
	a.patch(settings, `{"apiAccessListRequired":false}`).want(200)
	a.client = a.login(sa.at("clientId"), sa.at("secrets.0.secret"))
	a.get("/orgs").want(200)
}

// The Terraform provider asks the root of the API whose key it has.
func TestWhoseKeyItIs(t *testing.T) {
	a := acme(t)
	none := a.get("/api/atlas/v2").want(200)
	equal(t, none.at("appName")+none.at("apiKey"), "MongoDB Atlas")
	key := a.post(a.keys(""), `{"desc":"ci","roles":["ORG_OWNER"]}`).want(200)
	a.post(a.keys("/"+key.at("id")+"/accessList"), `[{"ipAddress":"127.0.0.1"},{"cidrBlock":"10.0.0.0/8"}]`).want(200)
	own := a.server.Credentials()
	a.loginKey(own.PublicKey, own.PrivateKey)
	equal(t, a.get("/api/atlas/v2").want(200).at("apiKey.roles.0.orgId"), a.org)
	a.loginKey(key.at("publicKey"), key.at("privateKey"))
	mine := a.get("/api/atlas/v2").want(200)
	equal(t, mine.at("apiKey.id")+mine.at("apiKey.roles.0.roleName")+mine.at("apiKey.accessList.0.ipAddress")+mine.at("apiKey.accessList"), key.at("id")+"ORG_OWNER127.0.0.12")
	a.post("/api/atlas/v2", "").want(405)
	a.get("/api/atlas/v2/").want(404)
}
