package atlas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// decode turns an answer into decoded JSON or a typed error.
func decode(r planner.Request, resp *http.Response, body []byte) (any, error) {
	if resp.StatusCode >= 300 {
		return nil, apiError(r, resp, body)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	if !isJSON(resp) {
		return nil, notJSON(r, resp)
	}
	doc, err := spec.DecodeJSON(body, r.Ordered)
	if err != nil {
		return nil, &spec.BrokenError{Method: r.Method, Path: r.Path, Err: err}
	}
	return doc, nil
}

func isJSON(resp *http.Response) bool {
	media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

func notJSON(r planner.Request, resp *http.Response) error {
	return &spec.APIError{Method: r.Method, Path: r.Path, Status: resp.StatusCode,
		Detail: fmt.Sprintf("the answer is %s, not JSON", resp.Header.Get("Content-Type")),
		Hint:   "check MONGODB_ATLAS_BASE_URL, or a proxy is in between"}
}

// apiError decodes Atlas's error body (schema ApiError). What is not one, such
// as a proxy's page, is named but not repeated.
func apiError(r planner.Request, resp *http.Response, body []byte) error {
	var doc struct {
		ErrorCode        string `json:"errorCode"`
		Detail           string `json:"detail"`
		Reason           string `json:"reason"`
		Parameters       []any  `json:"parameters"`
		BadRequestDetail struct {
			Fields []spec.FieldProblem `json:"fields"`
		} `json:"badRequestDetail"`
	}
	if !isJSON(resp) || json.Unmarshal(body, &doc) != nil {
		e := notJSON(r, resp).(*spec.APIError)
		if resp.StatusCode == http.StatusUnauthorized {
			e.Detail, e.Hint = "", hints[http.StatusUnauthorized]
		}
		return e
	}
	e := &spec.APIError{Method: r.Method, Path: r.Path, Status: resp.StatusCode, Code: doc.ErrorCode, Detail: doc.Detail,
		Reason: doc.Reason, Parameters: doc.Parameters, Fields: doc.BadRequestDetail.Fields}
	if e.Hint = codeHints[e.Code]; e.Hint == "" && !strings.HasSuffix(e.Code, "LIMIT_EXCEEDED") { // that is no question of who asks
		e.Hint = hints[resp.StatusCode]
	}
	return e
}

// hints say what to do about a status.
var hints = map[int]string{
	http.StatusUnauthorized:    "check the credentials, and that the secret or key has not expired",
	http.StatusForbidden:       "the credentials lack a role, or this machine's address is not on their access list",
	http.StatusNotAcceptable:   "this Atlas does not know the API version",
	http.StatusTooManyRequests: "try again later, or lower --parallelism or --max-rps",
}

// codeHints say what to do about an error code, where that is more than its
// status tells.
var codeHints = map[string]string{
	"IP_ADDRESS_NOT_ON_ACCESS_LIST":          "this machine's address is not on the credentials' access list",
	"NOT_ORG_OWNER":                          "the credentials need the role Organization Owner",
	"NOT_GROUP_OWNER":                        "the credentials need the role Project Owner",
	"USER_UNAUTHORIZED":                      "the credentials are good, but their roles do not allow this: explain KIND tells the role that a kind needs, doctor what these have",
	"NOT_ORG_GROUP_CREATOR":                  "the credentials need the role Organization Project Creator",
	"CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT": "take the team out of the projects first: state: absent under their teams",
	"CANNOT_DEMOTE_LAST_ORG_OWNER":           "somebody else has to become Organization Owner first",
	"USER_NOT_IN_ORG":                        "the invitation has lapsed or the user is not in the organization; --resend-invitations sends it again",
	"DATA_CONCURRENCY_ERROR":                 "somebody else changes it at the same time: run again",
}
