package main

import (
	"os"
	"syscall"
)

// peak is the most memory that a program that has ended ever had, in bytes.
func peak(p *os.ProcessState) int64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}
