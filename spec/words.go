package spec

import "unicode"

// Words takes a name of ours apart: ProjectUser is Project and User, and
// IPAccessList IP, Access and List.
func Words(name string) []string {
	runes := []rune(name)
	var out []string
	start := 0
	for i := 1; i < len(runes); i++ {
		begins := unicode.IsUpper(runes[i]) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if begins {
			out, start = append(out, string(runes[start:i])), i
		}
	}
	return append(out, string(runes[start:]))
}

// Reasoned says a thing with its reason, where there is one.
func Reasoned(what, why string) string {
	if why == "" {
		return what
	}
	return what + ": " + why
}
