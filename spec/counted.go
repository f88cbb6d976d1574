package spec

import (
	"fmt"
	"strings"
)

// Counted says how many there are of something, by its singular or the name
// of a section: 1 step, 2 steps, 1 user, 2 users, 1 searchIndex, 2 resourcePolicies.
func Counted(n int, what string) string {
	if what = singular(what); n != 1 {
		what = plural(what)
	}
	return fmt.Sprintf("%d %s", n, what)
}

func singular(what string) string {
	for _, ends := range [][2]string{{"ies", "y"}, {"xes", "x"}, {"sses", "ss"}, {"ss", "ss"}, {"s", ""}} {
		if stem, ok := strings.CutSuffix(what, ends[0]); ok {
			return stem + ends[1]
		}
	}
	return what
}

func plural(what string) string {
	for _, ends := range [][2]string{{"ay", "ays"}, {"ey", "eys"}, {"y", "ies"}, {"x", "xes"}, {"ss", "sses"}} {
		if stem, ok := strings.CutSuffix(what, ends[0]); ok {
			return stem + ends[1]
		}
	}
	return what + "s"
}
