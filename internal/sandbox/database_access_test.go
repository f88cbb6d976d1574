package sandbox_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// user is the body of a database user with a password.
func (a *atlas) user(name, rest string) string {
	return `{"groupId":"` + a.project + `","databaseName":"admin","username":"` + name + `","password":"for-trials-only","roles":[{"roleName":"readWrite","databaseName":"shop"}]` + rest + `}`
}

func TestDatabaseUsers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	path := a.in("/databaseUsers")
	equal(t, a.get(path).want(200).at("totalCount"), "0")
	a.get(path+"/admin/app").want(404, "USERNAME_NOT_FOUND")

	made := a.post(path, a.user("app", `,"labels":[{"key":"a","value":"b"}]`)).want(201)
	equal(t, made.at("groupId")+made.at("x509Type")+made.at("scopes")+made.at("labels.0.key"), a.project+"NONE0a")
	equal(t, made.at("password")+made.at("description"), "")
	a.post(path, a.user("app", "")).want(409, "USER_ALREADY_EXISTS")

	// A PATCH merges members, and an array is replaced whole.
	one := path + "/admin/app"
	changed := a.patch(one, `{"description":"shop","roles":[{"roleName":"read","databaseName":"shop"}]}`).want(200)
	equal(t, changed.at("description")+changed.each("roles", "roleName")+changed.at("labels"), "shopread1")
	equal(t, a.patch(one, `{"description":""}`).want(200).at("description"), "")
	a.patch(one, `{"description":null}`).want(400, "VALIDATION_ERROR")
	a.patch(one, `{"username":"other"}`).want(409, "DATABASE_USERNAME_CANNOT_BE_CHANGED")
	a.patch(one, `{"x509Type":"MANAGED"}`).want(409, "AUTH_TYPE_CANNOT_BE_CHANGED")
	a.patch(one, `{"roles":[]}`).want(400)
	a.patch(one, `{"groupId":"`+strings.Repeat("0", 24)+`"}`).want(400, "GROUP_MISMATCH")

	// It survives, and its password is nowhere.
	a.server.Close()
	for _, file := range []string{"state.json", "journal.jsonl"} {
		if bytes.Contains(read(t, filepath.Join(dir, file)), []byte("for-trials-only")) {
			t.Errorf("the password is in %s", file)
		}
	}
	b := openAcme(t, sandbox.Options{Dir: dir})
	equal(t, b.get(one).want(200).at("roles.0.roleName"), "read")
	b.delete(one).want(204)
	b.delete(one).want(404)
	equal(t, b.get(path).at("totalCount"), "0")
	b.post(path, b.user("again", "")).want(201)
	b.delete("/groups/" + b.project)
}

// Each method has its database, and only one is without a password.
func TestDatabaseUserMethods(t *testing.T) {
	a := acme(t)
	path := a.in("/databaseUsers")
	post := func(username, database, more string) answer {
		t.Helper()
		return a.post(path, `{"groupId":"`+a.project+`","databaseName":"`+database+`","username":"`+username+`","roles":[{"roleName":"atlasAdmin","databaseName":"admin"}]`+more+`}`)
	}
	post("plain", "admin", "").want(400, "MISSING_ATTRIBUTE")
	post("plain", "$external", `,"password":"for-trials-only"`).want(400, "DATABASE_NAME_INVALID_ADMIN")
	post("CN=ana", "admin", `,"x509Type":"MANAGED"`).want(400, "DATABASE_NAME_INVALID_EXTERNAL")
	post("CN=ana", "$external", `,"x509Type":"MANAGED","password":"for-trials-only"`).want(400, "ATLAS_INVALID_AUTH_SETTINGS")
	post("CN=ana", "$external", `,"x509Type":"MANAGED","awsIAMType":"USER"`).want(400, "ATLAS_INVALID_AUTH_SETTINGS")
	post("CN=ana", "elsewhere", `,"x509Type":"MANAGED"`).want(400, "VALIDATION_ERROR")
	post("CN=ana,O=x", "$external", `,"x509Type":"MANAGED"`).want(201)
	arn := "arn:aws:iam::123456789012:role/app"
	post(arn, "$external", `,"awsIAMType":"ROLE"`).want(201)
	post("0123/devs", "admin", `,"oidcAuthType":"IDP_GROUP"`).want(201)

	// A name with slashes is one segment of a path, and the same name may be in
	// both databases.
	one := path + "/$external/arn:aws:iam::123456789012:role%2Fapp"
	equal(t, a.get(one).want(200).at("username"), arn)
	a.get(path + "/admin/" + strings.ReplaceAll(arn, "/", "%2F")).want(404)
	a.get(path + "/$external/arn:aws:iam::123456789012:role/app").want(404)
	a.post(path, a.user(arn, "")).want(201)
	equal(t, a.get(path).at("totalCount"), "4")
	a.delete(one).want(204)
	equal(t, a.get(path+"/admin/"+strings.ReplaceAll(arn, "/", "%2F")).want(200).at("databaseName"), "admin")
}

func TestDatabaseUsersExpire(t *testing.T) {
	a := acme(t)
	path := a.in("/databaseUsers")
	at := func(d time.Duration) string {
		return `,"deleteAfterDate":"` + a.clock.Now().Add(d).In(time.FixedZone("", 7200)).Format(time.RFC3339) + `"`
	}
	a.post(path, a.user("guest", at(-time.Hour))).want(400, "EXPIRATION_DATE_IN_PAST")
	a.post(path, a.user("guest", at(8*24*time.Hour))).want(400, "EXPIRATION_DATE_EXCEEDS_MAX")
	equal(t, a.post(path, a.user("guest", at(30*time.Minute))).want(201).at("deleteAfterDate"), "2026-01-01T12:30:00Z")
	a.post(path, a.user("stays", "")).want(201)
	a.clock.advance(29 * time.Minute)
	equal(t, a.get(path).each("results", "username"), "guest stays")
	a.clock.advance(time.Minute)
	equal(t, a.get(path).each("results", "username"), "stays")
	a.get(path + "/admin/guest").want(404)
	a.post(path, a.user("guest", "")).want(201) // the name is free again
	equal(t, a.get(path).each("results", "username"), "stays guest")
}

func TestCustomRoles(t *testing.T) {
	a := acme(t)
	path, users := a.in("/customDBRoles/roles"), a.in("/databaseUsers")
	equal(t, a.get(path).want(200).body, "[]\n") // a bare array
	find := `"actions":[{"action":"FIND","resources":[{"db":"shop","collection":"","cluster":false}]}]`
	made := a.post(path, `{"roleName":"reader",`+find+`}`).want(202)
	equal(t, made.at("actions.0.resources.0.cluster")+made.at("inheritedRoles"), "false0")
	a.post(path, `{"roleName":"reader",`+find+`}`).want(409, "ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS")
	a.post(path, `{"roleName":"read",`+find+`}`).want(400, "ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED")
	a.post(path, `{"roleName":"a b",`+find+`}`).want(400, "ATLAS_CUSTOM_ROLE_INVALID_NAME")
	a.post(path, `{"roleName":"empty"}`).want(400, "ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS")
	a.post(path, `{"roleName":"x","actions":[{"action":"DANCE","resources":[]}]}`).want(400, "VALIDATION_ERROR")
	a.post(path, `{"roleName":"x","actions":[{"action":"FIND","resources":[{"db":"shop","cluster":false}]}]}`).want(400, "VALIDATION_ERROR")
	a.post(path, `{"roleName":"x","inheritedRoles":[{"db":"admin","role":"nobody"}]}`).want(400, "ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE")
	twice := a.post(path, `{"roleName":"twice","actions":[{"action":"FIND","resources":[{"db":"a","collection":"","cluster":false}]},{"action":"INSERT","resources":[{"db":"a","collection":"","cluster":false}]},{"action":"FIND","resources":[{"db":"b","collection":"","cluster":false}]}]}`).want(202)
	equal(t, twice.each("actions", "action")+twice.at("actions.0.resources.1.db"), "FIND INSERTb") // joined
	a.delete(path + "/twice").want(204)
	a.post(path, `{"roleName":"child","inheritedRoles":[{"db":"admin","role":"reader"},{"db":"shop","role":"read"}]}`).want(202)
	a.patch(path+"/reader", `{"inheritedRoles":[{"db":"admin","role":"child"}]}`).want(400, "ATLAS_INVALID_CUSTOM_ROLE_CIRCULAR_DEPENDENCY")
	a.patch(path+"/reader", `{"roleName":"reader"}`).want(400, "INVALID_ATTRIBUTE")
	equal(t, a.patch(path+"/child", `{"inheritedRoles":[{"db":"admin","role":"reader"}]}`).want(200).at("roleName"), "child")

	// A user's custom role must be there, and is one of admin's.
	grant := func(name, roles string) string {
		return `{"groupId":"` + a.project + `","databaseName":"admin","username":"` + name + `","password":"for-trials-only","roles":[` + roles + `]}`
	}
	reader := `{"roleName":"reader","databaseName":"admin"}`
	a.post(users, grant("u", `{"roleName":"nobody","databaseName":"admin"}`)).want(404, "ATLAS_CUSTOM_ROLE_NOT_FOUND")
	a.post(users, grant("u", `{"roleName":"reader","databaseName":"shop"}`)).want(400, "UNSUPPORTED_ROLE")
	a.post(users, grant("u", `{"roleName":"backup","databaseName":"shop"}`)).want(400, "ATLAS_INVALID_ROLE_DATABASE")
	a.post(users, grant("u", reader+","+reader)).want(400, "DUPLICATE_DATABASE_ROLES")
	a.post(users, grant("u", reader)).want(201)

	// A role that is all that a user or a role has stays; others lose it.
	a.delete(path+"/reader").want(409, "ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS")
	a.patch(users+"/admin/u", `{"roles":[`+reader+`,{"roleName":"backup","databaseName":"admin"}]}`).want(200)
	a.delete(path+"/reader").want(409, "ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES")
	a.patch(path+"/child", `{`+find+`}`).want(200)
	a.delete(path + "/reader").want(204)
	equal(t, a.get(users+"/admin/u").each("roles", "roleName"), "backup")
	equal(t, a.get(path+"/child").want(200).at("inheritedRoles"), "0")
	a.get(path+"/reader").want(404, "ATLAS_CUSTOM_ROLE_NOT_FOUND")
}

func TestAccessList(t *testing.T) {
	a := acme(t)
	path := a.in("/accessList")
	a.post(path, `[]`).want(200)
	r := a.post(path, `[{"ipAddress":"192.0.2.7","comment":"office"},{"cidrBlock":"10.1.2.3/16"},{"awsSecurityGroup":"123456789012/sg-0a1b"}]`).want(200)
	equal(t, r.at("totalCount")+" "+r.each("results", "cidrBlock"), "3 192.0.2.7/32 10.1.0.0/16 ")
	equal(t, r.each("results", "ipAddress")+r.at("results.0.groupId"), "192.0.2.7  "+a.project)

	// An entry is one by its value, in whichever spelling; the POST replaces it.
	r = a.post(path, `[{"cidrBlock":"192.0.2.7/32"}]`).want(200)
	equal(t, r.at("totalCount")+r.at("results.0.comment")+r.at("results.0.ipAddress"), "3192.0.2.7")
	for _, entry := range []string{"192.0.2.7", "192.0.2.7%2F32", "10.1.0.0%2F16", "10.1.2.3%2F16", "123456789012%2Fsg-0a1b"} {
		a.get(path + "/" + entry).want(200)
	}
	equal(t, a.get(path+"/192.0.2.7/status").want(200).at("STATUS"), "PENDING")
	equal(t, a.get(path+"/192.0.2.7/status").want(200).at("STATUS"), "ACTIVE")
	a.get(path+"/192.0.2.8/status").want(404, "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND")
	a.get(path+"/192.0.2.0/24").want(404, "RESOURCE_NOT_FOUND")

	a.post(path, `[{"cidrBlock":"2001:DB8::1/32","comment":"six"},{"ipAddress":"::1"}]`).want(200)
	equal(t, a.get(path+"/2001:db8::%2F32").want(200).at("cidrBlock"), "2001:db8::/32")
	equal(t, a.get(path+"/0:0:0:0:0:0:0:1").want(200).at("cidrBlock"), "::1/128")

	a.post(path, `[{"ipAddress":"192.0.2.9","cidrBlock":"192.0.2.0/24"}]`).want(400, "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY")
	a.post(path, `[{"comment":"nothing"}]`).want(400, "MISSING_ONE_OF_THREE_ATTRIBUTES")
	a.post(path, `[{"cidrBlock":"192.0.2.0/99"}]`).want(400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION")
	a.post(path, `[{"ipAddress":"192.0.2.10"},{"ipAddress":"here"}]`).want(400)
	a.get(path + "/192.0.2.10").want(404) // whole or not at all
	a.post(path, `{"ipAddress":"192.0.2.10"}`).want(400, "VALIDATION_ERROR")

	soon := a.clock.Now().Add(time.Minute).Format(time.RFC3339)
	a.post(path, `[{"awsSecurityGroup":"sg-0a1b","deleteAfterDate":"`+soon+`"}]`).want(400, "NETWORK_PERMISSION_EXPIRATION_NOT_SUPPORTED")
	a.post(path, `[{"ipAddress":"192.0.2.11","deleteAfterDate":"`+soon+`"}]`).want(200)
	a.clock.advance(time.Minute)
	a.get(path + "/192.0.2.11").want(404)

	a.delete(path + "/10.1.0.0%2F16").want(204)
	a.delete(path + "/10.1.0.0%2F16").want(404)
	equal(t, a.get(path).at("totalCount"), "4")
}

// Entries that are added at the same time collide.
func TestAccessListWritesDoNotOverlap(t *testing.T) {
	a := openAcme(t, sandbox.Options{Latency: 100 * time.Millisecond})
	answers := make(chan int, 2)
	for _, ip := range []string{"192.0.2.1", "192.0.2.2"} {
		go func() { answers <- a.post(a.in("/accessList"), `[{"ipAddress":"`+ip+`"}]`).status }()
	}
	if one, two := <-answers, <-answers; one+two != 200+409 {
		t.Errorf("got %d and %d", one, two)
	}
}

func TestAccessRolesAndEvents(t *testing.T) {
	a := open(t, optionsOf(rolesSeed))
	pa, pb := "/groups/"+a.get("/groups/byName/a").at("id"), "/groups/"+a.get("/groups/byName/b").at("id")
	reader, member := a.as("reader"), a.as("member")
	reader.get(pa + "/databaseUsers").want(200)
	reader.post(pa+"/accessList", `[{"ipAddress":"192.0.2.7"}]`).want(403, "USER_UNAUTHORIZED")
	member.post(pb+"/accessList", `[{"ipAddress":"192.0.2.7"}]`).want(403, "USER_UNAUTHORIZED")
	member.post(pa+"/accessList", `[{"ipAddress":"192.0.2.7"}]`).want(200)
	a.patch(pb+"/serviceAccounts/mdb_sa_id_"+strings.Repeat("0", 23)+"2", `{"roles":["GROUP_DATABASE_ACCESS_ADMIN"]}`).want(200)
	member.post(pb+"/accessList", `[{"ipAddress":"192.0.2.7"}]`).want(403, "USER_UNAUTHORIZED")
	member.post(pb+"/customDBRoles/roles", `{"roleName":"r","inheritedRoles":[{"db":"admin","role":"read"}]}`).want(202) // what the role is for
	a.project = strings.TrimPrefix(pa, "/groups/")
	a.post(pa+"/databaseUsers", a.user("app", "")).want(201)
	a.patch(pa+"/databaseUsers/admin/app", `{"description":"x"}`).want(200)
	events := a.get(pa + "/events").want(200)
	equal(t, events.each("results", "eventTypeName"), "MONGODB_USER_UPDATED MONGODB_USER_ADDED NETWORK_PERMISSION_ENTRY_ADDED")
	equal(t, events.at("results.0.dbUserUsername")+" "+events.at("results.2.whitelistEntry"), "app 192.0.2.7/32")
}

func TestAccessLimits(t *testing.T) {
	a := acme(t)
	const limit = "/limits/atlas.project.security.networkAccess.entries"
	a.patch(a.in(limit), `{"value":2}`).want(200)
	a.post(a.in("/accessList"), `[{"ipAddress":"192.0.2.1"},{"ipAddress":"192.0.2.2"},{"ipAddress":"192.0.2.3"}]`).want(403, "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED")
	a.post(a.in("/accessList"), `[{"ipAddress":"192.0.2.1"},{"ipAddress":"192.0.2.2"}]`).want(200)
	a.post(a.in("/accessList"), `[{"ipAddress":"192.0.2.2","comment":"known"}]`).want(200)
	a.post(a.in("/accessList"), `[{"ipAddress":"192.0.2.3"}]`).want(403)
	equal(t, a.get(a.in(limit)).at("currentUsage"), "2")
}
