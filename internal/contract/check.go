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
	r, path, known := d.find(x.Method, x.Path)
	if r == nil {
		return d.judgeUnknown(x, known)
	}
	v := verdict{operation: r.ID}
	messages, err := d.checkRequest(x, r, path)
	v.violate(toAtlas, nil, err)
	if len(messages) > 0 && refused(x) {
		v.excuse(refusal(x), messages...)
	} else {
		v.violate(toAtlas, messages, nil)
	}
	_, declared := r.Responses[strconv.Itoa(x.Status)]
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

// judgeUnknown is the verdict on a request that goes to no operation. A test may
// ask for one to see it refused; our own client may not.
func (d *Description) judgeUnknown(x sandbox.Exchange, knownPath bool) verdict {
	wrong := fmt.Sprintf("%s %s: no operation has this path", x.Method, x.Path)
	if knownPath {
		wrong = fmt.Sprintf("%s %s: the path has no such method", x.Method, x.Path)
	}
	var v verdict
	switch {
	case refused(x):
		v.excuse(refusal(x), wrong)
	case x.Status == 404 && x.Injected == "" && !fromClient(x):
		v.exempt = append(v.exempt, UnknownRoute)
	default:
		v.violate(toAtlas, []string{wrong}, nil)
	}
	if x.Injected != "" {
		v.exempt = append(v.exempt, InjectedFault)
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
