package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// guarded runs the program so that a crash never ends with exit code 2, which
// Go gives it and which says "difference" here. A panic in any goroutine, a
// fatal error such as no memory, and SIGQUIT end the process by SIGABRT
// instead: 134 for a shell, another large number on Windows.
func guarded(run func() int) int {
	debug.SetTraceback("crash")
	noCoreFile() // it would hold secrets
	if os.Getpid() == 1 {
		return supervise()
	}
	return run()
}

// signalBase is what a shell adds to the signal that ended a program.
const signalBase = 128

// supervise runs the program once more, as a child: the first process of a
// container is not ended by a signal that it sends itself, and Go then falls
// back to 2.
func supervise() int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: cannot find the program's own file: %v\n", err)
		return exitError
	}
	child := exec.Command(self)
	child.Args = os.Args
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.SysProcAttr = ownGroup() // the terminal's signals reach it once, not once more through us
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, forwarded...)
	if err := child.Start(); err != nil {
		fmt.Fprintf(os.Stderr, "error: cannot start the program: %v\n", err)
		return exitError
	}
	go func() {
		for s := range signals {
			_ = child.Process.Signal(s) // it may just have ended
		}
	}()
	err = child.Wait()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		return exitError
	}
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return signalBase + int(status.Signal())
	}
	return child.ProcessState.ExitCode()
}
