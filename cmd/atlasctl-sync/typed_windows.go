package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// dropTyped drops what was typed on a terminal before a question was asked.
func dropTyped(terminal *os.File) error {
	return windows.FlushConsoleInputBuffer(windows.Handle(terminal.Fd()))
}
