//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"

	"golang.org/x/term"
)

// forwarded are the signals that a container's runtime sends.
var forwarded = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// noCoreFile keeps the system from writing the memory down when the program
// crashes. Linux takes no notice of a limit of 0 where a core goes to a
// program, but does of 1.
func noCoreFile() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_CORE, &limit) != nil {
		return
	}
	limit.Cur = 0
	if runtime.GOOS == "linux" && limit.Max >= 1 {
		limit.Cur = 1
	}
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}

// ownGroup starts a program in a process group of its own, which has the
// terminal if there is one.
func ownGroup() *syscall.SysProcAttr {
	stdin := int(os.Stdin.Fd())
	return &syscall.SysProcAttr{Setpgid: true, Foreground: term.IsTerminal(stdin), Ctty: stdin}
}
