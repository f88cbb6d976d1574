package sandbox

import (
	"fmt"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// RateLimitGrammar explains the rules of Options.RateLimit.
const RateLimitGrammar = `[SET=]CAPACITY/DURATION
  SET       one endpoint set, such as teams; all of them if left out
  CAPACITY  how many requests fit at once
  DURATION  in which time all of them come back, such as 10s`

// A scope says whose requests share one budget.
type scope string

const (
	perIP           scope = "IP"
	perUser         scope = "USER"
	perProject      scope = "GROUP"
	perOrganization scope = "ORGANIZATION"
)

// The budget of a set that no rule speaks of is larger than a fast client on
// the same machine can use up.
const (
	usualCapacity = 50_000
	usualRefill   = time.Minute
)

// An endpointSet is a family of operations with a token bucket for each value
// of its scope.
type endpointSet struct {
	part     part
	capacity int
	refill   time.Duration

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newEndpointSet(p part) *endpointSet {
	return &endpointSet{part: p, capacity: usualCapacity, refill: usualRefill, buckets: map[string]*rate.Limiter{}}
}

func applyRateLimits(sets []*endpointSet, rules []string) error {
	for _, rule := range rules {
		if err := applyRateLimit(sets, rule); err != nil {
			return fmt.Errorf("rate limit rule %q: %w\nthe grammar is:\n%s", rule, err, RateLimitGrammar)
		}
	}
	return nil
}

func applyRateLimit(sets []*endpointSet, rule string) error {
	name, budget, named := strings.Cut(rule, "=")
	if !named {
		name, budget = "", rule
	}
	count, duration, _ := strings.Cut(budget, "/")
	capacity, err := strconv.Atoi(count)
	if err != nil || capacity < 1 {
		return fmt.Errorf("%q is not a capacity", count)
	}
	refill, err := time.ParseDuration(duration)
	if err != nil || refill <= 0 {
		return fmt.Errorf("%q is not a duration", duration)
	}
	var names []string
	found := false
	for _, set := range sets {
		names = append(names, set.part.id)
		if !named || set.part.id == name {
			set.capacity, set.refill, found = capacity, refill, true
		}
	}
	if !found {
		return fmt.Errorf("there is no endpoint set %q; there are %s", name, strings.Join(names, ", "))
	}
	return nil
}

// usage is what one request did to its bucket.
type usage struct {
	limit, remaining int
	wait             time.Duration // until a token is there; 0 if one was
}

func (u usage) refused() bool { return u.wait > 0 }

func (u usage) err() error {
	return &apiError{
		Status: 429, Code: "RATE_LIMITED", RetryAfter: u.wait,
		Detail: fmt.Sprintf("the limit of %d requests is used up", u.limit),
	}
}

// take spends one token of the bucket that a call belongs to.
func (s *Server) take(r *route, c *call) usage {
	set := r.limits
	key := s.scopeValue(set.part.scope, c)
	set.mu.Lock()
	defer set.mu.Unlock()
	bucket := set.buckets[key]
	if bucket == nil {
		perSecond := float64(set.capacity) / set.refill.Seconds()
		bucket = rate.NewLimiter(rate.Limit(perSecond), set.capacity)
		set.buckets[key] = bucket
	}
	u := usage{limit: set.capacity}
	if !bucket.AllowN(c.now, 1) {
		missing := 1 - bucket.TokensAt(c.now)
		u.wait = max(time.Millisecond, time.Duration(missing/float64(bucket.Limit())*float64(time.Second)))
	}
	u.remaining = max(0, int(math.Floor(bucket.TokensAt(c.now))))
	return u
}

func (s *Server) scopeValue(of scope, c *call) string {
	switch of {
	case perUser:
		return c.caller
	case perProject:
		return c.param("groupId")
	case perOrganization:
		return c.param("orgId")
	}
	host, _, err := net.SplitHostPort(c.request.RemoteAddr)
	if err != nil {
		return c.request.RemoteAddr
	}
	return host
}

var rateLimitVersions = []string{"2025-03-12"}

var rateLimitsPart = part{
	id: "rateLimits", name: "Rate Limits Inspection", scope: perIP,
	operations: []operation{
		{id: "listRateLimits", method: "GET", path: "/rateLimits", versions: rateLimitVersions, may: anybody, status: 200, handle: listRateLimits},
		{id: "getRateLimit", method: "GET", path: "/rateLimits/{endpointSetId}", versions: rateLimitVersions, may: anybody, status: 200, handle: getRateLimit},
	},
}

// endpointSets lists the sets in a steady order.
func (s *Server) endpointSets() []*endpointSet {
	var sets []*endpointSet
	for _, r := range s.routes {
		if !r.own && !slices.Contains(sets, r.limits) {
			sets = append(sets, r.limits)
		}
	}
	slices.SortFunc(sets, func(a, b *endpointSet) int { return strings.Compare(a.part.id, b.part.id) })
	return sets
}

func listRateLimits(c *call) (any, error) {
	var found []*endpointSet
	for _, set := range c.server.endpointSets() {
		if c.asksFor(set) {
			found = append(found, set)
		}
	}
	return page(c, found, (*endpointSet).view)
}

// asksFor applies the filters of the query to one set.
func (c *call) asksFor(set *endpointSet) bool {
	scopes := map[string]scope{"groupId": perProject, "orgId": perOrganization, "userId": perUser, "ipAddress": perIP}
	for parameter, of := range scopes {
		if c.query.Has(parameter) && set.part.scope != of {
			return false
		}
	}
	if names := c.query["name"]; names != nil && !slices.Contains(names, set.part.name) {
		return false
	}
	paths := c.query["endpointPath"]
	return paths == nil || slices.ContainsFunc(set.part.all(), func(o operation) bool {
		return slices.Contains(paths, apiRoot+o.path)
	})
}

func getRateLimit(c *call) (any, error) {
	for _, set := range c.server.endpointSets() {
		if set.part.id == c.param("endpointSetId") {
			return set.view(), nil
		}
	}
	return nil, fail(404, "RATE_LIMIT_ENDPOINT_SET_NOT_FOUND", "no endpoint set %s exists", c.param("endpointSetId"))
}

type limitValue struct {
	DefaultValue int `json:"defaultValue"`
	Value        int `json:"value"`
}

type endpoint struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

type endpointSetView struct {
	ID        string     `json:"endpointSetId"`
	Name      string     `json:"endpointSetName"`
	Scope     scope      `json:"scope"`
	Endpoints []endpoint `json:"endpoints"`
	Capacity  limitValue `json:"capacity"`
	Rate      limitValue `json:"refillRate"`
	Seconds   limitValue `json:"refillDurationSeconds"`
}

// view states the rate as tokens per refill duration, in whole seconds.
func (set *endpointSet) view() any {
	seconds := int(math.Ceil(set.refill.Seconds()))
	usual := int(usualRefill.Seconds())
	perRefill := float64(set.capacity) * float64(seconds) / set.refill.Seconds()
	v := endpointSetView{
		ID: set.part.id, Name: set.part.name, Scope: set.part.scope,
		Capacity: limitValue{usualCapacity, set.capacity},
		Rate:     limitValue{usualCapacity, int(perRefill)},
		Seconds:  limitValue{usual, seconds},
	}
	for _, o := range set.part.all() {
		v.Endpoints = append(v.Endpoints, endpoint{o.method, apiRoot + o.path})
	}
	return v
}
