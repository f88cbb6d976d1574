package spec

import (
	"regexp"
	"sync"
)

// compiled is a pattern that is compiled when it is first used: every command
// starts with all of them, and some take long.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
