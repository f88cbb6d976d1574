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
	// OwnOperation: what a test makes happen in the sandbox is no part of Atlas.
	OwnOperation Rule = "sandbox's own operation"
	// InjectedFault: the answer is a test's doing; the request is still checked.
	InjectedFault Rule = "injected fault"
	// OlderAPI: what another client asks of /api/atlas/v1.x, which the
	// description, of v2 alone, does not have.
	OlderAPI Rule = "older API"
	// UnknownRoute: a 404 for a path or a method that Atlas does not have.
	UnknownRoute Rule = "unknown route"
	// AnotherClient: the request is not our own client's, so only the answer is
	// checked. Tests send what strangers send, wrong requests among it.
	AnotherClient Rule = "another client's request"
	// ClientsRefusedRequest: a request of our own client that was wrong, and was
	// refused as it should be. It deserves a look when it grows.
	ClientsRefusedRequest Rule = "client's refused request"
	// UndeclaredStatus: errors that any operation may give although the
	// description declares them for few or none: 405, 406, 410, 415, 429, 503, and
	// 401 without credentials. The body is still checked.
	UndeclaredStatus Rule = "undeclared status"
	// Envelope: with envelope=true the answer's body is inside another one.
	Envelope Rule = "envelope"
)

// olderPaths is where the OlderAPI rule applies.
const olderPaths = "/api/atlas/v1."

// ownPaths is where the OwnOperation rule applies.
const ownPaths = "/sandbox/"

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

// undeclaredStatus says whether an operation may give this error undeclared.
func undeclaredStatus(x sandbox.Exchange) bool {
	switch x.Status {
	case 405, 406, 410, 415, 429, 503:
		return true
	case 401:
		return x.RequestHeader.Get("Authorization") == ""
	}
	return false
}
