package contract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestRules(t *testing.T) {
	const refusal = `{"error":400,"errorCode":"NO"}`
	d := library(t)
	for _, c := range []struct {
		name       string
		x          sandbox.Exchange
		exempt     []Rule
		violations int
	}{
		{"nothing exempt", exchange("GET", "/api/lib/shelves?room=a", "", 200, `{"results":[]}`), nil, 0},
		{"token endpoint", exchange("POST", "/api/oauth/token", "grant_type=x", 200, "{}"), []Rule{TokenEndpoint}, 0},

		{"injected answer", exchange("GET", "/api/lib/shelves?room=a", "", 502, "bad gateway", injected), []Rule{InjectedFault}, 0},
		{"injected answer to a wrong request", exchange("GET", "/api/lib/shelves", "", 400, "no", injected), []Rule{InjectedFault}, 1},
		{"injected answer to no operation", exchange("GET", "/api/lib/x", "", 404, "no", injected), []Rule{InjectedFault}, 1},

		{"unknown route", exchange("GET", "/api/lib/x", "", 404, refusal, byOther), []Rule{UnknownRoute}, 0},
		{"unknown route with a bad error", exchange("GET", "/api/lib/x", "", 404, "no", byOther), []Rule{UnknownRoute}, 1},
		{"unknown route of the client", exchange("GET", "/api/lib/x", "", 404, refusal), nil, 1},
		{"older API", exchange("GET", "/api/atlas/v1.0/x", "", 200, "{}", byOther), []Rule{OlderAPI}, 0},
		{"older API of the client", exchange("GET", "/api/atlas/v1.0/x", "", 200, "{}"), nil, 1},
		{"unknown route that answers", exchange("GET", "/api/lib/x", "", 200, "{}", byOther), nil, 1},

		{"another client", exchange("GET", "/api/lib/shelves", "", 200, `{"results":[]}`, byOther), []Rule{AnotherClient}, 0},
		{"another client without Accept", exchange("GET", "/api/lib/shelves", "", 200, `{"results":[]}`, byOther, accept("")), []Rule{AnotherClient}, 0},
		{"a bad answer to another client", exchange("GET", "/api/lib/shelves", "", 200, `{"results":1}`, byOther), []Rule{AnotherClient}, 1},
		{"refused", exchange("GET", "/api/lib/shelves", "", 400, refusal), []Rule{ClientsRefusedRequest}, 0},
		{"refused with a bad error", exchange("GET", "/api/lib/shelves", "", 400, "{}"), []Rule{ClientsRefusedRequest}, 1},
		{"refused although well-formed", exchange("GET", "/api/lib/shelves?room=a", "", 400, refusal), nil, 0},
		{"wrong but not refused", exchange("GET", "/api/lib/shelves", "", 404, refusal), nil, 1},
		{"refused version", exchange("GET", "/api/lib/shelves?room=a", "", 406, refusal, accept("text/html")),
			[]Rule{ClientsRefusedRequest, UndeclaredStatus}, 0},
		{"refused type", exchange("POST", "/api/lib/shelves", "x", 415, refusal, contentType("text/html")),
			[]Rule{ClientsRefusedRequest, UndeclaredStatus}, 0},
		{"refused method", exchange("PUT", "/api/lib/shelves", "", 405, refusal), []Rule{ClientsRefusedRequest}, 0},

		{"gone", exchange("GET", "/api/lib/shelves?room=a", "", 410, refusal), []Rule{UndeclaredStatus}, 0},
		{"too many requests", exchange("GET", "/api/lib/shelves?room=a", "", 429, refusal), []Rule{UndeclaredStatus}, 0},
		{"too many requests with a bad error", exchange("GET", "/api/lib/shelves?room=a", "", 429, ""), []Rule{UndeclaredStatus}, 1},
		{"no credentials", exchange("GET", "/api/lib/shelves?room=a", "", 401, refusal, anonymous), []Rule{UndeclaredStatus}, 0},
		{"wrong credentials", exchange("GET", "/api/lib/shelves?room=a", "", 401, refusal), nil, 1},
		{"another undeclared status", exchange("GET", "/api/lib/shelves?room=a", "", 403, refusal), nil, 1},

		{"envelope", exchange("GET", "/api/lib/shelves?room=a&envelope=true", "", 200, `{"status":200}`), []Rule{Envelope}, 0},
		{"no envelope", exchange("GET", "/api/lib/shelves?room=a&envelope=false", "", 200, `{"status":200}`), nil, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := d.judge(c.x)
			if diff := cmp.Diff(c.exempt, v.exempt); diff != "" {
				t.Errorf("exempt (-want +got):\n%s", diff)
			}
			if len(v.violations) != c.violations {
				t.Errorf("want %d violations, got %v", c.violations, v.violations)
			}
		})
	}
}
