package atlas

import (
	"errors"
	"net/http"
	"testing"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// FuzzDecode: whatever answers, it becomes data or a typed error.
func FuzzDecode(f *testing.F) {
	f.Add(200, "application/json", `{"results":[]}`)
	f.Add(400, "application/json", `{"error":400,"errorCode":"X","badRequestDetail":{"fields":[{"field":"a","description":"b"}]},"parameters":[{}]}`)
	f.Add(502, "text/html; charset=utf-8", "<html>")
	f.Add(429, "application/vnd.atlas.2023-01-01+json", `[1,2`)
	f.Fuzz(func(t *testing.T, status int, media, body string) {
		resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {media}}}
		_, err := decode(planner.Request{Method: "GET", Path: "/x"}, resp, []byte(body))
		var api *spec.APIError
		var broken *spec.BrokenError
		if err != nil && !errors.As(err, &api) && !errors.As(err, &broken) {
			t.Errorf("neither: %v", err)
		}
		if status >= 300 && api == nil {
			t.Errorf("status %d is no error", status)
		}
	})
}
