package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Options say how a sandbox is opened. The zero value is a sandbox in memory
// with the built-in seed.
type Options struct {
	Dir       string           // state directory; "" = memory only
	Seed      []byte           // YAML world; nil = the built-in seed. Used only when Dir holds no state yet
	Latency   time.Duration    // added before each API answer, not at the token endpoint
	Faults    []string         // see FaultGrammar
	RateLimit []string         // see RateLimitGrammar
	Log       io.Writer        // one line per request; nil = none
	Pace      time.Duration    // how long a state lasts in which Atlas works; 0 = until it was read once, 200ms at most
	Now       func() time.Time // nil = time.Now
	Tap       func(Exchange)   // sees each exchange before the client has the answer, and must not call the Server; nil = none
}

// A Server is one emulated Atlas.
type Server struct {
	options Options
	lock    *flock.Flock
	routes  []*route
	// resources are those of all parts, by name.
	resources map[string]*resource
	faults    []*faultRule
	closed    chan struct{}
	close     sync.Once

	mu          sync.Mutex // guards what follows
	world       *world
	store       *store
	credentials Credentials
	tokens      map[string]token // by SHA-256
	nonces      map[string]*nonce
	inFlight    map[string]bool // keys of exclusive operations

	// audit, which tests set, is shown each write, and each refusal, which notes
	// nothing: the world before it, the changes that the handler noted, and the
	// world as it now is.
	audit func(before *world, noted []change, after *world)

	logMu    sync.Mutex // guards the request log, and keeps taps in order
	requests []LogEntry
}

// A LogEntry is one request that the sandbox answered.
type LogEntry struct {
	Method string
	Path   string // escaped, with the query
	Status int    // 0 if the connection was broken instead
	Time   time.Time
}

// Open starts a sandbox: from its directory if that holds a state, else from
// the seed.
func Open(o Options) (_ *Server, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{
		options:   o,
		resources: map[string]*resource{},
		closed:    make(chan struct{}),
		tokens:    map[string]token{},
		nonces:    map[string]*nonce{},
		inFlight:  map[string]bool{},
	}
	if s.faults, err = parseFaults(o.Faults); err != nil {
		return nil, err
	}
	if s.routes, err = newRoutes(o.RateLimit); err != nil {
		return nil, err
	}
	for _, p := range apiParts() {
		for _, r := range p.resources {
			s.resources[r.name] = r
		}
	}
	if err := s.lockDir(); err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the sandbox: %w", err)
	}
	return s, nil
}

// newRoutes builds the routing table and the limits that apply to it.
func newRoutes(rules []string) ([]*route, error) {
	parts := apiParts()
	sets := make([]*endpointSet, len(parts))
	for i, p := range parts {
		sets[i] = newEndpointSet(p)
	}
	if err := applyRateLimits(sets, rules); err != nil {
		return nil, err
	}
	var routes []*route
	for i, p := range parts {
		for _, o := range p.all() {
			routes = append(routes, newRoute(o, sets[i]))
		}
	}
	own := newEndpointSet(part{id: "sandbox", name: "Sandbox", scope: perProject})
	for _, o := range ownOperations {
		r := newRoute(o, own)
		r.own = true
		routes = append(routes, r)
	}
	sortRoutes(routes)
	return routes, nil
}

// lockDir keeps a second process out of the state directory.
func (s *Server) lockDir() error {
	if s.options.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(s.options.Dir, 0o700); err != nil {
		return fmt.Errorf("create the sandbox directory: %w", err)
	}
	path := filepath.Join(s.options.Dir, "lock")
	lock := flock.New(path, flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock the sandbox directory %s: %w", s.options.Dir, err)
	}
	if !ok {
		return fmt.Errorf("the sandbox directory %s is in use by another process: stop that one, or choose another directory", s.options.Dir)
	}
	s.lock = lock
	return nil
}

// start fills the world and makes sure that the sandbox's own credentials work.
func (s *Server) start() error {
	credentials, known, err := loadCredentials(s.options.Dir)
	if err != nil {
		return err
	}
	s.credentials = credentials
	store, w, err := openStore(s.options.Dir)
	if err != nil {
		return err
	}
	s.store = store
	seeded := w == nil
	if seeded {
		now := s.options.Now()
		if w, err = plant(s.options.Seed, now); err != nil {
			return err
		}
		for _, p := range w.Projects {
			w.begin(s.resources, p, now)
		}
	}
	s.world = w
	if !seeded && known {
		if s.store.long() {
			return s.store.take(w)
		}
		return nil
	}
	s.addOwner()
	if err := saveCredentials(s.options.Dir, credentials); err != nil {
		return err
	}
	return s.store.take(w)
}

// Close releases the state directory. Requests that hang are let go, later ones
// are refused.
func (s *Server) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closed)
		s.mu.Lock() // lets a save that has begun end while the directory is ours
		defer s.mu.Unlock()
		if s.store != nil {
			err = s.store.close()
		}
		if s.lock != nil {
			err = errors.Join(err, s.lock.Unlock())
		}
	})
	return err
}

func (s *Server) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// Requests is the log of all requests so far, in the order of their answers.
func (s *Server) Requests() []LogEntry {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return slices.Clone(s.requests)
}

const maxBody = 4 << 20

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var rep *reply
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		rep = refusal(asAPIError(fail(400, "REQUEST_TOO_LARGE", "a request body may have at most %d bytes", maxBody)), nil)
	} else if err != nil {
		return // the client is gone
	} else {
		rep = s.answer(r, body)
	}
	s.record(r, body, rep, time.Since(begun))
	s.send(w, r, rep)
}

func (s *Server) answer(r *http.Request, body []byte) *reply {
	path := r.URL.EscapedPath()
	if handle := s.oauthEndpoint(path); handle != nil {
		return s.withFault(r, path, func(r *http.Request) *reply { return handle(r, body) })
	}
	if _, _, ok := belowRoot(path); !ok {
		return refusal(asAPIError(fail(404, "RESOURCE_NOT_FOUND", "cannot find resource %s: the API is at %s, and older clients are answered at %s", path, apiRoot, strings.Join(olderRoots, " and "))), nil)
	}
	caller, rejected := s.authenticate(r)
	if rejected != nil {
		return rejected
	}
	// Faults come after the credentials, so that the two requests of a digest
	// exchange count as one strike.
	return s.withFault(r, path, func(r *http.Request) *reply { return s.serve(r, body, caller) })
}

// record writes the logs before the answer is sent, so whoever has the answer
// finds the entry.
func (s *Server) record(r *http.Request, body []byte, rep *reply, took time.Duration) {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	status := rep.status
	if rep.breaks != endsWell {
		status = 0
	}
	path := r.URL.EscapedPath()
	s.logf("%s %s %d %s", r.Method, path, status, took.Round(time.Microsecond))
	if s.options.Tap != nil {
		e := Exchange{
			Method: r.Method, Path: path, RawQuery: r.URL.RawQuery,
			RequestHeader: r.Header.Clone(), RequestBody: body,
			Status: status, Struck: rep.struck, Injected: rep.injected,
		}
		if status != 0 {
			e.ResponseHeader, e.ResponseBody = rep.header.Clone(), rep.body
		}
		s.options.Tap(e)
	}
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	s.requests = append(s.requests, LogEntry{r.Method, path, status, s.options.Now()})
}

// logf writes a line to the log; logMu is held.
func (s *Server) logf(format string, args ...any) {
	if s.options.Log != nil {
		fmt.Fprintf(s.options.Log, format+"\n", args...)
	}
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, rep *reply) {
	switch rep.breaks {
	case endsReset:
		breakConnection(w)
	case endsNever:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		breakConnection(w)
	}
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	w.Header().Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	w.WriteHeader(rep.status)
	w.Write(rep.body)
}
