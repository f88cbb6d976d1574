package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// crashes are the ways in which a program of Go can end by itself. TestMain
// makes a program of them, started as the real one is.
var crashes = map[string]func(){
	"panic":     func() { panic("it crashed") },
	"goroutine": func() { go panic("it crashed"); select {} },
	"memory":    func() { kept = make([]byte, 1<<47-1) }, // more than a process can have
	"stack":     func() { debug.SetMaxStack(1 << 16); kept = bytes.Repeat(nil, deeper(1)) },
	"map": func() {
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%8] = i
				}
			}()
		}
		select {}
	},
}

var kept []byte

func deeper(n int) int {
	if n == 0 {
		return 0
	}
	return deeper(n+1) + 1
}

func crash() int {
	crashes[os.Args[1]]()
	return exitOK
}

// documented are the exit codes that mean something.
var documented = []int{exitOK, exitError, exitDifference, exitPartial, exitStale, exitRefused, exitFile, exitInterrupted}

// TestACrashIsNoDifference: however the program crashes, a shell sees an exit
// code that no other end has, and no core file holds its memory.
func TestACrashIsNoDifference(t *testing.T) {
	for _, how := range []string{"panic", "goroutine", "memory", "stack", "map"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			if how == "map" && raceEnabled {
				t.Skip("the race detector finds it first")
			}
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), "sh", "-c", "ulimit -c unlimited; crash "+how+"; exit $?")
			cmd.Dir = dir
			checkCrash(t, cmd)
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("it left %s", left[0].Name())
			}
		})
	}
}

// TestACrashInAContainer: there the program is the first process, which no
// signal of its own ends.
func TestACrashInAContainer(t *testing.T) {
	first := firstProcess(t)
	checkCrash(t, exec.CommandContext(t.Context(), "unshare", append(first, "crash", "goroutine")...))
	_, env := serve(t, sandbox.Options{})
	cmd := program(t, env, "plan", "--detailed-exitcode", slowMs)
	cmd.Path, _ = exec.LookPath("unshare")
	cmd.Args = slices.Concat([]string{"unshare"}, first, cmd.Args)
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != exitDifference || !strings.Contains(string(out), "Plan: ") {
		t.Errorf("a plan as the first process: exit code %d: %s", code, out)
	}
}

// firstProcess returns arguments of unshare that make a program the first
// process of its own world, as a container does.
func firstProcess(t *testing.T) []string {
	t.Helper()
	first := []string{"--fork", "--pid", "--kill-child"}
	if os.Getuid() != 0 {
		first = append(first, "--user", "--map-root-user")
	}
	if err := exec.Command("unshare", append(first, "true")...).Run(); err != nil {
		t.Skip("no first process can be had here:", err)
	}
	return first
}

// TestInterruptInAContainer: what was typed on the terminal interrupts once, so
// that what is in flight is finished.
func TestInterruptInAContainer(t *testing.T) {
	first := firstProcess(t)
	s, env := serve(t, sandbox.Options{Latency: 500 * time.Millisecond})
	cmd := program(t, env, "apply", "--auto-approve", slowMs)
	cmd.Path, _ = exec.LookPath("unshare")
	cmd.Args = slices.Concat([]string{"unshare"}, first, cmd.Args)
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	waitForWrites(t, s, 1)
	if _, err := io.WriteString(terminal, "\x03"); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	_, _ = io.Copy(&shown, terminal)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(shown.String(), "Apply: 1 verified.") {
		t.Errorf("exit code %d: %s", code, shown.String())
	}
}

// TestPromptInAContainer: the question is asked on the container's terminal.
func TestPromptInAContainer(t *testing.T) {
	first := firstProcess(t)
	for answer, want := range map[string]int{"yes\n": exitOK, "no\n": exitRefused, "\x03": exitInterrupted} {
		_, env := serve(t, sandbox.Options{})
		cmd := program(t, env, "apply", slowMs)
		cmd.Path, _ = exec.LookPath("unshare")
		cmd.Args = slices.Concat([]string{"unshare"}, first, cmd.Args)
		terminal, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		readUntil(t, terminal, "Only yes is taken as approval: ")
		if _, err := io.WriteString(terminal, answer); err != nil {
			t.Fatal(err)
		}
		var rest bytes.Buffer
		_, _ = io.Copy(&rest, terminal)
		_ = cmd.Wait()
		_ = terminal.Close()
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Errorf("%q: exit code %d, want %d: %s", answer, code, want, rest.String())
		}
	}
}

// TestQuit: SIGQUIT prints where the program is, and is no difference either.
func TestQuit(t *testing.T) {
	s, env := serve(t, sandbox.Options{Faults: []string{"GET /groups=hang"}})
	cmd := program(t, env, "drift", slowMs)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); len(s.Requests()) < 2 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGABRT || !strings.Contains(errs.String(), "goroutine") {
		t.Errorf("it ended with %s: %.1000s", cmd.ProcessState, errs.String())
	}
}

func checkCrash(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	_ = cmd.Run()
	code := cmd.ProcessState.ExitCode()
	if slices.Contains(documented, code) {
		t.Errorf("exit code %d means something: %.2000s", code, errs.String())
	}
	if runtime.GOOS != "windows" && code != 134 {
		t.Errorf("exit code %d, want 134", code)
	}
	if !strings.Contains(errs.String(), "goroutine") {
		t.Errorf("nothing tells where: %.2000s", errs.String())
	}
}
