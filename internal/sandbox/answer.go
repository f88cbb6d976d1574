package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// A reply is what goes back to the client.
type reply struct {
	status   int
	header   http.Header
	body     []byte
	struck   string     // the fault rule that struck, if one did
	injected string     // the same, if it made the answer
	breaks   breakpoint // how the connection ends, if not well
}

func newReply(status int) *reply { return &reply{status: status, header: http.Header{}} }

// A list is the answer of a paged operation.
type list struct {
	Links      []link `json:"links"`
	Results    []any  `json:"results"`
	TotalCount *int   `json:"totalCount,omitempty"`
}

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

// page cuts the requested page out of items and renders only that.
func page[T any](c *call, items []T, render func(T) any) (any, error) {
	size, err := c.number("itemsPerPage", 100, 1, 500)
	if err != nil {
		return nil, err
	}
	num, err := c.number("pageNum", 1, 1, 1<<30)
	if err != nil {
		return nil, err
	}
	counted, err := c.flag("includeCount", true)
	if err != nil {
		return nil, err
	}
	l := list{Results: []any{}, Links: []link{{c.pageURL(num), "self"}}}
	if counted {
		total := len(items)
		l.TotalCount = &total
	}
	start := min((num-1)*size, len(items))
	end := min(start+size, len(items))
	for _, item := range items[start:end] {
		l.Results = append(l.Results, render(item))
	}
	if num > 1 {
		l.Links = append(l.Links, link{c.pageURL(num - 1), "previous"})
	}
	if end < len(items) {
		l.Links = append(l.Links, link{c.pageURL(num + 1), "next"})
	}
	return l, nil
}

func (c *call) pageURL(num int) string {
	query := url.Values{}
	for k, v := range c.query {
		query[k] = v
	}
	query.Set("pageNum", strconv.Itoa(num))
	return fmt.Sprintf("http://%s%s?%s", c.request.Host, c.request.URL.EscapedPath(), query.Encode())
}

func (c *call) number(name string, otherwise, low, high int) (int, error) {
	text := c.query.Get(name)
	if text == "" || text == "0" { // clients send 0 for what their user did not set
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fail(400, "INVALID_QUERY_PARAMETER", "query parameter %s must be a number from %d to %d", name, low, high)
	}
	return n, nil
}

// success writes what a handler returned; nil is an answer without a body.
func success(o operation, c *call, value any) *reply {
	r := newReply(cmp.Or(o.statuses[c.version], o.status))
	if value == nil {
		return r
	}
	r.header.Set("Content-Type", mediaType(c.version))
	if op := api.Load().Operation(o.id); op != nil {
		if end, err := time.Parse(time.DateOnly, op.Sunset(c.version)); err == nil { // RFC 8594
			r.header.Set("Deprecation", "true")
			r.header.Set("Sunset", end.Format(http.TimeFormat))
		}
	}
	if isOlder(c.request.URL.Path) {
		r.header.Set("Content-Type", "application/json")
	}
	r.write(value, c.query)
	return r
}

// refusal writes an error; its media type is never versioned.
func refusal(e *apiError, query url.Values) *reply {
	r := newReply(e.Status)
	r.header.Set("Content-Type", "application/json")
	if e.RetryAfter > 0 {
		r.header.Set("Retry-After", strconv.Itoa(max(1, int(e.RetryAfter.Seconds()+0.999))))
	}
	if e.Allow != nil {
		r.header.Set("Allow", strings.Join(e.Allow, ", "))
	}
	r.write(e.body(), query)
	return r
}

// write encodes the body, with the two decorations that every operation
// offers: envelope=true and pretty=true.
func (r *reply) write(value any, query url.Values) {
	if query.Get("envelope") == "true" {
		value = enveloped(r.status, value)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if query.Get("pretty") == "true" {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(value); err != nil {
		panic(fmt.Sprintf("sandbox: an answer cannot be encoded: %v", err)) // only our own types come here
	}
	r.body = buf.Bytes()
}

// enveloped puts the status into the body: beside the results of a list,
// around anything else.
func enveloped(status int, value any) any {
	if l, ok := value.(list); ok {
		return struct {
			Status int `json:"status"`
			list
		}{status, l}
	}
	return struct {
		Status  int `json:"status"`
		Content any `json:"content"`
	}{status, value}
}

// list reads a query parameter that may be repeated or hold commas.
func (c *call) list(name string) []string {
	var items []string
	for _, value := range c.query[name] {
		for item := range strings.SplitSeq(value, ",") {
			if item != "" {
				items = append(items, item)
			}
		}
	}
	return items
}
