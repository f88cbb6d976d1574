package sandbox

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// FaultGrammar explains the rules of Options.Faults. The first rule that fits
// a request and still has strikes wins.
const FaultGrammar = `METHOD PATHGLOB=ACTION[:COUNT]
  METHOD    GET, POST, PATCH, PUT, DELETE, or * for any
  PATHGLOB  the path below /api/atlas/v2 (or /api/oauth/token in full); * matches inside
            one segment, ** anything
  ACTION    400…599[/CODE]  that status, with the API's error body
            html            a proxy's 502 page
            reset           the connection breaks before anything is done
            reset-after     it is done, then the connection breaks
            twice           it is delivered and done twice; the second answer comes
            ignore          it is answered as if it were done, but nothing is changed
            hang            no answer until the client goes away
            slow/DURATION   the answer comes late
  COUNT     how many times it strikes; always if left out`

// A breakpoint says how a connection ends.
type breakpoint int

const (
	endsWell breakpoint = iota
	endsReset
	endsNever
)

type faultRule struct {
	text   string
	method string
	path   *regexp.Regexp
	action faultAction
	left   atomic.Int64
}

// A faultAction answers in place of the emulator, which it may ask by next.
type faultAction func(r *http.Request, next handler) *reply

// A handler answers a request.
type handler func(*http.Request) *reply

func parseFaults(rules []string) ([]*faultRule, error) {
	var parsed []*faultRule
	for _, text := range rules {
		rule, err := parseFault(text)
		if err != nil {
			return nil, fmt.Errorf("fault rule %q: %w\nthe grammar is:\n%s", text, err, FaultGrammar)
		}
		parsed = append(parsed, rule)
	}
	return parsed, nil
}

func parseFault(text string) (*faultRule, error) {
	method, rest, ok := strings.Cut(strings.TrimSpace(text), " ")
	at := strings.LastIndex(rest, "=")
	if !ok || at < 0 {
		return nil, fmt.Errorf("it needs METHOD PATHGLOB=ACTION")
	}
	rule := &faultRule{text: text, method: strings.ToUpper(method)}
	switch rule.method {
	case "GET", "POST", "PATCH", "PUT", "DELETE", "*":
	default:
		return nil, fmt.Errorf("%q is not a method", method)
	}
	glob := strings.TrimSpace(rest[:at])
	if !strings.HasPrefix(glob, "/") && !strings.HasPrefix(glob, "*") {
		return nil, fmt.Errorf("the path %q must begin with / or *", glob)
	}
	rule.path = globPattern(glob)
	action, count, counted := strings.Cut(rest[at+1:], ":")
	rule.left.Store(-1)
	if counted {
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a count", count)
		}
		rule.left.Store(int64(n))
	}
	var err error
	rule.action, err = parseAction(action)
	return rule, err
}

func globPattern(glob string) *regexp.Regexp {
	p := regexp.QuoteMeta(glob)
	p = strings.ReplaceAll(p, `\*\*`, `.*`)
	p = strings.ReplaceAll(p, `\*`, `[^/]*`)
	return regexp.MustCompile("^" + p + "$")
}

func parseAction(text string) (faultAction, error) {
	name, argument, _ := strings.Cut(text, "/")
	switch name {
	case "html":
		return answerHTML, nil
	case "reset":
		return breakAs(endsReset), nil
	case "hang":
		return breakAs(endsNever), nil
	case "reset-after":
		return func(r *http.Request, next handler) *reply {
			rep := next(r)
			rep.breaks = endsReset
			return rep
		}, nil
	case "twice":
		return func(r *http.Request, next handler) *reply {
			next(r)
			return next(r)
		}, nil
	case "ignore":
		return func(r *http.Request, next handler) *reply { return next(withoutEffect(r)) }, nil
	case "slow":
		d, err := time.ParseDuration(argument)
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("slow/%s needs a duration such as slow/2s", argument)
		}
		return func(r *http.Request, next handler) *reply {
			pause(r.Context(), d)
			return next(r)
		}, nil
	}
	status, err := strconv.Atoi(name)
	if err != nil || status < 400 || status > 599 {
		return nil, fmt.Errorf("%q is not an action", text)
	}
	return answerStatus(status, argument), nil
}

func answerStatus(status int, code string) faultAction {
	if code == "" {
		code = usualCode(status)
	}
	return func(r *http.Request, _ handler) *reply {
		e := &apiError{Status: status, Code: code, Detail: "a fault rule of the sandbox made this answer"}
		if status == http.StatusTooManyRequests {
			e.RetryAfter = time.Second
		}
		return refusal(e, r.URL.Query())
	}
}

func usualCode(status int) string {
	switch status {
	case 401:
		return "UNAUTHORIZED"
	case 403:
		return "USER_UNAUTHORIZED"
	case 404:
		return "RESOURCE_NOT_FOUND"
	case 409:
		return "CONFLICT"
	case 429:
		return "RATE_LIMITED"
	case 503:
		return "SERVICE_UNAVAILABLE"
	}
	if status >= 500 {
		return "UNEXPECTED_ERROR"
	}
	return "VALIDATION_ERROR"
}

func answerHTML(*http.Request, handler) *reply {
	rep := newReply(http.StatusBadGateway)
	rep.header.Set("Content-Type", "text/html")
	rep.body = []byte("<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n")
	return rep
}

func breakAs(b breakpoint) faultAction {
	return func(*http.Request, handler) *reply { return &reply{breaks: b} }
}

// withFault lets the first rule that fits have its way with a request.
func (s *Server) withFault(r *http.Request, path string, next handler) *reply {
	for _, rule := range s.faults {
		if rule.fits(r.Method, path) && rule.strike() {
			answered := false
			rep := rule.action(r, func(r *http.Request) *reply { answered = true; return next(r) })
			rep.struck = rule.text
			if !answered || rep.breaks != endsWell {
				rep.injected = rule.text
			}
			return rep
		}
	}
	return next(r)
}

type effectless struct{}

// withoutEffect marks a request that is to be answered and not done.
func withoutEffect(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), effectless{}, true))
}

func hasEffect(r *http.Request) bool { return r.Context().Value(effectless{}) == nil }

func (f *faultRule) fits(method, path string) bool {
	if f.method != "*" && f.method != method {
		return false
	}
	rest, _, ok := belowRoot(path)
	return f.path.MatchString(path) || ok && f.path.MatchString("/"+rest)
}

// strike uses up one strike; false if none is left.
func (f *faultRule) strike() bool {
	for {
		left := f.left.Load()
		if left == 0 {
			return false
		}
		if left < 0 || f.left.CompareAndSwap(left, left-1) {
			return true
		}
	}
}

// breakConnection ends the connection with a TCP reset where it can. It does
// not return.
func breakConnection(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				tcp.SetLinger(0)
			}
			conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}
