package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// described is the shape that the official description gives a value. It is as
// strict as the shapes written by hand, and refuses with the same codes.
type described struct {
	facets []facet
	// partial: the members at the top that it requires need not be there.
	partial bool
}

func describedBy(s *api.Schema) described { return described{facets: []facet{{schema: s}}} }

func (d described) check(path string, value any, f *findings) any {
	all := facetsOf(value, d.facets...)
	must := slices.DeleteFunc(slices.Clone(all), func(one facet) bool { return one.maybe })
	switch value := value.(type) {
	case map[string]any:
		if ofType(path, "object", all, f) {
			return d.checkObject(path, value, all, must, f)
		}
	case []any:
		if ofType(path, "array", all, f) {
			return checkArray(path, value, must, f)
		}
	case string:
		if ofType(path, "string", all, f) {
			checkText(path, value, must, f)
		}
	case bool:
		ofType(path, "boolean", all, f)
	case json.Number:
		return checkNumber(path, value, all, must, f)
	}
	return value
}

// ofType refuses a value that is of another type than the description says.
func ofType(path, found string, all []facet, f *findings) bool {
	for _, one := range all {
		switch want := one.schema.Type; {
		case want == "" || want == found || want == "number" && found == "integer":
		default:
			f.add(path, "must be %s", typeWords[want])
			return false
		}
	}
	return true
}

var typeWords = map[string]string{
	"object": "an object", "array": "an array", "string": "a string", "boolean": "true or false",
	"number": "a number", "integer": "a whole number",
}

func (d described) checkObject(path string, m map[string]any, all, must []facet, f *findings) any {
	if !slices.ContainsFunc(all, declares) {
		return m // an object of any form
	}
	for _, one := range all {
		if by := one.schema.Discriminator; by != nil && len(by.Mapping) > 0 {
			if name, ok := m[by.Property].(string); ok && by.Mapping[name] == "" {
				f.add(join(path, by.Property), "must be one of %s", strings.Join(slices.Sorted(maps.Keys(by.Mapping)), ", "))
			}
		}
	}
	kept := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		v, at := m[name], join(path, name)
		declared, open := membersNamed(all, name)
		written := slices.DeleteFunc(slices.Clone(declared), func(one facet) bool { return isReadOnly(one.schema) })
		switch {
		case len(declared) == 0 && open:
			kept[name] = v
		case len(declared) == 0 && name != "links":
			f.unknown = append(f.unknown, at)
		case len(written) == 0: // read-only: answers have it, requests may echo it
		case v == nil && slices.ContainsFunc(written, func(one facet) bool { return isNullable(one.schema) }):
			kept[name] = nil
		case v == nil:
			f.add(at, "must not be null")
		default:
			kept[name] = checkMember(at, v, written, f)
		}
	}
	if d.partial {
		return kept
	}
	for _, one := range must {
		for _, name := range one.schema.Required {
			declared, _ := membersNamed(all, name)
			if _, ok := m[name]; !ok && !slices.ContainsFunc(declared, func(one facet) bool { return isReadOnly(one.schema) }) {
				f.add(join(path, name), "is required")
			}
		}
	}
	return kept
}

// checkMember holds a member against all that must be so of it, and against
// one of what may be so.
func checkMember(path string, v any, declared []facet, f *findings) any {
	var must, maybe []facet
	for _, one := range declared {
		if one.maybe {
			one.maybe = false
			maybe = append(maybe, one)
		} else {
			must = append(must, one)
		}
	}
	if len(maybe) == 0 {
		return described{facets: must}.check(path, v, f)
	}
	var first *findings
	for _, one := range maybe {
		var found findings
		kept := described{facets: append(slices.Clone(must), one)}.check(path, v, &found)
		if len(found.unknown)+len(found.violations)+len(found.alien) == 0 {
			return kept
		}
		if first == nil {
			first = &found
		}
	}
	f.unknown = append(f.unknown, first.unknown...)
	f.violations = append(f.violations, first.violations...)
	f.alien = append(f.alien, first.alien...)
	return v
}

func checkArray(path string, items []any, must []facet, f *findings) any {
	var of []facet
	for _, one := range must {
		s := one.schema
		if s.Items != nil {
			of = append(of, facet{schema: s.Items})
		}
		switch {
		case s.MinItems != nil && len(items) < *s.MinItems:
			f.add(path, "must have at least %d items", *s.MinItems)
		case s.MaxItems != nil && len(items) > *s.MaxItems:
			f.add(path, "must have at most %d items", *s.MaxItems)
		}
		if s.UniqueItems {
			seen := map[string]bool{}
			for _, item := range items {
				text := jsonOf(item)
				if seen[text] {
					f.add(path, "must not repeat %s", text)
				}
				seen[text] = true
			}
		}
	}
	kept := []any{}
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if item == nil {
			f.add(at, "must not be null")
			continue
		}
		kept = append(kept, described{facets: of}.check(at, item, f))
	}
	return kept
}

func checkText(path, value string, must []facet, f *findings) {
	n := utf8.RuneCountInString(value)
	for _, one := range must {
		s := one.schema
		switch {
		case s.Enum != nil && !slices.Contains(s.Enum, any(value)):
			f.add(path, "must be one of %s", words(s.Enum))
		case s.MinLength != nil && n < *s.MinLength:
			f.add(path, "must have at least %d characters", *s.MinLength)
		case s.MaxLength != nil && n > *s.MaxLength:
			f.add(path, "must have at most %d characters", *s.MaxLength)
		case s.Pattern != "" && !matches(s.Pattern, value):
			f.add(path, "must match %s", s.Pattern)
		case s.Format == "date-time" && !isInstant(value):
			f.add(path, "must be a time such as 2026-01-31T12:00:00Z")
		case s.Format == "email" && value != "" && !isEmail(value):
			f.add(path, "must be an email address")
		case s.Format == "uuid" && !uuid.pattern.MatchString(value):
			f.add(path, "must be a UUID")
		}
	}
}

func words(enum []any) string {
	var all []string
	for _, v := range enum {
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(all, ", ")
}

func isInstant(text string) bool { return !instant(text).IsZero() }

// instant reads a time as clients write it, zero if it is none.
func instant(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func checkNumber(path string, value json.Number, all, must []facet, f *findings) any {
	whole := slices.ContainsFunc(all, func(one facet) bool { return one.schema.Type == "integer" })
	if !ofType(path, map[bool]string{true: "integer", false: "number"}[whole], all, f) {
		return value
	}
	n, err := value.Float64()
	if err != nil || whole && n != float64(int64(n)) {
		f.add(path, "must be a whole number")
		return value
	}
	for _, one := range must {
		s := one.schema
		switch {
		case s.Enum != nil && !slices.Contains(s.Enum, any(n)):
			f.add(path, "must be one of %s", words(s.Enum))
		case s.Minimum != nil && (n < *s.Minimum || s.ExclusiveMinimum && n == *s.Minimum):
			f.add(path, "must be at least %v", *s.Minimum)
		case s.Maximum != nil && (n > *s.Maximum || s.ExclusiveMaximum && n == *s.Maximum):
			f.add(path, "must be at most %v", *s.Maximum)
		}
	}
	return value
}

// The patterns of the description are Java's: some look ahead, which Go's own
// cannot. A few are escaped twice.
var patterns sync.Map // of string to its *regexp.Regexp or *regexp2.Regexp

func matches(pattern, text string) bool {
	compiled, ok := patterns.Load(pattern)
	if !ok {
		repaired := strings.ReplaceAll(pattern, `\\`, `\`)
		if re, err := regexp.Compile(repaired); err == nil {
			compiled = re
		} else {
			compiled = regexp2.MustCompile(repaired, regexp2.None) // a test compiles all of them
		}
		patterns.Store(pattern, compiled)
	}
	if re, ok := compiled.(*regexp.Regexp); ok {
		return re.MatchString(text)
	}
	matched, err := compiled.(*regexp2.Regexp).MatchString(text)
	return err == nil && matched
}
