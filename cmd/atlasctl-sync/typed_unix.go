//go:build unix

package main

import "os"

// dropTyped drops what was typed on a terminal before a question was asked.
func dropTyped(terminal *os.File) error { return flushInput(int(terminal.Fd())) }
