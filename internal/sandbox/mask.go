package sandbox

import (
	"net/url"
	"strings"
)

// maskOf is what answers show of a secret: its last four characters, of an
// address its host. Only that is kept.
func maskOf(secret string) string {
	if u, err := url.Parse(secret); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host + "/****"
	}
	if len(secret) < 12 {
		return "****" // four would be too much of it
	}
	return "****" + secret[len(secret)-4:]
}

// isMask says whether a text is what was shown of a secret, sent back.
func isMask(text string) bool { return strings.Contains(text, "***") }
