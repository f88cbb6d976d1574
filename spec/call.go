package spec

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A Read is a GET that answers one object or a list of them.
type Read struct {
	Route   string              // "GET /groups/{groupId}/users", below /api/atlas/v2
	Version string              // the API version's date: "2025-02-19"
	Query   map[string][]string // pinned parameters
	Paged   bool                // answers pages of results; else a bare array or object
	// Items are the JSON pointers to the arrays of a list's answer that hold the
	// items, where it is one object: all of them together. One that is missing or
	// null is empty.
	Items []string
	// Ask names placeholders whose values are query parameters: the list is that of
	// what is asked for.
	Ask map[string]string
	// Over repeats a list for each of some values: what comes of all is one list.
	Over *Over
	// IDs says that the items of a list are ids: of each the object is what the
	// kind's Get answers, with the id as the placeholder of that name.
	IDs string
	// Ordered names the members of the answer below which the order of members counts.
	Ordered []string
	// Only tells which rows of a list are ours; the others are left out.
	Only *Cond
}

// With returns the read with a query parameter more.
func (r Read) With(name, value string) Read {
	q := maps.Clone(r.Query)
	if q == nil {
		q = map[string][]string{}
	}
	q[name] = []string{value}
	r.Query = q
	return r
}

// An Over names a placeholder of the route, or else a query parameter, and what it
// takes one after the other: a cloud provider.
type Over struct {
	Param  string
	Values []string
}

// A Call is one write.
type Call struct {
	Route   string
	Version string
	// Query sends a declared field's value as a query parameter; of a Local one that
	// is not declared, its Default.
	Query map[string]string
	Body  Body
	// Params overrides where placeholders come from, for this call.
	Params map[string]Expr
	// Each repeats the call for members of a collection.
	Each *Each
	// When makes the call only if a field changed (or, on a creation, is
	// declared) and, with Is, has that value.
	When *When
	// From and To make the call only if the live object is so, or if it is to be
	// so once all is as declared: what has to be stopped before a change, and
	// started after it. They hold for the updates' calls; the pointers of To are those
	// of what Atlas answers.
	From, To *Cond
	// Unless names a Local flag that suppresses the call.
	Unless string
	// Wait polls the kind's Get after the call.
	Wait *Wait
	// Retry lists error codes that pass by themselves, such as a cloud role
	// that is not usable at once; one that ends in * is a beginning.
	Retry []string
	// Idempotent says that sending it twice is harmless (PUT, DELETE and
	// PATCH are so already).
	Idempotent bool
	// Batch says that its body, an array of one, may go out together with those of
	// other resources: as one array of at most a hundred.
	Batch bool
}

// Send says which fields a body holds.
type Send int

// What a body holds.
const (
	Nothing  Send = iota
	Changed       // the fields that differ; of an Object all declared members
	Declared      // all declared fields
	Overlay       // the declared fields over what is live
)

// A Body is what goes into a request.
type Body struct {
	Send   Send
	Fields []string        // only these; none: all that can be sent
	Except []string        // but these
	Set    map[string]Expr // JSON pointer to value, besides the fields
	Array  bool            // wrapped in an array of one
}

// Holds tells whether a field can be in the body.
func (b *Body) Holds(field string) bool {
	return b.Send != Nothing && (len(b.Fields) == 0 || slices.Contains(b.Fields, field)) && !slices.Contains(b.Except, field)
}

// An Expr is a value that is filled in when the request is made.
type Expr struct {
	Field  string // what is declared of a field; where nothing is, From; else it is left out
	Param  string // the value of a placeholder
	From   string // JSON pointer into the live object, or into what the step has created
	Member bool   // the collection member that Each stands at
	RefOf  string // the id of what this field refers to
	Const  any
}

// Each repeats a call: for the added or removed members of a declared Set, or
// for the elements of a list in the live object.
type Each struct {
	Added, Removed string
	Live           string
	Params         map[string]string // placeholder to JSON pointer in a live element
}

// When makes a call depend on a field: on what is declared, or with Loses on what
// becomes of what is live.
type When struct {
	Field string
	Is    any  // nil: any value but null
	Empty bool // it is null, or an empty list
	Loses bool // an update takes something of it away, or puts another value in its place
}

// A Wait polls an object until a field of it has one of the values. Values that
// are no text are told by their text; "" is one that is not there.
type Wait struct {
	// Read is what to look at, by default the kind's Get. Its placeholders are
	// filled as those of the call. All says that it answers a list (a bare array,
	// or one page), and that what is waited for is to hold for each of its rows.
	Read  *Read
	All   bool
	At    string
	Until []string
	Fail  []string
	Error string // JSON pointer to Atlas's reason for a failure
	Gone  bool   // until it is not found, or not there as Optional and Only say
	// Settle is how long a first look is not believed that ends the wait at once,
	// because Atlas may not have begun: until another state was seen or the time has
	// passed. As long, and ten seconds at least, it may not be there before it shows.
	Settle time.Duration
	// Unless names a Local flag that keeps the run from waiting.
	Unless string
	Max    time.Duration
}

// A Rotation describes secrets that Atlas makes, shows once and lets expire.
type Rotation struct {
	Field string // the Object field that holds maxAge, overlap and deliverTo
	Live  string // JSON pointer to the live secrets: id, createdAt, expiresAt, lastUsedAt, maskedSecretValue
	// List reads them where the object does not hold them: they are put there. None
	// comes with the object's creation then: the first one is made after it.
	List   *Read
	Expiry string // the body member that asks for the lifetime in hours
	// MinHours and MaxHours bound the lifetime; Places how many secrets there
	// may be at once; MaxOverlap is how long Atlas lets an old secret live on.
	MinHours, MaxHours, Places int
	MaxOverlap                 time.Duration
	Create, Delete             Call
	// First is the secret in the answer to the account's own creation.
	First string
	// Tells lists what goes along with a secret: its name in a delivery, and the
	// placeholder whose value it is.
	Tells  map[string]string
	Unless string // a Local flag: the secrets are somebody else's
	// Once says that the only secret comes with the object's creation: the object
	// is the secret, Field is where it goes, and Delete takes it back.
	Once bool
	// Value is the JSON pointer to the value in the answer that shows it, from
	// where the secret is; by default /secret.
	Value string
}

// Method returns the HTTP method of a route.
func Method(route string) string { m, _, _ := strings.Cut(route, " "); return m }

// PathOf returns the path of a route, with its placeholders.
func PathOf(route string) string { _, p, _ := strings.Cut(route, " "); return p }

// Placeholders returns the names in braces of a route, in order.
func Placeholders(route string) []string {
	var names []string
	for rest := route; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return names
		}
		name, tail, _ := strings.Cut(after, "}")
		names, rest = append(names, name), tail
	}
}
