package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

func (d *Description) checkPath(r *route, values map[string]string) ([]string, error) {
	var found []string
	for _, p := range r.in("path") {
		sent, ok := values[p.Name]
		if !ok {
			continue
		}
		plain, err := url.PathUnescape(sent)
		if err != nil {
			return nil, err // match has unescaped it before
		}
		wrong, err := d.wrongValue(p.Schema, plain)
		if err != nil {
			return nil, err
		}
		// Some patterns are written for the escaped form: they contain %2F.
		if len(wrong) > 0 && strings.Contains(p.Schema.Resolve().Pattern, "%2") {
			if wrong, err = d.wrongValue(p.Schema, sent); err != nil {
				return nil, err
			}
		}
		for _, w := range wrong {
			found = append(found, fmt.Sprintf("path parameter %s: %s", p.Name, w))
		}
	}
	return found, nil
}

func (d *Description) checkQuery(r *route, rawQuery string) ([]string, error) {
	sent, err := url.ParseQuery(rawQuery)
	if err != nil {
		return []string{fmt.Sprintf("query: %v", err)}, nil
	}
	var found []string
	for _, p := range r.in("query") {
		values, ok := sent[p.Name]
		delete(sent, p.Name)
		if !ok {
			if p.Required {
				found = append(found, fmt.Sprintf("query parameter %s: required, but absent", p.Name))
			}
			continue
		}
		wrong, err := d.wrongQuery(p.Schema, values)
		if err != nil {
			return nil, err
		}
		for _, w := range wrong {
			found = append(found, fmt.Sprintf("query parameter %s: %s", p.Name, w))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		found = append(found, fmt.Sprintf("query parameter %s: the operation has none of this name", name))
	}
	return found, nil
}

// wrongQuery checks the values under one name: an array repeats the name, or
// separates its items by commas.
func (d *Description) wrongQuery(s *api.Schema, values []string) ([]string, error) {
	if s.Resolve().Type != "array" {
		if len(values) > 1 {
			return []string{fmt.Sprintf("given %d times", len(values))}, nil
		}
		return d.wrongValue(s, values[0])
	}
	wrong, err := d.wrongArray(s, values)
	if err != nil || len(wrong) == 0 || len(values) > 1 || !strings.Contains(values[0], ",") {
		return wrong, err
	}
	return d.wrongArray(s, strings.Split(values[0], ","))
}

func (d *Description) wrongArray(s *api.Schema, values []string) ([]string, error) {
	items := make([]any, len(values))
	for i, v := range values {
		items[i] = typed(s.Resolve().Items, v)
	}
	return d.wrongParameter(s, items)
}

func (d *Description) wrongValue(s *api.Schema, value string) ([]string, error) {
	return d.wrongParameter(s, typed(s, value))
}

func (d *Description) wrongParameter(s *api.Schema, value any) ([]string, error) {
	wrong, err := d.schemas.validate(s, toAtlas, value)
	for i := range wrong {
		wrong[i] = strings.TrimPrefix(wrong[i], "body: ")
	}
	return wrong, err
}

// typed is the JSON value that a parameter's text stands for; the text itself
// where it is none of the schema's type, so that validation complains.
func typed(s *api.Schema, text string) any {
	switch s.Resolve().Type {
	case "boolean":
		if text == "true" || text == "false" {
			return text == "true"
		}
	case "integer", "number":
		if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return json.Number(text)
		}
	}
	return text
}

func (r *route) in(place string) []*api.Parameter {
	var found []*api.Parameter
	for _, p := range r.Parameters {
		if p.In == place {
			found = append(found, p)
		}
	}
	return found
}
