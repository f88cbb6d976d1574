package spec

import "strings"

// An Address names a resource for people and scripts:
// org/Acme/teams/platform, project/payments/managedSlowMs. Key parts escape
// "/" and "%" with percent signs.
type Address string

var (
	escaper   = strings.NewReplacer("%", "%25", "/", "%2F")
	unescaper = strings.NewReplacer("%2F", "/", "%25", "%")
)

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

// parts splits an address at its slashes and takes the escapes back.
func (a Address) parts() []string {
	parts := strings.Split(string(a), "/")
	for i, p := range parts {
		parts[i] = unescaper.Replace(p)
	}
	return parts
}

// projectPrefix begins the addresses of projects.
const projectPrefix = "project"

// scopeLength is how many parts of an address name its scope: org/Acme,
// project/payments, or org/Acme/project/payments.
func (a Address) scopeLength() int {
	p := a.parts()
	if len(p) >= 4 && p[0] != projectPrefix && p[2] == projectPrefix {
		return 4
	}
	return min(2, len(p))
}

// Scope returns the address of the organization or project that the address
// lies in.
func (a Address) Scope() Address {
	return Address(strings.Join(strings.SplitN(string(a), "/", a.scopeLength()+1)[:a.scopeLength()], "/"))
}

// Project returns the name of the project that the address lies in; "" in an
// organization.
func (a Address) Project() string {
	p := a.parts()[:a.scopeLength()]
	if len(p) < 2 || len(p) == 2 && p[0] != projectPrefix {
		return ""
	}
	return p[len(p)-1]
}
