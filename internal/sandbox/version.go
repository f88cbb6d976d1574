package sandbox

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	mediaPrefix = "application/vnd.atlas."
	mediaSuffix = "+json"
	preview     = "preview" // the version that is no date yet
)

func mediaType(version string) string { return mediaPrefix + version + mediaSuffix }

// resolve finds the newest version not later than the requested date; empty
// means there is none that old.
func resolve(versions []string, date string) string {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return ""
	}
	found := ""
	for _, v := range versions {
		if v <= date {
			found = v
		}
	}
	return found
}

// dateOf takes the date out of a versioned media type.
func dateOf(media string) (string, bool) {
	rest, ok := strings.CutPrefix(media, mediaPrefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, mediaSuffix)
}

// accepted chooses the version that a request's Accept header asks for.
// Without a date in it the newest one answers.
func (o operation) accepted(r *http.Request) (string, error) {
	if isOlder(r.URL.Path) {
		return o.olderVersion(r.URL.Path), nil // it knows no versions
	}
	newest := o.versions[len(o.versions)-1]
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return newest, nil
	}
	for item := range strings.SplitSeq(accept, ",") {
		media, _, err := mime.ParseMediaType(item)
		if err != nil {
			continue
		}
		switch date, versioned := dateOf(media); {
		case date == preview && o.preview:
			return preview, nil
		case versioned:
			if v := resolve(o.versions, date); v != "" {
				return v, nil
			}
		case media == "*/*", media == "application/*", media == "application/json":
			return newest, nil
		}
	}
	return "", fail(406, "INVALID_VERSION_DATE", "no version of this operation answers to Accept: %s; it has %s",
		accept, strings.Join(o.versions, ", "))
}

// olderVersion is what the older API answers as: v1.5, which was made for clusters
// of several clouds, as the version that took it over.
func (o operation) olderVersion(path string) string {
	if strings.HasPrefix(path, olderRoots[1]+"/") && slices.Contains(o.versions, multiCloud) {
		return multiCloud
	}
	return oldest[0]
}

// checkContentType refuses a body that is not JSON of a known version.
func (o operation) checkContentType(h http.Header) error {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err == nil {
		if media == "application/json" {
			return nil
		}
		if date, ok := dateOf(media); ok && (resolve(o.versions, date) != "" || date == preview && o.preview) {
			return nil
		}
	}
	return fail(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type %q is not application/json or a version of this operation (%s)",
		h.Get("Content-Type"), strings.Join(o.versions, ", "))
}
