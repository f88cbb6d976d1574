package sandbox

import (
	"regexp"
	"sync"
)

// A pattern is compiled when it is first asked: every command starts with the
// emulator in it, and most have no use for it.
type pattern struct {
	expr     string
	compiled func() *regexp.Regexp
}

func matching(expr string) *pattern {
	return &pattern{expr, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

func (p *pattern) MatchString(s string) bool { return p.compiled().MatchString(s) }

func (p *pattern) String() string { return p.expr }
