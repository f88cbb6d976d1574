package contract

import (
	"regexp"
	"slices"
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
	// UndeclaredConflict: a 409 that Atlas gives in practice where the
	// description declares none. The body is still checked.
	UndeclaredConflict Rule = "undeclared conflict"
	// OldUser: users in version 2023-01-01 come without password and
	// mobileNumber, which that version's schema requires of them.
	OldUser Rule = "old user"
	// NameWithSpace: names of projects and organizations may hold spaces (a new
	// organization's first project is called "Project 0"); the description's
	// pattern has none.
	NameWithSpace Rule = "name with a space"
	// EventType: the description makes objects of those types of events that no
	// particular schema has, and then lists them as texts.
	EventType Rule = "event type"
	// UndeclaredBadRequest: a 400 for a body or a query that the operation cannot
	// take, where the description declares none. The error's body is still checked.
	UndeclaredBadRequest Rule = "undeclared bad request"
	// UndeclaredStatus: errors that any operation may give although the
	// description declares them for few or none: 405, 406, 410, 415, 429, 503, and
	// 401 without credentials. The body is still checked.
	UndeclaredStatus Rule = "undeclared status"
	// Envelope: with envelope=true the answer's body is inside another one.
	Envelope Rule = "envelope"
)

// olderPaths is where the OlderAPI rule applies.
const olderPaths = "/api/atlas/v1."

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

// conflicts are the operations of the UndeclaredConflict rule.
var conflicts = map[string]string{
	"createOrgServiceAccountSecret":   "DATA_CONCURRENCY_ERROR for secrets made at the same time",
	"createGroupServiceAccountSecret": "DATA_CONCURRENCY_ERROR for secrets made at the same time",
	"addGroupTeams":                   "the team is in the project already",
}

func undeclaredConflict(operation string, x sandbox.Exchange) bool {
	_, known := conflicts[operation]
	return known && x.Status == 409
}

// badRequests are the operations of the UndeclaredBadRequest rule.
var badRequests = map[string]bool{
	"createGroupInvite":   true,
	"updateGroupSettings": true,
	"setGroupServerlessPerformanceAdvisorAutoIndexing": true,
}

// namePattern is the description's pattern of names without its space.
const namePattern = `^[\p{L}\p{N}\-_.(),:&@+']{1,64}$`

var misnamed = regexp.MustCompile(`: '(.*)' does not match pattern '` + regexp.QuoteMeta(strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(namePattern)) + `'$`)

// withoutNames drops what the NameWithSpace rule lets pass.
func withoutNames(messages []string) []string {
	plain := regexp.MustCompile(namePattern)
	return slices.DeleteFunc(slices.Clone(messages), func(m string) bool {
		found := misnamed.FindStringSubmatch(m)
		return found != nil && strings.Contains(found[1], " ") && plain.MatchString(strings.NewReplacer(" ", "_", `\'`, "'").Replace(found[1]))
	})
}

// withoutEventTypes drops what the EventType rule lets pass.
func withoutEventTypes(messages []string) []string {
	return slices.DeleteFunc(slices.Clone(messages), func(m string) bool {
		return strings.HasSuffix(m, "eventTypeName: got string, want object")
	})
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
