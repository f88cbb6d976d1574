package contract

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestEverySchemaCompiles covers all operations in all versions: cycles and
// patterns that cannot be compiled show here and not in some other test.
func TestEverySchemaCompiles(t *testing.T) {
	d := official()
	try := func(r *route, s *api.Schema, dir direction) {
		if s == nil {
			return
		}
		if _, err := d.schemas.validate(s, dir, map[string]any{}); err != nil {
			t.Errorf("%s, %s: %v", r.ID, dir, err)
		}
	}
	compiled := map[string]bool{}
	for _, r := range d.routes {
		compiled[r.ID] = true
		for _, p := range r.Parameters {
			try(r, p.Schema, toAtlas)
		}
		for _, body := range r.Requests {
			try(r, body.Schema, toAtlas)
		}
		for _, answer := range r.Answers {
			for _, body := range answer {
				try(r, body.Schema, fromAtlas)
			}
		}
	}
	for _, id := range []string{
		"listOrgUsers", "createOrgUser", "listGroups", "createGroup", "addGroupUserRole", "createOrgTeam",
		"createOrgServiceAccount", "updateGroupEncryptionAtRest", "getGroupManagedSlowMs",
		"setGroupDataFederationLimit", "listGroupPrivateEndpointServerlessInstanceEndpoint",
		"updateGroupPrivateEndpointServerlessInstanceEndpoint", "addGroupTeams", "listRateLimits",
	} {
		if !compiled[id] {
			t.Errorf("the description has no operation %s", id)
		}
	}
}

// TestNoChoiceOfChildrenIsEndless follows every discriminator with every value
// that it maps.
func TestNoChoiceOfChildrenIsEndless(t *testing.T) {
	d := official()
	for _, name := range d.facts.Schemas() {
		s := d.facts.Schema(name)
		if s.Discriminator == nil {
			continue
		}
		for _, value := range slices.Sorted(maps.Keys(s.Discriminator.Mapping)) {
			wrong, err := d.schemas.validate(s, fromAtlas, map[string]any{s.Discriminator.Property: value})
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range wrong {
				if strings.Contains(w, "resolve to") {
					t.Errorf("%s, %s: %s", name, value, w)
				}
			}
		}
	}
}

func TestAtlas(t *testing.T) {
	const (
		id      = "0123456789abcdef01234567"
		org     = "/api/atlas/v2/orgs/" + id
		group   = "/api/atlas/v2/groups/" + id
		active  = `{"id":"` + id + `","orgMembershipStatus":"ACTIVE","roles":{"orgRoles":["ORG_MEMBER"]},"username":"a@example.org","createdAt":"2024-01-01T00:00:00Z","firstName":"A","lastName":"B","mobileNumber":"2125550123"}`
		pending = `{"id":"` + id + `","orgMembershipStatus":"PENDING","roles":{"orgRoles":["ORG_MEMBER"]},"username":"a@example.org","invitationCreatedAt":"2024-01-01T00:00:00Z","invitationExpiresAt":"2024-02-01T00:00:00Z","inviterUsername":"b@example.org"}`
		project = `{"id":"` + id + `","name":"p","orgId":"` + id + `","clusterCount":0,"created":"2024-01-01T00:00:00Z"}`
		limit   = `{"name":"bytesProcessed.query","value":10,"overrunPolicy":"BLOCK"}`
		aws     = `[{"_id":"` + id + `","comment":"c","providerName":"AWS","status":"RESERVED","endpointServiceName":"com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"}]`
	)
	// in makes an exchange in a version of the operation's own.
	in := func(date, method, target, sent string, status int, answer string) sandbox.Exchange {
		x := exchange(method, target, sent, status, answer, accept(vendor+date+"+json"), answerType(vendor+date+"+json"))
		if sent != "" {
			x.RequestHeader.Set("Content-Type", "application/json")
		}
		return x
	}
	run(t, official(), []example{
		{"listOrgUsers", in("2025-02-19", "GET", org+"/users?itemsPerPage=500&orgMembershipStatuses=ACTIVE&orgMembershipStatuses=PENDING", "", 200,
			`{"results":[`+active+`,`+pending+`],"totalCount":2}`), nil},
		{"listOrgUsers, fields of another status", in("2025-02-19", "GET", org+"/users", "", 200,
			`{"results":[`+strings.Replace(active, "firstName", "inviterUsername", 1)+`]}`),
			[]string{"listOrgUsers answer: body.results[0]: missing property 'firstName'",
				"listOrgUsers answer: body.results[0].inviterUsername: the description does not declare this property"}},
		{"createOrgUser", in("2025-02-19", "POST", org+"/users", `{"username":"a@example.org","roles":{"orgRoles":["ORG_MEMBER"]}}`, 201, pending), nil},
		{"createOrgUser without a role", in("2025-02-19", "POST", org+"/users", `{"username":"a@example.org","roles":{"orgRoles":[]}}`, 201, pending),
			[]string{"createOrgUser request: body.roles.orgRoles: minItems: got 0, want 1"}},
		{"listGroups", in("2023-01-01", "GET", "/api/atlas/v2/groups?pageNum=1", "", 200, `{"results":[`+project+`]}`), nil},
		{"listGroups, project without its organization", in("2023-01-01", "GET", "/api/atlas/v2/groups", "", 200,
			`{"results":[`+strings.Replace(project, "orgId", "org", 1)+`]}`),
			[]string{"listGroups answer: body.results[0]: missing property 'orgId'",
				"listGroups answer: body.results[0].org: the description does not declare this property"}},
		{"createGroup", in("2023-01-01", "POST", "/api/atlas/v2/groups", `{"name":"Füße","orgId":"`+id+`"}`, 200, project), nil},
		{"createGroup with a forbidden name", in("2023-01-01", "POST", "/api/atlas/v2/groups", `{"name":"a/b","orgId":"`+id+`"}`, 200, project),
			[]string{`createGroup request: body.name: 'a/b' does not match pattern '^[\\p{L}\\p{N}\\-_.(),:&@+\' ]{1,64}$'`}},
		{"createGroup with a space in the name", in("2023-01-01", "POST", "/api/atlas/v2/groups", `{"name":"Project 0","orgId":"`+id+`"}`, 200, strings.Replace(project, `"p"`, `"Project 0"`, 1)), nil},
		{"createGroup with more than a space", in("2023-01-01", "POST", "/api/atlas/v2/groups", `{"name":"a / b","orgId":"`+id+`"}`, 200, project),
			[]string{`createGroup request: body.name: 'a / b' does not match pattern '^[\\p{L}\\p{N}\\-_.(),:&@+\' ]{1,64}$'`}},
		{"updateGroupSettings refused", in("2023-01-01", "PATCH", group+"/settings", `{"isMagic":true}`, 400, `{"error":400,"errorCode":"INVALID_ATTRIBUTE"}`),
			[]string{`updateGroupSettings answer: Content-Type: "application/vnd.atlas.2023-01-01+json", but should be application/json`}},
		{"listOrgEvents", in("2023-01-01", "GET", org+"/events", "", 200,
			`{"results":[{"id":"`+id+`","created":"2024-01-01T00:00:00Z","eventTypeName":"GROUP_CREATED"},{"id":"`+id+`","created":"2024-01-01T00:00:00Z","eventTypeName":"TEAM_CREATED","teamId":"`+id+`"}]}`), nil},
		{"listOrgEvents of no type", in("2023-01-01", "GET", org+"/events", "", 200,
			`{"results":[{"id":"`+id+`","created":"2024-01-01T00:00:00Z","eventTypeName":7}]}`),
			[]string{"listOrgEvents answer: body.results[0].eventTypeName: got number, want string"}},
		{"addGroupUserRole", in("2025-02-19", "POST", group+"/users/"+id+":addRole", `{"groupRole":"GROUP_OWNER"}`, 200,
			strings.Replace(active, `{"orgRoles":["ORG_MEMBER"]}`, `["GROUP_OWNER"]`, 1)), nil},
		{"addGroupUserRole for nobody", in("2025-02-19", "POST", group+"/users/x:addRole", `{"groupRole":"GROUP_OWNER"}`, 404, `{"error":404,"errorCode":"USER_NOT_FOUND"}`),
			[]string{"addGroupUserRole request: path parameter userId: 'x' does not match pattern '^([a-f0-9]{24})$'",
				`addGroupUserRole answer: Content-Type: "application/vnd.atlas.2025-02-19+json", but should be application/json`}},
		{"createOrgTeam", in("2023-01-01", "POST", org+"/teams", `{"name":"t","usernames":[]}`, 200, `{"id":"`+id+`","name":"t","usernames":[]}`), nil},
		{"createOrgTeam with an id", in("2023-01-01", "POST", org+"/teams", `{"id":"`+id+`","name":"t","usernames":[]}`, 200, `{"id":"`+id+`","name":"t","usernames":[]}`),
			[]string{"createOrgTeam request: body.id: a read-only property in a request"}},
		{"createOrgServiceAccount", in("2024-08-05", "POST", org+"/serviceAccounts",
			`{"name":"s","description":"d","roles":["ORG_MEMBER"],"secretExpiresAfterHours":8}`, 201,
			`{"clientId":"mdb_sa_id_`+id+`","name":"s","secrets":[{"id":"`+id+`","createdAt":"2024-01-01T00:00:00Z","expiresAt":"2024-01-01T08:00:00Z","lastUsedAt":null,"secret":"x"}]}`), nil},
		{"createOrgServiceAccount without an expiry", in("2024-08-05", "POST", org+"/serviceAccounts",
			`{"name":"s","description":"d","roles":["ORG_MEMBER"]}`, 201, `{"clientId":"mdb_sa_id_`+id+`"}`),
			[]string{"createOrgServiceAccount request: body: missing property 'secretExpiresAfterHours'"}},
		{"updateGroupEncryptionAtRest", in("2023-01-01", "PATCH", group+"/encryptionAtRest", `{"awsKms":{"enabled":true,"roleId":"`+id+`"}}`, 200,
			`{"awsKms":{"enabled":true,"roleId":"`+id+`","valid":true},"azureKeyVault":{"enabled":false}}`), nil},
		{"updateGroupEncryptionAtRest returns a secret", in("2023-01-01", "PATCH", group+"/encryptionAtRest", `{"awsKms":{"valid":true}}`, 200,
			`{"googleCloudKms":{"serviceAccountKey":"x"}}`),
			[]string{"updateGroupEncryptionAtRest request: body.awsKms.valid: a read-only property in a request",
				"updateGroupEncryptionAtRest answer: body.googleCloudKms.serviceAccountKey: a write-only property in an answer"}},
		{"getGroupManagedSlowMs", in("2023-01-01", "GET", group+"/managedSlowMs", "", 200, "true"), nil},
		{"getGroupManagedSlowMs in an object", in("2023-01-01", "GET", group+"/managedSlowMs", "", 200, `{"enabled":true}`),
			[]string{"getGroupManagedSlowMs answer: body: got object, want boolean"}},
		{"setGroupDataFederationLimit", in("2023-01-01", "PATCH", group+"/dataFederation/my%20lake/limits/bytesProcessed.query",
			`{"value":10,"overrunPolicy":"BLOCK"}`, 200, limit), nil},
		{"setGroupDataFederationLimit of another name", in("2023-01-01", "PATCH", group+"/dataFederation/my%20lake/limits/bytesProcessed.yearly",
			`{"overrunPolicy":"BLOCK"}`, 200, limit),
			[]string{"setGroupDataFederationLimit request: path parameter limitName: value must be one of 'bytesProcessed.query', 'bytesProcessed.daily', 'bytesProcessed.weekly', 'bytesProcessed.monthly'",
				"setGroupDataFederationLimit request: body: missing property 'value'"}},
		{"listGroupPrivateEndpointServerlessInstanceEndpoint", in("2023-01-01", "GET", group+"/privateEndpoint/serverless/instance/i/endpoint", "", 200, aws), nil},
		{"listGroupPrivateEndpointServerlessInstanceEndpoint, unknown status", in("2023-01-01", "GET", group+"/privateEndpoint/serverless/instance/i/endpoint", "", 200,
			strings.Replace(aws, "RESERVED", "BOOKED", 1)),
			[]string{"listGroupPrivateEndpointServerlessInstanceEndpoint answer: body[0].status: value must be one of 'RESERVATION_REQUESTED', 'RESERVED', 'INITIATING', 'AVAILABLE', 'FAILED', 'DELETING'"}},
		{"updateGroupPrivateEndpointServerlessInstanceEndpoint", in("2023-01-01", "PATCH", group+"/privateEndpoint/serverless/instance/i/endpoint/"+id,
			`{"providerName":"AWS","cloudProviderEndpointId":"vpce-0123456789abcdef0"}`, 200, aws[1:len(aws)-1]), nil},
		{"updateGroupPrivateEndpointServerlessInstanceEndpoint, the other cloud's field", in("2023-01-01", "PATCH", group+"/privateEndpoint/serverless/instance/i/endpoint/"+id,
			`{"providerName":"AWS","privateEndpointIpAddress":"10.0.0.1"}`, 200, aws[1:len(aws)-1]),
			[]string{"updateGroupPrivateEndpointServerlessInstanceEndpoint request: body.privateEndpointIpAddress: the description does not declare this property"}},
		{"addGroupTeams", in("2023-01-01", "POST", group+"/teams", `[{"teamId":"`+id+`","roleNames":["GROUP_OWNER"]}]`, 200,
			`{"results":[{"teamId":"`+id+`","roleNames":["GROUP_OWNER"]}],"totalCount":1}`), nil},
		{"addGroupTeams, one without the array", in("2023-01-01", "POST", group+"/teams", `{"teamId":"`+id+`"}`, 200, `{"results":[]}`),
			[]string{"addGroupTeams request: body: got object, want array"}},
		{"listRateLimits", in("2025-03-12", "GET", "/api/atlas/v2/rateLimits?groupId="+id, "", 200,
			`{"results":[{"endpointSetId":"s","scope":"GROUP","capacity":{"value":1,"defaultValue":null},"endpoints":[{"method":"GET","path":"/"}]}]}`), nil},
		{"listRateLimits from an address", in("2025-03-12", "GET", "/api/atlas/v2/rateLimits?ipAddress=10.0.0.256", "", 200, `{"results":[{"scope":"PROJECT"}]}`),
			[]string{"listRateLimits request: query parameter ipAddress: '10.0.0.256' does not match pattern '^((25[0-5]|(2[0-4]|1\\\\d|[1-9]|)\\\\d)(\\\\.(?!$)|$)){4}|([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$'",
				"listRateLimits answer: body.results[0].scope: value must be one of 'IP', 'GROUP', 'ORGANIZATION', 'USER'"}},
	})
}
