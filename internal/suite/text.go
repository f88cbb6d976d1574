package suite

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// odd are texts that YAML, paths or addresses could read as something else.
var odd = []string{"yes", "null", "~", "1.0", "0x1f", "1e3", "2027-01-01", "true", "a: b", "x # y", "it's", `"quoted"`, "a/b", "50%", "{x}", "[0]", "-", "a.b", "é ü"}

// text draws a string as schemas and the field want it.
func (d *drawing) text(schemas []*api.Schema, f *spec.Field) string {
	switch {
	case f != nil && f.Norm == spec.Email:
		return fmt.Sprintf("user%d@example.com", d.int(0, 9999))
	case f != nil && (f.Norm == spec.CIDR || strings.Contains(strings.ToLower(f.Name), "cidr")):
		if d.coin() {
			return fmt.Sprintf("10.%d.%d.%d/32", d.int(0, 255), d.int(0, 255), d.int(0, 255))
		}
		return fmt.Sprintf("10.%d.%d.%d/24", d.int(0, 255), d.int(0, 255), rapid.SampledFrom([]int{0, 7}).Draw(d.T, "host"))
	case f != nil && f.Norm == spec.JSONDoc:
		return fmt.Sprintf(`{"b": %d, "a": {"$in": ["x", %v]}}`, d.int(0, 9), d.coin())
	case f != nil && f.Norm == spec.Version:
		return rapid.SampledFrom([]string{"7.0", "8.0"}).Draw(d.T, "version")
	case format(schemas) == "date-time" || f != nil && f.Norm == spec.Instant:
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 2*60*60)}).Draw(d.T, "zone")
		return time.Now().In(zone).Truncate(time.Hour).Add(time.Duration(d.int(2, 140)) * time.Hour).Format(time.RFC3339)
	case format(schemas) == "uuid":
		return d.matching(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$`)
	case format(schemas) == "email":
		return fmt.Sprintf("user%d@example.com", d.int(0, 9999))
	case format(schemas) == "uri" || format(schemas) == "url":
		return fmt.Sprintf("https://example.com/%d", d.int(0, 9999))
	}
	least, _ := said(schemas, func(s *api.Schema) *int { return s.MinLength })
	most, bounded := said(schemas, func(s *api.Schema) *int { return s.MaxLength })
	pattern := patternOf(schemas, f)
	if f != nil {
		least = max(least, f.MinLen)
		if f.MaxLen > 0 {
			most, bounded = f.MaxLen, true
		}
	}
	fits := func(v string) bool {
		n := utf8.RuneCountInString(v)
		return n >= least && (!bounded || n <= most)
	}
	if compiled, err := regexp2.Compile(pattern, regexp2.None); err == nil && pattern != "" {
		for range 20 { // a word that fits is more like what people write
			for _, v := range []string{d.word(), d.matching(pattern)} {
				if ok, err := compiled.MatchString(v); ok && err == nil && fits(v) {
					return v
				}
			}
		}
	}
	if f != nil {
		if known := d.Examples[d.k.Name+"."+f.Name]; len(known) > 0 && d.coin() {
			return rapid.SampledFrom(known).Draw(d.T, "example")
		}
	}
	v := d.word()
	if f != nil && strings.Contains(strings.ToLower(f.Name), "database") && d.coin() {
		v = "admin" // where MongoDB keeps its own
	}
	if least == 0 && pattern == "" && d.int(0, 7) == 0 {
		return ""
	}
	if d.int(0, 3) == 0 {
		v = rapid.SampledFrom(odd).Draw(d.T, "odd")
	}
	for !fits(v) && utf8.RuneCountInString(v) < least {
		v += "x"
	}
	if bounded && most > 0 && utf8.RuneCountInString(v) > most {
		v = string([]rune(v)[:most])
	}
	return v
}

// sentinel draws a sensitive value that stands nowhere else.
func (d *drawing) sentinel(schemas []*api.Schema, f *spec.Field) string {
	v := fmt.Sprintf("sentinel%d", d.int(100000, 999999))
	if pattern := patternOf(schemas, f); pattern != "" {
		if compiled, err := regexp.Compile(pattern); err == nil && !compiled.MatchString(v) {
			v = d.text(schemas, f)
		}
	}
	if most, bounded := said(schemas, func(s *api.Schema) *int { return s.MaxLength }); bounded && len(v) > most {
		v = v[len(v)-most:]
	}
	if len(v) > 5 {
		*d.secrets = append(*d.secrets, v)
	}
	return v
}

func patternOf(schemas []*api.Schema, f *spec.Field) string {
	pattern, _ := said(schemas, func(s *api.Schema) *string {
		if s.Pattern == "" {
			return nil
		}
		return &s.Pattern
	})
	if f != nil && f.Pattern != "" {
		pattern = f.Pattern
	}
	return strings.ReplaceAll(pattern, `\\`, `\`)
}

func (d *drawing) word() string {
	return fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"alpha", "Beta", "gamma-", "delta"}).Draw(d.T, "word"), d.int(0, 9999))
}

// matching draws a string of a pattern, of plain characters where the
// pattern leaves that open.
func (d *drawing) matching(pattern string) string {
	pattern = ahead.ReplaceAllString(pattern, "")
	tame := strings.NewReplacer(`\p{L}`, `a-zA-Zé`, `\p{N}`, `0-9`, `\S`, `[a-z0-9]`, `.*`, `[a-z0-9 ]*`, `.+`, `[a-z0-9 ]+`).Replace(pattern)
	if _, err := regexp.Compile(tame); err != nil {
		tame = pattern
	}
	if tame == "." {
		return d.word()
	}
	if _, err := regexp.Compile(tame); err != nil {
		return d.word()
	}
	return rapid.StringMatching(tame).Draw(d.T, "text")
}

// ahead finds what Java's patterns can say and Go's cannot.
var ahead = regexp.MustCompile(`\(\?[!=<][^()]*\)`)

func format(schemas []*api.Schema) string {
	v, _ := said(schemas, func(s *api.Schema) *string {
		if s.Format == "" {
			return nil
		}
		return &s.Format
	})
	return v
}
