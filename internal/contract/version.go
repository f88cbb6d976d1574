package contract

import (
	"fmt"
	"maps"
	"mime"
	"slices"
	"strings"
	"time"
)

const (
	vendor  = "application/vnd.atlas."
	preview = "preview"
)

// plainJSON is the media type of errors, and a request body's without a version.
const plainJSON = "application/json"

// A version is one of an operation: the date and the form (json, csv, gzip) in
// its media type.
type version struct {
	date string // or preview
	form string
}

func (v version) mediaType() string { return vendor + v.date + "+" + v.form }

func parseVersion(mediaType string) (version, error) {
	bare, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return version{}, fmt.Errorf("%q is no media type", mediaType)
	}
	date, form, ok := strings.Cut(strings.TrimPrefix(bare, vendor), "+")
	if !ok || !strings.HasPrefix(bare, vendor) {
		return version{}, fmt.Errorf("%q names no version", mediaType)
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil && date != preview {
		return version{}, fmt.Errorf("%q names neither a date nor %s", mediaType, preview)
	}
	return version{date, form}, nil
}

// resolve is the version that Atlas serves for the one asked for: the newest
// that is not later. A preview is served only to who asks for it.
func (v version) resolve(media []string) (version, error) {
	var best version
	for _, m := range media {
		offered, err := parseVersion(m)
		if err != nil || offered.form != v.form || (offered.date == preview) != (v.date == preview) {
			continue
		}
		if offered.date <= v.date && offered.date > best.date {
			best = offered
		}
	}
	if best == (version{}) {
		return version{}, fmt.Errorf("no version of the operation is as old as %s (there are %s)", v.mediaType(), strings.Join(media, ", "))
	}
	return best, nil
}

// answerVersion is the version in which the operation answers a request with
// this Accept header when all goes well.
func (op *operation) answerVersion(accept string) (version, error) {
	asked, err := parseVersion(accept)
	if err != nil {
		return version{}, err
	}
	var media []string
	for status, r := range op.Responses {
		if strings.HasPrefix(status, "2") {
			media = slices.AppendSeq(media, maps.Keys(r.Content))
		}
	}
	slices.Sort(media)
	return asked.resolve(slices.Compact(media))
}

// schema is the schema for a request body of this Content-Type. Without a
// version it is the newest one's.
func (b *requestBody) schema(contentType string) (*schema, error) {
	media := slices.Sorted(maps.Keys(b.Content))
	asked := version{date: "9999-12-31", form: "json"}
	if bare, _, err := mime.ParseMediaType(contentType); err != nil || bare != plainJSON {
		if asked, err = parseVersion(contentType); err != nil {
			return nil, err
		}
	}
	resolved, err := asked.resolve(media)
	if err != nil {
		return nil, err
	}
	return b.Content[resolved.mediaType()].Schema, nil
}
