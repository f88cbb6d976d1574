package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const apiRoot = "/api/atlas/v2"

// olderRoots are where older clients call. What they have in common with the
// first version of v2 is answered in the same way.
var olderRoots = []string{"/api/atlas/v1.0", "/api/atlas/v1.5"}

// belowRoot is a path without the API's root, and whether that is an older one;
// not ok if it is no root of the API.
func belowRoot(path string) (rest string, older, ok bool) {
	for _, root := range append([]string{apiRoot, ownRoot}, olderRoots...) {
		if path == root {
			return "", slices.Contains(olderRoots, root), true
		}
		if rest, ok := strings.CutPrefix(path, root+"/"); ok {
			return rest, slices.Contains(olderRoots, root), true
		}
	}
	return path, false, false
}

func isOlder(path string) bool {
	_, older, _ := belowRoot(path)
	return older
}

// apiParts is the table of everything the emulator speaks. To add a part of
// the API, write one file with its part value and name it here.
func apiParts() []part {
	return []part{
		organizationsPart,
		projectsPart,
		orgUsersPart,
		teamsPart,
		projectUsersPart,
		projectTeamsPart,
		orgServiceAccountsPart,
		projectServiceAccountsPart,
		apiKeysPart,
		projectAPIKeysPart,
		serviceAccountAccessPart,
		projectServiceAccountAccessPart,
		slowMsPart,
		encryptionPart,
		federationPart,
		serverlessPart,
		clustersPart,
		flexClustersPart,
		backupPart,
		searchPart,
		onlineArchivePart,
		globalWritesPart,
		projectSettingsPart,
		auditLogPart,
		databaseAccessPart,
		accessListPart,
		cloudAccessPart,
		alertsPart,
		integrationsPart,
		maintenancePart,
		customDNSPart,
		privateEndpointPart,
		privateNetworkPart,
		networkPart,
		streamsPart,
		userSecurityPart,
		metricIntegrationsPart,
		pushLogsPart,
		logIntegrationsPart,
		aiModelsPart,
		delegationPart,
		federationSettingsPart,
		mcpConfigsPart,
		projectLimitsPart,
		orgSettingsPart,
		resourcePoliciesPart,
		orgInvitationsPart,
		projectInvitationsPart,
		peoplePart,
		eventsPart,
		rateLimitsPart,
		rootPart,
	}
}

// A part is a family of operations that share one rate limit.
type part struct {
	id         string // names the set in rate limit rules
	name       string
	scope      scope
	operations []operation
	resources  []*resource // whose operations the store answers
}

// all are the operations of a part, those of its resources too.
func (p part) all() []operation {
	var all []operation
	for _, o := range p.operations {
		if o.path == "" {
			o = o.described()
		}
		all = append(all, o)
	}
	for _, r := range p.resources {
		all = append(all, r.operations()...)
	}
	return all
}

// An operation is one method on one path.
type operation struct {
	id       string // the operationId of the official description
	method   string
	path     string         // below /api/atlas/v2, with {parameters}; "": as the facts describe it
	versions []string       // dates, oldest first
	may      rule           // whose roles allow it
	event    string         // the type of the event that it is, if there is one
	status   int            // of success
	statuses map[string]int // of success in versions with another one
	body     bool           // whether it takes a body
	bodiless bool           // whether it may come without
	handle   func(*call) (any, error)

	// exclusive names the thing that only one request at a time may change;
	// others are refused while it runs. Nil for most operations.
	exclusive func(*call) string

	// checked says that the handler itself checks the path's parameters.
	checked bool

	// preview says that it also answers in the version that is no date yet.
	preview bool
}

// A route is an operation with its path taken apart.
type route struct {
	operation
	own      bool // one of the sandbox's own
	limits   *endpointSet
	segments []segment
}

// A segment of a route's path: a literal, or a {parameter} with an optional
// :verb behind it.
type segment struct {
	literal string
	param   string
	verb    string
}

// weight orders routes so that the more particular one is tried first:
// teams/byName/… before teams/{teamId}/…, {userId}:addRole before {userId}.
func (s segment) weight() int {
	switch {
	case s.literal != "":
		return 2
	case s.verb != "":
		return 1
	}
	return 0
}

func newRoute(o operation, limits *endpointSet) *route {
	r := &route{operation: o, limits: limits}
	for _, text := range segmentsOf(strings.TrimPrefix(o.path, "/")) {
		var s segment
		if rest, ok := strings.CutPrefix(text, "{"); ok {
			s.param, s.verb, _ = strings.Cut(rest, "}")
		} else {
			s.literal = text
		}
		r.segments = append(r.segments, s)
	}
	return r
}

// segmentsOf takes a path below the root apart. The root itself has none.
func segmentsOf(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

func sortRoutes(routes []*route) {
	slices.SortStableFunc(routes, func(a, b *route) int {
		return slices.CompareFunc(b.segments, a.segments, func(x, y segment) int { return x.weight() - y.weight() })
	})
}

// match fits an escaped path, already split, to the route. The segments are
// unescaped one by one, so an encoded slash stays inside its parameter.
func (r *route) match(segments []string) (map[string]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, want := range r.segments {
		got, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if want.literal != "" {
			if got != want.literal {
				return nil, false
			}
			continue
		}
		value, ok := strings.CutSuffix(got, want.verb)
		if !ok || value == "" {
			return nil, false
		}
		// An id never holds a colon, so this is a verb that does not exist.
		if _, isID := idPatterns[want.param]; isID && strings.Contains(value, ":") {
			return nil, false
		}
		params[want.param] = value
	}
	return params, true
}

var (
	hexID    = matching(`^[a-f0-9]{24}$`)
	clientID = matching(`^mdb_sa_id_[a-fA-F\d]{24}$`)
	hostname = matching(`^[a-zA-Z0-9][a-zA-Z0-9-]*$`)
)

// idPatterns are the parameters that the API checks for their form.
var idPatterns = map[string]*pattern{
	"orgId": hexID, "groupId": hexID, "teamId": hexID, "userId": hexID, "endpointId": hexID,
	"clientId": clientID, "instanceName": hostname, "name": hostname, "clusterName": hostname,
	"invitationId": hexID, "eventId": hexID, "apiUserId": hexID,
}

// find picks the route of a request. The path is the escaped one.
func (s *Server) find(method, path string) (*route, map[string]string, error) {
	rest, older, _ := belowRoot(path)
	segments := segmentsOf(rest)
	if rest == "" && strings.HasSuffix(path, "/") {
		segments = []string{""} // which is not the root
	}
	var allowed []string
	for _, r := range s.routes {
		params, ok := r.match(segments)
		if !ok || r.own != isOwn(path) {
			continue
		}
		if r.method != method {
			allowed = append(allowed, r.method)
			continue
		}
		for name, value := range params {
			if r.checked {
				break
			}
			if p := idPatterns[name]; p != nil && !p.MatchString(value) {
				return nil, nil, fail(400, "INVALID_PATH_PARAMETER", "path parameter %s has the invalid value %q", name, value)
			}
		}
		if older && !slices.Contains(r.versions, oldest[0]) {
			return nil, nil, fail(404, "RESOURCE_NOT_FOUND", "cannot find resource %s: this operation is in %s alone", path, apiRoot)
		}
		return r, params, nil
	}
	if allowed != nil {
		return nil, nil, &apiError{
			Status: 405, Code: "METHOD_NOT_ALLOWED", Allow: allowed,
			Detail: fmt.Sprintf("this resource takes %s, not %s", strings.Join(allowed, ", "), method),
		}
	}
	return nil, nil, fail(404, "RESOURCE_NOT_FOUND", "cannot find resource %s", path)
}

// A call is one request on its way through a handler. Handlers run one at a
// time, under the server's lock.
type call struct {
	server  *Server
	world   *world
	request *http.Request
	query   url.Values
	params  map[string]string
	id      string // of the operation
	version string // the date that answers
	caller  string // client id or public key
	now     time.Time
	body    []byte
	once    string   // a secret that this answer alone shows
	changes []change // what a write changes, see changed
	events  []occurrence
	about   about // what they would be about
}

func (c *call) param(name string) string { return c.params[name] }

func (c *call) organization() (*organization, error) {
	org, err := c.world.organization(c.param("orgId"))
	if err == nil {
		c.about.org = org.ID
	}
	return org, err
}

// project finds the project of the path. Whoever writes below it changes it.
func (c *call) project() (*project, error) {
	p, err := c.world.project(c.param("groupId"))
	if err == nil {
		c.about.org, c.about.project, c.about.projectName = p.OrgID, p.ID, p.Name
		c.changed(p.change())
	}
	return p, err
}

// flag reads a boolean of the query.
func (c *call) flag(name string, otherwise bool) (bool, error) {
	switch c.query.Get(name) {
	case "":
		return otherwise, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, fail(400, "INVALID_QUERY_PARAMETER", "query parameter %s must be true or false", name)
}
