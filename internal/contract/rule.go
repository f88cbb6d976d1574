package contract

import (
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A Rule exempts something from the check that the description cannot describe
// or that a test does on purpose. Rules are counted and printed, so that an
// exemption which grows is seen.
type Rule string

// The rules. Each says what it lets pass.
const (
	// TokenEndpoint: the description has nothing under /api/oauth.
	TokenEndpoint Rule = "token endpoint"
	// InjectedFault: the answer is a test's doing; the request is still checked.
	InjectedFault Rule = "injected fault"
	// UnknownRoute: a 404 for a path or a method that Atlas does not have.
	UnknownRoute Rule = "unknown route"
	// RefusedRequest: a request that was wrong on purpose, and was refused as it
	// should be.
	RefusedRequest Rule = "refused request"
	// ClientsRefusedRequest is a RefusedRequest of our own client, which is meant
	// to send nothing wrong. It deserves a look when it grows.
	ClientsRefusedRequest Rule = "client's refused request"
	// UndeclaredStatus: errors that any operation may give although the
	// description declares them for few or none: 405, 406, 410, 415, 429, and
	// 401 without credentials. The body is still checked.
	UndeclaredStatus Rule = "undeclared status"
	// Envelope: with envelope=true the answer's body is inside another one.
	Envelope Rule = "envelope"
)

// tokenPaths is where the TokenEndpoint rule applies.
const tokenPaths = "/api/oauth/"

// fromClient says whether the request is by the project's own client.
func fromClient(x sandbox.Exchange) bool {
	return strings.HasPrefix(x.RequestHeader.Get("User-Agent"), "atlasctl-sync/")
}

// refused says whether the answer refuses the request for its form.
func refused(x sandbox.Exchange) bool {
	switch x.Status {
	case 400, 405, 406, 415:
		return x.Injected == ""
	}
	return false
}

func refusal(x sandbox.Exchange) Rule {
	if fromClient(x) {
		return ClientsRefusedRequest
	}
	return RefusedRequest
}

// undeclaredStatus says whether an operation may give this error undeclared.
func undeclaredStatus(x sandbox.Exchange) bool {
	switch x.Status {
	case 405, 406, 410, 415, 429:
		return true
	case 401:
		return x.RequestHeader.Get("Authorization") == ""
	}
	return false
}
