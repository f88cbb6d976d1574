package atlas

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// An endpointSet is what shares a token bucket for each value of its scope
// (operation listRateLimits).
type endpointSet struct {
	ID        string `json:"endpointSetId"`
	Scope     string `json:"scope"` // IP, USER, GROUP or ORGANIZATION
	Endpoints []struct {
		Method string `json:"method"`
		Path   string `json:"path"`
	} `json:"endpoints"`
	Rate    limitValue `json:"refillRate"`
	Seconds limitValue `json:"refillDurationSeconds"`
}

type limitValue struct {
	Value int `json:"value"`
}

// A limitedRoute is one endpoint of a set.
type limitedRoute struct {
	method   string
	path     *regexp.Regexp
	scope    int // which placeholder is the scope's id; 0: none
	literals int // characters that are no placeholder: the more, the better it fits
	set      endpointSet
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// routesOf spells out the endpoints of sets. What Atlas says of other APIs,
// or in ways that make no route, is left out.
func routesOf(sets []endpointSet) []limitedRoute {
	var out []limitedRoute
	names := map[string]string{"GROUP": "{groupId}", "ORGANIZATION": "{orgId}"}
	for _, set := range sets {
		for _, e := range set.Endpoints {
			r := limitedRoute{method: e.Method, set: set}
			var pattern strings.Builder
			rest := e.Path
			for n := 1; ; n++ {
				at := placeholder.FindStringIndex(rest)
				if at == nil {
					break
				}
				pattern.WriteString(regexp.QuoteMeta(rest[:at[0]]) + `([^/:]+)`)
				if rest[at[0]:at[1]] == names[set.Scope] {
					r.scope = n
				}
				r.literals += at[0]
				rest = rest[at[1]:]
			}
			r.literals += len(rest)
			path, err := regexp.Compile("^" + pattern.String() + regexp.QuoteMeta(rest) + "$")
			if err != nil {
				continue
			}
			r.path = path
			out = append(out, r)
		}
	}
	return out
}

// bucketIn names the bucket of a request and tells how long one of its tokens
// takes to come back; false if Atlas named no set for it.
func bucketIn(routes []limitedRoute, method, path string) (name string, token time.Duration, ok bool) {
	var best *limitedRoute
	scope := ""
	for i := range routes {
		r := &routes[i]
		if r.method != method || best != nil && best.literals >= r.literals {
			continue
		}
		if m := r.path.FindStringSubmatch(path); m != nil {
			best, scope = r, ""
			if r.scope > 0 {
				scope = m[r.scope]
			}
		}
	}
	if best == nil {
		return "", 0, false
	}
	if best.set.Rate.Value > 0 {
		token = time.Duration(best.set.Seconds.Value) * time.Second / time.Duration(best.set.Rate.Value)
	}
	return best.set.ID + " " + scope, token, true
}

// limitsVersion is the API version of listRateLimits.
const limitsVersion = "2025-03-12"

// learnLimits asks Atlas, once and only when it throttles, which requests
// share a bucket. Without an answer the buckets stay guessed.
func (c *Client) learnLimits(ctx context.Context) {
	c.limitsOnce.Do(func() {
		var sets []endpointSet
		for page := 1; ; page++ {
			found, err := c.limitsPage(ctx, page)
			if err != nil {
				c.log("rate limits not known: %v", err)
				break
			}
			if sets = append(sets, found...); len(found) < limitsPageSize {
				break
			}
		}
		c.gate.know(routesOf(sets))
	})
}

const limitsPageSize = 500

func (c *Client) limitsPage(ctx context.Context, page int) ([]endpointSet, error) {
	ctx = context.WithValue(ctx, attemptsKey{}, &attempts{safe: true, aside: true, failures: c.maxRetries})
	answer, err := c.Do(ctx, planner.Request{Method: http.MethodGet, Path: planner.APIPrefix + "/rateLimits", Version: limitsVersion,
		Query: map[string]any{"itemsPerPage": limitsPageSize, "pageNum": page}})
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Results []endpointSet `json:"results"`
	}
	err = json.Unmarshal(data, &doc)
	return doc.Results, err
}
