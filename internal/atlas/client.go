// Package atlas is the HTTP client: authentication, API versions, retries and
// typed errors for the Atlas Administration API v2.
package atlas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// DefaultBaseURL is where Atlas is.
const DefaultBaseURL = "https://cloud.mongodb.com"

// maxAnswer is the largest answer that is read; a page of 500 users takes
// well under a megabyte.
const maxAnswer = 64 << 20

// firstWait is the pause before the first retry; each further one is twice as
// long. Retry-After counts instead where Atlas sends it.
const firstWait = 100 * time.Millisecond

// maxAttempts is no bound: checkRetry decides when enough is enough.
const maxAttempts = math.MaxInt

// Options configure a Client.
type Options struct {
	BaseURL     string
	Credentials Credentials
	Version     string // of this program, for the User-Agent
	ReadOnly    bool   // refuse every method but GET, the token endpoint apart
	MaxRPS      float64
	Parallelism int           // requests under way at once; 0: one
	Retries     int           // attempts after the first; 0: the default
	Timeout     time.Duration // of one attempt, once it is sent; 0: the default
	FirstWait   time.Duration // before the first retry; 0: the default
	Trace       func(format string, args ...any)
}

// Stats count what was sent.
type Stats struct {
	Requests  int `json:"requests"` // API calls, the token endpoint apart
	Retries   int `json:"retries"`
	Throttled int `json:"throttled"` // answers with 429
}

// A Client calls the API. It can be used by several goroutines.
type Client struct {
	base  string
	http  *retryablehttp.Client
	trace func(format string, args ...any)

	maxRetries int // after failures; being throttled does not count

	gate       *gate
	texts      pool
	limitsOnce sync.Once

	requests, retries, throttled atomic.Int64
}

// New returns a client. It sends nothing yet.
func New(o Options) (*Client, error) {
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	base, err := checkBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Retries == 0 {
		o.Retries = 5
	}
	if o.FirstWait == 0 {
		o.FirstWait = firstWait
	}
	c := &Client{base: base, trace: o.Trace, maxRetries: o.Retries}
	if err := o.Credentials.check(); err != nil {
		return nil, err
	}
	c.gate = newGate(newTransport(o), o.Parallelism)
	if o.MaxRPS > 0 {
		c.gate.limit = rate.NewLimiter(rate.Limit(o.MaxRPS), 1)
	}
	innermost := &plain{next: c.gate, agent: "atlasctl-sync/" + o.Version, readOnly: o.ReadOnly}
	c.http = c.retrying(o, c.authenticated(o, innermost))
	return c, nil
}

// Stats returns what was sent so far.
func (c *Client) Stats() Stats {
	return Stats{Requests: int(c.requests.Load()), Retries: int(c.retries.Load()), Throttled: int(c.throttled.Load())}
}

// checkBase takes https, and http to this machine only: credentials would
// otherwise cross the network in the clear.
func checkBase(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("the base URL %q is not a web address such as %s", base, DefaultBaseURL)
	case u.User != nil:
		return "", errors.New("the base URL holds credentials: keep them in MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET")
	case u.Scheme == "https", u.Scheme == "http" && IsLoopback(u.Hostname()):
		return strings.TrimSuffix(strings.TrimSuffix(base, "/"), planner.APIPrefix), nil
	}
	return "", fmt.Errorf("the base URL %q is not https: plain http is for this machine only", base)
}

func refuseRedirect(req *http.Request, _ []*http.Request) error {
	return fmt.Errorf("redirected to %s, which the Atlas API does not do: check MONGODB_ATLAS_BASE_URL", req.URL.Redacted())
}

// Do sends one request and decodes the answer, with numbers as json.Number.
func (c *Client) Do(ctx context.Context, r planner.Request) (any, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, err
	}
	c.requests.Add(1)
	started := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.broken(req.Context(), r, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	}
	if err != nil {
		return nil, &spec.BrokenError{Method: r.Method, Path: r.Path, Err: err}
	}
	c.log("%s %s: %d in %s", r.Method, r.Path, resp.StatusCode, time.Since(started).Round(time.Millisecond))
	doc, err := decode(r, resp, body)
	if r.Method == http.MethodGet { // what is written may answer with a secret
		doc = c.texts.share(doc)
	}
	return doc, err
}

func (c *Client) request(ctx context.Context, r planner.Request) (*retryablehttp.Request, error) {
	var body any
	if r.Body != nil {
		data, err := json.Marshal(r.Body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	target := c.base + r.Path
	if q := query(r.Query); q != "" {
		target += "?" + q
	}
	if !isAside(ctx) {
		ctx = context.WithValue(ctx, attemptsKey{}, &attempts{safe: r.Method == http.MethodGet || r.Idempotent, until: time.Now().Add(patience)})
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.Method, target, body)
	if err != nil {
		return nil, err
	}
	media := "application/vnd.atlas." + r.Version + "+json"
	req.Header.Set("Accept", media)
	if body != nil {
		req.Header.Set("Content-Type", media)
	}
	return req, nil
}

func (c *Client) log(format string, args ...any) {
	if c.trace != nil {
		c.trace(format, args...)
	}
}

func query(in map[string]any) string {
	q := url.Values{}
	for name, v := range in {
		if list, ok := v.([]string); ok {
			q[name] = list
			continue
		}
		q.Set(name, fmt.Sprint(v))
	}
	return q.Encode()
}

// broken turns a failure without an answer into an error that tells whether
// the request can have been carried out.
func (c *Client) broken(ctx context.Context, r planner.Request, err error) error {
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		err = urlErr.Err
	}
	a, _ := ctx.Value(attemptsKey{}).(*attempts)
	if ctx.Err() != nil && !a.doubtful && !neverSent(err) { // ended between two attempts, none of which was carried out
		err = &unsent{context.Cause(ctx)}
	}
	if neverSent(err) && !a.doubtful {
		return fmt.Errorf("%s %s: %w", r.Method, r.Path, explain(c.base, err))
	}
	return &spec.BrokenError{Method: r.Method, Path: r.Path, Err: err}
}
