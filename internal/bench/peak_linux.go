package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// watchPeak looks, while a program runs, for the most memory that it ever had,
// in bytes. What the system tells of an ended program (getrusage(2)) counts that
// of the program that started it too.
func watchPeak(pid int) (stop func() int64) {
	done, most := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		for {
			peak = max(peak, highWater(pid))
			select {
			case <-done:
				most <- peak
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int64 { close(done); return <-most }
}

// highWater reads VmHWM of proc_pid_status(5).
func highWater(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, line, _ := bytes.Cut(status, []byte("VmHWM:"))
	words := bytes.Fields(line)
	if len(words) == 0 {
		return 0
	}
	kib, _ := strconv.ParseInt(string(words[0]), 10, 64)
	return kib << 10
}
