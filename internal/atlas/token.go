package atlas

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const tokenPath = "/api/oauth/token"

// A bearer authenticates as a service account. It asks for a token when one
// is needed, under the context of the request that needs it, so that neither
// a throttled nor a silent token endpoint outlives an interruption.
type bearer struct {
	next   http.RoundTripper
	config clientcredentials.Config
	client *http.Client // for the token endpoint: retries like any other call

	turn  chan struct{} // held by who asks for a token
	token *oauth2.Token
}

func newBearer(c *Client, base string, o Options, next http.RoundTripper) *bearer {
	tokens := c.retrying(o, next)
	b := &bearer{next: next, client: tokens.StandardClient(), turn: make(chan struct{}, 1)}
	b.config = clientcredentials.Config{ClientID: o.Credentials.ClientID, ClientSecret: o.Credentials.ClientSecret,
		TokenURL: base + tokenPath, AuthStyle: oauth2.AuthStyleInHeader}
	return b
}

func (b *bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	token, err := b.current(req.Context())
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	token.SetAuthHeader(req)
	return b.next.RoundTrip(req)
}

// current returns a token that is valid for a while yet.
func (b *bearer) current(ctx context.Context) (*oauth2.Token, error) {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if b.token.Valid() {
		return b.token, nil
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, b.client)
	ctx = context.WithValue(ctx, attemptsKey{}, &attempts{safe: true, aside: true, until: time.Now().Add(patience)})
	token, err := b.config.Token(ctx)
	if err != nil {
		return nil, &noToken{err}
	}
	b.token = token
	return token, nil
}

// noToken says that a request was not sent because there is no token for it.
type noToken struct{ err error }

func (e *noToken) Error() string { return "no token: " + e.err.Error() }
func (e *noToken) Unwrap() error { return e.err }

// retrying returns a client that tries again as far as that is safe.
func (c *Client) retrying(o Options, transport http.RoundTripper) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: transport, CheckRedirect: refuseRedirect},
		RetryMax:     maxAttempts, // checkRetry counts
		RetryWaitMin: o.FirstWait,
		RetryWaitMax: 20 * time.Second,
		CheckRetry:   c.checkRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}
