package sandbox

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	realm         = "MMS Public API"
	nonceLifetime = 5 * time.Minute
)

// A nonce was given out in a challenge. Each count of it is good for one
// request.
type nonce struct {
	issued time.Time
	used   map[string]bool
}

// challenge gives out a new nonce. Some clients know no other parameters, and
// none with a comma in it.
func (s *Server) challenge(stale bool) string {
	now := s.options.Now()
	for value, n := range s.nonces {
		if now.Sub(n.issued) > nonceLifetime {
			delete(s.nonces, value)
		}
	}
	value := rand.Text()
	s.nonces[value] = &nonce{issued: now, used: map[string]bool{}}
	return fmt.Sprintf(`Digest realm="%s", domain="", nonce="%s", algorithm=MD5, qop="auth", stale=%t`, realm, value, stale)
}

// checkDigest verifies an Authorization header of RFC 7616. Stale means that
// only the nonce was wrong, so the client may answer a new challenge with the
// same password.
func (s *Server) checkDigest(r *http.Request, header string) (caller string, ok, stale bool) {
	p := digestParameters(header)
	ha1, known := s.keyDigest(p["username"])
	if !known || p["realm"] != realm || p["qop"] != "auth" ||
		p["nc"] == "" || p["cnonce"] == "" || (p["algorithm"] != "" && !strings.EqualFold(p["algorithm"], "MD5")) {
		return "", false, false
	}
	if p["uri"] != r.URL.RequestURI() && p["uri"] != r.RequestURI {
		return "", false, false
	}
	ha2 := md5Hex(r.Method + ":" + p["uri"])
	want := md5Hex(strings.Join([]string{ha1, p["nonce"], p["nc"], p["cnonce"], p["qop"], ha2}, ":"))
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(p["response"]))) != 1 {
		return "", false, false
	}
	n := s.nonces[p["nonce"]]
	if n == nil || s.options.Now().Sub(n.issued) > nonceLifetime || n.used[p["nc"]] {
		return "", false, true
	}
	n.used[p["nc"]] = true
	return p["username"], true, false
}

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// digestParameters reads name=value and name="value" pairs. A comma inside
// quotes belongs to the value.
func digestParameters(header string) map[string]string {
	p := map[string]string{}
	for header != "" {
		name, rest, ok := strings.Cut(header, "=")
		if !ok {
			break
		}
		var value string
		if quoted, isQuoted := strings.CutPrefix(rest, `"`); isQuoted {
			value, rest, _ = strings.Cut(quoted, `"`)
			_, rest, _ = strings.Cut(rest, ",")
		} else {
			value, rest, _ = strings.Cut(rest, ",")
		}
		p[strings.ToLower(strings.Trim(name, ", \t"))] = strings.TrimSpace(value)
		header = rest
	}
	return p
}
