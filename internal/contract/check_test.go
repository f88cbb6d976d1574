package contract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/api/openapi"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const newest = "application/vnd.atlas.2024-06-01+json"

// exchange is a request in the newest version and a successful answer to it;
// edits make it a different one.
func exchange(method, target, sent string, status int, answer string, edits ...func(*sandbox.Exchange)) sandbox.Exchange {
	path, query, _ := strings.Cut(target, "?")
	x := sandbox.Exchange{
		Method: method, Path: path, RawQuery: query, Status: status,
		RequestHeader:  http.Header{"Accept": {newest}, "Authorization": {"Bearer x"}, "User-Agent": {"atlasctl-sync/1.2"}},
		ResponseHeader: http.Header{},
		RequestBody:    []byte(sent),
		ResponseBody:   []byte(answer),
	}
	if sent != "" {
		x.RequestHeader.Set("Content-Type", newest)
	}
	switch {
	case status >= 400:
		x.ResponseHeader.Set("Content-Type", "application/json")
	case answer != "":
		x.ResponseHeader.Set("Content-Type", newest)
	}
	for _, edit := range edits {
		edit(&x)
	}
	return x
}

func accept(mediaType string) func(*sandbox.Exchange) {
	return func(x *sandbox.Exchange) { x.RequestHeader.Set("Accept", mediaType) }
}

func contentType(mediaType string) func(*sandbox.Exchange) {
	return func(x *sandbox.Exchange) { x.RequestHeader.Set("Content-Type", mediaType) }
}

func answerType(mediaType string) func(*sandbox.Exchange) {
	return func(x *sandbox.Exchange) { x.ResponseHeader.Set("Content-Type", mediaType) }
}

func injected(x *sandbox.Exchange)  { x.Injected = "a rule" }
func byOther(x *sandbox.Exchange)   { x.RequestHeader.Set("User-Agent", "curl/8") }
func anonymous(x *sandbox.Exchange) { x.RequestHeader.Del("Authorization") }

func library(t *testing.T) *Description {
	t.Helper()
	text, err := openapi.Facts("testdata/library.yml", openapi.Generated)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := api.Read(text, "schema AWSKMSConfiguration.roleId: string pattern=\"^[a-f0-9]{24}$\" # a test\n")
	if err != nil {
		t.Fatal(err)
	}
	return Describe(facts)
}

type example struct {
	name string
	x    sandbox.Exchange
	want []string // violations
}

func run(t *testing.T, d *Description, examples []example) {
	t.Helper()
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			var got []string
			for _, v := range d.Check(e.x) {
				got = append(got, v.String())
			}
			if diff := cmp.Diff(e.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParametersAndVersions(t *testing.T) {
	const none = `{"results":[]}`
	run(t, library(t), []example{
		{"all well", exchange("GET", "/api/lib/shelves?room=a&size=500&pretty=true&kinds=BOOK&kinds=MAP", "", 200, none), nil},
		{"array by comma", exchange("GET", "/api/lib/shelves?room=a&kinds=BOOK,MAP", "", 200, none), nil},
		{"array item", exchange("GET", "/api/lib/shelves?room=a&kinds=BOOK,CD", "", 200, none),
			[]string{"listShelves request: query parameter kinds: body[1]: value must be one of 'BOOK', 'MAP'"}},
		{"range", exchange("GET", "/api/lib/shelves?room=a&size=501", "", 200, none),
			[]string{"listShelves request: query parameter size: maximum: got 501, want 500"}},
		{"not an integer", exchange("GET", "/api/lib/shelves?room=a&size=1e", "", 200, none),
			[]string{"listShelves request: query parameter size: got string, want integer"}},
		{"not a boolean", exchange("GET", "/api/lib/shelves?room=a&pretty=yes", "", 200, none),
			[]string{"listShelves request: query parameter pretty: got string, want boolean"}},
		{"given twice", exchange("GET", "/api/lib/shelves?room=a&room=b", "", 200, none),
			[]string{"listShelves request: query parameter room: given 2 times"}},
		{"undeclared parameter", exchange("GET", "/api/lib/shelves?room=a&rooom=b", "", 200, none),
			[]string{"listShelves request: query parameter rooom: the operation has none of this name"}},
		{"required parameter", exchange("GET", "/api/lib/shelves", "", 200, none),
			[]string{"listShelves request: query parameter room: required, but absent"}},
		{"malformed query", exchange("GET", "/api/lib/shelves?room=%zz", "", 200, none),
			[]string{`listShelves request: query: invalid URL escape "%zz"`}},

		{"a later date means the newest version", exchange("GET", "/api/lib/shelves?room=a", "", 200, none,
			accept("application/vnd.atlas.2031-01-01+json")), nil},
		{"an earlier date means the older version", exchange("GET", "/api/lib/shelves?room=a", "", 200, `["a"]`,
			accept("application/vnd.atlas.2024-05-31+json"), answerType("application/vnd.atlas.2023-01-01+json")), nil},
		{"preview", exchange("GET", "/api/lib/shelves?room=a", "", 200, none,
			accept("application/vnd.atlas.preview+json"), answerType("application/vnd.atlas.preview+json")), nil},
		{"answered in another version", exchange("GET", "/api/lib/shelves?room=a", "", 200, none,
			accept("application/vnd.atlas.2024-05-31+json")),
			[]string{`listShelves answer: Content-Type: "application/vnd.atlas.2024-06-01+json", but should be application/vnd.atlas.2023-01-01+json`,
				"listShelves answer: body: got object, want array"}},
		{"no version as old", exchange("DELETE", "/api/lib/shelves/a", "", 204, "", accept("application/vnd.atlas.2022-01-01+json")),
			[]string{"deleteShelf request: Accept: no version of the operation is as old as application/vnd.atlas.2022-01-01+json (there are application/vnd.atlas.2023-01-01+json, application/vnd.atlas.2024-06-01+json)"}},
		{"no version at all", exchange("DELETE", "/api/lib/shelves/a", "", 204, "", accept("application/json")),
			[]string{`deleteShelf request: Accept: "application/json" names no version`}},
		{"no date", exchange("DELETE", "/api/lib/shelves/a", "", 204, "", accept("application/vnd.atlas.2024-13-01+json")),
			[]string{`deleteShelf request: Accept: "application/vnd.atlas.2024-13-01+json" names neither a date nor preview`}},

		{"literal before placeholder", exchange("GET", "/api/lib/shelves/all", "", 200, "true",
			answerType("application/vnd.atlas.2023-01-01+json")), nil},
		{"custom verb", exchange("POST", "/api/lib/shelves/a:tidy", "", 204, ""), nil},
		{"escaped path parameter", exchange("DELETE", "/api/lib/shelves/my%20sh%C3%A9lf%2F", "", 204, "", accept("application/vnd.atlas.2023-01-01+json")), nil},
		{"path parameter", exchange("POST", "/api/lib/shelves/a1:tidy", "", 204, ""),
			[]string{`tidyShelf request: path parameter shelf: 'a1' does not match pattern '^[\\p{L} /]+(?!\\d)$'`}},
		{"pattern of the escaped form", exchange("DELETE", "/api/lib/networks/10.0.0.0%2F8", "", 204, ""), nil},
		{"unknown path", exchange("GET", "/api/lib/books", "", 200, "[]"),
			[]string{"request: GET /api/lib/books: no operation has this path"}},
		{"unknown method", exchange("PUT", "/api/lib/shelves/a", "", 200, "[]"),
			[]string{"request: PUT /api/lib/shelves/a: the path has no such method"}},
	})
}

func TestRequestBodies(t *testing.T) {
	const answer = `{"id":"1","name":"abc"}`
	post := func(body string, edits ...func(*sandbox.Exchange)) sandbox.Exchange {
		return exchange("POST", "/api/lib/shelves", body, 201, answer, edits...)
	}
	wrong := func(messages ...string) []string {
		for i, m := range messages {
			messages[i] = "createShelf request: " + m
		}
		return messages
	}
	run(t, library(t), []example{
		{"all well", post(`{"name":"abc","key":"k","keeper":"a@example.org","since":null,"state":null,"labels":{"x":"y"},"notes":{"any":1},
			"items":[{"kind":"BOOK","pages":3},{"kind":"MAP","scale":"1:1"}],"tool":{"type":"LADDER","steps":3},"size":{"height":2.5},"phone":"123"}`), nil},
		{"plain JSON means the newest version", post(`{"name":"abc","key":"k"}`, contentType("application/json; charset=utf-8")), nil},
		{"older version", post(`[{"name":"abc","key":"k"}]`, contentType("application/vnd.atlas.2023-01-01+json")), nil},
		{"no such type", post(`{"name":"abc","key":"k"}`, contentType("text/plain")), wrong(`Content-Type: "text/plain" names no version`)},
		{"no type", post(`{"name":"abc","key":"k"}`, contentType("")), wrong(`Content-Type: "" is no media type`)},
		{"required body", post(""), wrong("no body, but the operation requires one")},
		{"unwanted body", exchange("POST", "/api/lib/shelves/a:tidy", "{}", 204, ""),
			[]string{"tidyShelf request: a body, but the operation takes none"}},
		{"no JSON", post("{"), wrong("body: no JSON: unexpected EOF")},
		{"two values", post("{} {}"), wrong("body: no JSON: invalid character after top-level value")},
		{"required property", post(`{"key":"k"}`), wrong("body: missing property 'name'")},
		{"read-only property", post(`{"id":"1","name":"abc","key":"k"}`), wrong("body.id: a read-only property in a request")},
		{"read-only property of a parent", post(`{"name":"abc","key":"k","items":[{"kind":"MAP","signature":"x"}]}`),
			wrong("body.items[0].signature: a read-only property in a request")},
		{"undeclared property", post(`{"nmae":"abc","name":"abc","key":"k"}`), wrong("body.nmae: the description does not declare this property")},
		{"undeclared below", post(`{"name":"abc","key":"k","items":[{"kind":"MAP","pages":3}]}`),
			wrong("body.items[0].pages: the description does not declare this property")},
		{"child of the discriminator", post(`{"name":"abc","key":"k","items":[{"kind":"BOOK"}]}`), wrong("body.items[0]: missing property 'pages'")},
		{"child in the discriminator alone", post(`{"name":"abc","key":"k","tool":{"type":"LADDER"}}`), wrong("body.tool: missing property 'steps'")},
		{"no child", post(`{"name":"abc","key":"k","tool":{"type":"LAMP","steps":1}}`), wrong("body.tool.steps: the description does not declare this property")},
		{"no alternative", post(`{"name":"abc","key":"k","size":"LARGE"}`), wrong("body.size: value must be 'SMALL'")},
		{"type", post(`{"name":"abc","key":"k","width":"1"}`), wrong("body.width: got string, want integer")},
		{"length", post(`{"name":"a","key":"k"}`), wrong("body.name: minLength: got 1, want 2")},
		{"exclusive minimum", post(`{"name":"abc","key":"k","width":0}`), wrong("body.width: exclusiveMinimum: got 0, want 0")},
		{"int32", post(`{"name":"abc","key":"k","width":2147483648}`), wrong("body.width: 2147483648 is not valid int32: does not fit into 32 bits")},
		{"int64", post(`{"name":"abc","key":"k","serial":9223372036854775808}`), wrong("body.serial: 9223372036854775808 is not valid int64: does not fit into 64 bits")},
		{"email", post(`{"name":"abc","key":"k","keeper":"a"}`), wrong("body.keeper: 'a' is not valid email: missing @")},
		{"uuid", post(`{"name":"abc","key":"k","inventory":"a"}`), wrong("body.inventory: 'a' is not valid uuid: must have 5 elements")},
		{"date-time", post(`{"name":"abc","key":"k","since":"2024-01-01"}`), wrong("body.since: '2024-01-01' is not valid date-time: less than 20 characters long")},
		{"null", post(`{"name":null,"key":"k"}`), wrong("body.name: got null, want string")},
		{"enum", post(`{"name":"abc","key":"k","state":"AJAR"}`), wrong("body.state: value must be one of 'OPEN', 'CLOSED'")},
		{"additional property", post(`{"name":"abc","key":"k","labels":{"x":1}}`), wrong("body.labels.x: got number, want string")},
		{"unique items", post(`{"name":"abc","key":"k","items":[{"kind":"MAP"},{"kind":"MAP"}]}`), wrong("body.items: items at 0 and 1 are equal")},
		{"double-escaped pattern", post(`{"name":"abc","key":"k","phone":"12"}`), wrong(`body.phone: '12' does not match pattern '^\\d{3}$'`)},
	})
}

func TestAnswers(t *testing.T) {
	get := func(status int, body string, edits ...func(*sandbox.Exchange)) sandbox.Exchange {
		return exchange("GET", "/api/lib/shelves/a", "", status, body, edits...)
	}
	wrong := func(messages ...string) []string {
		for i, m := range messages {
			messages[i] = "getShelf answer: " + m
		}
		return messages
	}
	deleted := func(status int, body, version string) sandbox.Exchange {
		return exchange("DELETE", "/api/lib/shelves/a", "", status, body, accept("application/vnd.atlas."+version+"+json"))
	}
	run(t, library(t), []example{
		{"all well", get(200, `{"id":"1","name":"abc","awsKms":{"roleId":"0123456789abcdef01234567"}}`), nil},
		{"with a charset", get(200, `{"id":"1","name":"abc"}`, answerType(newest+";charset=utf-8")), nil},
		{"write-only property", get(200, `{"id":"1","name":"abc","key":"k"}`), wrong("body.key: a write-only property in an answer")},
		{"write-only property without an excuse", get(200, `{"id":"1","name":"abc","awsKms":{"secretAccessKey":"k"}}`),
			wrong("body.awsKms.secretAccessKey: a write-only property in an answer")},
		{"value of an excused property", get(200, `{"id":"1","name":"abc","awsKms":{"roleId":"x"}}`),
			wrong("body.awsKms.roleId: 'x' does not match pattern '^[a-f0-9]{24}$'")},
		{"required property", get(200, `{"name":"abc"}`), wrong("body: missing property 'id'")},
		{"required property of a parent", get(200, `{"id":"1","name":"abc","items":[{"kind":"BOOK","pages":3}]}`),
			wrong("body.items[0]: missing property 'signature'")},
		{"undeclared property", get(200, `{"id":"1","name":"abc","more":1}`), wrong("body.more: the description does not declare this property")},
		{"no body", get(200, ""), wrong(`Content-Type: "", but should be `+newest, "body: no JSON: EOF")},
		{"undeclared status", get(201, `{"id":"1","name":"abc"}`), wrong("status 201: the operation declares only 200, 404")},
		{"type", get(200, `{"id":"1","name":"abc"}`, answerType("application/json")), wrong(`Content-Type: "application/json", but should be ` + newest)},
		{"served in spite of the version", get(200, `{"id":"1","name":"abc"}`, accept("application/vnd.atlas.2024-05-01+json")),
			[]string{"getShelf request: Accept: no version of the operation is as old as application/vnd.atlas.2024-05-01+json (there are " + newest + ")",
				"getShelf answer: status 200, although the Accept header cannot be served"}},

		{"error", get(404, `{"error":404,"errorCode":"NO","detail":null,"parameters":[{"any":1}]}`), nil},
		{"error of another form", get(404, `{"error":"404","message":"no"}`),
			wrong("body: missing property 'errorCode'", "body.error: got string, want integer", "body.message: the description does not declare this property")},
		{"error of another type", get(404, `{"error":404,"errorCode":"NO"}`, answerType(newest)),
			wrong(`Content-Type: "` + newest + `", but should be application/json`)},

		{"no content", deleted(204, "", "2023-01-01"), nil},
		{"content", deleted(204, "{}", "2023-01-01"), []string{"deleteShelf answer: body: a 204 has none"}},
		{"an empty object where nothing is described", deleted(202, "{}", "2024-06-01"), nil},
		{"a body where nothing is described", deleted(202, `{"a":1}`, "2024-06-01"), []string{"deleteShelf answer: body: the description says nothing of one"}},
		{"status of another version", deleted(202, "", "2023-01-01"), []string{"deleteShelf answer: status 202: not in version 2023-01-01"}},
	})
}
