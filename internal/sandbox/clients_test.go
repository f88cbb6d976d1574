package sandbox_test

import (
	"strings"
	"testing"

	"github.com/mongodb-forks/digest"
)

// sdk sends a request as the official Go SDK does: with the version that its
// release knows for the operation.
func (a *atlas) sdk(version, method, path, body string) answer {
	a.Helper()
	media := "application/vnd.atlas." + version + "+json"
	headers := []string{"Accept: " + media, "User-Agent: Go-http-client/1.1"}
	if body != "" {
		headers = append(headers, "Content-Type: "+media)
	}
	return a.do(method, path, body, headers...)
}

const old = "2023-01-01"

// tfRead is what the Terraform provider reads of a project, in its order.
func (a *atlas) tfRead(group string) (settings answer) {
	a.Helper()
	a.sdk(old, "GET", group, "").want(200)
	a.sdk(old, "GET", group+"/teams", "").want(200)
	a.sdk(old, "GET", group+"/limits", "").want(200)
	settings = a.sdk(old, "GET", group+"/settings", "").want(200)
	equal(a.TB, a.sdk(old, "GET", group+"/ipAddresses", "").want(200).at("services.clusters"), "0")
	equal(a.TB, a.sdk(old, "GET", group+"/managedSlowMs", "").want(200).body, "true\n")
	return settings
}

// The life of a mongodbatlas_project as the Terraform provider lives it.
func TestTerraformProject(t *testing.T) {
	a := acme(t)
	one := a.get(a.teams("/byName/platform")).at("id")
	two := a.sdk(old, "POST", a.teams(""), `{"name":"two"}`).want(200).at("id") // no usernames

	made := a.sdk(old, "POST", "/groups?projectOwnerId="+a.userID("ana"), `{"name":"Project 0","orgId":"`+a.org+`","withDefaultAlertsSettings":true,"tags":[]}`).want(200)
	equal(t, made.at("name"), "Project 0")
	group := "/groups/" + made.at("id")
	a.sdk(old, "POST", group+"/teams", `[{"roleNames":["GROUP_OWNER"],"teamId":"`+one+`"}]`).want(200)
	a.sdk(old, "PATCH", group+"/limits/atlas.project.deployment.clusters", `{"name":"atlas.project.deployment.clusters","value":26}`).want(200)
	settings := a.sdk(old, "GET", group+"/settings", "").want(200)
	a.sdk(old, "PATCH", group+"/settings", strings.Replace(settings.body, `"isSchemaAdvisorEnabled":true`, `"isSchemaAdvisorEnabled":false`, 1)).want(200)
	equal(t, a.tfRead(group).at("isSchemaAdvisorEnabled"), "false")
	a.sdk(old, "DELETE", group+"/managedSlowMs/disable", "").want(204)
	a.sdk(old, "POST", group+"/managedSlowMs/enable", "").want(204)

	// An update takes a team out, changes one without its id, and adds none.
	a.sdk(old, "PATCH", group, `{"name":"Project 1","tags":[{"key":"a","value":"b"}]}`).want(200)
	a.sdk(old, "POST", group+"/teams", `[{"roleNames":["GROUP_OWNER"],"teamId":"`+two+`"}]`).want(200)
	a.sdk(old, "DELETE", group+"/teams/"+one, "").want(204)
	a.sdk(old, "PATCH", group+"/teams/"+two, `{"roleNames":["GROUP_READ_ONLY"]}`).want(200)
	equal(t, a.sdk(old, "POST", group+"/teams", `[]`).want(200).each("results", "teamId"), two)
	a.sdk(old, "DELETE", group+"/limits/atlas.project.deployment.clusters", "").want(204)
	equal(t, a.sdk(old, "GET", group+"/limits/atlas.project.deployment.clusters", "").want(200).at("value"), "25")
	a.tfRead(group)

	// The data sources.
	a.sdk(old, "GET", "/groups/byName/Project%201", "").want(200)
	equal(t, a.sdk(old, "GET", "/groups?pageNum=0&itemsPerPage=0", "").want(200).at("results"), "2") // what the user left out
	a.sdk(old, "GET", "/groups?includeCount=true", "").want(200)
	a.sdk("2025-02-19", "GET", group+"/users?flattenTeams=true&includeOrgUsers=true", "").want(200)

	// It waits until no cluster is left, then deletes.
	equal(t, a.sdk("2024-08-05", "GET", group+"/clusters", "").want(200).at("totalCount"), "0")
	a.sdk(old, "DELETE", group, "").want(204)
	a.sdk(old, "GET", group, "").want(404, "GROUP_NOT_FOUND")
}

// A mongodbatlas_team, which looks people up by name and adds them by id.
func TestTerraformTeam(t *testing.T) {
	a := acme(t)
	made := a.sdk(old, "POST", a.teams(""), `{"name":"t","usernames":["ana@example.com"]}`).want(200)
	team := a.teams("/" + made.at("id"))
	equal(t, a.sdk(old, "GET", team+"/users", "").want(200).each("results", "username"), "ana@example.com")
	bo := a.sdk(old, "GET", "/users/byName/bo@example.com", "").want(200)
	equal(t, bo.at("roles.0.roleName"), "ORG_MEMBER")
	equal(t, a.sdk(old, "GET", "/users/"+bo.at("id"), "").want(200).at("username"), "bo@example.com")
	a.sdk(old, "GET", "/users/byName/nobody@example.com", "").want(404, "USERNAME_NOT_FOUND")
	a.sdk(old, "GET", "/users/byName/cy@example.com", "").want(404) // invited only
	equal(t, a.sdk(old, "POST", team+"/users", `[{"id":"`+bo.at("id")+`"}]`).want(200).at("totalCount"), "2")
	a.sdk(old, "POST", team+"/users", `[{"id":"`+a.userID("cy")+`"}]`).want(400, "USER_NOT_IN_ORG")
	a.sdk(old, "DELETE", team+"/users/"+bo.at("id"), "").want(204)
	a.sdk(old, "DELETE", team+"/users/"+bo.at("id"), "").want(404)
	a.sdk(old, "PATCH", team, `{"name":"u"}`).want(200)
	a.sdk(old, "DELETE", team, "").want(204)
	for _, body := range []string{`{"name":"n","usernames":null}`, `{"name":"m"}`} {
		equal(t, a.post(a.teams(""), body).want(200).at("usernames"), "0")
	}
}

// The ordinary commands of the Atlas CLI, which logs in with an API key.
func TestAtlasCLI(t *testing.T) {
	a := acme(t)
	own := a.server.Credentials()
	a.client, _ = digest.NewTransport(own.PublicKey, own.PrivateKey).Client()
	cli := func(method, path, body string) answer { t.Helper(); return a.sdk(old, method, path, body) }

	cli("GET", "/orgs?includeCount=true&itemsPerPage=100&name=&pageNum=1", "").want(200)
	cli("GET", "/groups?includeCount=true&itemsPerPage=100&pageNum=1", "").want(200)
	equal(t, cli("GET", a.in("/settings"), "").want(200).at("isDataExplorerEnabled"), "true")
	equal(t, cli("PATCH", a.in("/settings"), `{"isDataExplorerEnabled":false}`).want(200).at("isDataExplorerEnabled"), "false")
	cli("PATCH", a.in("/settings"), `{"isMagic":true}`).want(400, "INVALID_ATTRIBUTE")
	cli("GET", "/orgs/"+a.org+"/settings", "").want(200)

	invited := cli("POST", "/orgs/"+a.org+"/invites", `{"username":"new@example.com","roles":["ORG_MEMBER"],"groupRoleAssignments":[{"groupId":"`+a.project+`","roles":["GROUP_READ_ONLY"]}]}`).want(200)
	equal(t, invited.at("groupRoleAssignments.0.groupRole"), "GROUP_READ_ONLY")
	equal(t, cli("GET", "/orgs/"+a.org+"/invites?username=new@example.com", "").want(200).at("0.id"), invited.at("id"))
	cli("POST", "/orgs/"+a.org+"/invites", `{"username":"new@example.com","roles":["ORG_MEMBER"]}`).want(400)
	invite := "/orgs/" + a.org + "/invites/" + invited.at("id")
	equal(t, cli("PATCH", invite, `{"roles":["ORG_OWNER"]}`).want(200).at("roles.0"), "ORG_OWNER")
	equal(t, cli("PATCH", "/orgs/"+a.org+"/invites", `{"username":"new@example.com","roles":["ORG_READ_ONLY"]}`).want(200).at("roles.0"), "ORG_READ_ONLY")
	equal(t, cli("GET", invite, "").want(200).at("orgName"), "Acme")
	equal(t, a.get(a.users("?username=new@example.com")).at("results.0.orgMembershipStatus"), "PENDING")
	cli("DELETE", invite, "").want(204)
	cli("DELETE", invite, "").want(404)
	equal(t, a.get(a.users("?username=new@example.com")).at("totalCount"), "0")

	invited = cli("POST", a.in("/invites"), `{"username":"new@example.com","roles":["GROUP_OWNER"]}`).want(200)
	invite = a.in("/invites/" + invited.at("id"))
	cli("PATCH", a.in("/invites"), `{"username":"new@example.com","roles":["GROUP_READ_ONLY"]}`).want(200)
	cli("PATCH", invite, `{"roles":["GROUP_CLUSTER_MANAGER"]}`).want(200)
	equal(t, cli("GET", a.in("/invites"), "").want(200).at("0.roles.0"), "GROUP_CLUSTER_MANAGER")
	equal(t, cli("GET", invite, "").want(200).at("groupName"), "payments")
	cli("DELETE", invite, "").want(204)
	equal(t, cli("GET", a.in("/invites"), "").want(200).body, "[]\n")

	index := a.in("/serverless/legacy/performanceAdvisor/autoIndexing")
	cli("POST", index, "").want(400)
	cli("POST", index+"?enable=false", "").want(200)
	equal(t, cli("GET", index, "").want(200).body, "false\n")
	cli("GET", a.in("/serverless/none/performanceAdvisor/autoIndexing"), "").want(404)
}

func TestOrganizationSettings(t *testing.T) {
	a := acme(t)
	path := "/orgs/" + a.org + "/settings"
	r := a.patch(path, `{"multiFactorAuthRequired":true,"securityContact":"sec@example.com","customSessionTimeouts":{"absoluteSessionTimeoutInSeconds":7200,"idleSessionTimeoutInSeconds":600}}`).want(200)
	equal(t, r.at("multiFactorAuthRequired")+" "+r.at("securityContact")+" "+r.at("genAIFeaturesEnabled"), "true sec@example.com true")
	a.patch(path, `{"customSessionTimeouts":{"absoluteSessionTimeoutInSeconds":3600,"idleSessionTimeoutInSeconds":3700}}`).want(400)
	r = a.patch(path, `{"customSessionTimeouts":{"idleSessionTimeoutInSeconds":null},"securityContact":"","operationsContact":null}`).want(200)
	equal(t, r.at("customSessionTimeouts")+" "+r.at("securityContact"), "1 ")
	equal(t, a.patch(path, `{"customSessionTimeouts":null}`).want(200).at("customSessionTimeouts"), "")
	a.patch(path, `{"operationsContact":""}`).want(400)
	a.patch(path, `{"securityContact":null}`).want(400)
	a.patch(path, `{"customSessionTimeouts":{"idleSessionTimeoutInSeconds":299}}`).want(400)
	a.patch(path, `{"customSessionTimeouts":{"absoluteSessionTimeoutInSeconds":43201}}`).want(400)
	equal(t, a.patch(path, `{"operationsContact":"ops@example.com"}`).want(200).at("operationsContact"), "ops@example.com")
	equal(t, a.patch(path, `{"genAIFeaturesEnabled":false}`).want(200).at("operationsContact"), "ops@example.com")
	equal(t, a.patch(path, `{"operationsContact":null}`).want(200).at("operationsContact"), "")
	a.patch(path, `{"maxServiceAccountSecretValidityInHours":7}`).want(400)

	a.patch(path, `{"maxServiceAccountSecretValidityInHours":100}`).want(200)
	a.post(a.accounts(""), account).want(400, "VALIDATION_ERROR") // 720h
	made := a.post(a.accounts(""), strings.Replace(account, "720", "100", 1)).want(201)
	secrets := a.accounts("/" + made.at("clientId") + "/secrets")
	a.post(secrets, `{"secretExpiresAfterHours":101}`).want(400, "VALIDATION_ERROR")
	a.post(secrets, `{"secretExpiresAfterHours":100}`).want(201)
	a.post(a.in("/serviceAccounts"), strings.Replace(account, "ORG_MEMBER", "GROUP_OWNER", 1)).want(400, "VALIDATION_ERROR")
}

func TestProjectLimits(t *testing.T) {
	a := acme(t)
	all := a.get(a.in("/limits")).want(200)
	if strings.Contains(all.body, "dataFederation") || !strings.Contains(all.body, `"currentUsage":1`) {
		t.Errorf("got %s", all.body)
	}
	daily := a.in("/limits/dataFederation.bytesProcessed.daily")
	a.get(daily).want(404)
	equal(t, a.patch(daily, `{"value":5000}`).want(200).at("value"), "5000")
	if !strings.Contains(a.get(a.in("/limits")).body, "bytesProcessed.daily") {
		t.Error("a limit that was set is not listed")
	}
	a.delete(daily).want(204)
	a.get(daily).want(404)
	a.patch(a.in("/limits/atlas.project.deployment.clusters"), `{"value":101}`).want(400)
	a.patch(a.in("/limits/atlas.project.deployment.privateServiceConnectionsSubnetMask"), `{"value":19}`).want(400)
	a.patch(a.in("/limits/atlas.project.magic"), `{"value":1}`).want(400)
	if r := a.get(a.in("/dataFederation/lake/limits")).want(200); strings.Contains(r.body, "maximumLimit") {
		t.Errorf("a query limit has no maximum: %s", r.body)
	}
}

func TestAProjectInUseStays(t *testing.T) {
	a := open(t, optionsOf(`
organizations: [{name: A, users: [{username: o@example.com, roles: [ORG_OWNER]}]}]
projects: [{name: p, organization: A, dataFederation: [{name: lake}]}]
`))
	group := "/groups/" + a.get("/groups/byName/p").at("id")
	a.delete(group).want(409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_DATA_LAKES")
	a.delete(group + "/dataFederation/lake").want(204)
	a.delete(group).want(204)
}

// What happened is kept: who did what, and when.
func TestEvents(t *testing.T) {
	a := acme(t)
	org := "/orgs/" + a.org + "/events"
	equal(t, a.get(org).want(200).at("totalCount"), "0") // the seed is no deed
	team := a.post(a.teams(""), `{"name":"t"}`).want(200).at("id")
	a.clock.advance(1e9)
	a.post(a.teams("/"+team+":addUser"), `{"id":"`+a.userID("bo")+`"}`).want(200)
	a.post(a.teams("/"+team+":addUser"), `{"id":"`+a.userID("bo")+`"}`).want(200) // does nothing
	a.post(a.teams(""), `{"name":"t"}`).want(409)                                 // nor does this
	a.clock.advance(1e9)
	a.post(a.in("/teams"), `[{"teamId":"`+team+`","roleNames":["GROUP_OWNER"]}]`).want(200)
	a.patch(a.in("/settings"), `{"isExtendedStorageSizesEnabled":true,"isDataValidationEnabled":true}`).want(200)
	a.patch("/orgs/"+a.org+"/settings", `{"multiFactorAuthRequired":true,"restrictEmployeeAccess":true}`).want(200)

	all := a.get(org).want(200)
	equal(t, all.each("results", "eventTypeName"), "ORG_TWO_FACTOR_AUTH_REQUIRED ORG_EMPLOYEE_ACCESS_RESTRICTED TEAM_ADDED_TO_GROUP JOINED_TEAM TEAM_CREATED")
	equal(t, all.at("results.3.targetUsername")+" "+all.at("results.4.teamId")+" "+all.at("results.4.created"), "bo@example.com "+team+" 2026-01-01T12:00:00Z")
	equal(t, all.at("results.0.publicKey"), a.server.Credentials().ClientID)
	equal(t, a.get(org+"/"+all.at("results.3.id")+"?includeRaw=true").want(200).at("raw._t"), "JOINED_TEAM")
	a.get(org + "/" + strings.Repeat("0", 24)).want(404)
	equal(t, a.get(org+"?eventType=TEAM_CREATED&eventType=JOINED_TEAM").each("results", "eventTypeName"), "JOINED_TEAM TEAM_CREATED")
	equal(t, a.get(org+"?minDate=2026-01-01T12:00:01Z&maxDate=2026-01-01T12:00:01Z").each("results", "eventTypeName"), "JOINED_TEAM")
	equal(t, a.get(org+"?itemsPerPage=2&pageNum=2").each("results", "eventTypeName"), "TEAM_ADDED_TO_GROUP JOINED_TEAM")
	a.get(org + "?minDate=yesterday").want(400)

	equal(t, a.get(a.in("/events")).want(200).each("results", "eventTypeName"), "PROJECT_ENABLE_EXTENDED_STORAGE_SIZES_UPDATED TEAM_ADDED_TO_GROUP")
	equal(t, a.get(a.in("/events?excludedEventType=TEAM_ADDED_TO_GROUP")).at("totalCount"), "1")
	equal(t, a.get(a.in("/events?clusterNames=c")).at("totalCount"), "0")
	equal(t, a.get(a.in("/events/"+a.get(a.in("/events")).at("results.0.id"))).want(200).at("groupId"), a.project)

	// An API key has an id beside its public part.
	own := a.server.Credentials()
	a.client, _ = digest.NewTransport(own.PublicKey, own.PrivateKey).Client()
	a.post("/groups", `{"name":"new","orgId":"`+a.org+`"}`).want(200)
	last := a.get(org).want(200)
	equal(t, last.at("results.0.eventTypeName")+" "+last.at("results.0.publicKey"), "GROUP_CREATED "+own.PublicKey)
	if last.at("results.0.apiKeyId") == "" {
		t.Error("no apiKeyId")
	}
}

// Older clients ask /api/atlas/v1.0 and know no versions.
func TestTheOlderAPI(t *testing.T) {
	a := acme(t)
	const v1 = "/api/atlas/v1.0"
	r := a.do("GET", v1+"/groups?itemsPerPage=1", "", "Accept: application/json").want(200)
	equal(t, r.at("results.0.name")+" "+r.header.Get("Content-Type"), "payments application/json")
	if !strings.Contains(r.at("links.0.href"), v1+"/groups?") {
		t.Errorf("links to %s", r.at("links.0.href"))
	}
	a.do("GET", v1+"/groups/byName/payments", "").want(200)
	a.do("POST", v1+"/orgs/"+a.org+"/teams", `{"name":"t","usernames":[]}`).want(200)
	equal(t, a.do("GET", v1+"/orgs/"+a.org+"/users", "").want(200).at("results.0.emailAddress"), "ana@example.com") // as it was then
	a.do("GET", "/api/atlas/v1.5"+a.in("/clusters"), "").want(200)
	a.do("GET", v1+"/orgs/"+a.org+"/serviceAccounts", "").want(404, "RESOURCE_NOT_FOUND")
	a.do("GET", "/api/public/v1.0/groups", "").want(404, "RESOURCE_NOT_FOUND")
}
