package contract

import (
	"bytes"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// checkAnswer says what the description does not allow about an answer of one
// of its operations.
func (d *Description) checkAnswer(x sandbox.Exchange, r *route) ([]string, error) {
	declared, ok := r.Answers[strconv.Itoa(x.Status)]
	if !ok {
		declared := strings.Join(slices.Sorted(maps.Keys(r.Answers)), ", ")
		return []string{fmt.Sprintf("status %d: the operation declares only %s", x.Status, declared)}, nil
	}
	if x.Status == 204 {
		if len(x.ResponseBody) > 0 {
			return []string{"body: a 204 has none"}, nil
		}
		return nil, nil
	}
	if plain, ok := declared[unversioned]; ok {
		return d.checkAnswerBody(x, plainJSON, plain.Schema)
	}
	v, err := answerVersion(r.Operation, accepted(x))
	if err != nil {
		return []string{fmt.Sprintf("status %d, although the Accept header cannot be served", x.Status)}, nil
	}
	body, ok := declared[v.key()]
	if !ok {
		return []string{fmt.Sprintf("status %d: not in version %s", x.Status, v.date)}, nil
	}
	if body.Schema == nil {
		return unwanted(x.ResponseBody), nil
	}
	return d.checkAnswerBody(x, v.mediaType(), body.Schema)
}

// accepted is the media type that the request asks for: of a list the first
// with a version. Atlas gives the newest to who names none.
func accepted(x sandbox.Exchange) string {
	header := x.RequestHeader.Get("Accept")
	for _, one := range strings.Split(header, ",") {
		if _, err := parseVersion(one); err == nil {
			return one
		}
	}
	if header == "" || strings.Contains(header, "*/*") || strings.Contains(header, plainJSON) {
		return version{"9999-12-31", "json"}.mediaType()
	}
	return header
}

// unwanted complains about a body that the description has no schema for. Atlas
// gives an empty object in some of those answers.
func unwanted(body []byte) []string {
	if trimmed := string(bytes.TrimSpace(body)); trimmed == "" || trimmed == "{}" {
		return nil
	}
	return []string{"body: the description says nothing of one"}
}

func (d *Description) checkAnswerBody(x sandbox.Exchange, mediaType string, s *api.Schema) ([]string, error) {
	var found []string
	sent := x.ResponseHeader.Get("Content-Type")
	if bare, _, err := mime.ParseMediaType(sent); err != nil || bare != mediaType {
		found = append(found, fmt.Sprintf("Content-Type: %q, but should be %s", sent, mediaType))
	}
	if s.Resolve().Format == "binary" || !strings.HasSuffix(mediaType, "json") {
		return found, nil
	}
	body, err := d.checkBody(s, fromAtlas, x.ResponseBody)
	return append(found, body...), err
}

// checkError holds an answer that no operation declares against the schema of
// all errors.
func (d *Description) checkError(x sandbox.Exchange) ([]string, error) {
	s := d.facts.Schema("ApiError")
	if s == nil {
		return nil, fmt.Errorf("the description has no schema ApiError")
	}
	return d.checkAnswerBody(x, plainJSON, s)
}
