package sandbox

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"time"
)

const tokenLifetime = time.Hour

// A token belongs to the secret that it was got with, and dies with it.
type token struct {
	clientID string
	secretID string
	expires  time.Time
}

// oauthEndpoint returns the handler of an OAuth path, nil for any other path.
func (s *Server) oauthEndpoint(path string) func(*http.Request, []byte) *reply {
	switch path {
	case "/api/oauth/token":
		return s.issueToken
	case "/api/oauth/revoke":
		return s.revokeToken
	}
	return nil
}

// issueToken is the client credentials grant of RFC 6749, with the client's
// credentials in the Authorization header.
func (s *Server) issueToken(r *http.Request, body []byte) *reply {
	form, problem := oauthForm(r, body)
	if problem != nil {
		return problem
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed() {
		return oauthError(503, "temporarily_unavailable", "the sandbox is closed")
	}
	org, account, used := s.client(r)
	if used == nil {
		return invalidClient()
	}
	if form.Get("grant_type") != "client_credentials" {
		return oauthError(400, "unsupported_grant_type", "grant_type must be client_credentials")
	}
	now := s.options.Now()
	for key, t := range s.tokens {
		if !now.Before(t.expires) {
			delete(s.tokens, key)
		}
	}
	value := rand.Text() + rand.Text()
	s.tokens[digestOf(value)] = token{account.ClientID, used.ID, now.Add(tokenLifetime)}
	used.LastUsedAt = &now
	if err := s.commit([]change{org.accountChange(account)}); err != nil {
		return refusal(asAPIError(err), nil)
	}
	return oauthReply(200, map[string]any{
		"access_token": value,
		"expires_in":   int(tokenLifetime.Seconds()),
		"token_type":   "Bearer",
	})
}

// revokeToken is RFC 7009: revoking a token that is unknown succeeds too.
func (s *Server) revokeToken(r *http.Request, body []byte) *reply {
	form, problem := oauthForm(r, body)
	if problem != nil {
		return problem
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, account, used := s.client(r)
	if used == nil {
		return invalidClient()
	}
	if key := digestOf(form.Get("token")); s.tokens[key].clientID == account.ClientID {
		delete(s.tokens, key)
	}
	return oauthReply(200, map[string]any{})
}

// client finds the service account and the secret of a Basic header.
func (s *Server) client(r *http.Request) (*organization, *serviceAccount, *secret) {
	id, value, ok := r.BasicAuth()
	if !ok {
		return nil, nil, nil
	}
	org, account := s.world.serviceAccount(id)
	if account == nil {
		return nil, nil, nil
	}
	now, hash := s.options.Now(), digestOf(value)
	for _, candidate := range account.Secrets {
		if now.Before(candidate.ExpiresAt) && subtle.ConstantTimeCompare([]byte(hash), []byte(candidate.Hash)) == 1 {
			return org, account, candidate
		}
	}
	return nil, nil, nil
}

// bearer says whose token this is, if it still lives.
func (s *Server) bearer(value string) (caller string, ok bool) {
	t, ok := s.tokens[digestOf(value)]
	now := s.options.Now()
	if !ok || !now.Before(t.expires) {
		return "", false
	}
	_, account := s.world.serviceAccount(t.clientID)
	if account == nil {
		return "", false
	}
	from := account.secret(t.secretID)
	return t.clientID, from != nil && now.Before(from.ExpiresAt)
}

func oauthForm(r *http.Request, body []byte) (url.Values, *reply) {
	if r.Method != http.MethodPost {
		rep := oauthError(405, "invalid_request", "use POST")
		rep.header.Set("Allow", http.MethodPost)
		return nil, rep
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(body))
	if media != "application/x-www-form-urlencoded" || err != nil {
		return nil, oauthError(400, "invalid_request", "the body must be application/x-www-form-urlencoded")
	}
	return form, nil
}

func invalidClient() *reply {
	rep := oauthError(401, "invalid_client", "the client id or secret is wrong or has expired")
	rep.header.Set("WWW-Authenticate", `Basic realm="`+realm+`"`)
	return rep
}

func oauthError(status int, code, description string) *reply {
	return oauthReply(status, map[string]any{"error": code, "error_description": description})
}

func oauthReply(status int, value map[string]any) *reply {
	rep := newReply(status)
	rep.header.Set("Content-Type", "application/json")
	rep.header.Set("Cache-Control", "no-store")
	rep.body, _ = json.Marshal(value)
	return rep
}
