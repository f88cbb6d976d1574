package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// serve takes an authenticated request through routing, limits, media types
// and its handler.
func (s *Server) serve(r *http.Request, body []byte, caller string) *reply {
	query := r.URL.Query()
	route, params, err := s.find(r.Method, r.URL.EscapedPath())
	if err != nil {
		return refusal(asAPIError(err), query)
	}
	c := &call{
		server: s, request: r, query: query, params: params, id: route.id,
		caller: caller, now: s.options.Now(), body: body,
	}
	use := s.take(route, c)
	rep, err := s.run(route, c, use)
	if err != nil {
		rep = refusal(asAPIError(err), query)
	}
	rep.header.Set("RateLimit-Limit", strconv.Itoa(use.limit))
	rep.header.Set("RateLimit-Remaining", strconv.Itoa(use.remaining))
	return rep
}

func (s *Server) run(route *route, c *call, use usage) (*reply, error) {
	if use.refused() {
		return nil, use.err()
	}
	version, err := route.accepted(c.request)
	if err != nil {
		return nil, err
	}
	c.version = version
	if route.body && !(route.bodiless && len(c.body) == 0) {
		if err := route.checkContentType(c.request.Header); err != nil {
			return nil, err
		}
	}
	if route.exclusive != nil {
		leave, err := s.enter(route.exclusive(c))
		if err != nil {
			pause(c.request.Context(), s.options.Latency)
			return nil, err
		}
		defer leave()
	}
	pause(c.request.Context(), s.options.Latency)
	return s.handle(route, c)
}

// handle runs the handler and makes its effect durable. The answer is encoded
// under the lock too, because it may share parts with the state.
func (s *Server) handle(route *route, c *call) (*reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed() {
		return nil, fail(503, "SERVICE_UNAVAILABLE", "the sandbox is closed")
	}
	c.world = s.world
	if !hasEffect(c.request) {
		// The handler works on a world of its own, which is thrown away.
		var err error
		if c.world, err = s.world.clone(); err != nil {
			return nil, err
		}
	}
	var before *world
	if s.audit != nil {
		before, _ = s.world.clone()
	}
	if err := c.authorize(route.may); err != nil {
		return nil, err
	}
	value, err := route.handle(c)
	if err != nil {
		if s.audit != nil {
			s.audit(before, nil, s.world)
		}
		return nil, err
	}
	if route.method != http.MethodGet {
		c.logEvents(route.event)
	}
	rep := success(route.operation, c, value)
	if route.method == http.MethodGet || c.world != s.world {
		return rep, nil
	}
	if s.audit != nil {
		s.audit(before, c.changes, s.world)
	}
	return rep, s.commit(c.changes)
}

// enter claims a key for the time of one request.
func (s *Server) enter(key string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inFlight[key] {
		return nil, fail(409, "DATA_CONCURRENCY_ERROR", "another request is changing the same resource; try again")
	}
	s.inFlight[key] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.inFlight, key)
	}, nil
}

// pause waits, unless the client leaves first.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
