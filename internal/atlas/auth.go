package atlas

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/mongodb-forks/digest"
	"golang.org/x/oauth2"
)

// Credentials are a service account's (OAuth 2.0 client credentials, RFC 6749
// section 4.4) or an API key's (HTTP digest, RFC 7616).
type Credentials struct {
	ClientID, ClientSecret string
	PublicKey, PrivateKey  string
}

// FromEnv reads the credentials that the environment holds.
func FromEnv(getenv func(string) string) Credentials {
	return Credentials{
		ClientID: getenv("MONGODB_ATLAS_CLIENT_ID"), ClientSecret: getenv("MONGODB_ATLAS_CLIENT_SECRET"),
		PublicKey: getenv("MONGODB_ATLAS_PUBLIC_API_KEY"), PrivateKey: getenv("MONGODB_ATLAS_PRIVATE_API_KEY"),
	}
}

// ErrNoCredentials says that there is nothing to authenticate with.
var ErrNoCredentials = errors.New("no credentials: set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET (a service account), " +
	"or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY (an API key); --sandbox needs none")

// ErrReadOnly is what a write meets in a command that only reads.
var ErrReadOnly = errors.New("this command only reads: the write was not sent")

// String never shows a secret.
func (c Credentials) String() string {
	if c.ClientID != "" {
		return "service account " + c.ClientID
	}
	return "API key " + c.PublicKey
}

// GoString never shows a secret.
func (c Credentials) GoString() string { return c.String() }

// MayBe tells whether a secret that Atlas shows masked, such as
// mdb_sa_sk_...abcd, can be the one that these credentials hold.
func (c Credentials) MayBe(masked string) bool {
	end := strings.LastIndexAny(masked, ".*…")
	return end < 0 || strings.HasSuffix(c.ClientSecret, strings.TrimLeft(masked[end:], ".*…"))
}

func (c Credentials) check() error {
	switch {
	case c.ClientID != "" && c.ClientSecret != "", c.ClientID == "" && c.ClientSecret == "" && c.PublicKey != "" && c.PrivateKey != "":
		return nil
	case c.ClientID != "":
		return errors.New("MONGODB_ATLAS_CLIENT_ID is set and MONGODB_ATLAS_CLIENT_SECRET is not")
	case c.ClientSecret != "":
		return errors.New("MONGODB_ATLAS_CLIENT_SECRET is set and MONGODB_ATLAS_CLIENT_ID is not")
	case c.PublicKey != "":
		return errors.New("MONGODB_ATLAS_PUBLIC_API_KEY is set and MONGODB_ATLAS_PRIVATE_API_KEY is not")
	case c.PrivateKey != "":
		return errors.New("MONGODB_ATLAS_PRIVATE_API_KEY is set and MONGODB_ATLAS_PUBLIC_API_KEY is not")
	}
	return ErrNoCredentials
}

// authenticated returns a transport that authenticates; a service account wins
// over an API key.
func (c *Client) authenticated(o Options, plain http.RoundTripper) http.RoundTripper {
	if o.Credentials.ClientID == "" {
		t := digest.NewTransport(o.Credentials.PublicKey, o.Credentials.PrivateKey)
		t.Transport = plain
		return t
	}
	return newBearer(c, c.base, o, plain)
}

// plain is the innermost transport: it names the program, and in commands
// that only read it lets no write through.
type plain struct {
	next     http.RoundTripper
	agent    string
	readOnly bool
}

func newTransport(o Options) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	return timed{t, o.Timeout}
}

func (p *plain) RoundTrip(req *http.Request) (*http.Response, error) {
	if p.readOnly && req.Method != http.MethodGet && req.URL.Path != tokenPath {
		return nil, ErrReadOnly
	}
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", p.agent)
	return p.next.RoundTrip(req)
}

// IsLoopback tells whether a host name means this machine.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	return errors.As(err, &verify) || errors.As(err, &host) || errors.As(err, &record)
}

// tokenError says what a refused token request means.
func tokenError(base string, err *oauth2.RetrieveError) error {
	status := 0
	if err.Response != nil {
		status = err.Response.StatusCode
	}
	switch {
	case status == http.StatusUnauthorized || err.ErrorCode == "invalid_client":
		return fmt.Errorf("%s does not accept the service account: check MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, and whether the secret has expired", base)
	case strings.Contains(string(err.Body), "<html"):
		return fmt.Errorf("%s answered the token request with a web page (status %d): check MONGODB_ATLAS_BASE_URL, or a proxy is in between", base, status)
	}
	return fmt.Errorf("%s refused the token request with status %d %s", base, status, err.ErrorCode)
}
