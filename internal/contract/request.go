package contract

import (
	"bytes"
	"fmt"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// checkRequest says what the description does not allow about a request to one
// of its operations.
func (d *Description) checkRequest(x sandbox.Exchange, r *route, path map[string]string) ([]string, error) {
	found, err := d.checkPath(r, path)
	if err != nil {
		return nil, err
	}
	query, err := d.checkQuery(r, x.RawQuery)
	if err != nil {
		return nil, err
	}
	found = append(found, query...)
	if _, err := answerVersion(r.Operation, x.RequestHeader.Get("Accept")); err != nil {
		found = append(found, fmt.Sprintf("Accept: %v", err))
	}
	body, err := d.checkRequestBody(x, r)
	if err != nil {
		return nil, err
	}
	return append(found, body...), nil
}

func (d *Description) checkRequestBody(x sandbox.Exchange, r *route) ([]string, error) {
	empty := len(bytes.TrimSpace(x.RequestBody)) == 0
	switch {
	case empty && r.RequestRequired:
		return []string{"no body, but the operation requires one"}, nil
	case empty:
		return nil, nil
	case len(r.Requests) == 0:
		return []string{"a body, but the operation takes none"}, nil
	}
	s, err := requestSchema(r.Operation, x.RequestHeader.Get("Content-Type"))
	if err != nil {
		return []string{fmt.Sprintf("Content-Type: %v", err)}, nil
	}
	return d.checkBody(s, toAtlas, x.RequestBody)
}

// checkBody holds a body against its schema.
func (d *Description) checkBody(s *api.Schema, dir direction, body []byte) ([]string, error) {
	value, err := decode(body)
	if err != nil {
		return []string{fmt.Sprintf("body: no JSON: %v", err)}, nil
	}
	found, err := d.schemas.validate(s, dir, value)
	if err != nil {
		return nil, err
	}
	return append(found, undeclared(value, dir, "body", shape{schema: s})...), nil
}
