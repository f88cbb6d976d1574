// Command testwatch runs go test and shows how it goes: a line every few
// seconds while a package runs, one for each package that has ended, and all
// that a failed test has said.
//
//	testwatch go test -race ./...
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// every is how long nothing may be said.
const every = 10 * time.Second

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: testwatch go test ARGUMENTS")
		os.Exit(2)
	}
	args := slices.Concat(os.Args[2:3], []string{"-json"}, os.Args[3:])
	cmd := exec.Command(os.Args[1], args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testwatch:", err)
		os.Exit(1)
	}
	watch(out, os.Stdout, time.Now)
	var exit *exec.ExitError
	switch err := cmd.Wait(); {
	case errors.As(err, &exit):
		os.Exit(max(1, exit.ExitCode()))
	case err != nil:
		fmt.Fprintln(os.Stderr, "testwatch:", err)
		os.Exit(1)
	}
}

// An event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
}

// watch tells of the events that come in.
func watch(in io.Reader, out io.Writer, now func() time.Time) {
	said := map[string][]string{} // what each test or package printed
	var last string
	done, failed, told := 0, 0, now()
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) != nil {
			_, _ = out.Write(line) // it is no event: what a build says
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			said[name] = append(said[name], e.Output)
		case "run":
			last = strings.TrimSpace(name)
		case "pass", "skip":
			if e.Test != "" {
				done++
				delete(said, name)
				break
			}
			ended(out, said[name])
		case "fail":
			if e.Test != "" {
				done, failed = done+1, failed+1
			}
			for _, s := range said[name] {
				fmt.Fprint(out, s)
			}
			delete(said, name)
		}
		if now().Sub(told) >= every {
			told = now()
			fmt.Fprintf(out, "… %d tests done, %d failed; now %s\n", done, failed, last)
		}
		if err != nil {
			return
		}
	}
}

// ended prints what go test says of a package, without the noise of -v.
func ended(out io.Writer, lines []string) {
	for _, s := range lines {
		if s != "PASS\n" {
			fmt.Fprint(out, s)
		}
	}
}
