package contract

import (
	"fmt"
	"maps"
	"mime"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

const (
	vendor  = "application/vnd.atlas."
	preview = "preview"
)

// plainJSON is the media type of errors, and a request body's without a version.
const plainJSON = "application/json"

// unversioned is how the facts tell a body of that type.
const unversioned = "json"

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

// key is how the facts tell the version.
func (v version) key() string {
	if v.form == "json" {
		return v.date
	}
	return v.date + "+" + v.form
}

func versionOf(key string) version {
	date, form, ok := strings.Cut(key, "+")
	if !ok {
		form = "json"
	}
	return version{date, form}
}

// resolve is the version that Atlas serves for the one asked for: the newest
// that is not later. A preview is served only to who asks for it.
func (v version) resolve(keys []string) (version, error) {
	var best version
	for _, key := range keys {
		offered := versionOf(key)
		if key == unversioned || offered.form != v.form || (offered.date == preview) != (v.date == preview) {
			continue
		}
		if offered.date <= v.date && offered.date > best.date {
			best = offered
		}
	}
	if best == (version{}) {
		offered := make([]string, len(keys))
		for i, key := range keys {
			offered[i] = versionOf(key).mediaType()
		}
		return version{}, fmt.Errorf("no version of the operation is as old as %s (there are %s)", v.mediaType(), strings.Join(offered, ", "))
	}
	return best, nil
}

// answerVersion is the version in which the operation answers a request with
// this Accept header when all goes well.
func answerVersion(op *api.Operation, accept string) (version, error) {
	asked, err := parseVersion(accept)
	if err != nil {
		return version{}, err
	}
	var keys []string
	for status, bodies := range op.Answers {
		if strings.HasPrefix(status, "2") {
			keys = slices.AppendSeq(keys, maps.Keys(bodies))
		}
	}
	slices.Sort(keys)
	return asked.resolve(slices.Compact(keys))
}

// requestSchema is the schema for a request body of this Content-Type. Without
// a version it is the newest one's.
func requestSchema(op *api.Operation, contentType string) (*api.Schema, error) {
	asked := version{date: "9999-12-31", form: "json"}
	if bare, _, err := mime.ParseMediaType(contentType); err != nil || bare != plainJSON {
		if asked, err = parseVersion(contentType); err != nil {
			return nil, err
		}
	}
	resolved, err := asked.resolve(slices.Sorted(maps.Keys(op.Requests)))
	if err != nil {
		return nil, err
	}
	return op.Requests[resolved.key()].Schema, nil
}
