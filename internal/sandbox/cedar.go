package sandbox

import (
	"strings"
)

var (
	cedarHead    = matching(`^(@\w+\([^)]*\)\s*)*(permit|forbid)\s*\(\s*principal\b([^,]*),\s*action\b[^;]*,\s*resource\b`)
	cedarEntity  = matching(`([A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)::""`)
	cedarClosing = map[rune]rune{')': '(', ']': '[', '}': '{'}
)

// cedarMistake looks for what is wrong with a rule in Cedar, as far as its form
// shows it: the type of the error, "" for none, and what is wrong.
func cedarMistake(body string) (errorType, detail string) {
	bare, ok := cedarBare(body)
	if !ok {
		return "POLICY_PARSING_ERROR", "a text does not end"
	}
	bare = strings.TrimSpace(bare)
	if !strings.HasSuffix(bare, ";") {
		return "POLICY_PARSING_ERROR", "unexpected end of input: a policy ends with a semicolon"
	}
	var open []rune
	for _, r := range bare {
		switch r {
		case '(', '[', '{':
			open = append(open, r)
		case ')', ']', '}':
			if len(open) == 0 || open[len(open)-1] != cedarClosing[r] {
				return "POLICY_PARSING_ERROR", "unexpected token " + string(r)
			}
			open = open[:len(open)-1]
		}
	}
	head := cedarHead.compiled().FindStringSubmatch(bare)
	switch {
	case len(open) > 0:
		return "POLICY_PARSING_ERROR", "unexpected end of input: " + string(open[len(open)-1]) + " is not closed"
	case head == nil:
		return "POLICY_PARSING_ERROR", "a policy begins with permit or forbid and (principal, action, resource)"
	case strings.TrimSpace(head[3]) != "":
		return "POLICY_HAS_INVALID_PRINCIPAL", "the principal cannot be constrained"
	}
	for _, entity := range cedarEntity.compiled().FindAllStringSubmatch(bare, -1) {
		if !strings.HasPrefix(entity[1], "cloud::") && !strings.HasPrefix(entity[1], "ResourcePolicy::") {
			return "POLICY_HAS_UNEXPECTED_ENTITIES", "unknown entity type " + entity[1]
		}
	}
	return "", ""
}

// cedarBare takes comments out, and what stands between quotes. Not ok if
// quotes are open at the end.
func cedarBare(body string) (bare string, ok bool) {
	var out strings.Builder
	quoted := false
	for i := 0; i < len(body); i++ {
		switch {
		case quoted && body[i] == '\\':
			i++
		case body[i] == '"':
			quoted = !quoted
			out.WriteByte('"')
		case quoted:
		case strings.HasPrefix(body[i:], "//"):
			for i+1 < len(body) && body[i+1] != '\n' {
				i++
			}
		default:
			out.WriteByte(body[i])
		}
	}
	return out.String(), !quoted
}
