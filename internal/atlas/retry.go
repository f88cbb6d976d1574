package atlas

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"golang.org/x/oauth2"
)

// repeatable is the context key under which a request says that sending it
// twice is harmless.
type repeatable struct{}

// checkRetry decides whether an attempt is repeated: always after 429 and 503,
// which Atlas answers before it does anything; after other 5xx and broken
// connections only where repeating is harmless.
func (c *Client) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	again := c.again(ctx, resp, err)
	if again {
		c.retries.Add(1)
	}
	if resp != nil && resp.StatusCode == http.StatusTooManyRequests {
		c.throttled.Add(1)
	}
	return again, nil
}

func (c *Client) again(ctx context.Context, resp *http.Response, err error) bool {
	safe, _ := ctx.Value(repeatable{}).(bool)
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		return safe && !final(err)
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusServiceUnavailable:
		return true
	}
	return safe && resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented
}

// final tells errors that another attempt cannot mend.
func final(err error) bool {
	var dns *net.DNSError
	var token *oauth2.RetrieveError
	return errors.Is(err, ErrReadOnly) || errors.As(err, &token) || errors.As(err, &dns) && dns.IsNotFound || isTLS(err) ||
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
	switch {
	case errors.As(err, &token):
		return tokenError(base, token)
	case errors.Is(err, ErrReadOnly):
		return err
	}
	return fmt.Errorf("cannot reach %s: %w (check MONGODB_ATLAS_BASE_URL and the network)", base, err)
}
