//go:build unix && !linux

package main

import "golang.org/x/sys/unix"

// fread is FREAD of fcntl.h: the queue of what was typed.
const fread = 1

func flushInput(fd int) error { return unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, fread) }
