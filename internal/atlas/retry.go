package atlas

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
)

// attempts is what is known of one request while it is tried: whether sending
// it twice is harmless, and how often it has failed. Being throttled is no
// failure; it is waited out.
type attempts struct {
	safe     bool
	doubtful bool // an attempt may have been carried out without an answer
	aside    bool // a call of our own, such as for a token: it asks for no limits
	failures int
	until    time.Time // when waiting for a throttled request ends
}

type attemptsKey struct{}

func isAside(ctx context.Context) bool {
	a, _ := ctx.Value(attemptsKey{}).(*attempts)
	return a != nil && a.aside
}

// backoff is the pause before the next attempt. Retry-After counts where Atlas
// sends it, up to a bound; throttled requests wait in their bucket besides.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	return min(retryablehttp.DefaultBackoff(least, most, attempt, resp), longestPause)
}

// longestPause bounds what a Retry-After with an answer other than 429 can ask for.
const longestPause = time.Minute

// patience bounds how long a throttled request is waited for.
const patience = 10 * time.Minute

// checkRetry decides whether an attempt is repeated: always after 429 and 503,
// which Atlas answers before it does anything; after other 5xx and broken
// connections only where repeating is harmless.
func (c *Client) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	a, _ := ctx.Value(attemptsKey{}).(*attempts)
	again := c.again(ctx, a, resp, err)
	if again {
		c.retries.Add(1)
	}
	if throttled(resp) {
		c.throttled.Add(1)
		if !a.aside {
			c.learnLimits(ctx)
			c.gate.learn(resp.Request, resp) // its bucket may have another name now
		}
	}
	return again, nil
}

func throttled(resp *http.Response) bool {
	return resp != nil && resp.StatusCode == http.StatusTooManyRequests
}

func (c *Client) again(ctx context.Context, a *attempts, resp *http.Response, err error) bool {
	switch {
	case err != nil && !neverSent(err), err == nil && resp.StatusCode >= 500 && resp.StatusCode != http.StatusServiceUnavailable:
		a.doubtful = true
	}
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil && throttled(resp):
		return time.Now().Add(retryAfter(resp)).Before(a.until)
	case err == nil && resp.StatusCode < 500, err != nil && final(err):
		return false
	}
	a.failures++
	if a.failures > c.maxRetries {
		return false
	}
	if err == nil && resp.StatusCode == http.StatusServiceUnavailable {
		return true
	}
	return a.safe && (err != nil || resp.StatusCode != http.StatusNotImplemented)
}

// final tells errors that another attempt cannot mend.
func final(err error) bool {
	var dns *net.DNSError
	var token *noToken // asked for as often as was sensible
	var waited *unsent
	var refused *oauth2.RetrieveError
	return errors.Is(err, ErrReadOnly) || errors.As(err, &token) || errors.As(err, &waited) || errors.As(err, &refused) || errors.As(err, &dns) && dns.IsNotFound || isTLS(err) ||
		errors.Is(err, syscall.ECONNREFUSED)
}

// neverSent tells errors that came before Atlas can have seen the request.
func neverSent(err error) bool {
	var op *net.OpError
	return final(err) || errors.As(err, &op) && op.Op == "dial"
}

// explain adds what to do about an error of the connection.
func explain(base string, err error) error {
	var token *oauth2.RetrieveError
	var waited *unsent
	switch {
	case errors.As(err, &token):
		return tokenError(base, token)
	case errors.As(err, &waited):
		return waited
	case errors.Is(err, ErrReadOnly):
		return err
	}
	return fmt.Errorf("cannot reach %s: %w (check MONGODB_ATLAS_BASE_URL and the network)", base, err)
}
