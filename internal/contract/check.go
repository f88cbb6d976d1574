package contract

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A Violation is one thing about an exchange that the description does not
// allow.
type Violation struct {
	Operation string // the operation's id; empty where there is none
	Part      string // request or answer
	Message   string
}

func (v Violation) String() string {
	return strings.TrimSpace(v.Operation + " " + v.Part + ": " + v.Message)
}

// Check holds an exchange against the description. No violations: all is well.
func (d *Description) Check(x sandbox.Exchange) []Violation {
	return d.judge(x).violations
}

// A verdict is all that is to be said of an exchange.
type verdict struct {
	operation  string
	violations []Violation
	exempt     []Rule
	excused    []Violation
}

// violate notes violations. An error, which the description itself is at fault
// for, is one too: it must not pass for "all is well".
func (v *verdict) violate(part direction, messages []string, err error) {
	if err != nil {
		messages = append(messages, err.Error())
	}
	for _, m := range messages {
		v.violations = append(v.violations, Violation{v.operation, string(part), m})
	}
}

// excuse notes what a refused request did wrong.
func (v *verdict) excuse(rule Rule, messages ...string) {
	v.exempt = append(v.exempt, rule)
	for _, m := range messages {
		v.excused = append(v.excused, Violation{v.operation, string(toAtlas), m})
	}
}

func (d *Description) judge(x sandbox.Exchange) verdict {
	if strings.HasPrefix(x.Path, tokenPaths) {
		return verdict{exempt: []Rule{TokenEndpoint}}
	}
	if strings.HasPrefix(x.Path, ownPaths) && !fromClient(x) {
		return verdict{exempt: []Rule{OwnOperation}}
	}
	if strings.HasPrefix(x.Path, olderPaths) && !fromClient(x) {
		return verdict{exempt: []Rule{OlderAPI}}
	}
	r, path, known := d.find(x.Method, x.Path)
	if r == nil {
		return d.judgeUnknown(x, known)
	}
	v := verdict{operation: r.ID}
	d.judgeRequest(&v, x, r, path)
	_, declared := r.Answers[strconv.Itoa(x.Status)]
	switch {
	case x.Injected != "":
		v.exempt = append(v.exempt, InjectedFault)
	case !declared && undeclaredStatus(x):
		v.exempt = append(v.exempt, UndeclaredStatus)
		messages, err := d.checkError(x)
		v.violate(fromAtlas, messages, err)
	case enveloped(x.RawQuery):
		v.exempt = append(v.exempt, Envelope)
	default:
		messages, err := d.checkAnswer(x, r)
		v.violate(fromAtlas, messages, err)
	}
	return v
}

// judgeRequest is the verdict on what was sent. Only our own client owes the
// description anything: others may send what Atlas takes besides.
func (d *Description) judgeRequest(v *verdict, x sandbox.Exchange, r *route, path map[string]string) {
	if !fromClient(x) {
		v.exempt = append(v.exempt, AnotherClient)
		return
	}
	messages, err := d.checkRequest(x, r, path)
	v.violate(toAtlas, nil, err)
	if len(messages) > 0 && refused(x) {
		v.excuse(ClientsRefusedRequest, messages...)
		return
	}
	v.violate(toAtlas, messages, nil)
}

// judgeUnknown is the verdict on a request that goes to no operation. A test may
// ask for one to see it refused; our own client may not.
func (d *Description) judgeUnknown(x sandbox.Exchange, knownPath bool) verdict {
	wrong := fmt.Sprintf("%s %s: no operation has this path", x.Method, x.Path)
	if knownPath {
		wrong = fmt.Sprintf("%s %s: the path has no such method", x.Method, x.Path)
	}
	var v verdict
	switch {
	case !fromClient(x) && (x.Status >= 400 || x.Injected != ""):
		v.exempt = append(v.exempt, UnknownRoute)
	case refused(x):
		v.excuse(ClientsRefusedRequest, wrong)
	default:
		v.violate(toAtlas, []string{wrong}, nil)
	}
	if x.Injected != "" {
		v.exempt = append(v.exempt, InjectedFault)
		return v
	}
	if enveloped(x.RawQuery) {
		v.exempt = append(v.exempt, Envelope)
		return v
	}
	if x.Status >= 400 {
		messages, err := d.checkError(x)
		v.violate(fromAtlas, messages, err)
	}
	return v
}

func enveloped(rawQuery string) bool {
	query, err := url.ParseQuery(rawQuery)
	return err == nil && query.Get("envelope") == "true"
}
