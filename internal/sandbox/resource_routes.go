package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// operations are those of a resource, made once.
func (r *resource) operations() []operation {
	r.once.Do(func() {
		one := func(id, event string, handle func(fact) func(*call) (any, error)) {
			f := factOf(id)
			o := f.operation(event, handle(f))
			o.preview = r.preview && slices.Contains(f.Versions(), preview)
			if may, ok := r.may[id]; ok {
				o.may = may
			}
			if r.lane != nil && o.body {
				o.exclusive = func(c *call) string { return r.name + " " + r.lane(c) }
			}
			r.made = append(r.made, o)
		}
		add := func(ids, event string, handle func(fact) func(*call) (any, error)) {
			for id := range strings.SplitSeq(ids, "|") {
				if id != "" {
					one(id, event, handle)
				}
			}
		}
		add(r.list, "", r.listing)
		for _, id := range r.lists {
			add(id, "", r.listing)
		}
		add(r.get, "", r.getting)
		add(r.create, r.events[0], r.creating)
		add(r.update, r.events[1], r.updating)
		add(r.replace, r.events[1], r.updating)
		add(r.remove, r.events[2], r.removal)
		for _, a := range r.actions {
			add(a.operation, a.event, func(f fact) func(*call) (any, error) { return r.acting(f, a) })
		}
		for _, e := range r.extra {
			add(e.operation, e.event, func(f fact) func(*call) (any, error) {
				return func(c *call) (any, error) {
					if err := f.checkParams(c); err != nil {
						return nil, err
					}
					return e.do(c)
				}
			})
		}
	})
	return r.made
}

// operationOf is an operation that is written by hand. What the official
// description says of it comes when the server is made: not every start of the
// program serves.
func operationOf(id, event string, handle func(*call) (any, error)) operation {
	return operation{id: id, event: event, handle: handle}
}

// described completes an operation with what the official description says.
func (o operation) described() operation {
	f := factOf(o.id)
	return f.operation(o.event, func(c *call) (any, error) {
		if err := f.checkParams(c); err != nil {
			return nil, err
		}
		return o.handle(c)
	})
}

// bodyOf reads the body of such an operation.
func bodyOf[T any](c *call, id string) (T, error) {
	return decode[T](c, describedBy(factOf(id).request(c)))
}

// A fact is an operation as the official description has it.
type fact struct{ *api.Operation }

func (f fact) operation(event string, handle func(*call) (any, error)) operation {
	return operation{
		id: f.ID, method: f.Method, path: strings.TrimPrefix(f.Path, apiRoot), versions: f.versions(), may: f.may(),
		event: event, status: f.status(), statuses: f.statuses(), body: len(f.Requests) > 0, bodiless: !f.RequestRequired, handle: handle, checked: true,
	}
}

func factOf(id string) fact {
	op := api.Load().Operation(id)
	if op == nil {
		panic("sandbox: the API has no operation " + id)
	}
	return fact{op}
}

// versions are the dates in which it answers, without what is no date yet.
func (f fact) versions() []string {
	return slices.DeleteFunc(f.Versions(), func(v string) bool {
		_, err := time.Parse(time.DateOnly, v)
		return err != nil
	})
}

// status is that of success.
func (f fact) status() int {
	for _, status := range slices.Sorted(maps.Keys(f.Answers)) {
		if n := statusOf(status); n/100 == 2 {
			return n
		}
	}
	panic("sandbox: " + f.ID + " never succeeds")
}

// statuses are those of success in versions that do not have the usual one.
func (f fact) statuses() map[string]int {
	all := map[string]int{}
	usual := f.Answers[fmt.Sprint(f.status())]
	for status, bodies := range f.Answers {
		for version := range bodies {
			if n := statusOf(status); n/100 == 2 && usual[version] == nil {
				all[version] = n
			}
		}
	}
	return all
}

func statusOf(text string) int {
	n := 0
	for _, digit := range text {
		n = 10*n + int(digit-'0')
	}
	return n
}

// may is who the description says may use it. Owners always may.
func (f fact) may() rule {
	r := rule{org: []string{"ORG_OWNER"}}
	if strings.Contains(f.Path, "{groupId}") {
		r.project = []string{"GROUP_OWNER"}
	}
	if f.Roles == nil && f.Method == http.MethodGet {
		r.org, r.project = append(r.org, "ORG_READ_ONLY"), append(r.project, anyProjectRole)
	}
	for _, name := range f.Roles {
		switch name {
		case "Project Read Only":
			r.org, r.project = append(r.org, "ORG_READ_ONLY"), append(r.project, anyProjectRole)
		case "Organization Member":
			r.org = orgMember.org
		case "Organization Project Creator":
			r.org = append(r.org, "ORG_GROUP_CREATOR")
		case "Organization Billing Viewer":
			r.org = append(r.org, "ORG_BILLING_READ_ONLY", "ORG_BILLING_ADMIN")
		default:
			id := strings.ToUpper(strings.ReplaceAll(name, " ", "_"))
			if role, ok := strings.CutPrefix(id, "PROJECT_"); ok {
				r.project = append(r.project, "GROUP_"+role)
			} else if role, ok := strings.CutPrefix(id, "ORGANIZATION_"); ok {
				r.org = append(r.org, "ORG_"+role)
			}
		}
	}
	return r
}

// checkParams holds the path's parameters to their patterns.
func (f fact) checkParams(c *call) error {
	for _, p := range f.Parameters {
		if p.In == "query" && p.Required && p.Schema.Resolve().Default == nil && c.query.Get(p.Name) == "" {
			return fail(400, "MISSING_QUERY_PARAMETER", "The required query parameter %s was not specified.", p.Name)
		}
		value, ok := c.params[p.Name]
		if p.In != "path" || !ok || p.Schema == nil {
			continue
		}
		s := p.Schema.Resolve()
		if s.Pattern != "" && !matches(s.Pattern, value) || s.Enum != nil && !slices.Contains(s.Enum, any(value)) {
			return fail(400, "INVALID_PATH_PARAMETER", "path parameter %s has the invalid value %q", p.Name, value)
		}
	}
	return nil
}

// request is the schema of a body, at the version that its media type names.
func (f fact) request(c *call) *api.Schema {
	version := c.sentVersion()
	var dates []string
	for v := range f.Requests {
		if !strings.Contains(v, "+") { // of what is no JSON
			dates = append(dates, v)
		}
	}
	slices.Sort(dates)
	if at := api.At(dates, version); at != "" {
		return f.Requests[at].Schema
	}
	return f.Requests[dates[0]].Schema // a body needs some shape
}

// sentVersion is the date that the media type of a body names, else that of the
// answer.
func (c *call) sentVersion() string {
	media, _, _ := strings.Cut(c.request.Header.Get("Content-Type"), ";")
	if date, ok := dateOf(media); ok {
		return date
	}
	return c.version
}

// read reads the body, and checks it by its schema.
func (f fact) read(c *call, partial bool) (any, error) {
	s := f.request(c)
	if s == nil {
		return nil, nil
	}
	if len(c.body) == 0 && !f.RequestRequired {
		return map[string]any{}, nil
	}
	d := describedBy(s)
	d.partial = partial
	return decode[any](c, d)
}

// The forms of an answer.
type form int

const (
	noBody form = iota
	oneObject
	bareList
	pagedList
)

// answer is the form of a success, and the schema of the object, or of the
// objects, in it.
func (f fact) answer(c *call) (form, *api.Schema) {
	var s *api.Schema
	for status, bodies := range f.Answers {
		if statusOf(status)/100 == 2 && bodies[c.version] != nil {
			s = bodies[c.version].Schema
		}
	}
	switch {
	case s == nil:
		return noBody, nil
	case s.Resolve().Type == "array":
		return bareList, s.Resolve().Items
	}
	for _, one := range facetsOf(nil, facet{schema: s}) {
		if results := one.schema.Properties["results"]; results != nil {
			return pagedList, results.Resolve().Items
		}
	}
	return oneObject, s
}

// givenDefaults are the values that the description says a new object has if
// its body has not.
func givenDefaults(s *api.Schema, body map[string]any) map[string]any {
	defaults := map[string]any{}
	for _, one := range facetsOf(body, facet{schema: s}) {
		if one.maybe {
			continue
		}
		for name, p := range one.schema.Properties {
			if d := p.Resolve().Default; d != nil && !isReadOnly(p) {
				defaults[name] = d
			}
		}
	}
	return defaults
}
