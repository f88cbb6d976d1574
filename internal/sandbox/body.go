package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"
)

// decode checks a request body against its shape, then decodes it. Bodies are
// read as strictly as Atlas reads them: an unknown field, a wrong type or a
// missing field refuse the whole request. Read-only fields are ignored.
func decode[T any](c *call, s shape) (T, error) {
	var out T
	value, err := parseJSON(c.body)
	if err != nil {
		return out, fail(400, "INVALID_JSON", "the request body is not JSON: %v", err)
	}
	var f findings
	value = s.check("", value, &f)
	if len(f.unknown) > 0 {
		return out, fail(400, "INVALID_ATTRIBUTE", "Invalid attribute %s specified.", f.unknown[0])
	}
	if len(f.violations) > 0 {
		return out, invalid(f.violations...)
	}
	if len(f.alien) > 0 {
		return out, fail(400, "INVALID_ENUM_VALUE", "An invalid enumeration value %s was specified.", f.alien[0])
	}
	data, err := json.Marshal(value)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(data, &out)
}

// invalid refuses a request because of fields of its body.
func invalid(fields ...violation) error {
	e := &apiError{Status: 400, Code: "VALIDATION_ERROR", Fields: fields}
	var words []string
	for _, v := range fields {
		words = append(words, fmt.Sprintf("%s %s", v.Field, v.Description))
	}
	e.Detail = strings.Join(words, "; ")
	return e
}

func parseJSON(data []byte) (any, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("it is empty")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("something follows the value")
	}
	return value, nil
}

// findings collects what is wrong with a body.
type findings struct {
	unknown    []string
	violations []violation
	alien      []string // values that are in no list of Atlas's
}

func (f *findings) add(path, format string, args ...any) {
	if path == "" {
		path = "body"
	}
	f.violations = append(f.violations, violation{path, fmt.Sprintf(format, args...)})
}

// A shape is what a JSON value must look like. Its check returns the value
// without the parts that are to be ignored.
type shape interface {
	check(path string, value any, f *findings) any
}

// object holds the fields that a JSON object may have.
type object map[string]field

type field struct {
	shape    shape
	required bool
	readOnly bool // accepted and ignored
	nullable bool
}

func required(s shape) field { return field{shape: s, required: true} }
func optional(s shape) field { return field{shape: s} }
func nullable(s shape) field { return field{shape: s, nullable: true} }

// readOnly is a field that answers have and requests may echo.
var readOnly = field{readOnly: true}

func (o object) check(path string, value any, f *findings) any {
	m, ok := value.(map[string]any)
	if !ok {
		f.add(path, "must be an object")
		return nil
	}
	kept := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		v, at := m[name], join(path, name)
		known, ok := o[name]
		switch {
		case !ok && name != "links":
			f.unknown = append(f.unknown, at)
		case !ok, known.readOnly, v == nil && known.nullable:
		case v == nil && !takesNull(known.shape):
			f.add(at, "must not be null")
		default:
			kept[name] = known.shape.check(at, v, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if _, ok := m[name]; o[name].required && !ok {
			f.add(join(path, name), "is required")
		}
	}
	return kept
}

func takesNull(s shape) bool {
	_, ok := s.(orNull)
	return ok
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// text is a string, with the limits that are set.
type text struct {
	pattern  *pattern
	min, max int // in characters; a max of 0 is none
	enum     []string
	email    bool
}

func (t text) check(path string, value any, f *findings) any {
	s, ok := value.(string)
	if !ok {
		f.add(path, "must be a string")
		return nil
	}
	n := utf8.RuneCountInString(s)
	switch {
	case t.enum != nil && !slices.Contains(t.enum, s):
		f.add(path, "must be one of %s", strings.Join(t.enum, ", "))
	case n < t.min:
		f.add(path, "must have at least %d characters", t.min)
	case t.max > 0 && n > t.max:
		f.add(path, "must have at most %d characters", t.max)
	case t.pattern != nil && !t.pattern.MatchString(s):
		f.add(path, "must match %s", t.pattern)
	case t.email && !isEmail(s):
		f.add(path, "must be an email address")
	}
	return s
}

// enumeration is a word of a list that the description does not have.
type enumeration []string

func (e enumeration) check(path string, value any, f *findings) any {
	s, ok := value.(string)
	switch {
	case !ok:
		f.add(path, "must be a string")
	case !slices.Contains(e, s):
		f.alien = append(f.alien, s)
	}
	return value
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// integer is a whole number within limits.
type integer struct{ min, max int64 }

func (i integer) check(path string, value any, f *findings) any {
	number, ok := value.(json.Number)
	if !ok {
		f.add(path, "must be a number")
		return nil
	}
	n, err := number.Int64()
	switch {
	case err != nil:
		f.add(path, "must be a whole number")
	case n < i.min || n > i.max:
		f.add(path, "must be from %d to %d", i.min, i.max)
	}
	return n
}

type boolean struct{}

func (boolean) check(path string, value any, f *findings) any {
	if _, ok := value.(bool); !ok {
		f.add(path, "must be true or false")
	}
	return value
}

// listOf is an array. Repeated items of a unique one are refused.
type listOf struct {
	item   shape
	min    int
	unique bool
}

func (l listOf) check(path string, value any, f *findings) any {
	items, ok := value.([]any)
	if !ok {
		f.add(path, "must be an array")
		return nil
	}
	if len(items) < l.min {
		f.add(path, "must have at least %d items", l.min)
	}
	kept := []any{}
	seen := map[string]bool{}
	for i, item := range items {
		if s, ok := item.(string); ok && l.unique {
			if seen[s] {
				f.add(path, "must not repeat %q", s)
			}
			seen[s] = true
		}
		kept = append(kept, l.item.check(fmt.Sprintf("%s[%d]", path, i), item, f))
	}
	return kept
}

var (
	anyText = text{}
	anyID   = text{pattern: hexID}
	email   = text{email: true}
)

// orNull also takes null, and keeps it: here it clears what was set.
type orNull struct{ shape shape }

func (o orNull) check(path string, value any, f *findings) any {
	if value == nil {
		return nil
	}
	return o.shape.check(path, value, f)
}

// orEmpty also takes the empty string.
type orEmpty struct{ shape shape }

func (o orEmpty) check(path string, value any, f *findings) any {
	if value == "" {
		return value
	}
	return o.shape.check(path, value, f)
}
