package spec

import (
	"fmt"
	"strings"
)

// Counted says how many there are of something, by its singular or the name
// of a section: 1 step, 2 steps, 1 user, 2 users.
func Counted(n int, what string) string {
	if what = strings.TrimSuffix(what, "s"); n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
