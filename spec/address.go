package spec

import "strings"

// An Address names a resource for people and scripts:
// org/Acme/teams/platform, project/payments/managedSlowMs. Key parts escape
// "/" and "%" with percent signs.
type Address string

var escaper = strings.NewReplacer("%", "%25", "/", "%2F")

// Child returns the address of a resource below this one.
func (a Address) Child(section string, key ...string) Address {
	return Address(string(a) + "/" + joinEscaped(section, key))
}

// ScopeAddress returns the address of an organization ("org") or project.
func ScopeAddress(prefix string, names ...string) Address {
	return Address(joinEscaped(prefix, names))
}

func joinEscaped(head string, parts []string) string {
	var b strings.Builder
	b.WriteString(head)
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(escaper.Replace(p))
	}
	return b.String()
}

// Within tells whether the address is this one or lies below it.
func (a Address) Within(parent Address) bool {
	return a == parent || strings.HasPrefix(string(a), string(parent)+"/")
}
